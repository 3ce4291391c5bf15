"""The live feed's door: a stream that tells a signed-in console which alerts changed, and no more.

Only numbers travel; the console then asks for the alert's row, where caseload and audit apply.
"""

import signal
import threading
from collections.abc import AsyncGenerator, AsyncIterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import monotonic
from types import FrameType
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import text

from supervision.core.access import Permission
from supervision.core.db import transaction
from supervision.core.errors import Unavailable
from supervision.web.deps import MOST_BIGINT, ActorDep, RuntimeDep, SignInDep, requires
from supervision.web.live_feed import LiveFeed
from supervision.web.live_subscription import Subscription
from supervision.web.runtime import WebRuntime
from supervision.web.sessions import expires_at

HEARTBEAT_S = 5.0
STREAM_LASTS_S = 600.0
RETRY_MS = 500


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None]:
    runtime: WebRuntime = app.state.runtime
    feed = LiveFeed(runtime.engine.url, runtime.clock, runtime.settings.stall_after_s)
    app.state.live_feed = feed
    feed.start()
    with _ended_by_signals(feed):
        yield
    await to_thread.run_sync(feed.stop)


router = APIRouter(lifespan=_lifespan)

Number = Annotated[int, Query(ge=0, le=MOST_BIGINT)]


async def _take_place(
    request: Request,
    actor: ActorDep,
    after: Number | None = None,
    last_event_id: Annotated[str, Header()] = "",
) -> AsyncGenerator[Subscription]:
    """A place in the feed until the answer has ended; refused before it has begun."""
    after_seq = int(last_event_id) if last_event_id.isdecimal() else after
    feed: LiveFeed = request.app.state.live_feed
    with feed.subscribed(actor.agency_id, actor.officer_id, after_seq) as subscription:
        yield subscription


PlaceDep = Annotated[Subscription, Depends(_take_place)]


@router.get(
    "/live",
    response_class=EventSourceResponse,
    dependencies=[requires(Permission.READ_ALERTS)],
    tags=["alerts"],
)
async def follow_alerts(
    request: Request, runtime: RuntimeDep, sign_in: SignInDep, place: PlaceDep
) -> AsyncIterable[ServerSentEvent]:
    """Follow what happens to the agency's alerts, as server-sent events.

    `alert` events carry `seq`, `alert_id` and `kind`, their `id:` is the `seq`. Send the last one
    received as Last-Event-ID, or as `after`, and nothing in between is missed; a `reload` event
    says that too much was missed to be replayed. A `heartbeat` comes every five seconds. The
    stream ends after ten minutes, or within seconds of the sign-in's end.
    """
    feed: LiveFeed = request.app.state.live_feed
    yield ServerSentEvent(comment="open", retry=RETRY_MS)
    ends_at = monotonic() + STREAM_LASTS_S
    beats_at = monotonic()
    has_been_told = False
    while not place.is_over and monotonic() < ends_at:
        if monotonic() >= beats_at:
            left_s = await to_thread.run_sync(_seconds_left, runtime, sign_in.token_hash)
            if left_s <= 0:
                return
            yield _heartbeat(runtime, feed, left_s)
            beats_at = monotonic() + HEARTBEAT_S
        for event in await place.wait(max(0.0, beats_at - monotonic())):
            yield ServerSentEvent(event="alert", id=str(event.seq), data=event._asdict())
        if place.has_skipped and not has_been_told:
            has_been_told = True
            yield ServerSentEvent(event="reload", id=str(place.last_seq), data={})


def _heartbeat(runtime: WebRuntime, feed: LiveFeed, left_s: float) -> ServerSentEvent:
    data = {
        "now": runtime.clock().isoformat(),
        "lag_s": round(feed.lag_s, 1),
        "silent": feed.silent,
        "signed_in_for_s": round(left_s),
    }
    return ServerSentEvent(event="heartbeat", data=data)


def _seconds_left(runtime: WebRuntime, token_hash: bytes) -> float:
    """How long the sign-in still lasts; watching alone does not make it last longer.

    Where the database cannot be asked it counts as over: better a stream that visibly ends than
    one that pretends to be live.
    """
    try:
        with transaction(runtime.engine) as session:
            row = session.execute(
                text("SELECT created_at, last_seen_at FROM find_web_session(:hash)"),
                {"hash": token_hash},
            ).one_or_none()
    except Unavailable:
        return 0.0
    if row is None:
        return 0.0
    ends_at = expires_at(runtime.settings, row.created_at, row.last_seen_at)
    return (ends_at - runtime.clock()).total_seconds()


@contextmanager
def _ended_by_signals(feed: LiveFeed) -> Iterator[None]:
    """End the streams as soon as the process is told to stop.

    The server ends the lifespan only after open answers have ended, which a stream does not do by
    itself for minutes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def end(number: int, frame: FrameType | None) -> None:
        feed.end_streams()
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in before:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

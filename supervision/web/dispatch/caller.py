"""Who follows a link to a packet: no account, no cookie; the token's hash says which one it is."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from alerts.service import OpenDispatchLink, find_dispatch_link
from supervision.core.db import transaction
from supervision.core.errors import NotFound
from supervision.core.settings import Settings
from supervision.web.addresses import read_secret
from supervision.web.attempts import Strangers
from supervision.web.deps import NowDep, RuntimeDep, take_transaction_place


@dataclass(frozen=True, slots=True)
class Patrol:
    """Whoever followed a link that opens a packet now.

    Attributes:
        session: The request's transaction, bound to the link's agency.
        link: What was followed.
        secret: The address's last part, as it came.
        now: Aware UTC.
        settings: The installation's choices.
    """

    session: Session
    link: OpenDispatchLink
    secret: str
    now: datetime
    settings: Settings


def open_link(
    secret: str,
    request: Request,
    runtime: RuntimeDep,
    now: NowDep,
    _place: Annotated[None, Depends(take_transaction_place, scope="function")],
) -> Generator[Patrol]:
    """One transaction of the agency that the link names, committed before the answer is sent.

    Raises:
        NotFound: The link opens nothing, or no more.
        TooManyAttempts: The same, and too many such links came from this machine.
    """
    with _limited(request, now):
        agency_id, token = read_secret(secret)
    with transaction(runtime.engine, agency_id) as session:
        with _limited(request, now):
            link = find_dispatch_link(session, token, now)
        yield Patrol(session, link, secret, now, runtime.settings)


PatrolDep = Annotated[Patrol, Depends(open_link, scope="function")]


@contextmanager
def _limited(request: Request, now: datetime) -> Generator[None]:
    """Count a link that opens nothing against the machine it came from.

    A link that opens its packet always does: many patrols share one address, and nobody may lock
    another out. Nobody can guess 256 bits either; the limit is for machines that try all the same.
    """
    try:
        yield
    except NotFound:
        strangers = cast("Strangers", request.app.state.dispatch_strangers)
        machine = request.client.host if request.client else ""
        strangers.refuse_if_locked(machine, now)
        strangers.count(machine, now)
        raise

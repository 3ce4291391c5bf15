"""Who is signed in: finds the person behind a token, and ends a sign-in that is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, delete, text, update
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.access import Actor, Role
from supervision.core.db import act_for, transaction
from supervision.core.errors import NotSignedIn
from supervision.core.settings import Settings
from supervision.core.tokens import hash_token
from supervision.register.models import WebSession
from supervision.web.runtime import WebRuntime

TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignIn:
    """An officer's valid sign-in.

    Attributes:
        actor: Who it is, with the role as of now.
        csrf_token: What a page's own forms and scripts must send along.
        token_hash: Names the sign-in; the token itself is not kept.
        expires_at: When it ends if it is not used meanwhile.
    """

    actor: Actor
    csrf_token: str
    token_hash: bytes
    expires_at: datetime


def expires_at(settings: Settings, created_at: datetime, last_seen_at: datetime) -> datetime:
    """When a sign-in ends: unused for too long, or too old in any case."""
    return min(
        last_seen_at + timedelta(minutes=settings.session_idle_minutes),
        created_at + timedelta(hours=settings.session_max_hours),
    )


def find_sign_in(runtime: WebRuntime, token: str, *, is_in_use: bool = True) -> SignIn:
    """The sign-in behind a token; notes at most once a minute that it is in use.

    Args:
        runtime: Where to look.
        token: As the browser or client sent it.
        is_in_use: False for what a page does by itself: that keeps no sign-in alive.

    Raises:
        NotSignedIn: There is none, it is over, or the officer is no longer active.
    """
    now = runtime.clock()
    token_hash = hash_token(token)
    with transaction(runtime.engine) as session:
        row = session.execute(
            text("SELECT * FROM find_web_session(:hash)"), {"hash": token_hash}
        ).one_or_none()
        if row is None or expires_at(runtime.settings, row.created_at, row.last_seen_at) <= now:
            raise NotSignedIn
        last_seen_at = row.last_seen_at
        if is_in_use:
            last_seen_at = _touch(session, row, token_hash, now)
    actor = Actor(row.officer_id, row.agency_id, Role(row.role), row.display_name)
    ends_at = expires_at(runtime.settings, row.created_at, last_seen_at)
    return SignIn(actor, row.csrf_token, token_hash, ends_at)


def sign_out(session: Session, sign_in: SignIn, now: datetime) -> None:
    """End a sign-in at once; the caller commits."""
    session.execute(delete(WebSession).where(WebSession.token_hash == sign_in.token_hash))
    who = audit.officer(sign_in.actor.officer_id)
    audit.record(session, sign_in.actor.agency_id, now, who, audit.Tag.SIGNED_OUT, who)


def _touch(
    session: Session, row: Row[tuple[object, ...]], token_hash: bytes, now: datetime
) -> datetime:
    last_seen_at: datetime = row.last_seen_at
    if now - last_seen_at < TOUCH_EVERY:
        return last_seen_at
    act_for(session, row.agency_id)
    session.execute(
        update(WebSession).where(WebSession.token_hash == token_hash).values(last_seen_at=now)
    )
    return now

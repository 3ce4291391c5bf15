"""Calendar feeds: which calendars programs may read, each by a token of which a hash is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.checkins.models import CalendarFeed
from supervision.core.access import Role
from supervision.core.errors import Conflict, NotFound
from supervision.core.tokens import hash_token, new_token


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """A calendar feed, of an officer or of a supervised person; over once it has ended."""

    id: int
    officer_id: int | None
    supervisee_id: int | None
    made_by_id: int
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed just made; the only time its token is known."""

    id: int
    token: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose calendar a token opens.

    Attributes:
        officer_id: An officer's own, with the role he has now.
        role: None for a person's calendar.
        supervisee_id: Or a supervised person's.
        language: None for an officer's calendar.
    """

    officer_id: int | None
    role: Role | None
    supervisee_id: int | None
    language: str | None


# A caseload of None is the whole agency; row-level security ends there.
_FEED = (
    "SELECT f.id, f.officer_id, f.supervisee_id, f.made_by_id, f.made_at, f.ended_at"
    " FROM calendar_feed f LEFT JOIN supervisee s ON s.id = f.supervisee_id"
    " WHERE (CAST(:caseload AS bigint) IS NULL OR f.officer_id = :caseload"
    " OR s.supervising_officer_id = :caseload)"
)
_LISTED = text(
    f"{_FEED} AND (CAST(:person AS bigint) IS NULL OR f.supervisee_id = :person)"
    " AND f.id > :after ORDER BY f.id LIMIT :limit"
)
_READER = text(
    "SELECT f.officer_id, o.role, f.supervisee_id, s.language FROM calendar_feed f"
    " LEFT JOIN officer o ON o.id = f.officer_id LEFT JOIN supervisee s ON s.id = f.supervisee_id"
    " WHERE f.token_hash = :hash AND f.ended_at IS NULL"
    " AND (f.officer_id IS NULL OR o.is_active)"
)


def add_feed(
    session: Session,
    agency_id: int,
    whose: dict[str, int],
    made_by_id: int,
    now: datetime,
) -> NewFeed:
    """Let a program read somebody's calendar; the caller commits.

    Args:
        session: Open transaction.
        agency_id: Where.
        whose: `officer_id` or `supervisee_id`; the caller has asked whether it may be.
        made_by_id: The officer who makes it.
        now: Aware UTC.
    """
    token = new_token()
    row = CalendarFeed(
        agency_id=agency_id,
        token_hash=hash_token(token),
        made_by_id=made_by_id,
        made_at=now,
        **whose,
    )
    session.add(row)
    session.flush()
    return NewFeed(row.id, token)


def end_feed(session: Session, feed_id: int, officer_id: int, now: datetime) -> None:
    """Close a calendar to whoever has its token; the caller commits.

    Raises:
        NotFound: There is no such feed.
        Conflict: It has ended. In each case nothing was changed.
    """
    row = session.get(CalendarFeed, feed_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.ended_at is not None:
        raise Conflict("This calendar feed has ended.")
    row.ended_at, row.ended_by_id = now, officer_id
    session.flush()


def get_feed(session: Session, feed_id: int, caseload_officer_id: int | None) -> FeedRecord:
    """One feed, of an officer himself or of somebody on his caseload.

    Raises:
        NotFound: There is none, or it is somebody else's.
    """
    values = {"id": feed_id, "caseload": caseload_officer_id}
    row = session.execute(text(f"{_FEED} AND f.id = :id"), values).mappings().one_or_none()
    if row is None:
        raise NotFound
    return FeedRecord(**row)


def list_feeds(
    session: Session,
    caseload_officer_id: int | None,
    supervisee_id: int | None,
    after_id: int | None,
    limit: int,
) -> list[FeedRecord]:
    """Feeds by id, starting behind `after_id`; ended ones too, and one person's only if asked."""
    values = {
        "caseload": caseload_officer_id,
        "person": supervisee_id,
        "after": after_id or 0,
        "limit": limit,
    }
    return [FeedRecord(**row) for row in session.execute(_LISTED, values).mappings()]


def find_reader(session: Session, token: str) -> Reader:
    """Whose calendar a token opens, in the agency that the transaction is bound to.

    Raises:
        NotFound: None: it never did, or does no more.
    """
    row = session.execute(_READER, {"hash": hash_token(token)}).one_or_none()
    if row is None:
        raise NotFound
    role = None if row.role is None else Role(row.role)
    return Reader(row.officer_id, role, row.supervisee_id, row.language)

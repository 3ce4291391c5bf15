"""Pauses: times in which nothing is asked of somebody, with a reason; for all of his plans."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from supervision.checkins.models import CheckinPause
from supervision.checkins.service.plans import Person
from supervision.checkins.service.remaking import Why, remake_of
from supervision.core.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class NewPause:
    """From `begins_at` until before `ends_at` (None: no end known), both aware; and why."""

    begins_at: datetime
    ends_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class PauseRecord:
    """A pause as it is known; `ended_by_id` is who ended it before its time."""

    id: int
    supervisee_id: int
    begins_at: datetime
    ends_at: datetime | None
    reason: str
    made_by_id: int
    made_at: datetime
    ended_by_id: int | None


def add_pause(
    session: Session, person: Person, new: NewPause, officer_id: int, now: datetime
) -> PauseRecord:
    """Ask for nothing in a time; the caller commits.

    What has opened stays. What would open within the pause is replaced, and unannounced weeks that
    lose one are drawn anew in what is left of them.

    Raises:
        Invalid: No reason, or it is over already. Nothing was written.
    """
    if not new.reason.strip():
        raise Invalid("Give a reason.")
    if new.ends_at is not None and not max(new.begins_at, now) < new.ends_at:
        raise Invalid("A pause must end after it begins, and not in the past.")
    row = CheckinPause(
        agency_id=person.agency_id,
        supervisee_id=person.supervisee_id,
        begins_at=new.begins_at,
        ends_at=new.ends_at,
        reason=new.reason.strip(),
        made_by_id=officer_id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    remake_of(session, row.supervisee_id, Why("pause", officer_id, redraws=False), now)
    return _record(row)


def end_pause(session: Session, pause_id: int, officer_id: int, now: datetime) -> PauseRecord:
    """End a pause now, or never let it begin; the caller commits.

    What it kept from being asked from now on is made anew: regular dates as they were, unannounced
    ones drawn once more.

    Raises:
        NotFound: No such pause.
        Conflict: It is over. In each case nothing was written.
    """
    row = session.get(CheckinPause, pause_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.ends_at is not None and row.ends_at <= max(now, row.begins_at):
        raise Conflict("This pause is over.")
    row.ends_at, row.ended_by_id = max(now, row.begins_at), officer_id
    session.flush()
    remake_of(session, row.supervisee_id, Why("pause", officer_id, redraws=True), now)
    return _record(row)


# A caseload of None is the whole agency; row-level security ends there.
_MINE = text(
    "EXISTS (SELECT FROM supervisee s WHERE s.id = checkin_pause.supervisee_id"
    " AND (CAST(:caseload AS bigint) IS NULL OR s.supervising_officer_id = :caseload))"
)


def get_pause(session: Session, pause_id: int, caseload_officer_id: int | None) -> PauseRecord:
    """One pause.

    Raises:
        NotFound: There is no such pause, or not on this caseload.
    """
    query = select(CheckinPause).where(CheckinPause.id == pause_id, _MINE)
    row = session.scalars(query, {"caseload": caseload_officer_id}).one_or_none()
    if row is None:
        raise NotFound
    return _record(row)


def list_pauses(
    session: Session, supervisee_id: int, caseload_officer_id: int | None
) -> list[PauseRecord]:
    """A person's pauses, in the order in which they were entered; those that are over too."""
    query = select(CheckinPause).where(CheckinPause.supervisee_id == supervisee_id, _MINE)
    rows = session.scalars(query.order_by(CheckinPause.id), {"caseload": caseload_officer_id})
    return [_record(row) for row in rows]


def _record(row: CheckinPause) -> PauseRecord:
    return PauseRecord(
        row.id,
        row.supervisee_id,
        row.begins_at,
        row.ends_at,
        row.reason,
        row.made_by_id,
        row.made_at,
        row.ended_by_id,
    )

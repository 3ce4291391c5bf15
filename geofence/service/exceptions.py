"""Times in which a zone does not count for somebody: granted with a reason, taken back, kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.orm import Session

from geofence.models import Zone, ZoneException
from geofence.service.boundaries import write_boundaries
from geofence.service.versions import last_version, next_epoch
from supervision.core.errors import Conflict, Invalid, NotFound

# Whoever is called at the gate may still write it down; yesterday's breach is not excused silently.
MOST_BEHIND = timedelta(hours=1)


class ExceptionKind(StrEnum):
    """Why somebody may be where his order forbids it."""

    COURT_HEARING = "court_hearing"
    VISITATION = "visitation"
    ESCORTED_RETRIEVAL = "escorted_retrieval"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NewException:
    """An exception to be granted: from `begins_at` until before `ends_at`, aware."""

    zone_id: int
    supervisee_id: int
    kind: ExceptionKind
    reason: str
    begins_at: datetime
    ends_at: datetime


def grant_exception(
    session: Session, new: NewException, granted_by_id: int, now: datetime
) -> ZoneException:
    """Write an exception; the caller judges the person from its beginning on and commits.

    Args:
        session: Open transaction; the person's lock is held.
        new: For whom, from which zone, when and why.
        granted_by_id: The officer who answers for it.
        now: Aware UTC.

    Raises:
        Invalid: It has no reason, ends before it begins, is over, or began over an hour ago.
        NotFound: There is no such zone for this person.
        Conflict: The zone is retired. In each case nothing was written.
    """
    _require_sense(new, now)
    zone, _ = last_version(session, new.zone_id)
    if not _applies(session, zone, new.supervisee_id, now):
        raise NotFound
    row = ZoneException(
        agency_id=zone.agency_id,
        supervisee_id=new.supervisee_id,
        zone_id=zone.id,
        epoch=next_epoch(session, zone.agency_id),
        kind=str(new.kind),
        reason=new.reason.strip(),
        begins_at=new.begins_at,
        ends_at=new.ends_at,
        granted_by_id=granted_by_id,
        granted_at=now,
    )
    session.add(row)
    session.flush()
    write_boundaries(session, [new.supervisee_id], now)
    return row


def withdraw_exception(
    session: Session, exception_id: int, withdrawn_by_id: int, now: datetime
) -> ZoneException:
    """Take an exception back from now on; what it excused until now stays excused.

    Args:
        session: Open transaction; the person's lock is held. The caller judges and commits.
        exception_id: Which.
        withdrawn_by_id: The officer who answers for it.
        now: Aware UTC.

    Raises:
        NotFound: There is none.
        Conflict: It is withdrawn already, or over. Nothing was written.
    """
    row = session.get(ZoneException, exception_id, populate_existing=True)
    if row is None:
        raise NotFound
    if row.withdrawn_at is not None:
        message = "This exception is withdrawn already."
        raise Conflict(message)
    if row.ends_at <= now:
        message = "This exception is over."
        raise Conflict(message)
    row.epoch = next_epoch(session, row.agency_id)
    row.withdrawn_at, row.withdrawn_by_id = now, withdrawn_by_id
    session.flush()
    return row


def _require_sense(new: NewException, now: datetime) -> None:
    if not new.reason.strip():
        message = "An exception needs a reason."
        raise Invalid(message)
    if new.ends_at <= new.begins_at:
        message = "An exception ends after it begins."
        raise Invalid(message)
    if new.begins_at < now - MOST_BEHIND:
        message = (
            "An exception begins at most an hour ago: what happened before is for whoever closes"
            " its alert to judge."
        )
        raise Invalid(message)
    if new.ends_at <= now:
        message = "An exception that is over would only hide what its alert says."
        raise Invalid(message)


def _applies(session: Session, zone: Zone, supervisee_id: int, now: datetime) -> bool:
    """Whether the zone is this person's, or of a set that applies to him now or later."""
    if zone.zone_set_id is None:
        return zone.supervisee_id == supervisee_id
    member = session.execute(
        text(
            "SELECT FROM zone_set_member WHERE zone_set_id = :set AND supervisee_id = :person"
            " AND (ends_at IS NULL OR ends_at > :now) LIMIT 1"
        ),
        {"set": zone.zone_set_id, "person": supervisee_id, "now": now},
    )
    return member.first() is not None

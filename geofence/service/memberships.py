"""To whom a set of zones applies, by which clause of his order, from when until when."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geofence.models import ZoneSet, ZoneSetMember
from geofence.service.boundaries import write_boundaries
from geofence.service.versions import next_epoch
from supervision.core.errors import Conflict, Invalid, NotFound


def apply_set(session: Session, member: ZoneSetMember, now: datetime) -> ZoneSetMember:
    """Write that a set applies to somebody; the caller judges him and commits.

    Args:
        session: Open transaction; the person's lock is held.
        member: The new row, complete but for its epoch.
        now: Aware UTC.

    Raises:
        NotFound: There is no such set.
        Conflict: It applies to him already at that time. The transaction cannot go on.
    """
    if session.get(ZoneSet, member.zone_set_id) is None:
        raise NotFound
    member.epoch = next_epoch(session, member.agency_id)
    session.add(member)
    try:
        session.flush()
    except IntegrityError as error:
        message = "This set applies to this person at that time already."
        raise Conflict(message) from error
    write_boundaries(session, [member.supervisee_id], now)
    return member


def end_membership(
    session: Session, member_id: int, ends_at: datetime, now: datetime
) -> ZoneSetMember:
    """End a set's application to somebody, not in the past: what was found then stays found.

    One that has not begun never will. The caller judges the person and commits.

    Args:
        session: Open transaction; the person's lock is held.
        member_id: Which.
        ends_at: From when on it does not apply any more, aware.
        now: Aware UTC.

    Raises:
        NotFound: There is no such membership.
        Conflict: It has ended, or ends before that.
        Invalid: It would end in the past. In each case nothing was written.
    """
    row = session.get(ZoneSetMember, member_id, populate_existing=True)
    if row is None:
        raise NotFound
    if ends_at < now:
        message = "A set cannot be lifted in the past."
        raise Invalid(message)
    if row.ends_at is not None and row.ends_at <= ends_at:
        message = "It ends by then already."
        raise Conflict(message)
    row.epoch = next_epoch(session, row.agency_id)
    row.ends_at = max(ends_at, row.begins_at)
    session.flush()
    write_boundaries(session, [row.supervisee_id], now)
    return row

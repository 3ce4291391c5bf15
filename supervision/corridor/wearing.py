"""Handing a tracker out and taking it back: written and audited together."""

from datetime import datetime

from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.register.service import AssignmentRecord, end_assignment, put_assignment


def assign_device(
    session: Session, actor: Actor, device_id: int, supervisee_id: int, at: datetime, now: datetime
) -> AssignmentRecord:
    """Hand a device to a supervisee from `at` on; what it says from then on is the person's.

    Raises:
        NotAllowed: The actor's role hands out no devices.
        NotFound: No such device or person in the agency.
        Conflict: Somebody wears it then. In each case nothing was written.
    """
    actor.require(Permission.WRITE_DEVICES)
    put = put_assignment(session, actor.agency_id, device_id, supervisee_id, at)
    _record(session, actor, audit.Tag.DEVICE_ASSIGNED, put, now)
    return put


def return_device(
    session: Session, actor: Actor, device_id: int, at: datetime, now: datetime
) -> AssignmentRecord:
    """Take a device back at `at`; what it says from then on is nobody's, and rejected.

    Raises:
        NotAllowed: The actor's role takes back no devices.
        NotFound: No such device in the agency.
        Conflict: Nobody wears it. In each case nothing was written.
    """
    actor.require(Permission.WRITE_DEVICES)
    ended = end_assignment(session, actor.agency_id, device_id, at)
    _record(session, actor, audit.Tag.DEVICE_RETURNED, ended, now)
    return ended


def _record(
    session: Session, actor: Actor, tag: audit.Tag, wearing: AssignmentRecord, now: datetime
) -> None:
    audit.record(
        session,
        actor.agency_id,
        now,
        audit.officer(actor.officer_id),
        tag,
        f"device:{wearing.device_id}",
        supervisee_id=wearing.supervisee_id,
    )

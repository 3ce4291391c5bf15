"""Who wears which tracker: handed out, given back, and the history of both."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.core.errors import Conflict, Invalid
from supervision.register.models import Device, DeviceAssignment, Supervisee
from supervision.register.service.checks import conflict_if_refused, owned


@dataclass(frozen=True, slots=True)
class AssignmentRecord:
    """A person wore a device from `assigned_at` until before `returned_at` (None: still)."""

    id: int
    device_id: int
    supervisee_id: int
    assigned_at: datetime
    returned_at: datetime | None


def put_assignment(
    session: Session,
    agency_id: int,
    device_id: int,
    supervisee_id: int,
    at: datetime,
) -> AssignmentRecord:
    """Hand a device out; the caller audits and commits.

    Args:
        session: Open transaction.
        agency_id: Which agency's device and person.
        device_id: Which.
        supervisee_id: Who wears it.
        at: From when, aware.

    Raises:
        NotFound: Device or person are not of this agency.
        Conflict: Somebody wears it then.
    """
    owned(session, Device, device_id, agency_id, "device")
    owned(session, Supervisee, supervisee_id, agency_id, "supervisee")
    row = DeviceAssignment(
        agency_id=agency_id, device_id=device_id, supervisee_id=supervisee_id, assigned_at=at
    )
    session.add(row)
    with conflict_if_refused("Somebody wears this device at that time."):
        session.flush()
    return _record(row)


def end_assignment(
    session: Session, agency_id: int, device_id: int, at: datetime
) -> AssignmentRecord:
    """Take a device back; the caller audits and commits.

    Args:
        session: Open transaction.
        agency_id: Which agency's device.
        device_id: Which.
        at: Until when it was worn, aware.

    Raises:
        NotFound: The device is not of this agency.
        Conflict: Nobody wears it.
        Invalid: It was handed out only then or later.
    """
    owned(session, Device, device_id, agency_id, "device")
    row = session.scalars(
        select(DeviceAssignment)
        .where(DeviceAssignment.device_id == device_id, DeviceAssignment.returned_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if row is None:
        message = "Nobody wears this device."
        raise Conflict(message)
    if at <= row.assigned_at:
        message = "A device is returned after it was handed out."
        raise Invalid(message)
    row.returned_at = at
    session.flush()
    return _record(row)


def list_assignments(
    session: Session,
    caseload_officer_id: int | None,
    after_id: int | None,
    most: int,
    device_id: int | None = None,
    supervisee_id: int | None = None,
) -> list[AssignmentRecord]:
    """Wearings by id, behind `after_id`; of one caseload, device or person where named."""
    query = select(DeviceAssignment).where(DeviceAssignment.id > (after_id or 0))
    if caseload_officer_id is not None:
        query = query.join(Supervisee, Supervisee.id == DeviceAssignment.supervisee_id).where(
            Supervisee.supervising_officer_id == caseload_officer_id
        )
    if device_id is not None:
        query = query.where(DeviceAssignment.device_id == device_id)
    if supervisee_id is not None:
        query = query.where(DeviceAssignment.supervisee_id == supervisee_id)
    rows = session.scalars(query.order_by(DeviceAssignment.id).limit(most))
    return [_record(row) for row in rows]


def _record(row: DeviceAssignment) -> AssignmentRecord:
    return AssignmentRecord(
        row.id, row.device_id, row.supervisee_id, row.assigned_at, row.returned_at
    )

"""Who has which device: handed out, given back, and the history of both.

Supervisees wear trackers; protected persons carry devices with a button, if they wish.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from supervision.core.errors import Conflict, Invalid
from supervision.register.models import (
    CourtOrder,
    Device,
    DeviceAssignment,
    ProtectedPerson,
    Supervisee,
)
from supervision.register.service.checks import conflict_if_refused, owned


@dataclass(frozen=True, slots=True)
class AssignmentRecord:
    """A person had a device from `assigned_at` until before `returned_at` (None: still).

    A supervisee, or else a protected person.
    """

    id: int
    device_id: int
    supervisee_id: int | None
    protected_person_id: int | None
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
        Conflict: Somebody has it then.
    """
    owned(session, Device, device_id, agency_id, "device")
    owned(session, Supervisee, supervisee_id, agency_id, "supervisee")
    return _put(session, DeviceAssignment(supervisee_id=supervisee_id), agency_id, device_id, at)


def put_protected_assignment(
    session: Session, agency_id: int, device_id: int, protected_person_id: int, at: datetime
) -> AssignmentRecord:
    """Hand a device with a button to a protected person; the caller audits and commits.

    Args:
        session: Open transaction.
        agency_id: Which agency's device and person.
        device_id: Which.
        protected_person_id: Who carries it.
        at: From when, aware.

    Raises:
        NotFound: Device or person are not of this agency.
        Conflict: Somebody has it then; or no order names her, so that nobody could be told.
    """
    owned(session, Device, device_id, agency_id, "device")
    owned(session, ProtectedPerson, protected_person_id, agency_id, "protected person")
    named = exists().where(CourtOrder.protected_person_id == protected_person_id)
    if not session.execute(select(named)).scalar_one():
        message = "No order names this person, so nobody would be told of her alarm."
        raise Conflict(message)
    row = DeviceAssignment(protected_person_id=protected_person_id)
    return _put(session, row, agency_id, device_id, at)


def _put(
    session: Session, row: DeviceAssignment, agency_id: int, device_id: int, at: datetime
) -> AssignmentRecord:
    row.agency_id, row.device_id, row.assigned_at = agency_id, device_id, at
    session.add(row)
    with conflict_if_refused("Somebody has this device at that time."):
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
        at: Until when it was had, aware.

    Raises:
        NotFound: The device is not of this agency.
        Conflict: Nobody has it.
        Invalid: It was handed out only then or later.
    """
    owned(session, Device, device_id, agency_id, "device")
    row = session.scalars(
        select(DeviceAssignment)
        .where(DeviceAssignment.device_id == device_id, DeviceAssignment.returned_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if row is None:
        message = "Nobody has this device."
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
    protected_person_id: int | None = None,
) -> list[AssignmentRecord]:
    """Who had what, by id, behind `after_id`; of one caseload, device or person where named.

    A caseload has the protected persons whom its people's orders protect.
    """
    query = select(DeviceAssignment).where(DeviceAssignment.id > (after_id or 0))
    if caseload_officer_id is not None:
        his = select(Supervisee.id).where(Supervisee.supervising_officer_id == caseload_officer_id)
        guarded = select(CourtOrder.protected_person_id).where(CourtOrder.supervisee_id.in_(his))
        query = query.where(
            or_(
                DeviceAssignment.supervisee_id.in_(his),
                DeviceAssignment.protected_person_id.in_(guarded),
            )
        )
    if device_id is not None:
        query = query.where(DeviceAssignment.device_id == device_id)
    if supervisee_id is not None:
        query = query.where(DeviceAssignment.supervisee_id == supervisee_id)
    if protected_person_id is not None:
        query = query.where(DeviceAssignment.protected_person_id == protected_person_id)
    rows = session.scalars(query.order_by(DeviceAssignment.id).limit(most))
    return [_record(row) for row in rows]


def _record(row: DeviceAssignment) -> AssignmentRecord:
    return AssignmentRecord(
        row.id,
        row.device_id,
        row.supervisee_id,
        row.protected_person_id,
        row.assigned_at,
        row.returned_at,
    )

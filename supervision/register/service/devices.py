"""Trackers the agency owns, known by the name they use on the broker."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.errors import Invalid, NotFound
from supervision.core.officer_apps import is_app_account
from supervision.register.models import Device
from supervision.register.service.checks import conflict_if_refused

# What an MQTT topic level and a broker account name can both hold; an OwnTracks phone is called by
# two of them, user and device.
_LEVEL = r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}"
UID_PATTERN = rf"^{_LEVEL}(/{_LEVEL})?$"


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """A tracker; `uid` is its name on the broker."""

    id: int
    uid: str
    model: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A tracker to be registered."""

    uid: str
    model: str


def add_device(
    session: Session, agency_id: int, new: NewDevice, at: datetime, by: str = audit.SYSTEM
) -> DeviceRecord:
    """Register a tracker; from now on its messages are the agency's. The caller commits.

    Args:
        session: Open transaction.
        agency_id: Whose.
        new: Which.
        at: Now, aware UTC.
        by: Who did it, as the audit trail names them.

    Raises:
        Invalid: The uid could not be used on the broker.
        Conflict: The uid is registered already, here or in another agency.
    """
    if re.fullmatch(UID_PATTERN, new.uid) is None:
        message = "A device's uid has letters, digits and . _ : - only, 64 at most."
        raise Invalid(message)
    if is_app_account(new.uid):
        message = "A uid that begins so is kept for officers' apps."
        raise Invalid(message)
    row = Device(agency_id=agency_id, uid=new.uid, model=new.model, created_at=at)
    session.add(row)
    with conflict_if_refused("A device of this uid is registered already."):
        session.flush()
    audit.record(session, agency_id, at, by, audit.Tag.DEVICE_ADDED, f"device:{row.id}")
    return _record(row)


def get_device(session: Session, device_id: int) -> DeviceRecord:
    """One tracker of the agency the transaction is bound to; raises NotFound."""
    row = session.get(Device, device_id)
    if row is None:
        raise NotFound
    return _record(row)


def list_devices(session: Session, after_id: int | None, most: int) -> list[DeviceRecord]:
    """Trackers by id, starting behind `after_id`."""
    query = select(Device).where(Device.id > (after_id or 0)).order_by(Device.id).limit(most)
    return [_record(row) for row in session.scalars(query)]


def _record(row: Device) -> DeviceRecord:
    return DeviceRecord(row.id, row.uid, row.model, row.created_at)

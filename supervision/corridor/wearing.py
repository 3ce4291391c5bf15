"""Handing a device out and taking it back: written, judged and audited together."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geofence.service import Window
from geofence.zones import ZoneBook
from ingest.store import StoredPositions, forget_words
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.clock import to_us
from supervision.core.locks import lock_people
from supervision.corridor.rejudging import judge_anew
from supervision.register.service import (
    AssignmentRecord,
    end_assignment,
    put_assignment,
    put_protected_assignment,
)


def assign_device(
    session: Session,
    actor: Actor,
    device_id: int,
    supervisee_id: int,
    at: datetime,
    now: datetime,
    late_after: timedelta,
) -> AssignmentRecord:
    """Hand a device to a supervisee from `at` on; what it says from then on is the person's.

    What is known of him is judged anew against all his zones, from his last fix before then on.
    What the device said while it was nobody's stays rejected.

    Raises:
        NotAllowed: The actor's role hands out no devices.
        NotFound: No such device or person in the agency.
        Conflict: Somebody wears it then. In each case nothing was written.
    """
    actor.require(Permission.WRITE_DEVICES)
    lock_people(session, [supervisee_id])
    put = put_assignment(session, actor.agency_id, device_id, supervisee_id, at)
    book = ZoneBook.of_person(session, supervisee_id)
    since_us = _last_known_us(session, supervisee_id, to_us(at))
    since = dict.fromkeys(book.pairs_of(supervisee_id), since_us)
    judge_anew(session, book, since, now, late_after)
    _record(session, actor, audit.Tag.DEVICE_ASSIGNED, put, now)
    return put


def entrust_device(
    session: Session,
    actor: Actor,
    device_id: int,
    protected_person_id: int,
    at: datetime,
    now: datetime,
) -> AssignmentRecord:
    """Hand a device with a button to a protected person from `at` on.

    From then on its button is her alarm, and nothing is kept of where she goes with it; of what it
    said before and nobody believed, only that it did.

    Raises:
        NotAllowed: The actor's role hands out no devices, or sees to no protected persons.
        NotFound: No such device or person in the agency.
        Conflict: Somebody has it then, or no order names her. In each case nothing was written.
    """
    actor.require(Permission.WRITE_DEVICES)
    actor.require(Permission.WRITE_PROTECTED)
    put = put_protected_assignment(session, actor.agency_id, device_id, protected_person_id, at)
    forget_words(session, device_id)
    _record(session, actor, audit.Tag.DEVICE_ASSIGNED, put, now)
    return put


def return_device(
    session: Session, actor: Actor, device_id: int, at: datetime, now: datetime
) -> AssignmentRecord:
    """Take a device back at `at`; what it says from then on is nobody's, and rejected.

    Raises:
        NotAllowed: The actor's role takes back no devices.
        NotFound: No such device in the agency.
        Conflict: Nobody has it. In each case nothing was written.
    """
    actor.require(Permission.WRITE_DEVICES)
    ended = end_assignment(session, actor.agency_id, device_id, at)
    _record(session, actor, audit.Tag.DEVICE_RETURNED, ended, now)
    return ended


def _last_known_us(session: Session, supervisee_id: int, at_us: int) -> int:
    """When the person was last seen before that moment, within a day; else the moment itself."""
    fixes = StoredPositions().since(session, [Window(supervisee_id, at_us)], 1)
    return int(min([at_us, *fixes.fixed_at_us.tolist()]))


def _record(
    session: Session, actor: Actor, tag: audit.Tag, wearing: AssignmentRecord, now: datetime
) -> None:
    people = {
        "supervisee_id": wearing.supervisee_id,
        "protected_person_id": wearing.protected_person_id,
    }
    whose = {name: person for name, person in people.items() if person is not None}
    audit.record_by(session, actor, now, tag, f"device:{wearing.device_id}", **whose)

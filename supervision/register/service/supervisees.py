"""People under supervision, and whose caseload they are in."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import NotFound
from supervision.core.recurrence import read_time_zone
from supervision.register.contacts import NO_CONTACT, Contact, Language, read_contact
from supervision.register.models import Supervisee
from supervision.register.service.checks import conflict_if_refused
from supervision.register.service.handing_over import require_supervising


@dataclass(frozen=True, slots=True)
class PatrolNotes:
    """What a patrol must know of somebody, as far as it is known.

    Attributes:
        description: How he looks.
        vehicle: What he drives.
        safety_notes: What to beware of.
    """

    description: str | None = None
    vehicle: str | None = None
    safety_notes: str | None = None


@dataclass(frozen=True, slots=True)
class SuperviseeRecord:
    """A person under supervision; `time_zone` is theirs, by which their days are counted."""

    id: int
    case_number: str
    full_name: str
    time_zone: str
    supervising_officer_id: int
    created_at: datetime
    contact: Contact
    patrol_notes: PatrolNotes


@dataclass(frozen=True, slots=True)
class NewSupervisee:
    """A person to be supervised; the case number is unique in the agency."""

    case_number: str
    full_name: str
    time_zone: str
    supervising_officer_id: int
    contact: Contact = NO_CONTACT


def enrol_supervisee(
    session: Session, agency_id: int, new: NewSupervisee, at: datetime, by: str = audit.SYSTEM
) -> SuperviseeRecord:
    """Begin supervising somebody; the caller commits.

    Args:
        session: Open transaction.
        agency_id: Which agency supervises.
        new: Whom, and which officer is responsible.
        at: Now, aware UTC.
        by: Who did it, as the audit trail names them.

    Raises:
        Invalid: The time zone is unknown, the contact is none that a message can be sent to, or
            the officer supervises nobody.
        NotFound: The officer is not one of this agency.
        Conflict: The case number is taken.
    """
    read_time_zone(new.time_zone)
    contact = read_contact(new.contact)
    require_supervising(session, agency_id, new.supervising_officer_id)
    row = Supervisee(
        agency_id=agency_id,
        case_number=new.case_number,
        full_name=new.full_name,
        time_zone=new.time_zone,
        supervising_officer_id=new.supervising_officer_id,
        phone=contact.phone,
        email=contact.email,
        language=contact.language,
        created_at=at,
    )
    session.add(row)
    with conflict_if_refused("This case number is in use already."):
        session.flush()
    subject = f"supervisee:{row.id}"
    audit.record(session, agency_id, at, by, audit.Tag.SUPERVISEE_ENROLLED, subject)
    return _record(row)


def get_supervisee(
    session: Session, supervisee_id: int, caseload_officer_id: int | None
) -> SuperviseeRecord:
    """One person.

    Args:
        session: Open transaction, bound to the agency.
        supervisee_id: Who.
        caseload_officer_id: Whose people there are; None for the whole agency's.

    Raises:
        NotFound: There is none, or not in this caseload.
    """
    return _record(_found(session, supervisee_id, caseload_officer_id))


def change_contact(
    session: Session, supervisee_id: int, contact: Contact, actor: Actor, at: datetime
) -> SuperviseeRecord:
    """Say how somebody of the actor's caseload is reached from now on; the caller commits.

    The trail says which parts changed, and neither the old nor the new ones.

    Raises:
        NotFound: There is no such person, or not in this caseload.
        Invalid: Number or address is none that a message can be sent to. In each case nothing was
            changed.
    """
    contact = read_contact(contact)
    row = _found(session, supervisee_id, actor.caseload_officer_id)
    return _change(session, row, contact, audit.Tag.CONTACT_CHANGED, actor, at)


def change_patrol_notes(
    session: Session, supervisee_id: int, notes: PatrolNotes, actor: Actor, at: datetime
) -> SuperviseeRecord:
    """Say what a patrol must know of somebody of the actor's caseload; the caller commits.

    What is left out is no longer known. The trail says which parts changed, and no word of them.

    Raises:
        NotAllowed: The actor writes no such notes.
        NotFound: There is no such person, or not in this caseload. Nothing was changed.
    """
    actor.require(Permission.WRITE_PATROL_NOTES)
    row = _found(session, supervisee_id, actor.caseload_officer_id)
    return _change(session, row, notes, audit.Tag.PATROL_NOTES_CHANGED, actor, at)


def list_supervisees(
    session: Session, caseload_officer_id: int | None, after_id: int | None, most: int
) -> list[SuperviseeRecord]:
    """People by id, starting behind `after_id`; only one officer's unless that is None."""
    query = select(Supervisee).where(Supervisee.id > (after_id or 0))
    if caseload_officer_id is not None:
        query = query.where(Supervisee.supervising_officer_id == caseload_officer_id)
    return [_record(row) for row in session.scalars(query.order_by(Supervisee.id).limit(most))]


def _found(session: Session, supervisee_id: int, caseload_officer_id: int | None) -> Supervisee:
    row = session.get(Supervisee, supervisee_id)
    if row is None or caseload_officer_id not in {None, row.supervising_officer_id}:
        raise NotFound
    return row


def _change(
    session: Session,
    row: Supervisee,
    new: Contact | PatrolNotes,
    tag: audit.Tag,
    actor: Actor,
    at: datetime,
) -> SuperviseeRecord:
    """Take over the parts that differ; the trail names them."""
    parts = [field.name for field in fields(new)]
    changed = [part for part in parts if getattr(row, part) != getattr(new, part)]
    for part in changed:
        setattr(row, part, getattr(new, part))
    session.flush()
    if changed:
        audit.record_by(session, actor, at, tag, f"supervisee:{row.id}", changed=changed)
    return _record(row)


def _record(row: Supervisee) -> SuperviseeRecord:
    return SuperviseeRecord(
        row.id,
        row.case_number,
        row.full_name,
        row.time_zone,
        row.supervising_officer_id,
        row.created_at,
        Contact(row.phone, row.email, Language(row.language)),
        PatrolNotes(row.description, row.vehicle, row.safety_notes),
    )

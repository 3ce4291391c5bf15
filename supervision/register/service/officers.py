"""Officers: who signs in, and what they are in the agency."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.access import Actor, Permission, Role
from supervision.core.errors import Invalid, NotFound
from supervision.register.contacts import Contact, read_contact
from supervision.register.models import Officer
from supervision.register.service.checks import conflict_if_refused, held_officer, owned
from supervision.register.service.passwords import hash_password


@dataclass(frozen=True, slots=True)
class OfficerRecord:
    """An officer, without anything that could be used to sign in.

    Attributes:
        duty_phone: At which number the police reach him, E.164; None where none is known.
    """

    id: int
    email: str
    display_name: str
    role: Role
    is_active: bool
    backup_id: int | None
    duty_phone: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """An officer to be; the password is kept only as a hash."""

    email: str
    display_name: str
    role: Role
    password: str = field(repr=False)


def add_officer(
    session: Session, agency_id: int, new: NewOfficer, at: datetime, by: str = audit.SYSTEM
) -> OfficerRecord:
    """Let somebody sign in for the agency; the caller commits.

    Args:
        session: Open transaction.
        agency_id: Where.
        new: Who; case and outer spaces of the address do not matter.
        at: Now, aware UTC.
        by: Who did it, as the audit trail names them.

    Raises:
        Invalid: The password is too short or too long.
        Conflict: The e-mail address is taken, here or in another agency.
    """
    officer = Officer(
        agency_id=agency_id,
        email=new.email.strip().lower(),
        display_name=new.display_name,
        role=str(new.role),
        password_hash=hash_password(new.password),
        created_at=at,
    )
    session.add(officer)
    with conflict_if_refused("Somebody with this e-mail address is registered already."):
        session.flush()
    subject = audit.officer(officer.id)
    audit.record(session, agency_id, at, by, audit.Tag.OFFICER_ADDED, subject, role=officer.role)
    return _record(officer)


def set_backup(
    session: Session, actor: Actor, officer_id: int, backup_id: int | None, at: datetime
) -> OfficerRecord:
    """Say who stands in for an officer; None: nobody. The caller commits.

    Args:
        session: Open transaction.
        actor: Who says so; must be allowed to.
        officer_id: For whom.
        backup_id: Another officer of the agency who may sign in.
        at: Now, aware UTC.

    Raises:
        NotAllowed: The actor sets no responses.
        NotFound: One of the two is not there.
        Invalid: Nobody stands in for himself, and nobody who has left for anybody. In each case
            nothing was written.
    """
    actor.require(Permission.SET_RESPONSES)
    if officer_id == backup_id:
        raise Invalid("Nobody stands in for himself.")
    row = owned(session, Officer, officer_id, actor.agency_id, "officer")
    backup = None if backup_id is None else held_officer(session, backup_id, actor.agency_id)
    if backup is not None and not backup.is_active:
        raise Invalid("Whoever stands in must be able to sign in.")
    row.backup_id = backup_id
    session.flush()
    tag, subject = audit.Tag.BACKUP_SET, f"officer:{officer_id}"
    audit.record_by(session, actor, at, tag, subject, backup_id=backup_id)
    return _record(row)


def set_duty_phone(
    session: Session, actor: Actor, officer_id: int, phone: str | None, at: datetime
) -> OfficerRecord:
    """Say at which number the police reach an officer on duty; None: at none. The caller commits.

    Raises:
        NotAllowed: The actor sets no responses.
        NotFound: There is no such officer.
        Invalid: It is no telephone number. In each case nothing was written.
    """
    actor.require(Permission.SET_RESPONSES)
    row = owned(session, Officer, officer_id, actor.agency_id, "officer")
    row.duty_phone = read_contact(Contact(phone)).phone
    session.flush()
    audit.record_by(session, actor, at, audit.Tag.DUTY_PHONE_SET, f"officer:{officer_id}")
    return _record(row)


def get_officer(session: Session, agency_id: int, officer_id: int) -> OfficerRecord:
    """One officer of the agency; raises NotFound."""
    row = session.get(Officer, officer_id)
    if row is None or row.agency_id != agency_id:
        raise NotFound
    return _record(row)


def list_officers(
    session: Session, agency_id: int, after_id: int | None, most: int
) -> list[OfficerRecord]:
    """Officers by id, starting behind `after_id`."""
    query = select(Officer).where(Officer.agency_id == agency_id, Officer.id > (after_id or 0))
    return [_record(row) for row in session.scalars(query.order_by(Officer.id).limit(most))]


def _record(row: Officer) -> OfficerRecord:
    return OfficerRecord(
        row.id,
        row.email,
        row.display_name,
        Role(row.role),
        row.is_active,
        row.backup_id,
        row.duty_phone,
        row.created_at,
    )

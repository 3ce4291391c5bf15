"""Protected persons; an officer knows of those whom orders on the own caseload protect."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.errors import NotFound
from supervision.register.models import CourtOrder, ProtectedPerson, Supervisee


@dataclass(frozen=True, slots=True)
class ProtectedPersonRecord:
    """Whom an order protects, and how to reach her safely."""

    id: int
    full_name: str
    safe_contact: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewProtectedPerson:
    """Somebody to be protected; `safe_contact` says how she wants to be reached."""

    full_name: str
    safe_contact: str


def add_protected_person(
    session: Session, agency_id: int, new: NewProtectedPerson, at: datetime, by: str = audit.SYSTEM
) -> ProtectedPersonRecord:
    """Note whom an order will protect; the caller commits.

    Args:
        session: Open transaction.
        agency_id: Which agency.
        new: Who.
        at: Now, aware UTC.
        by: Who did it, as the audit trail names them.
    """
    row = ProtectedPerson(
        agency_id=agency_id,
        full_name=new.full_name,
        safe_contact=new.safe_contact,
        created_at=at,
    )
    session.add(row)
    session.flush()
    subject = f"protected_person:{row.id}"
    audit.record(session, agency_id, at, by, audit.Tag.PROTECTED_PERSON_ADDED, subject)
    return _record(row)


def get_protected_person(
    session: Session, person_id: int, caseload_officer_id: int | None
) -> ProtectedPersonRecord:
    """One protected person; viewing is the caller's to audit.

    Args:
        session: Open transaction, bound to the agency.
        person_id: Who.
        caseload_officer_id: On whose caseload an order must protect her; None for any.

    Raises:
        NotFound: There is none, or no order on this caseload.
    """
    query = _visible(caseload_officer_id).where(ProtectedPerson.id == person_id)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return _record(row)


def list_protected_persons(
    session: Session, caseload_officer_id: int | None, after_id: int | None, most: int
) -> list[ProtectedPersonRecord]:
    """Protected persons by id, starting behind `after_id`; viewing is the caller's to audit."""
    query = _visible(caseload_officer_id).where(ProtectedPerson.id > (after_id or 0))
    return [_record(row) for row in session.scalars(query.order_by(ProtectedPerson.id).limit(most))]


def _visible(caseload_officer_id: int | None) -> Select[ProtectedPerson]:
    query = select(ProtectedPerson)
    if caseload_officer_id is None:
        return query
    return query.where(
        exists().where(
            CourtOrder.protected_person_id == ProtectedPerson.id,
            CourtOrder.supervisee_id == Supervisee.id,
            Supervisee.supervising_officer_id == caseload_officer_id,
        )
    )


def _record(row: ProtectedPerson) -> ProtectedPersonRecord:
    return ProtectedPersonRecord(row.id, row.full_name, row.safe_contact, row.created_at)

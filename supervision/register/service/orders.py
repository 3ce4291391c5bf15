"""Court orders: who must stay away from whom, from when until when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.errors import Invalid, NotFound
from supervision.register.models import CourtOrder, ProtectedPerson, Supervisee
from supervision.register.service.checks import owned
from supervision.register.service.clauses import NewClause, add_clause


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """A protective order; without `ends_at` it holds until further notice."""

    id: int
    supervisee_id: int
    protected_person_id: int
    court: str
    court_case_number: str
    begins_at: datetime
    ends_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order to be entered, with its clauses or without; instants aware."""

    supervisee_id: int
    protected_person_id: int
    court: str
    court_case_number: str
    begins_at: datetime
    ends_at: datetime | None
    clauses: tuple[NewClause, ...] = ()


def add_order(
    session: Session, agency_id: int, new: NewOrder, at: datetime, by: str = audit.SYSTEM
) -> OrderRecord:
    """Enter an order; its zones are drawn apart. The caller commits.

    Args:
        session: Open transaction.
        agency_id: Which agency.
        new: What the court ordered.
        at: Now, aware UTC.
        by: Who did it, as the audit trail names them.

    Raises:
        NotFound: One of the two persons is not of this agency.
        Invalid: It ends before it begins.
    """
    owned(session, Supervisee, new.supervisee_id, agency_id, "supervisee")
    owned(session, ProtectedPerson, new.protected_person_id, agency_id, "protected person")
    if new.ends_at is not None and new.ends_at <= new.begins_at:
        message = "An order ends after it begins."
        raise Invalid(message)
    row = CourtOrder(
        agency_id=agency_id,
        supervisee_id=new.supervisee_id,
        protected_person_id=new.protected_person_id,
        court=new.court,
        court_case_number=new.court_case_number,
        begins_at=new.begins_at,
        ends_at=new.ends_at,
        created_at=at,
    )
    session.add(row)
    session.flush()
    audit.record(session, agency_id, at, by, audit.Tag.ORDER_ADDED, f"order:{row.id}")
    for clause in new.clauses:
        add_clause(session, agency_id, row.id, clause, at, by)
    return _record(row)


def get_order(session: Session, order_id: int, caseload_officer_id: int | None) -> OrderRecord:
    """One order.

    Args:
        session: Open transaction, bound to the agency.
        order_id: Which.
        caseload_officer_id: On whose caseload; None for the whole agency's.

    Raises:
        NotFound: There is none, or not on this caseload.
    """
    query = _visible(caseload_officer_id).where(CourtOrder.id == order_id)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return _record(row)


def list_orders(
    session: Session,
    caseload_officer_id: int | None,
    after_id: int | None,
    most: int,
    supervisee_id: int | None = None,
) -> list[OrderRecord]:
    """Orders by id, starting behind `after_id`; of one supervisee if one is named."""
    query = _visible(caseload_officer_id).where(CourtOrder.id > (after_id or 0))
    if supervisee_id is not None:
        query = query.where(CourtOrder.supervisee_id == supervisee_id)
    return [_record(row) for row in session.scalars(query.order_by(CourtOrder.id).limit(most))]


def _visible(caseload_officer_id: int | None) -> Select[CourtOrder]:
    query = select(CourtOrder)
    if caseload_officer_id is None:
        return query
    return query.join(Supervisee, Supervisee.id == CourtOrder.supervisee_id).where(
        Supervisee.supervising_officer_id == caseload_officer_id
    )


def _record(row: CourtOrder) -> OrderRecord:
    return OrderRecord(
        row.id,
        row.supervisee_id,
        row.protected_person_id,
        row.court,
        row.court_case_number,
        row.begins_at,
        row.ends_at,
        row.created_at,
    )

"""What an order says, clause by clause; once entered, a clause is not rewritten."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.errors import NotFound
from supervision.register.clauses import ConditionCode
from supervision.register.models import CourtOrder, OrderClause, Supervisee
from supervision.register.service.checks import owned


@dataclass(frozen=True, slots=True)
class ClauseRecord:
    """One condition of an order; `wording` is the court's, and may name her place."""

    id: int
    supervisee_id: int
    court_order_id: int
    condition_code: ConditionCode
    wording: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewClause:
    """A clause to be entered: the condition's code and how the court put it."""

    condition_code: ConditionCode
    wording: str


def add_clause(
    session: Session,
    agency_id: int,
    order_id: int,
    new: NewClause,
    at: datetime,
    by: str = audit.SYSTEM,
) -> ClauseRecord:
    """Enter a clause of an order; whoever draws its zone names it. The caller commits.

    Args:
        session: Open transaction.
        agency_id: Which agency.
        order_id: Of which order.
        new: What the court ordered.
        at: Now, aware UTC.
        by: Who did it, as the audit trail names them.

    Raises:
        NotFound: There is no such order in the agency. Nothing was written.
    """
    order = owned(session, CourtOrder, order_id, agency_id, "order")
    row = OrderClause(
        agency_id=agency_id,
        supervisee_id=order.supervisee_id,
        court_order_id=order.id,
        condition_code=str(new.condition_code),
        wording=new.wording,
        created_at=at,
    )
    session.add(row)
    session.flush()
    detail = {"order_id": order.id, "condition_code": row.condition_code}
    audit.record(session, agency_id, at, by, audit.Tag.CLAUSE_ADDED, f"clause:{row.id}", **detail)
    return _record(row)


def get_clause(session: Session, clause_id: int, caseload_officer_id: int | None) -> ClauseRecord:
    """One clause; showing its wording is the caller's to audit.

    Args:
        session: Open transaction, bound to the agency.
        clause_id: Which.
        caseload_officer_id: On whose caseload; None for the whole agency's.

    Raises:
        NotFound: There is none, or not on this caseload.
    """
    query = _visible(caseload_officer_id).where(OrderClause.id == clause_id)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return _record(row)


def list_clauses(
    session: Session, order_id: int, caseload_officer_id: int | None
) -> list[ClauseRecord]:
    """An order's clauses as they were entered; showing their wording is the caller's to audit."""
    query = _visible(caseload_officer_id).where(OrderClause.court_order_id == order_id)
    return [_record(row) for row in session.scalars(query.order_by(OrderClause.id))]


def _visible(caseload_officer_id: int | None) -> Select[OrderClause]:
    query = select(OrderClause)
    if caseload_officer_id is None:
        return query
    return query.join(Supervisee, Supervisee.id == OrderClause.supervisee_id).where(
        Supervisee.supervising_officer_id == caseload_officer_id
    )


def _record(row: OrderClause) -> ClauseRecord:
    return ClauseRecord(
        row.id,
        row.supervisee_id,
        row.court_order_id,
        ConditionCode(row.condition_code),
        row.wording,
        row.created_at,
    )

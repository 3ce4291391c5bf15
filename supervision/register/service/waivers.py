"""Waivers: an officer's signature under why a clause has no zone, and until when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.errors import Conflict, Invalid, NotFound
from supervision.register.clauses import needs_zone
from supervision.register.models import ClauseWaiver, OrderClause
from supervision.register.service.checks import owned
from supervision.register.service.clauses import get_clause


@dataclass(frozen=True, slots=True)
class WaiverRecord:
    """Counts from `signed_at` until `ends_at` (None: no end), or until it is withdrawn."""

    id: int
    order_clause_id: int
    reason: str
    signed_by_id: int
    signed_at: datetime
    ends_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_by_id: int | None


@dataclass(frozen=True, slots=True)
class NewWaiver:
    """Why a clause goes without a zone, and until when at the longest."""

    reason: str
    ends_at: datetime | None


def sign_waiver(
    session: Session, agency_id: int, clause_id: int, new: NewWaiver, officer_id: int, at: datetime
) -> WaiverRecord:
    """Sign why a clause has no zone; the caller commits.

    Args:
        session: Open transaction.
        agency_id: Which agency.
        clause_id: Which clause.
        new: Why, and until when.
        officer_id: Who answers for it.
        at: Now, aware UTC.

    Raises:
        NotFound: There is no such clause in the agency.
        Invalid: The clause needs no zone, no reason is given, or it would be over already. In each
            case nothing was written.
    """
    clause = owned(session, OrderClause, clause_id, agency_id, "clause")
    _require_sense(clause, new, at)
    row = ClauseWaiver(
        agency_id=agency_id,
        order_clause_id=clause.id,
        reason=new.reason.strip(),
        signed_by_id=officer_id,
        signed_at=at,
        ends_at=new.ends_at,
    )
    session.add(row)
    session.flush()
    _audit(session, row, audit.Tag.WAIVER_SIGNED, officer_id, at)
    return _record(row)


def withdraw_waiver(
    session: Session, agency_id: int, waiver_id: int, officer_id: int, at: datetime
) -> WaiverRecord:
    """Take a waiver back; from now on the clause needs a zone. The caller commits.

    Raises:
        NotFound: There is no such waiver in the agency.
        Conflict: It is withdrawn or over already. Nothing was changed.
    """
    row = session.get(ClauseWaiver, waiver_id, with_for_update=True)
    if row is None or row.agency_id != agency_id:
        raise NotFound
    if row.withdrawn_at is not None or (row.ends_at is not None and row.ends_at <= at):
        message = "This waiver is over already."
        raise Conflict(message)
    row.withdrawn_at, row.withdrawn_by_id = at, officer_id
    session.flush()
    _audit(session, row, audit.Tag.WAIVER_WITHDRAWN, officer_id, at)
    return _record(row)


def list_waivers(
    session: Session, clause_id: int, caseload_officer_id: int | None
) -> list[WaiverRecord]:
    """Every waiver a clause has had, as they were signed.

    Raises:
        NotFound: There is no such clause, or not on this caseload.
    """
    get_clause(session, clause_id, caseload_officer_id)
    query = select(ClauseWaiver).where(ClauseWaiver.order_clause_id == clause_id)
    return [_record(row) for row in session.scalars(query.order_by(ClauseWaiver.id))]


def _require_sense(clause: OrderClause, new: NewWaiver, at: datetime) -> None:
    if not needs_zone(clause.condition_code):
        message = "This clause needs no zone, so there is nothing to waive."
        raise Invalid(message)
    if not new.reason.strip():
        message = "A waiver gives its reason."
        raise Invalid(message)
    if new.ends_at is not None and new.ends_at <= at:
        message = "A waiver ends after it is signed."
        raise Invalid(message)


def _audit(
    session: Session, row: ClauseWaiver, tag: audit.Tag, officer_id: int, at: datetime
) -> None:
    by, subject = audit.officer(officer_id), f"waiver:{row.id}"
    audit.record(session, row.agency_id, at, by, tag, subject, clause_id=row.order_clause_id)


def _record(row: ClauseWaiver) -> WaiverRecord:
    return WaiverRecord(
        row.id,
        row.order_clause_id,
        row.reason,
        row.signed_by_id,
        row.signed_at,
        row.ends_at,
        row.withdrawn_at,
        row.withdrawn_by_id,
    )

"""Reads what a person's orders say, clause by clause, and what covers each clause now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.corridor.covers import CoverKind, Duty, read_duties_of_orders
from supervision.register.clauses import MEANINGS, ConditionCode
from supervision.register.service import ClauseRecord, OrderRecord, list_clauses, list_orders
from supervision.web.console.rendering import Visit

MOST_ORDERS = 50
_COVERS = {
    CoverKind.ZONE: "a zone",
    CoverKind.SET: "a set of zones",
    CoverKind.WAIVER: "a waiver",
}


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause as listed.

    Attributes:
        wording: The court's; it may name her place.
        covered_by: What covers it now, in words.
        uncovered_since: Since when nothing does; None where something does, or nothing needs to.
    """

    code: str
    meaning: str
    wording: str
    covered_by: list[str]
    uncovered_since: datetime | None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order as listed, with its clauses."""

    order: OrderRecord
    is_in_force: bool
    clauses: list[ClauseLine]


@dataclass(frozen=True, slots=True)
class BareClause:
    """The clause that an alert is about."""

    code: str
    meaning: str
    court: str
    court_case_number: str
    begins_at: datetime
    ends_at: datetime | None


_BARE = text(
    "SELECT c.condition_code AS code, o.court, o.court_case_number, o.begins_at, o.ends_at"
    " FROM alert a JOIN order_clause c ON c.id = a.order_clause_id"
    " JOIN court_order o ON o.id = c.court_order_id WHERE a.id = :alert"
    " AND a.kind = 'clause_uncovered'"
)


def read_orders(visit: Visit, supervisee_id: int, zones: Mapping[int, str]) -> list[OrderLine]:
    """A person's orders, oldest first.

    Args:
        visit: Whose caseload, and the present instant.
        supervisee_id: Whose orders.
        zones: The names of the person's zones, as far as the officer may read them.
    """
    session, caseload = visit.session, visit.actor.caseload_officer_id
    orders = list_orders(session, caseload, None, MOST_ORDERS, supervisee_id)
    duties = {one.clause_id: one for one in read_duties_of_orders(session, [o.id for o in orders])}
    return [
        OrderLine(
            order,
            order.begins_at <= visit.now and (order.ends_at is None or visit.now < order.ends_at),
            [
                _line(clause, duties[clause.id], zones, visit.now)
                for clause in list_clauses(session, order.id, caseload)
            ],
        )
        for order in orders
    ]


def find_bare_clause(session: Session, alert_id: int) -> BareClause | None:
    """The clause without cover that an alert is about, if it is about one."""
    row = session.execute(_BARE, {"alert": alert_id}).mappings().one_or_none()
    return None if row is None else BareClause(**row, meaning=MEANINGS[ConditionCode(row["code"])])


def _line(clause: ClauseRecord, duty: Duty, zones: Mapping[int, str], now: datetime) -> ClauseLine:
    named = [
        (cover.kind is CoverKind.ZONE and zones.get(cover.id)) or _COVERS[cover.kind]
        for cover in duty.covered_by(now)
    ]
    code = clause.condition_code
    return ClauseLine(code, MEANINGS[code], clause.wording, named, duty.uncovered_since(now))

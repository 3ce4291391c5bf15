"""Which clauses of orders have a zone, a set or a waiver, which have none, and since when."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from fastapi import APIRouter
from pydantic import Field

from supervision.core.access import Permission
from supervision.corridor.covers import (
    CoverKind,
    Duty,
    count_orders_without_clauses,
    read_duties_of_caseload,
    read_duties_of_orders,
)
from supervision.register import service
from supervision.register.clauses import ConditionCode, needs_zone
from supervision.web.api.fields import Model
from supervision.web.deps import ActorDep, Id, NowDep, SessionDep, requires
from supervision.web.paging import Page

router = APIRouter(tags=["orders"])

MINUTE = timedelta(minutes=1)


class ClauseCoverage(Model):
    """What covers one clause now; nothing and `uncovered_since`: it is without cover."""

    id: int = Field(description="The clause's")
    order_id: int
    supervisee_id: int
    condition_code: ConditionCode
    needs_zone: bool
    zone_ids: list[int]
    zone_set_ids: list[int]
    waiver_ids: list[int]
    uncovered_since: datetime | None


class UncoveredClause(Model):
    """A clause that nothing covers, and for how long by now."""

    id: int = Field(description="The clause's")
    order_id: int
    supervisee_id: int
    condition_code: ConditionCode
    uncovered_since: datetime
    uncovered_minutes: int


class Coverage(Model):
    """How far the active orders of one's caseload are carried out.

    Only clauses that need a zone are counted. The whole minutes are those from a clause's coming
    into force, or its entry if that was later, to its first armed zone; none is known: null.
    """

    orders_without_clauses: int = Field(description="Active orders of which no clause is entered")
    clauses: int
    clauses_covered: int
    covered_share: float | None = Field(description="Null where there is no clause")
    to_zone_minutes_p50: int | None
    to_zone_minutes_p95: int | None
    items: list[UncoveredClause] = Field(description="The uncovered, longest first")


@router.get("/orders/{order_id}/coverage", dependencies=[requires(Permission.READ_PEOPLE)])
def get_order_coverage(
    order_id: Id, session: SessionDep, actor: ActorDep, now: NowDep
) -> Page[ClauseCoverage]:
    """Each clause of the order: whether it needs a zone, and what covers it."""
    service.get_order(session, order_id, actor.caseload_officer_id)
    duties = read_duties_of_orders(session, [order_id])
    return Page(items=[_clause(duty, now) for duty in duties], next=None)


@router.get("/coverage", dependencies=[requires(Permission.READ_PEOPLE)])
def get_coverage(session: SessionDep, actor: ActorDep, now: NowDep) -> Coverage:
    """How many clauses of active orders are covered, and each that is not."""
    duties = read_duties_of_caseload(session, actor.caseload_officer_id, now)
    items = _uncovered(duties, now)
    minutes = sorted(_minutes_to_zone(duties, now))
    covered = len(duties) - len(items)
    return Coverage(
        orders_without_clauses=count_orders_without_clauses(
            session, actor.caseload_officer_id, now
        ),
        clauses=len(duties),
        clauses_covered=covered,
        covered_share=covered / len(duties) if duties else None,
        to_zone_minutes_p50=_percentile(minutes, 0.5),
        to_zone_minutes_p95=_percentile(minutes, 0.95),
        items=items,
    )


def _clause(duty: Duty, now: datetime) -> ClauseCoverage:
    by = duty.covered_by(now)
    return ClauseCoverage(
        id=duty.clause_id,
        order_id=duty.order_id,
        supervisee_id=duty.supervisee_id,
        condition_code=ConditionCode(duty.condition_code),
        needs_zone=needs_zone(duty.condition_code),
        zone_ids=[one.id for one in by if one.kind is CoverKind.ZONE],
        zone_set_ids=[one.id for one in by if one.kind is CoverKind.SET],
        waiver_ids=[one.id for one in by if one.kind is CoverKind.WAIVER],
        uncovered_since=duty.uncovered_since(now),
    )


def _uncovered(duties: Iterable[Duty], now: datetime) -> list[UncoveredClause]:
    found = [
        UncoveredClause(
            id=duty.clause_id,
            order_id=duty.order_id,
            supervisee_id=duty.supervisee_id,
            condition_code=ConditionCode(duty.condition_code),
            uncovered_since=since,
            uncovered_minutes=(now - since) // MINUTE,
        )
        for duty in duties
        if (since := duty.uncovered_since(now)) is not None
    ]
    return sorted(found, key=lambda one: (one.uncovered_since, one.id))


def _minutes_to_zone(duties: Iterable[Duty], now: datetime) -> Iterable[int]:
    """Of each clause that has ever had a zone in force, of its own or of a set."""
    for duty in duties:
        zones = [one.span for one in duty.covers if one.kind is not CoverKind.WAIVER]
        begun = [span.begins_at for span in zones if span.lasts and span.begins_at <= now]
        armed_at = min(begun, default=None)
        if armed_at is not None:
            yield max(0, (armed_at - duty.span.begins_at) // MINUTE)


def _percentile(ordered: Sequence[int], share: float) -> int | None:
    """The smallest value that this share of them does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None

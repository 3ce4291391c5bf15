"""Reads which clauses of orders need a zone, and what has covered each of them when.

What covers a clause counts from when it was entered, however far back it is dated: nobody was
watched by a zone before it was drawn. So what lies in the past stays as it was.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import TextClause
from sqlalchemy.orm import Session

from supervision.corridor.cover_queries import (
    CODES,
    COVERS_OF_FEW,
    COVERS_OF_MANY,
    DUTIES_NAMED,
    DUTIES_OF_CASELOAD,
    DUTIES_OF_ORDERS,
    DUTIES_OF_PEOPLE,
    DUTIES_UNSTEADY,
    FEW,
    ORDERS_WITHOUT_CLAUSES,
)
from supervision.register.clauses import Span, gaps, needs_zone, uncovered_since


class CoverKind(StrEnum):
    """What covers a clause: a zone of its own, a set that applies by it, or a signed waiver."""

    ZONE = "zone"
    SET = "set"
    WAIVER = "waiver"


class Cover(NamedTuple):
    """One thing that covers a clause, and when; `id` is the zone's, set's or waiver's."""

    kind: CoverKind
    id: int
    span: Span


@dataclass(frozen=True, slots=True)
class Duty:
    """What a clause asks for, from when until when, and all that ever covered it."""

    clause_id: int
    agency_id: int
    supervisee_id: int
    order_id: int
    condition_code: str
    span: Span
    covers: tuple[Cover, ...]

    def gaps(self, now: datetime) -> list[Span]:
        """The times until now in which it needed cover and had none; a last one may still last."""
        return gaps(self.span, self._spans(), now) if needs_zone(self.condition_code) else []

    def uncovered_since(self, now: datetime) -> datetime | None:
        """Since when nothing covers it; None where something does, or nothing needs to."""
        if not needs_zone(self.condition_code):
            return None
        return uncovered_since(self.span, self._spans(), now)

    def covered_by(self, now: datetime) -> list[Cover]:
        """What covers it now."""
        return [cover for cover in self.covers if cover.span.holds_at(now)]

    def _spans(self) -> list[Span]:
        return [cover.span for cover in self.covers]


def read_duties(session: Session, clause_ids: Collection[int]) -> list[Duty]:
    """These clauses in order, also those that need no zone."""
    return _read(session, DUTIES_NAMED, clauses=list(clause_ids))


def read_duties_of_orders(session: Session, order_ids: Collection[int]) -> list[Duty]:
    """Every clause of these orders in order, also those that need no zone."""
    return _read(session, DUTIES_OF_ORDERS, orders=list(order_ids))


def read_duties_of_people(session: Session, supervisee_ids: Collection[int]) -> list[Duty]:
    """Every clause of these people's orders that needs a zone, whether or not it counts now."""
    return _read(session, DUTIES_OF_PEOPLE, people=list(supervisee_ids))


def read_duties_of_caseload(
    session: Session, caseload_officer_id: int | None, now: datetime
) -> list[Duty]:
    """Every clause of the caseload's active orders that needs a zone; None: of the agency's."""
    return _read(session, DUTIES_OF_CASELOAD, officer=caseload_officer_id, now=now)


def count_orders_without_clauses(
    session: Session, caseload_officer_id: int | None, now: datetime
) -> int:
    """How many active orders of the caseload nobody has entered a clause of."""
    values = {"officer": caseload_officer_id, "now": now}
    count: int = session.execute(ORDERS_WITHOUT_CLAUSES, values).scalar_one()
    return count


def read_unsteady_duties(session: Session, since: datetime, now: datetime) -> list[Duty]:
    """The clauses that no single zone, set or waiver covered from `since` until now.

    And those whose alert is not cleared, whenever it may have come to be so.
    """
    return _read(session, DUTIES_UNSTEADY, since=since, now=now)


def _read(session: Session, query: TextClause, **values: object) -> list[Duty]:
    rows = session.execute(query, values | {"codes": CODES}).all()
    covers = _read_covers(session, [row.clause_id for row in rows])
    return [
        Duty(
            row.clause_id,
            row.agency_id,
            row.supervisee_id,
            row.order_id,
            row.condition_code,
            Span(row.begins_at, row.ends_at),
            tuple(covers[row.clause_id]),
        )
        for row in rows
    ]


def _read_covers(session: Session, clause_ids: list[int]) -> defaultdict[int, list[Cover]]:
    found: defaultdict[int, list[Cover]] = defaultdict(list)
    if clause_ids:
        query = COVERS_OF_FEW if len(clause_ids) <= FEW else COVERS_OF_MANY
        for row in session.execute(query, {"clauses": clause_ids}):
            span = Span(row.begins_at, row.ends_at)
            found[row.clause_id].append(Cover(CoverKind(row.kind), row.id, span))
    return found

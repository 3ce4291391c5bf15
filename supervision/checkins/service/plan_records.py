"""Reads plans, as far as an officer's caseload goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from supervision.checkins.asking import NewPlan
from supervision.checkins.models import CheckinPlan, CheckinPlanVersion
from supervision.checkins.service.versions import asked_by
from supervision.checkins.timing import monday_of
from supervision.core.errors import NotFound
from supervision.core.recurrence import read_time_zone


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A plan and what it asks by its current, or last, version.

    `made_until` is the local date up to which its check-ins are written down.
    """

    id: int
    supervisee_id: int
    made_by_id: int
    made_at: datetime
    ended_at: datetime | None
    version: int
    asked: NewPlan
    time_zone: str
    made_until: date | None
    written_by_id: int
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ShortWeek:
    """A week, by its Monday, in which fewer unannounced check-ins are made than are asked for."""

    plan_id: int
    monday: date
    asked: int
    made: int


# A caseload of None is the whole agency; row-level security ends there.
_MINE = text(
    "EXISTS (SELECT FROM supervisee s WHERE s.id = checkin_plan.supervisee_id"
    " AND (CAST(:caseload AS bigint) IS NULL OR s.supervising_officer_id = :caseload))"
)


def get_plan(session: Session, plan_id: int, caseload_officer_id: int | None) -> PlanRecord:
    """One plan.

    Raises:
        NotFound: There is no such plan, or not on this caseload.
    """
    query = _plans().where(CheckinPlan.id == plan_id)
    row = session.execute(query, {"caseload": caseload_officer_id}).one_or_none()
    if row is None:
        raise NotFound
    return _record(row[0], row[1])


def list_plans(
    session: Session, supervisee_id: int, caseload_officer_id: int | None
) -> list[PlanRecord]:
    """A person's plans, oldest first; ended ones too."""
    query = _plans().where(CheckinPlan.supervisee_id == supervisee_id).order_by(CheckinPlan.id)
    rows = session.execute(query, {"caseload": caseload_officer_id})
    return [_record(plan, version) for plan, version in rows]


_SHORT = text(
    "SELECT v.checkin_plan_id, CAST(w.monday AS date), v.per_week, count(c.id)"
    " FROM checkin_plan_version v JOIN checkin_plan p ON p.id = v.checkin_plan_id"
    " CROSS JOIN generate_series(CAST(:monday AS timestamp), v.made_until, '7 days') w (monday)"
    " LEFT JOIN checkin c ON c.checkin_plan_id = p.id AND c.state <> 'replaced'"
    " AND c.local_date >= w.monday AND c.local_date < w.monday + interval '7 days'"
    " WHERE p.id = :plan AND v.is_current AND p.ended_at IS NULL AND v.per_week IS NOT NULL"
    " AND w.monday + interval '6 days' >= v.starts_on"
    " AND (v.ends_on IS NULL OR w.monday <= v.ends_on)"
    " GROUP BY v.checkin_plan_id, w.monday, v.per_week HAVING count(c.id) < v.per_week"
    " ORDER BY w.monday"
)


def short_weeks(session: Session, plans: Iterable[PlanRecord], now: datetime) -> list[ShortWeek]:
    """The weeks from this one on that hold fewer unannounced check-ins than plans ask for.

    Because a plan begins or ends in them, or exceptions, holidays and pauses leave no more room.
    """
    found = []
    for plan in plans:
        today = now.astimezone(read_time_zone(plan.time_zone)).date()
        values = {"plan": plan.id, "monday": monday_of(today)}
        found += [ShortWeek(*row) for row in session.execute(_SHORT, values)]
    return found


def _plans() -> Select[CheckinPlan, CheckinPlanVersion]:
    return (
        select(CheckinPlan, CheckinPlanVersion)
        .join(CheckinPlanVersion, CheckinPlanVersion.checkin_plan_id == CheckinPlan.id)
        .where(CheckinPlanVersion.is_current, _MINE)
    )


def _record(plan: CheckinPlan, version: CheckinPlanVersion) -> PlanRecord:
    return PlanRecord(
        id=plan.id,
        supervisee_id=plan.supervisee_id,
        made_by_id=plan.made_by_id,
        made_at=plan.made_at,
        ended_at=plan.ended_at,
        version=version.version,
        asked=asked_by(version),
        time_zone=version.time_zone,
        made_until=version.made_until,
        written_by_id=version.written_by_id,
        written_at=version.written_at,
    )

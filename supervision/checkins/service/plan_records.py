"""Reads plans, as far as an officer's caseload goes."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A plan and what it asks by its current, or last, version."""

    id: int
    supervisee_id: int
    made_by_id: int
    made_at: datetime
    ended_at: datetime | None
    version: int
    method: str
    rrule: str
    starts_on: date
    at_local: time
    time_zone: str
    window_s: int
    grace_s: int
    written_by_id: int
    written_at: datetime


# A caseload of None is the whole agency; row-level security ends there.
_MINE = "(CAST(:caseload AS bigint) IS NULL OR s.supervising_officer_id = :caseload)"
_PLAN = (
    "SELECT p.id, p.supervisee_id, p.made_by_id, p.made_at, p.ended_at, v.version, v.method,"
    " v.rrule, v.starts_on, v.at_local, v.time_zone, v.window_s, v.grace_s, v.written_by_id,"
    " v.written_at FROM checkin_plan p JOIN checkin_plan_version v ON v.checkin_plan_id = p.id"
    f" AND v.is_current JOIN supervisee s ON s.id = p.supervisee_id WHERE {_MINE}"
)


def get_plan(session: Session, plan_id: int, caseload_officer_id: int | None) -> PlanRecord:
    """One plan.

    Raises:
        NotFound: There is no such plan, or not on this caseload.
    """
    values = {"id": plan_id, "caseload": caseload_officer_id}
    row = session.execute(text(f"{_PLAN} AND p.id = :id"), values).mappings().one_or_none()
    if row is None:
        raise NotFound
    return PlanRecord(**row)


def list_plans(
    session: Session, supervisee_id: int, caseload_officer_id: int | None
) -> list[PlanRecord]:
    """A person's plans, oldest first; ended ones too."""
    values = {"person": supervisee_id, "caseload": caseload_officer_id}
    rows = session.execute(
        text(f"{_PLAN} AND p.supervisee_id = :person ORDER BY p.id"), values
    ).mappings()
    return [PlanRecord(**row) for row in rows]

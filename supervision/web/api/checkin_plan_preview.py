"""What a plan would ask of somebody, before it is made."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import Field

from supervision.checkins.asking import NewPlan
from supervision.checkins.drawing import most_that_fit
from supervision.checkins.due import Due, asked_times
from supervision.checkins.openings import open_minutes
from supervision.checkins.rules import window_of
from supervision.checkins.sense import require_sense
from supervision.checkins.service import read_off
from supervision.checkins.timing import Off, Regular, Unannounced, mondays
from supervision.core.access import Permission
from supervision.core.recurrence import read_time_zone
from supervision.register.service import get_agency, get_supervisee
from supervision.web.api.checkin_plan_bodies import NewCheckinPlan
from supervision.web.api.fields import Model
from supervision.web.deps import ActorDep, Id, NowDep, SessionDep, requires

router = APIRouter(tags=["check-ins"])

DATES_SHOWN = 10
# Few rules are so rare that ten dates need the longest look.
LOOK_AHEAD_DAYS = (31, 366, 3_660)
WEEKS_SHOWN = 4


class DueDate(Model):
    """A date's check-in as it would be, in UTC, and what clocks show then.

    `local` is by the person's time zone, `agency_local` by the agency's.
    """

    local_date: date
    due_at: datetime
    local: datetime
    agency_local: datetime
    closes_at: datetime
    missed_at: datetime


class DrawnWeek(Model):
    """A week of unannounced check-ins, by its Monday; its times are drawn only when it is made."""

    monday: date
    open_minutes: int = Field(description="To so many minutes the draw is open")
    draws: int = Field(description="So many are drawn; fewer than asked for if no more fit")


class RegularPreview(Model):
    """The next ten dates that are not past; fewer where the plan ends, or is rarer than yearly."""

    kind: Literal["regular"] = "regular"
    time_zone: str
    agency_time_zone: str
    dates: list[DueDate]


class UnannouncedPreview(Model):
    """From which minutes the next weeks would be drawn.

    Of a week in which the plan begins or ends, only what lies within the plan counts.
    """

    kind: Literal["unannounced"] = "unannounced"
    time_zone: str
    agency_time_zone: str
    weeks: list[DrawnWeek]


Preview = Annotated[RegularPreview | UnannouncedPreview, Field(discriminator="kind")]


@router.post(
    "/supervisees/{supervisee_id}/checkin-plans/preview",
    dependencies=[requires(Permission.PLAN_CHECKINS)],
)
def preview_checkin_plan(
    supervisee_id: Id, body: NewCheckinPlan, session: SessionDep, actor: ActorDep, now: NowDep
) -> Preview:
    """What a plan would ask for from now on; nothing is kept, and nothing drawn."""
    person = get_supervisee(session, supervisee_id, actor.caseload_officer_id)
    agency = get_agency(session, actor.agency_id)
    plan, zone = body.asked, read_time_zone(person.time_zone)
    require_sense(plan)
    off = read_off(session, plan, actor.agency_id, person.id)
    if isinstance(plan.timing, Unannounced):
        weeks = _next_weeks(plan, plan.timing, zone, off, now)
        return UnannouncedPreview(
            time_zone=person.time_zone, agency_time_zone=agency.time_zone, weeks=weeks
        )
    dues = _next_dates(plan, plan.timing, zone, off, now)
    shown = [_shown(due, plan, zone, read_time_zone(agency.time_zone)) for due in dues]
    return RegularPreview(
        time_zone=person.time_zone, agency_time_zone=agency.time_zone, dates=shown
    )


def _next_dates(
    plan: NewPlan, regular: Regular, zone: ZoneInfo, off: Off, now: datetime
) -> list[Due]:
    first = max(now.astimezone(zone).date(), plan.starts_on)
    found: list[Due] = []
    for days in LOOK_AHEAD_DAYS:
        dues = asked_times(plan, regular, zone, off, first, first + timedelta(days=days))
        found = [due for due in dues if due.due_at >= now]
        if len(found) >= DATES_SHOWN:
            break
    return found[:DATES_SHOWN]


def _shown(due: Due, plan: NewPlan, zone: ZoneInfo, agency_zone: ZoneInfo) -> DueDate:
    window = window_of(due.due_at, plan.window, plan.grace)
    return DueDate(
        local_date=due.local_date,
        due_at=due.due_at,
        local=due.local(zone),
        agency_local=due.local(agency_zone),
        closes_at=window.closes_at,
        missed_at=window.missed_at,
    )


def _next_weeks(
    plan: NewPlan, timing: Unannounced, zone: ZoneInfo, off: Off, now: datetime
) -> list[DrawnWeek]:
    first = max(now.astimezone(zone).date(), plan.starts_on)
    last = first + timedelta(days=7 * (WEEKS_SHOWN - 1))
    weeks = mondays(first, last if plan.ends_on is None else min(last, plan.ends_on))
    return [_week(monday, plan, timing, zone, off) for monday in weeks]


def _week(monday: date, plan: NewPlan, timing: Unannounced, zone: ZoneInfo, off: Off) -> DrawnWeek:
    minutes = open_minutes(monday, zone, timing.allowed, plan.quiet, off)
    draws = min(timing.per_week, most_that_fit(minutes, timing.gap_min))
    return DrawnWeek(monday=monday, open_minutes=len(minutes), draws=draws)

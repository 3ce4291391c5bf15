"""What somebody must do regularly: planned, changed from now on, ended, and tried out before."""

from datetime import datetime, timedelta

from fastapi import APIRouter, status

from supervision.checkins import rules
from supervision.checkins import service as checkins
from supervision.checkins.due import Due, Recurring, due_times
from supervision.core.access import Permission
from supervision.core.recurrence import read_recurrence, read_time_zone
from supervision.register.service import get_supervisee
from supervision.web.api.checkin_plan_bodies import CheckinPlan, DueDate, NewCheckinPlan
from supervision.web.deps import ActorDep, Id, NowDep, RuntimeDep, SessionDep, requires
from supervision.web.paging import Page

router = APIRouter(tags=["check-ins"])

DATES_SHOWN = 10
# Few rules are so rare that ten dates need the longest look.
LOOK_AHEAD_DAYS = (31, 366, 3_660)


@router.get(
    "/supervisees/{supervisee_id}/checkin-plans",
    dependencies=[requires(Permission.READ_CHECKINS)],
)
def list_checkin_plans(
    supervisee_id: Id, session: SessionDep, actor: ActorDep
) -> Page[CheckinPlan]:
    """A person's plans, oldest first; ended ones too."""
    get_supervisee(session, supervisee_id, actor.caseload_officer_id)
    rows = checkins.list_plans(session, supervisee_id, actor.caseload_officer_id)
    return Page(items=[CheckinPlan.model_validate(row) for row in rows], next=None)


@router.post(
    "/supervisees/{supervisee_id}/checkin-plans",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.PLAN_CHECKINS)],
)
def make_checkin_plan(
    supervisee_id: Id,
    body: NewCheckinPlan,
    session: SessionDep,
    actor: ActorDep,
    runtime: RuntimeDep,
) -> CheckinPlan:
    """Ask somebody for regular check-ins; those of the next weeks are written down at once."""
    row = runtime.monitor.checkin_planning(session, actor).plan(supervisee_id, body.asked)
    return CheckinPlan.model_validate(row)


@router.post(
    "/supervisees/{supervisee_id}/checkin-plans/preview",
    dependencies=[requires(Permission.PLAN_CHECKINS)],
)
def preview_checkin_plan(
    supervisee_id: Id, body: NewCheckinPlan, session: SessionDep, actor: ActorDep, now: NowDep
) -> Page[DueDate]:
    """The next ten dates that a plan would ask for from now on; nothing is kept."""
    person = get_supervisee(session, supervisee_id, actor.caseload_officer_id)
    new = body.asked
    rules.require_sense(new.window, new.grace)
    regular = Recurring(new.rrule, new.starts_on, new.at, read_time_zone(person.time_zone))
    shown = [_shown(due, regular, new) for due in _next_due(regular, now)]
    return Page(items=shown, next=None)


@router.get("/checkin-plans/{checkin_plan_id}", dependencies=[requires(Permission.READ_CHECKINS)])
def get_checkin_plan(checkin_plan_id: Id, session: SessionDep, actor: ActorDep) -> CheckinPlan:
    """One plan of one's caseload."""
    row = checkins.get_plan(session, checkin_plan_id, actor.caseload_officer_id)
    return CheckinPlan.model_validate(row)


@router.put("/checkin-plans/{checkin_plan_id}", dependencies=[requires(Permission.PLAN_CHECKINS)])
def change_checkin_plan(
    checkin_plan_id: Id,
    body: NewCheckinPlan,
    session: SessionDep,
    actor: ActorDep,
    runtime: RuntimeDep,
) -> CheckinPlan:
    """Ask for something else from now on: a new version; what has opened stays as it was."""
    row = runtime.monitor.checkin_planning(session, actor).change(checkin_plan_id, body.asked)
    return CheckinPlan.model_validate(row)


@router.post(
    "/checkin-plans/{checkin_plan_id}/end", dependencies=[requires(Permission.PLAN_CHECKINS)]
)
def end_checkin_plan(
    checkin_plan_id: Id, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> CheckinPlan:
    """Ask for nothing more by this plan; what has opened must still be done."""
    row = runtime.monitor.checkin_planning(session, actor).end(checkin_plan_id)
    return CheckinPlan.model_validate(row)


def _next_due(regular: Recurring, now: datetime) -> list[Due]:
    """The next few that are not past; fewer where the rule ends, or is rarer than yearly."""
    # A rule that starts after the last year of use is refused here, before dates overflow.
    read_recurrence(regular.rrule, regular.starts_on)
    first = max(now.astimezone(regular.zone).date(), regular.starts_on)
    found: list[Due] = []
    for days in LOOK_AHEAD_DAYS:
        dates = due_times(regular, first, first + timedelta(days=days))
        found = [due for due in dates if due.due_at >= now]
        if len(found) >= DATES_SHOWN:
            break
    return found[:DATES_SHOWN]


def _shown(due: Due, regular: Recurring, new: checkins.NewPlan) -> DueDate:
    window = rules.window_of(due.due_at, new.window, new.grace)
    return DueDate(
        local_date=due.local_date,
        due_at=due.due_at,
        local=due.local(regular.zone),
        closes_at=window.closes_at,
        missed_at=window.missed_at,
    )

"""What somebody must do: planned, changed from now on, ended."""

from datetime import datetime

from fastapi import APIRouter, status
from sqlalchemy.orm import Session

from supervision.checkins import service as checkins
from supervision.core.access import Permission
from supervision.register.service import get_supervisee
from supervision.web.api.checkin_plan_bodies import CheckinPlan, NewCheckinPlan, shown_plan
from supervision.web.deps import ActorDep, Id, NowDep, RuntimeDep, SessionDep, requires
from supervision.web.paging import Page

router = APIRouter(tags=["check-ins"])


@router.get(
    "/supervisees/{supervisee_id}/checkin-plans",
    dependencies=[requires(Permission.READ_CHECKINS)],
)
def list_checkin_plans(
    supervisee_id: Id, session: SessionDep, actor: ActorDep, now: NowDep
) -> Page[CheckinPlan]:
    """A person's plans, oldest first; ended ones too."""
    get_supervisee(session, supervisee_id, actor.caseload_officer_id)
    rows = checkins.list_plans(session, supervisee_id, actor.caseload_officer_id)
    short = checkins.short_weeks(session, rows, now)
    return Page(items=[shown_plan(row, short) for row in rows], next=None)


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
    now: NowDep,
) -> CheckinPlan:
    """Ask somebody for check-ins, a hearing or an appointment; the next weeks' are made at once."""
    row = runtime.monitor.checkin_planning(session, actor).plan(supervisee_id, body.asked)
    return _shown(row, session, now)


@router.get("/checkin-plans/{checkin_plan_id}", dependencies=[requires(Permission.READ_CHECKINS)])
def get_checkin_plan(
    checkin_plan_id: Id, session: SessionDep, actor: ActorDep, now: NowDep
) -> CheckinPlan:
    """One plan of one's caseload."""
    row = checkins.get_plan(session, checkin_plan_id, actor.caseload_officer_id)
    return _shown(row, session, now)


@router.put("/checkin-plans/{checkin_plan_id}", dependencies=[requires(Permission.PLAN_CHECKINS)])
def change_checkin_plan(
    checkin_plan_id: Id,
    body: NewCheckinPlan,
    session: SessionDep,
    actor: ActorDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> CheckinPlan:
    """Ask for something else from now on: a new version; what has opened stays as it was."""
    row = runtime.monitor.checkin_planning(session, actor).change(checkin_plan_id, body.asked)
    return _shown(row, session, now)


@router.post(
    "/checkin-plans/{checkin_plan_id}/end", dependencies=[requires(Permission.PLAN_CHECKINS)]
)
def end_checkin_plan(
    checkin_plan_id: Id, session: SessionDep, actor: ActorDep, runtime: RuntimeDep, now: NowDep
) -> CheckinPlan:
    """Ask for nothing more by this plan; what has opened must still be done."""
    row = runtime.monitor.checkin_planning(session, actor).end(checkin_plan_id)
    return _shown(row, session, now)


def _shown(row: checkins.PlanRecord, session: Session, now: datetime) -> CheckinPlan:
    return shown_plan(row, checkins.short_weeks(session, [row], now))

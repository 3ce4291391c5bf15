"""Times in which nothing is asked of somebody (hospital, jail): entered, listed, ended."""

from datetime import datetime

from fastapi import APIRouter, status
from pydantic import Field

from supervision.checkins import service as checkins
from supervision.core.access import Permission
from supervision.register.service import get_supervisee
from supervision.web.api.fields import Instant, Model, Text
from supervision.web.deps import ActorDep, Id, NowDep, RuntimeDep, SessionDep, requires
from supervision.web.paging import Page

router = APIRouter(tags=["check-ins"])


class NewCheckinPause(Model):
    """A pause of all plans of a person, from `begins_at` until before `ends_at`."""

    begins_at: Instant | None = Field(
        default=None, description="Now if left out; what has opened by now stays"
    )
    ends_at: Instant | None = Field(default=None, description="No end known if left out")
    reason: Text = Field(examples=["In hospital since this morning, UNM, ward 5."])


class CheckinPause(Model):
    """A time in which nothing is asked; `ended_by_id` is who ended it before its time."""

    id: int
    supervisee_id: int
    begins_at: datetime
    ends_at: datetime | None
    reason: str
    made_by_id: int
    made_at: datetime
    ended_by_id: int | None


@router.get(
    "/supervisees/{supervisee_id}/checkin-pauses",
    dependencies=[requires(Permission.READ_CHECKINS)],
)
def list_checkin_pauses(
    supervisee_id: Id, session: SessionDep, actor: ActorDep
) -> Page[CheckinPause]:
    """A person's pauses in the order in which they were entered; those that are over too."""
    get_supervisee(session, supervisee_id, actor.caseload_officer_id)
    rows = checkins.list_pauses(session, supervisee_id, actor.caseload_officer_id)
    return Page(items=[CheckinPause.model_validate(row) for row in rows], next=None)


@router.post(
    "/supervisees/{supervisee_id}/checkin-pauses",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.PLAN_CHECKINS)],
)
def pause_checkins(
    supervisee_id: Id,
    body: NewCheckinPause,
    session: SessionDep,
    actor: ActorDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> CheckinPause:
    """Ask somebody for nothing in a time; what has opened must still be done, or be excused."""
    new = checkins.NewPause(body.begins_at or now, body.ends_at, body.reason)
    row = runtime.monitor.checkin_planning(session, actor).pause(supervisee_id, new)
    return CheckinPause.model_validate(row)


@router.post(
    "/checkin-pauses/{checkin_pause_id}/end",
    dependencies=[requires(Permission.PLAN_CHECKINS)],
)
def end_checkin_pause(
    checkin_pause_id: Id, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> CheckinPause:
    """End a pause now: regular dates come back as they were, unannounced ones are drawn anew."""
    row = runtime.monitor.checkin_planning(session, actor).end_pause(checkin_pause_id)
    return CheckinPause.model_validate(row)

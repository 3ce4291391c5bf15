"""Each date's check-in: listed, and what an officer does about it."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from supervision.checkins import service
from supervision.checkins.rules import State
from supervision.checkins.service import Sought
from supervision.core.access import Permission
from supervision.core.clock import from_us, to_us
from supervision.core.errors import Invalid
from supervision.corridor.reminded import read_reminders
from supervision.web.api.checkin_bodies import (
    Attendance,
    Checkin,
    CheckinEvent,
    CheckinReminder,
    CheckinWithHistory,
    Reason,
    VainAttempt,
)
from supervision.web.api.fields import Instant
from supervision.web.deps import (
    MOST_BIGINT,
    ActorDep,
    Id,
    NowDep,
    RuntimeDep,
    SessionDep,
    requires,
)
from supervision.web.paging import Page, Pager, PagerDep

router = APIRouter(prefix="/checkins", tags=["check-ins"])

DAY = timedelta(days=1)
LONGEST_RANGE = timedelta(days=92)


def get_sought(
    now: NowDep,
    since: Annotated[Instant | None, Query(description="None: today's beginning, UTC")] = None,
    until: Annotated[Instant | None, Query(description="None: a day after `since`")] = None,
    supervisee_id: Annotated[int | None, Query(ge=1, le=MOST_BIGINT)] = None,
    state: Annotated[State | None, Query()] = None,
) -> Sought:
    """Which check-ins are asked for: those that open from `since` until before `until`.

    Raises:
        Invalid: The time is empty or longer than 92 days.
    """
    since = since or now.replace(hour=0, minute=0, second=0, microsecond=0)
    until = until or since + DAY
    if not timedelta(0) < until - since <= LONGEST_RANGE:
        message = f"Ask for a time of at most {LONGEST_RANGE.days} days, since before until."
        raise Invalid(message)
    return Sought(since, until, supervisee_id, state)


SoughtDep = Annotated[Sought, Depends(get_sought)]


@router.get("", dependencies=[requires(Permission.READ_CHECKINS)])
def list_checkins(
    session: SessionDep, actor: ActorDep, pager: PagerDep, sought: SoughtDep
) -> Page[Checkin]:
    """The check-ins of one's caseload in the order in which they open; today's unless asked."""
    caseload = actor.caseload_officer_id
    rows = service.list_checkins(session, caseload, sought, _after(pager), pager.fetch)
    page, next_cursor = pager.cut(rows, lambda row: (to_us(row.opens_at), row.id))
    return Page(items=[Checkin.model_validate(row) for row in page], next=next_cursor)


@router.get("/{checkin_id}", dependencies=[requires(Permission.READ_CHECKINS)])
def get_checkin(checkin_id: Id, session: SessionDep, actor: ActorDep) -> CheckinWithHistory:
    """One check-in of one's caseload with its history and its reminders."""
    row = service.get_checkin(session, checkin_id, actor.caseload_officer_id)
    lines = service.read_history(session, checkin_id)
    history = [CheckinEvent.model_validate(line) for line in lines]
    reminders = read_reminders(session, [checkin_id])[checkin_id]
    return CheckinWithHistory(
        **dict(Checkin.model_validate(row)),
        events=history,
        reminders=[CheckinReminder.model_validate(one) for one in reminders],
    )


@router.post("/{checkin_id}/attendance", dependencies=[requires(Permission.HANDLE_CHECKINS)])
def log_attendance(
    checkin_id: Id,
    body: Attendance,
    session: SessionDep,
    actor: ActorDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> Checkin:
    """Log that the person was heard or seen; a miss made up for stays a miss."""
    desk = runtime.monitor.checkins(session, actor)
    return Checkin.model_validate(desk.attend(checkin_id, body.attended_at or now))


@router.post("/{checkin_id}/attempts", dependencies=[requires(Permission.HANDLE_CHECKINS)])
def log_attempt(
    checkin_id: Id, body: VainAttempt, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> Checkin:
    """Log a call that reached nobody."""
    row = runtime.monitor.checkins(session, actor).attempt(checkin_id, body.why)
    return Checkin.model_validate(row)


@router.post("/{checkin_id}/excuse", dependencies=[requires(Permission.HANDLE_CHECKINS)])
def excuse_checkin(
    checkin_id: Id, body: Reason, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> Checkin:
    """Take a miss off the person's account; its alert is cleared, and stays to be closed."""
    row = runtime.monitor.checkins(session, actor).excuse(checkin_id, body.reason)
    return Checkin.model_validate(row)


@router.post("/{checkin_id}/cancel", dependencies=[requires(Permission.HANDLE_CHECKINS)])
def cancel_checkin(
    checkin_id: Id, body: Reason, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> Checkin:
    """Ask for this one no more."""
    row = runtime.monitor.checkins(session, actor).cancel(checkin_id, body.reason)
    return Checkin.model_validate(row)


def _after(pager: Pager) -> tuple[datetime, int] | None:
    """When the last row of the page before opens, and its id."""
    key = pager.after(2)
    try:
        return None if key is None else (from_us(key[0]), key[1])
    except OverflowError as error:
        raise Invalid("The cursor is not one that this list gave.") from error

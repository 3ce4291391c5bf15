"""Calendar feeds: addresses at which a calendar program reads check-ins, given out once."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, status
from pydantic import Field

from supervision.checkins import service as checkins
from supervision.core.access import Actor, Permission
from supervision.web.api.fields import Model
from supervision.web.calendar import feed_url
from supervision.web.deps import MOST_BIGINT, ActorDep, Id, RuntimeDep, SessionDep, requires
from supervision.web.paging import Page, PagerDep
from supervision.web.runtime import WebRuntime

router = APIRouter(tags=["calendars"])


class CalendarFeed(Model):
    """Whose calendar may be read: an officer's own, or a supervised person's."""

    id: int
    officer_id: int | None
    supervisee_id: int | None
    made_by_id: int
    made_at: datetime
    ended_at: datetime | None


class NewCalendarFeed(Model):
    """A feed just made; its address is told this once."""

    id: int
    url: str = Field(description="A secret: whoever has it reads the calendar, without signing in")


@router.get("/calendar-feeds", dependencies=[requires(Permission.READ_CHECKINS)])
def list_calendar_feeds(
    session: SessionDep,
    actor: ActorDep,
    pager: PagerDep,
    supervisee_id: Annotated[int | None, Query(ge=1, le=MOST_BIGINT)] = None,
) -> Page[CalendarFeed]:
    """One's own feeds and those of one's caseload, oldest first; ended ones too."""
    whose = (actor.caseload_officer_id, supervisee_id)
    rows = checkins.list_feeds(session, *whose, pager.after_id(), pager.fetch)
    page, next_cursor = pager.cut(rows, lambda row: (row.id,))
    return Page(items=[CalendarFeed.model_validate(row) for row in page], next=next_cursor)


@router.post(
    "/calendar-feeds",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.HANDLE_CHECKINS)],
)
def make_calendar_feed(
    session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> NewCalendarFeed:
    """Have the check-ins of the people whom one supervises in one's own calendar program."""
    return _shown(runtime.monitor.calendars(session, actor).make_own(), actor, runtime)


@router.post(
    "/supervisees/{supervisee_id}/calendar-feeds",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.PLAN_CHECKINS)],
)
def make_supervisee_calendar_feed(
    supervisee_id: Id, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> NewCalendarFeed:
    """Let a person have his own check-ins in his calendar program; hand him the address."""
    made = runtime.monitor.calendars(session, actor).make_for(supervisee_id)
    return _shown(made, actor, runtime)


@router.post(
    "/calendar-feeds/{calendar_feed_id}/end",
    dependencies=[requires(Permission.HANDLE_CHECKINS)],
)
def end_calendar_feed(
    calendar_feed_id: Id, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> CalendarFeed:
    """Close a calendar at once; what a program has read stays with it."""
    runtime.monitor.calendars(session, actor).end(calendar_feed_id)
    row = checkins.get_feed(session, calendar_feed_id, actor.caseload_officer_id)
    return CalendarFeed.model_validate(row)


def _shown(made: checkins.NewFeed, actor: Actor, runtime: WebRuntime) -> NewCalendarFeed:
    return NewCalendarFeed(id=made.id, url=feed_url(runtime.settings, actor.agency_id, made.token))

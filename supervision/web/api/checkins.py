"""Each date's check-in: listed, and what an officer does about it."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from supervision.checkins import service
from supervision.checkins.rules import Method, Need, State, Window, has_room
from supervision.checkins.service import CheckinRecord, Seen, Sought
from supervision.core.access import Permission
from supervision.core.audit import Tag
from supervision.core.clock import from_us, to_us
from supervision.core.errors import Invalid
from supervision.core.links import video_url
from supervision.corridor.checkin_desk import CheckinDesk
from supervision.corridor.reminded import read_reminders
from supervision.web.api.checkin_bodies import (
    Attendance,
    Checkin,
    CheckinEvent,
    CheckinReminder,
    CheckinWithHistory,
    Look,
    NewSighting,
    Reason,
    Sighting,
    Submission,
    VainAttempt,
)
from supervision.web.api.fields import Instant
from supervision.web.api.viewing import ViewingDep
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
UNBOUNDED = (Need.ATTENTION, Need.AWAITING)


def get_sought(
    now: NowDep,
    since: Annotated[Instant | None, Query(description="None: today's beginning, UTC")] = None,
    until: Annotated[Instant | None, Query(description="None: a day after `since`")] = None,
    supervisee_id: Annotated[int | None, Query(ge=1, le=MOST_BIGINT)] = None,
    state: Annotated[State | None, Query()] = None,
    needs: Annotated[
        Need | None,
        Query(
            description="One of the officer's lists; `attention` and `awaiting` have no bounds in"
            " time but those that are given"
        ),
    ] = None,
) -> Sought:
    """Which check-ins are asked for: those that open from `since` until before `until`.

    Raises:
        Invalid: The time is empty or longer than 92 days.
    """
    if needs in UNBOUNDED and since is None and until is None:
        return Sought(None, None, supervisee_id, state, needs)
    since = since or now.replace(hour=0, minute=0, second=0, microsecond=0)
    until = until or since + DAY
    if not timedelta(0) < until - since <= LONGEST_RANGE:
        message = f"Ask for a time of at most {LONGEST_RANGE.days} days, since before until."
        raise Invalid(message)
    return Sought(since, until, supervisee_id, state, needs)


SoughtDep = Annotated[Sought, Depends(get_sought)]


class Showing:
    """Turns records into what the API shows of them, at one moment."""

    def __init__(self, runtime: RuntimeDep, now: NowDep) -> None:
        """Take both from the request."""
        self._template = runtime.settings.video_room_url
        self._now = now

    def body(self, row: CheckinRecord) -> Checkin:
        """A check-in, with the way into its video room while there is one."""
        window = Window(row.opens_at, row.closes_at, row.missed_at)
        is_open = has_room(Method(row.method), State(row.state), window, self._now)
        room = video_url(self._template, row.room) if is_open else None
        shown = asdict(row)
        del shown["room"]
        return Checkin(**shown, video_url=room)


ShowingDep = Annotated[Showing, Depends()]


@router.get("", dependencies=[requires(Permission.READ_CHECKINS)])
def list_checkins(
    viewing: ViewingDep, showing: ShowingDep, pager: PagerDep, sought: SoughtDep
) -> Page[Checkin]:
    """The check-ins of one's caseload in the order in which they open; today's unless asked."""
    caseload, after = viewing.actor.caseload_officer_id, _after(pager)
    asked = (caseload, sought, after, pager.fetch, viewing.now)
    rows = service.list_checkins(viewing.session, *asked)
    page, next_cursor = pager.cut(rows, lambda row: (to_us(row.opens_at), row.id))
    return Page(items=[showing.body(row) for row in page], next=next_cursor)


@router.get("/{checkin_id}", dependencies=[requires(Permission.READ_CHECKINS)])
def get_checkin(checkin_id: Id, viewing: ViewingDep, showing: ShowingDep) -> CheckinWithHistory:
    """One check-in of one's caseload with its history; a look at places is on record."""
    session = viewing.session
    row = service.get_checkin(session, checkin_id, viewing.actor.caseload_officer_id)
    seen = service.list_sightings(session, checkin_id)
    told = service.find_submission(session, checkin_id)
    reminders = read_reminders(session, [checkin_id])[checkin_id]
    shown = CheckinWithHistory(
        **dict(showing.body(row)),
        events=[CheckinEvent.model_validate(one) for one in service.read_history(session, row.id)],
        reminders=[CheckinReminder.model_validate(one) for one in reminders],
        sightings=[Sighting.model_validate(one) for one in seen],
        submission=told and Submission.model_validate(told),
    )
    if seen or told:
        viewing.record(Tag.CHECKIN_VIEWED, f"checkin:{checkin_id}")
    return shown


def get_desk(session: SessionDep, actor: ActorDep, runtime: RuntimeDep) -> CheckinDesk:
    """Where the officer sees to check-ins, in the request's transaction."""
    return runtime.monitor.checkins(session, actor)


CheckinDeskDep = Annotated[CheckinDesk, Depends(get_desk)]
HANDLING = [requires(Permission.HANDLE_CHECKINS)]


@router.post("/{checkin_id}/attendance", dependencies=HANDLING)
def log_attendance(
    checkin_id: Id, body: Attendance, desk: CheckinDeskDep, showing: ShowingDep
) -> Checkin:
    """Log that the person was heard or seen; a miss made up for stays a miss."""
    return showing.body(desk.attend(checkin_id, body.attended_at or desk.now))


@router.post("/{checkin_id}/sightings", dependencies=HANDLING)
def log_sighting(
    checkin_id: Id, body: NewSighting, desk: CheckinDeskDep, showing: ShowingDep
) -> Checkin:
    """Attest from where the person was seen while he telephoned; so he has attended."""
    place = (body.lon, body.lat, body.accuracy_m, body.place)
    return showing.body(desk.attest(checkin_id, Seen(body.seen_at or desk.now, *place)))


@router.post("/{checkin_id}/attempts", dependencies=HANDLING)
def log_attempt(
    checkin_id: Id, body: VainAttempt, desk: CheckinDeskDep, showing: ShowingDep
) -> Checkin:
    """Log a call that reached nobody."""
    return showing.body(desk.attempt(checkin_id, body.why))


@router.post("/{checkin_id}/review", dependencies=HANDLING)
def review_checkin(
    checkin_id: Id, body: Look, desk: CheckinDeskDep, showing: ShowingDep
) -> Checkin:
    """Write down that one has looked at what he told, or at a miss, which stays one."""
    return showing.body(desk.review(checkin_id, body.note))


@router.post("/{checkin_id}/excuse", dependencies=HANDLING)
def excuse_checkin(
    checkin_id: Id, body: Reason, desk: CheckinDeskDep, showing: ShowingDep
) -> Checkin:
    """Take a miss off the person's account; its alert is cleared, and stays to be closed."""
    return showing.body(desk.excuse(checkin_id, body.reason))


@router.post("/{checkin_id}/cancel", dependencies=HANDLING)
def cancel_checkin(
    checkin_id: Id, body: Reason, desk: CheckinDeskDep, showing: ShowingDep
) -> Checkin:
    """Ask for this one no more."""
    return showing.body(desk.cancel(checkin_id, body.reason))


def _after(pager: Pager) -> tuple[datetime, int] | None:
    """When the last row of the page before opens, and its id."""
    key = pager.after(2)
    try:
        return None if key is None else (from_us(key[0]), key[1])
    except OverflowError as error:
        raise Invalid("The cursor is not one that this list gave.") from error

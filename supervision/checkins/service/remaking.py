"""Makes anew what is ahead, where what it was reckoned by has changed: one way for every cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from supervision.checkins.due import asked_times
from supervision.checkins.models import Checkin, CheckinPlan, CheckinPlanVersion
from supervision.checkins.openings import minute_at
from supervision.checkins.rules import Change, State
from supervision.checkins.service.drawn_weeks import Weeks, weeks_of
from supervision.checkins.service.history import move
from supervision.checkins.service.off_times import read_off
from supervision.checkins.service.versions import asked_by, zone_of
from supervision.checkins.service.writing import Duty, write_down
from supervision.checkins.timing import Off, Regular, Unannounced, monday_of, mondays
from supervision.core.recurrence import clock_rules

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Why:
    """Why what is ahead is made anew.

    Attributes:
        by: What the history of a check-in that is replaced says.
        officer_id: Who brought it about; None: the software.
        redraws: Whether every unannounced week is drawn anew, because minutes were added to those
            it was drawn from; otherwise only weeks in which one no longer holds.
    """

    by: str
    officer_id: int | None = None
    redraws: bool = False


def remake(
    session: Session, version: CheckinPlanVersion, supervisee_id: int, why: Why, now: datetime
) -> None:
    """Make anew what is ahead of a version and no longer as it should be; the caller commits.

    What has opened, and what an officer has cancelled, stays and keeps its slot.

    Args:
        session: Open transaction that holds the version's row.
        version: Which.
        supervisee_id: Whose plan it is.
        why: Why.
        now: Aware UTC.
    """
    if version.made_until is None:
        return
    asked = asked_by(version)
    off = read_off(session, asked, version.agency_id, supervisee_id)
    ahead = rows_ahead(session, version.checkin_plan_id, now)
    if isinstance(asked.timing, Regular):
        duties = _put_right(session, version, asked.timing, off, ahead, why, now)
    else:
        duties = _draw_anew(session, version, asked.timing, off, ahead, why, now)
    write_down(session, version, supervisee_id, duties, now)
    version.clocks = clock_rules()
    session.flush()


def remake_of(session: Session, supervisee_id: int, why: Why, now: datetime) -> None:
    """The same for all plans of a person; what the caller has written before is counted."""
    versions = session.scalars(
        select(CheckinPlanVersion)
        .join(CheckinPlan, CheckinPlan.id == CheckinPlanVersion.checkin_plan_id)
        .where(
            CheckinPlan.supervisee_id == supervisee_id,
            CheckinPlan.ended_at.is_(None),
            CheckinPlanVersion.is_current,
        )
        .order_by(CheckinPlanVersion.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for version in versions:
        remake(session, version, supervisee_id, why, now)


def mark_for_holiday(session: Session, agency_id: int, on_date: date) -> None:
    """Have `make_checkins` make anew the plans that skip holidays and reach that date."""
    session.execute(_MARK, {"agency": agency_id, "on_date": on_date})


_MARK = text(
    "UPDATE checkin_plan_version SET clocks = '' WHERE agency_id = :agency AND is_current"
    " AND skips_holidays AND made_until >= :on_date"
)


def rows_ahead(session: Session, plan_id: int, now: datetime) -> Sequence[Checkin]:
    """A plan's check-ins that have not opened, locked."""
    return session.scalars(
        select(Checkin)
        .where(
            Checkin.checkin_plan_id == plan_id,
            Checkin.state == State.SCHEDULED,
            Checkin.opens_at > now,
        )
        .order_by(Checkin.id)
        .with_for_update()
    ).all()


def _put_right(
    session: Session,
    version: CheckinPlanVersion,
    timing: Regular,
    off: Off,
    ahead: Sequence[Checkin],
    why: Why,
    now: datetime,
) -> list[Duty]:
    """Replace what the rule no longer says; returns what it says now.

    A date whose time would have passed already keeps the one it has: it must be asked once.
    """
    zone = zone_of(version)
    first = now.astimezone(zone).date() - A_DAY
    last = version.made_until or first
    dues = asked_times(asked_by(version), timing, zone, off, first, last)
    said = {str(due.local_date): due.due_at for due in dues}
    for row in ahead:
        due_at = said.get(row.slot)
        if due_at is None or (due_at > now and due_at != row.opens_at):
            move(session, row, Change.REPLACED, now, why.officer_id, by=why.by)
    return [
        Duty(str(due.local_date), due.local_date, due.due_at) for due in dues if due.due_at > now
    ]


def _draw_anew(
    session: Session,
    version: CheckinPlanVersion,
    timing: Unannounced,
    off: Off,
    ahead: Sequence[Checkin],
    why: Why,
    now: datetime,
) -> list[Duty]:
    weeks = weeks_of(version, timing, off, now)
    today, anew = now.astimezone(weeks.zone).date(), []
    for monday in mondays(today, version.made_until or today):
        rows = [row for row in ahead if monday_of(row.local_date) == monday]
        if why.redraws or not _hold(weeks, monday, rows):
            anew.append(monday)
            for row in rows:
                move(session, row, Change.REPLACED, now, why.officer_id, by=why.by)
    if anew:
        version.draws += 1
    return weeks.draw(session, anew)


def _hold(weeks: Weeks, monday: date, rows: Sequence[Checkin]) -> bool:
    """Whether each of a week's check-ins lies at a minute that is open still, on its date."""
    still = set(weeks.open_in(monday)) if rows else set()
    return all(
        minute_at(row.opens_at) in still
        and row.opens_at.astimezone(weeks.zone).date() == row.local_date
        for row in rows
    )

"""Writes down the check-ins of the weeks to come, each one once."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from supervision.checkins.due import asked_times
from supervision.checkins.models import CheckinPlan, CheckinPlanVersion
from supervision.checkins.service.drawn_weeks import weeks_of
from supervision.checkins.service.off_times import read_off
from supervision.checkins.service.remaking import Why, remake
from supervision.checkins.service.versions import asked_by, zone_of
from supervision.checkins.service.writing import Duty, write_down
from supervision.checkins.timing import Off, Regular, Unannounced, monday_of, mondays
from supervision.core.recurrence import clock_rules

AHEAD_DAYS = 28
# A local date is a day before or after that of UTC.
_SURELY_AHEAD = timedelta(days=AHEAD_DAYS - 1)


def make_checkins(session: Session, now: datetime, most: int) -> int:
    """Bring some plans up to date that do not reach far enough ahead; the caller commits.

    Also those whose check-ins were reckoned by other rules of the clocks, or before the agency's
    holidays changed. Regular ones of dates that have passed meanwhile are made too: whoever finds
    them due then finds them missed. Two schedulers never make one twice.

    Args:
        session: Open transaction of the engine role, or of the web role for one agency.
        now: Aware UTC.
        most: Plans at most.

    Returns:
        How many plans were brought up to date; none is left when it is 0.
    """
    horizon = (now + _SURELY_AHEAD).astimezone(UTC).date()
    rows = session.execute(
        select(CheckinPlanVersion, CheckinPlan.supervisee_id)
        .join(CheckinPlan, CheckinPlan.id == CheckinPlanVersion.checkin_plan_id)
        .where(
            CheckinPlanVersion.is_current,
            CheckinPlan.ended_at.is_(None),
            or_(
                CheckinPlanVersion.made_until.is_(None),
                CheckinPlanVersion.made_until < horizon,
                CheckinPlanVersion.clocks != clock_rules(),
            ),
        )
        .order_by(CheckinPlanVersion.id)
        .limit(most)
        # The plan too: it must not be ended by another transaction meanwhile.
        .with_for_update(skip_locked=True)
    ).all()
    for version, supervisee_id in rows:
        if version.clocks != clock_rules():
            remake(session, version, supervisee_id, _why_anew(version), now)
        make_ahead(session, version, supervisee_id, now)
    return len(rows)


def make_ahead(
    session: Session, version: CheckinPlanVersion, supervisee_id: int, now: datetime
) -> None:
    """Make one version's rows up to `AHEAD_DAYS` from now; those that exist are left alone."""
    asked = asked_by(version)
    off = read_off(session, asked, version.agency_id, supervisee_id)
    last = now.astimezone(zone_of(version)).date() + timedelta(days=AHEAD_DAYS)
    if isinstance(asked.timing, Regular):
        duties = _regular(version, asked.timing, off, last)
    else:
        last = monday_of(last) + timedelta(days=6)
        duties = _unannounced(session, version, asked.timing, off, last, now)
    write_down(session, version, supervisee_id, duties, now)
    version.made_until, version.clocks = last, clock_rules()
    session.flush()


def _regular(version: CheckinPlanVersion, timing: Regular, off: Off, last: date) -> list[Duty]:
    zone = zone_of(version)
    first = version.written_at.astimezone(zone).date()
    if version.made_until is not None:
        first = version.made_until + timedelta(days=1)
    dues = asked_times(asked_by(version), timing, zone, off, first, last)
    return [
        Duty(str(due.local_date), due.local_date, due.due_at)
        for due in dues
        if due.due_at >= version.written_at
    ]


def _unannounced(
    session: Session,
    version: CheckinPlanVersion,
    timing: Unannounced,
    off: Off,
    last: date,
    now: datetime,
) -> list[Duty]:
    """Nothing for weeks that have passed: nobody could have known of it."""
    first = now.astimezone(zone_of(version)).date()
    if version.made_until is not None:
        first = max(first, version.made_until + timedelta(days=1))
    return weeks_of(version, timing, off, now).draw(session, mondays(first, last))


def _why_anew(version: CheckinPlanVersion) -> Why:
    """A version without clocks was marked when the agency's holidays changed."""
    return Why("clocks") if version.clocks else Why("holiday", redraws=True)

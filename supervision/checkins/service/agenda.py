"""Writes down the check-ins of the weeks to come, each date's once."""

import secrets
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from supervision.checkins.due import Recurring, due_times
from supervision.checkins.models import Checkin, CheckinPlan, CheckinPlanVersion
from supervision.checkins.rules import State, window_of
from supervision.checkins.service.made import Made
from supervision.checkins.service.reminders import plan_reminders

AHEAD_DAYS = 28
ROOM_BYTES = 16
# A local date is a day before or after that of UTC.
_SURELY_AHEAD = timedelta(days=AHEAD_DAYS - 1)


def make_checkins(session: Session, now: datetime, most: int) -> int:
    """Make the rows of some plans that do not reach far enough ahead; the caller commits.

    Also of dates that have passed meanwhile: whoever finds them due then finds them missed. Two
    schedulers never make one twice.

    Args:
        session: Open transaction of the engine role.
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
            CheckinPlanVersion.made_until.is_(None) | (CheckinPlanVersion.made_until < horizon),
        )
        .order_by(CheckinPlanVersion.id)
        .limit(most)
        .with_for_update(of=CheckinPlanVersion, skip_locked=True)
    ).all()
    for version, supervisee_id in rows:
        make_ahead(session, version, supervisee_id, now)
    return len(rows)


def make_ahead(
    session: Session, version: CheckinPlanVersion, supervisee_id: int, now: datetime
) -> None:
    """Make one version's rows up to `AHEAD_DAYS` from now; those that exist are left alone."""
    zone = ZoneInfo(version.time_zone)
    last = now.astimezone(zone).date() + timedelta(days=AHEAD_DAYS)
    first = version.written_at.astimezone(zone).date()
    if version.made_until is not None:
        first = version.made_until + timedelta(days=1)
    if version.rrule is None or version.at_local is None:
        return
    regular = Recurring(version.rrule, version.starts_on, version.at_local, zone)
    rows = [
        _row(version, supervisee_id, due.local_date, due.due_at, now)
        for due in due_times(regular, first, last)
        if due.due_at >= version.written_at
    ]
    if rows:
        new = insert(Checkin).on_conflict_do_nothing()
        columns = (Checkin.id, Checkin.opens_at, Checkin.closes_at)
        made = session.execute(new.returning(*columns), rows).all()
        plan_reminders(session, version, [Made(*row) for row in made])
    version.made_until = last
    session.flush()


def _row(
    version: CheckinPlanVersion,
    supervisee_id: int,
    local_date: object,
    due_at: datetime,
    now: datetime,
) -> dict[str, object]:
    length, grace = timedelta(seconds=version.window_s), timedelta(seconds=version.grace_s)
    return {
        "agency_id": version.agency_id,
        "supervisee_id": supervisee_id,
        "checkin_plan_id": version.checkin_plan_id,
        "checkin_plan_version_id": version.id,
        "method": version.method,
        "purpose": version.purpose,
        "slot": str(local_date),
        "is_unannounced": False,
        "room": secrets.token_urlsafe(ROOM_BYTES),
        "local_date": local_date,
        **window_of(due_at, length, grace)._asdict(),
        "state": State.SCHEDULED,
        "made_at": now,
    }

"""A plan's version as a row, and as what it asks: one is made from the other, either way."""

from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from supervision.checkins.asking import NewPlan
from supervision.checkins.models import CheckinPlanVersion
from supervision.checkins.rules import Method, Purpose
from supervision.checkins.timing import Hours, Quiet, Regular, Timing, Unannounced, Weekday

SECOND = timedelta(seconds=1)


def asked_by(version: CheckinPlanVersion) -> NewPlan:
    """What a version asks for."""
    return NewPlan(
        method=Method(version.method),
        timing=_timing(version),
        starts_on=version.starts_on,
        window=version.window_s * SECOND,
        grace=version.grace_s * SECOND,
        ends_on=version.ends_on,
        purpose=Purpose(version.purpose),
        place=version.place,
        except_on=tuple(version.except_on),
        skips_holidays=version.skips_holidays,
        quiet=_quiet(version),
        reminders=tuple(ahead_s * SECOND for ahead_s in version.reminders_s),
        questions=tuple(version.questions),
    )


def columns_of(asked: NewPlan) -> dict[str, Any]:
    """The columns of a version that asks for this."""
    return {
        "method": asked.method,
        "purpose": asked.purpose,
        "starts_on": asked.starts_on,
        "ends_on": asked.ends_on,
        "except_on": list(asked.except_on),
        "skips_holidays": asked.skips_holidays,
        "quiet_from": asked.quiet and asked.quiet.since,
        "quiet_until": asked.quiet and asked.quiet.until,
        "reminders_s": [ahead // SECOND for ahead in asked.reminders],
        "questions": [dict(question) for question in asked.questions],
        "place": asked.place,
        "window_s": asked.window // SECOND,
        "grace_s": asked.grace // SECOND,
        **_timing_columns(asked.timing),
    }


def zone_of(version: CheckinPlanVersion) -> ZoneInfo:
    """By whose clocks it goes."""
    return ZoneInfo(version.time_zone)


def _timing(version: CheckinPlanVersion) -> Timing:
    if version.rrule is not None and version.at_local is not None:
        return Regular(version.rrule, version.at_local)
    allowed = tuple(_hours(one) for one in version.allowed or ())
    return Unannounced(version.per_week or 0, allowed, (version.least_gap_s or 0) * SECOND)


def _timing_columns(timing: Timing) -> dict[str, Any]:
    if isinstance(timing, Regular):
        return {"rrule": timing.rrule, "at_local": timing.at}
    return {
        "per_week": timing.per_week,
        "allowed": [_hours_row(hours) for hours in timing.allowed],
        "least_gap_s": timing.least_gap // SECOND,
    }


def _hours(row: dict[str, Any]) -> Hours:
    weekdays = tuple(Weekday(word) for word in row["weekdays"])
    return Hours(weekdays, time.fromisoformat(row["from"]), time.fromisoformat(row["until"]))


def _hours_row(hours: Hours) -> dict[str, Any]:
    return {
        "weekdays": list(hours.weekdays),
        "from": f"{hours.since:%H:%M}",
        "until": f"{hours.until:%H:%M}",
    }


def _quiet(version: CheckinPlanVersion) -> Quiet | None:
    if version.quiet_from is None or version.quiet_until is None:
        return None
    return Quiet(version.quiet_from, version.quiet_until)

"""Shows what a schedule would mean before anybody is judged by it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from geofence.rules.schedule import active_spans, read_schedule
from supervision.core.clock import from_us, to_us

# How far to look, nearer first: most schedules have ten windows within a month, a yearly one none.
LOOK_AHEAD = (timedelta(days=60), timedelta(days=800), timedelta(days=4400))


class NextWindow(NamedTuple):
    """A stretch in which a schedule is active: in UTC, and by the clocks it was meant for."""

    begins_at: datetime
    ends_at: datetime
    begins_local: datetime
    ends_local: datetime


def next_windows(
    schedule: Mapping[str, Any], time_zone: str, now: datetime, most: int
) -> list[NextWindow]:
    """The next stretches, the one under way included; windows that touch are one.

    Args:
        schedule: As `rules.schedule.read_schedule` takes it.
        time_zone: By which clocks.
        now: Aware UTC.
        most: How many at most.

    Raises:
        Invalid: The schedule or the time zone cannot be used.
    """
    read, zone = read_schedule(schedule, time_zone), ZoneInfo(time_zone)
    found: list[tuple[int, int]] = []
    for ahead in LOOK_AHEAD:
        found = active_spans(read, to_us(now), to_us(now + ahead))[:most]
        if len(found) == most:
            break
    spans = [(from_us(begins), from_us(ends)) for begins, ends in found]
    return [NextWindow(b, e, b.astimezone(zone), e.astimezone(zone)) for b, e in spans]

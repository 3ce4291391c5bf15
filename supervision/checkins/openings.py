"""Says at which minutes of a week an unannounced check-in may open.

They are real minutes: an hour that clocks show twice is open twice, one that they jump over never.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from supervision.checkins.timing import DAY_MIN, WEEK_MIN, Hours, Off, Quiet
from supervision.core.recurrence import instants_us

MINUTE_US = 60_000_000
MINUTE_S = 60
HOUR_MIN = 60
EPOCH_DAY = date(1970, 1, 1)
MONDAY_MIN = EPOCH_DAY.weekday() * DAY_MIN
A_WEEK = timedelta(days=7)


def ordinary_minutes(allowed: Sequence[Hours], quiet: Quiet | None) -> list[int]:
    """The open minutes of a week without changes of the clocks, counted from its beginning."""
    found = {minute for hours in allowed for minute in hours.minutes()}
    return sorted(minute for minute in found if quiet is None or not quiet.covers(minute % DAY_MIN))


def open_minutes(
    monday: date, zone: ZoneInfo, allowed: Sequence[Hours], quiet: Quiet | None, off: Off
) -> list[int]:
    """The open minutes of the local week that begins on that Monday.

    Returns:
        Minutes since 1970 UTC, in order.
    """
    ordinary = frozenset(ordinary_minutes(allowed, quiet))
    closed = {(day - EPOCH_DAY).days for day in off.dates}
    begin, end = _midnight_min(monday, zone), _midnight_min(monday + A_WEEK, zone)
    found = [
        minute
        for minute, local in _shown(begin, end, zone)
        if (local + MONDAY_MIN) % WEEK_MIN in ordinary and local // DAY_MIN not in closed
    ]
    return [minute for minute in found if not any(p.covers(instant(minute)) for p in off.pauses)]


def instant(minute: int) -> datetime:
    """The aware UTC instant of a minute since 1970."""
    return datetime.fromtimestamp(minute * MINUTE_S, UTC)


def minute_at(at: datetime) -> int:
    """The whole minutes from 1970 to an aware instant."""
    return int(at.timestamp()) // MINUTE_S


def _shown(begin: int, end: int, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """Each minute since 1970 UTC with the minute since 1970 that clocks in the zone show then."""
    for start in range(begin, end, HOUR_MIN):
        stop = min(start + HOUR_MIN, end)
        offset = _offset_min(start, zone)
        is_even = offset == _offset_min(stop, zone)
        for minute in range(start, stop):
            yield minute, minute + (offset if is_even else _offset_min(minute, zone))


def _offset_min(minute: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(minute * MINUTE_S, zone).utcoffset()
    return (offset or timedelta(0)) // timedelta(minutes=1)


def _midnight_min(day: date, zone: ZoneInfo) -> int:
    first_us, _ = instants_us(datetime.combine(day, time.min), zone)
    return first_us // MINUTE_US

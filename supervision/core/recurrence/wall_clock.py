"""From the time that clocks show in a place to instants, where clocks are put forward or back."""

from bisect import bisect_left
from datetime import datetime
from functools import cache
from importlib.metadata import version
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from supervision.core.clock import from_us, to_us
from supervision.core.errors import Invalid

SECOND_US = 1_000_000
# How `instants_us` reads what clocks show twice or never; another reading is another rule.
READING = "first of two, first after a jump"


def read_time_zone(name: str) -> ZoneInfo:
    """The time zone of this IANA name.

    Raises:
        Invalid: There is none, or it is a file's name that only looks like one.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("The time zone must be a name such as America/Denver.") from error


@cache
def clock_rules() -> str:
    """By which rules wall clocks are read here: the time zones' edition, and the reading.

    Instants that were reckoned by other rules may be wrong by now.
    """
    return f"tzdata {version('tzdata')}; {READING}"


def instants_us(wall: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """The first and the last instant at which clocks in the zone show this.

    The two differ in the fold of a night when clocks are put back. A time that clocks jump over
    has none: both are then the first instant after the jump.

    Args:
        wall: Naive, in whole seconds.
        zone: Where the clock hangs.

    Returns:
        Microseconds since 1970 UTC.
    """
    first_us, last_us = (to_us(wall.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    # Python reads a jumped time by the offset before the jump, then after it: too late, too early.
    if last_us < first_us:
        first_us = last_us = _next_change_us(last_us, first_us, zone)
    return first_us, last_us


def _next_change_us(before_us: int, after_us: int, zone: ZoneInfo) -> int:
    """The instant between these two at which the zone's offset from UTC changes."""

    def has_changed(second: int) -> bool:
        return from_us(second * SECOND_US).astimezone(zone).utcoffset() != offset

    offset = from_us(before_us).astimezone(zone).utcoffset()
    seconds = range(before_us // SECOND_US, after_us // SECOND_US + 1)
    return seconds[bisect_left(seconds, True, key=has_changed)] * SECOND_US  # noqa: FBT003

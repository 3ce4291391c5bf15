"""The one place that asks the time; everything else is handed a Clock."""

import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the present instant, aware, in UTC."""

# The rules of time zones are those of the pinned package, whatever the machine has: where they
# differ a curfew would begin at another hour on another machine.
zoneinfo.reset_tzpath(to=())

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def system_clock() -> datetime:
    """The machine's clock, aware UTC."""
    return datetime.now(UTC)


def to_us(instant: datetime) -> int:
    """Whole microseconds since 1970-01-01 UTC.

    Args:
        instant: Aware; any zone.
    """
    return (instant - EPOCH) // timedelta(microseconds=1)


def from_us(microseconds: int) -> datetime:
    """The aware UTC instant that `to_us` came from."""
    return EPOCH + timedelta(microseconds=microseconds)

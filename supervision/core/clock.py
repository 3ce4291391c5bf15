"""The one place that asks the time; everything else is handed a Clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the present instant, aware, in UTC."""

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

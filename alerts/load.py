"""Says how heavily alerts come upon whoever handles them, by the standard for alarm systems.

ISA-18.2 and EEMUA 191 say what one person can handle: about one in ten minutes, two at most; no ten
minutes with more than ten. More than ten in ten minutes is a flood; it lasts until fewer than five
are left in the last ten. People who are flooded overlook the one that matters.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from supervision.core.clock import from_us, to_us
from supervision.core.errors import Invalid
from supervision.core.fixes import Ints

TEN_MINUTES = timedelta(minutes=10)
LONGEST = timedelta(days=366)
ACCEPTABLE = 1.0
MANAGEABLE = 2.0
FLOOD_BEGINS_OVER = 10
FLOOD_ENDS_UNDER = 5
# What the standard allows of crowded windows and of time in flood.
SHARE_ALLOWED = 0.01

_WINDOW_US = TEN_MINUTES // timedelta(microseconds=1)


class Level(StrEnum):
    """What the mean number in ten minutes is to one person."""

    ACCEPTABLE = "acceptable"
    MANAGEABLE = "manageable"
    OVERLOADED = "overloaded"


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant until before another, both aware UTC."""

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class Flood:
    """More alerts than anybody can see to.

    Attributes:
        begins_at: When the last ten minutes first held more than ten.
        ends_at: When they held fewer than five again, or where the span ends.
        is_over: Whether it ended within the span.
        alerts: How many it held, those of the ten minutes before its beginning included.
        most_in_10_min: How many came in its worst ten minutes.
    """

    begins_at: datetime
    ends_at: datetime
    is_over: bool
    alerts: int
    most_in_10_min: int


@dataclass(frozen=True, slots=True)
class Load:
    """How heavily alerts came in a span.

    Attributes:
        alerts_per_10_min: Their mean number in ten minutes, by day and by night.
        level: What that is to one person.
        most_in_10_min: In the worst ten minutes of the clock (13:00, 13:10, ...).
        crowded_share: Of those ten minutes, how many held more than ten.
        flood_share: How much of the span was in flood.
        floods: In order; looked for in any ten minutes, wherever they begin.
    """

    alerts_per_10_min: float
    level: Level
    most_in_10_min: int
    crowded_share: float
    flood_share: float
    floods: tuple[Flood, ...]


def require_span(span: Span, now: datetime) -> None:
    """Stop here unless figures of this span make sense.

    Raises:
        Invalid: It ends before it begins, lies ahead, or is too short or too long.
    """
    if span.since >= span.until:
        raise Invalid("The time must begin before it ends.")
    if span.until > now:
        raise Invalid("The time must not end in the future.")
    if not TEN_MINUTES <= span.length <= LONGEST:
        message = f"The time must be from 10 minutes to {LONGEST.days} days long."
        raise Invalid(message)


def weigh(found_us: Ints, span: Span) -> Load:
    """How heavily alerts came.

    Args:
        found_us: When each was found, in microseconds since 1970; ascending, all in the span.
        span: As long as ten minutes, or longer.
    """
    alerts_per_10_min = len(found_us) / (span.length / TEN_MINUTES)
    counts = _by_the_clock(found_us, span)
    floods = tuple(_floods(found_us, to_us(span.until)))
    flooded = sum((flood.ends_at - flood.begins_at for flood in floods), timedelta())
    return Load(
        alerts_per_10_min,
        _level(alerts_per_10_min),
        int(counts.max()),
        float((counts > FLOOD_BEGINS_OVER).mean()),
        flooded / span.length,
        floods,
    )


def _level(alerts_per_10_min: float) -> Level:
    if alerts_per_10_min <= ACCEPTABLE:
        return Level.ACCEPTABLE
    return Level.MANAGEABLE if alerts_per_10_min <= MANAGEABLE else Level.OVERLOADED


def _by_the_clock(found_us: Ints, span: Span) -> Ints:
    """How many came in each ten minutes of the clock that the span touches."""
    first = to_us(span.since) // _WINDOW_US
    windows = -(-to_us(span.until) // _WINDOW_US) - first
    return np.bincount(found_us // _WINDOW_US - first, minlength=windows)


def _floods(found_us: Ints, until_us: int) -> Iterator[Flood]:
    """Each in turn; the last ten minutes of an instant are those up to and with it."""
    places = np.arange(1, len(found_us) + 1)
    left = np.searchsorted(found_us, found_us - _WINDOW_US, side="right")
    recent = np.searchsorted(found_us, found_us, side="right") - left
    # When one leaves the last ten minutes: how many came after it are still in them.
    leaves_us = found_us + _WINDOW_US
    remaining = np.searchsorted(found_us, leaves_us, side="right") - np.searchsorted(
        found_us, found_us, side="right"
    )
    calm_us = leaves_us[remaining < FLOOD_ENDS_UNDER]
    crowded = places[recent > FLOOD_BEGINS_OVER] - 1
    while len(crowded):
        first = crowded[0]
        begins_us = found_us[first]
        ends_us = calm_us[np.searchsorted(calm_us, begins_us, side="right")]
        last = np.searchsorted(found_us, ends_us)
        yield Flood(
            from_us(int(begins_us)),
            from_us(min(int(ends_us), until_us)),
            bool(ends_us <= until_us),
            int(last - left[first]),
            int(recent[first:last].max()),
        )
        crowded = crowded[crowded >= last]

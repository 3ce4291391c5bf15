"""When a zone's schedule is active: spans of UTC, worked out by the person's own clocks.

A span is found by looking beyond what was asked for until something ends it, so that it has the
same ends whoever asks. That needs a bound: a schedule without pauses would never end. So time is
divided into blocks of four weeks, counted from 1970, and a span that fills the blocks on both
sides of a border is cut there. Spans of less than eight weeks are never cut; longer ones come in
pieces that touch. To know the pieces of a block, two blocks on either side are enough.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from geofence.rules.spans import Span, merge
from geofence.rules.windows import Schedule, Window, read_schedule, to_json
from supervision.core.clock import EPOCH, to_us
from supervision.core.errors import Broken
from supervision.core.recurrence import instants_us

__all__ = ["Schedule", "Window", "active_spans", "read_schedule", "to_json"]

DAY_US = 86_400 * 1_000_000
BLOCK_US = 28 * DAY_US
# Dates are added to others here, and there is none after the year 9999.
LAST_DATE = date(9998, 12, 31)
LONGEST_RANGE_US = 100 * 366 * DAY_US
# What a window of one local date covers lies within these days of the same date in UTC: it ends
# on the next date, and a day more is for the offset from UTC and for a date that clocks skipped.
DAYS_BEFORE, DAYS_AFTER = 1, 3


def active_spans(schedule: Schedule, from_us: int, until_us: int) -> list[Span]:
    """The spans in which the schedule is active, of those that overlap a range of time.

    A window begins when clocks first show its beginning, and ends when they show its end for the
    last time: in a night when clocks are put back it lasts longer, because nothing may end before
    the hour that was ordered has passed for good. Where clocks jump over either, the moment of
    the jump counts; a window that lies wholly within the jump is not active on that date. So
    from 21:00 to 06:00 is 8 hours in the night of spring and 10 in that of autumn.

    Args:
        schedule: Its windows may overlap and touch.
        from_us: Microseconds since 1970 UTC, included.
        until_us: Excluded; at most 100 years later, if the schedule has no end.

    Returns:
        In order, not overlapping, not cut at the ends of the range: a span is the same from
        whichever range it was found. Spans touch only where one of eight weeks or more was cut.

    Raises:
        Broken: The range is too long.
        Invalid: A window's rule or the time zone, not from `read_schedule`, cannot be used.
    """
    first_us, last_us = _life_us(schedule)
    from_us, until_us = max(from_us, first_us), min(until_us, last_us)
    if from_us >= until_us:
        return []
    if until_us - from_us > LONGEST_RANGE_US:
        raise Broken("A schedule without an end was asked for more than 100 years of itself.")
    found: dict[Span, None] = {}
    for block in range(from_us // BLOCK_US, (until_us - 1) // BLOCK_US + 1):
        found |= dict.fromkeys(_overlapping(_block_spans(schedule, block), from_us, until_us))
    return list(found)


def _life_us(schedule: Schedule) -> Span:
    """A time outside which the schedule is surely not active."""
    rules = [window.recurrence for window in schedule.windows]
    first = min(rule.starts_on for rule in rules)
    last = max(min(rule.until or LAST_DATE, LAST_DATE) for rule in rules)
    return _day_us(first) - DAYS_BEFORE * DAY_US, _day_us(last) + DAYS_AFTER * DAY_US


@lru_cache(maxsize=2048)
def _block_spans(schedule: Schedule, block: int) -> tuple[Span, ...]:
    """The spans and pieces of spans that overlap a block: all of each, in order."""
    from_us, until_us = block * BLOCK_US, (block + 1) * BLOCK_US
    spans = _spans_around(schedule, from_us, until_us, DAY_US)
    if spans and (spans[0][0] <= from_us - DAY_US or until_us + DAY_US <= spans[-1][1]):
        spans = _spans_around(schedule, from_us, until_us, 2 * BLOCK_US)
    pieces = [piece for span in spans for piece in _pieces(span, block)]
    return tuple(_overlapping(pieces, from_us, until_us))


def _pieces(span: Span, block: int) -> Iterator[Span]:
    """What a span is cut into; right for the pieces that overlap this block."""
    borders = [number * BLOCK_US for number in range(block - 1, block + 3)]
    cuts = [cut for cut in borders if span[0] <= cut - BLOCK_US and cut + BLOCK_US <= span[1]]
    return pairwise([span[0], *cuts, span[1]])


def _overlapping(spans: Iterable[Span], from_us: int, until_us: int) -> list[Span]:
    return [span for span in spans if span[0] < until_us and from_us < span[1]]


def _spans_around(schedule: Schedule, from_us: int, until_us: int, reach_us: int) -> list[Span]:
    """The spans that overlap a range, each as far as it goes within a reach of the range."""
    zone = ZoneInfo(schedule.time_zone)
    first = _day(from_us - reach_us) - timedelta(days=DAYS_AFTER)
    last = _day(until_us + reach_us) + timedelta(days=DAYS_BEFORE)
    spans = merge(
        _window_span(window, day, zone)
        for window in schedule.windows
        for day in window.recurrence.dates(first, last)
    )
    return _overlapping(spans, from_us, until_us)


def _window_span(window: Window, day: date, zone: ZoneInfo) -> Span:
    """What the window covers when it begins on that local date; empty if clocks jump over it."""
    last_day = day if window.begins < window.ends else day + timedelta(days=1)
    begins_us, _ = instants_us(datetime.combine(day, window.begins), zone)
    _, ends_us = instants_us(datetime.combine(last_day, window.ends), zone)
    return begins_us, ends_us


def _day(instant_us: int) -> date:
    """The date in UTC."""
    return EPOCH.date() + timedelta(microseconds=instant_us)


def _day_us(day: date) -> int:
    """The beginning of a date in UTC."""
    return to_us(datetime.combine(day, EPOCH.timetz()))

"""Says which of a person's fixes is to be judged by which drawing of a zone, for which moment.

Each fix is judged by the drawing in force at its own time. When a zone begins to count, the last
fix known before counts at that moment (a state, not an edge: a zone armed around somebody must
not wait for the next fix) unless it is a day old; when the zone ceases to count, so does any stay
in it.
"""

from typing import NamedTuple

import numpy as np

from supervision.core.fixes import CARRY_US, Bools, Floats, Ints, LocatedFixes

# A fix older than this when a zone begins to count shows where he was, not that he still is.
FRESH_FOR_US = 300 * 1_000_000
NOT_CARRIED = -1


class Span(NamedTuple):
    """A time in which one drawing of a zone counts: from `from_us` until before `until_us`.

    A drawing that another replaced from its own beginning on never counted.
    """

    from_us: int
    until_us: int

    @property
    def counts(self) -> bool:
        """Whether there is any moment for which the drawing counts."""
        return self.from_us < self.until_us


class Sightings(NamedTuple):
    """Fixes to be judged, in parallel arrays by moment.

    Attributes:
        at_us: For which moment.
        fix: The fix's place among the person's.
        span: Which span's drawing judges it.
        carried_us: How old the fix was when the span began; `NOT_CARRIED` if it is from within.
    """

    at_us: Ints
    fix: Ints
    span: Ints
    carried_us: Ints

    @property
    def is_carried(self) -> Bools:
        """Which are judged for a moment after their own."""
        is_carried: Bools = self.carried_us != NOT_CARRIED
        return is_carried

    def take(self, order: Ints) -> "Sightings":
        """The sightings at these places, in that order."""
        return Sightings(*(column[order] for column in self))


def sightings(fixed_at_us: Ints, spans: list[Span], since_us: int, now_us: int) -> Sightings:
    """Which fix is to be judged by which drawing, and for which moment.

    A fix of the very moment at which a span begins takes the place of the carried one.

    Args:
        fixed_at_us: A person's fixes in time order; one from before `since_us` may lead them.
        spans: The times in which a zone counts, in order, not overlapping.
        since_us: Moments before this are not wanted.
        now_us: Spans that begin later are not considered yet.
    """
    parts: list[Sightings] = []
    for number, span in enumerate(spans):
        if not span.counts:
            continue
        start_us = max(span.from_us, since_us)
        first, last = map(int, np.searchsorted(fixed_at_us, [start_us, span.until_us]))
        if since_us <= span.from_us <= now_us:
            parts += _carried(fixed_at_us, first, number, span.from_us)
        parts.append(_own(fixed_at_us, first, last, number))
    if not parts:
        return _own(fixed_at_us, 0, 0, 0)
    return Sightings(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def in_line(seen: Sightings, distance_m: Floats) -> Ints:
    """The order in which sightings count: by moment, and of one moment the farthest out first.

    So none of a moment opens a stay that another of that moment ends, whatever came first.
    """
    return np.lexsort((seen.fix, -distance_m, seen.at_us)).astype(np.int64)


def ends_us(spans: list[Span], since_us: int, now_us: int) -> list[int]:
    """The moments at which the zone ceased to count, without another drawing taking over."""
    counting = [span for span in spans if span.counts]
    begins = {span.from_us for span in counting}
    return [
        span.until_us
        for span in counting
        if since_us <= span.until_us <= now_us and span.until_us not in begins
    ]


def came_out_of_order(fixes: LocatedFixes) -> Bools:
    """Which fixes of one person, in time order, reached us after one that is later in time."""
    received = fixes.received_at_us
    is_late = np.zeros(len(fixes), np.bool_)
    if len(fixes) > 1:
        earliest_after = np.minimum.accumulate(received[::-1])[::-1]
        is_late[:-1] = earliest_after[1:] < received[:-1]
    return is_late


def _own(fixed_at_us: Ints, first: int, last: int, span: int) -> Sightings:
    fix = np.arange(first, last, dtype=np.int64)
    return Sightings(
        fixed_at_us[first:last],
        fix,
        np.full(len(fix), span, np.int64),
        np.full(len(fix), NOT_CARRIED, np.int64),
    )


def _carried(fixed_at_us: Ints, first: int, span: int, at_us: int) -> list[Sightings]:
    """The last fix before `at_us` as seen then; none if there is one of that moment, or too old."""
    if first == 0 or (first < len(fixed_at_us) and fixed_at_us[first] == at_us):
        return []
    age_us = at_us - int(fixed_at_us[first - 1])
    if age_us > CARRY_US:
        return []
    return [Sightings(*(np.array([one], np.int64) for one in (at_us, first - 1, span, age_us)))]

"""Puts a person's fixes and a zone's drawings together into observations, in time order.

Each fix is judged by the drawing in force at its own time. When a drawing comes into force, the
last fix known before counts at that moment (a state, not an edge: a zone armed around somebody
must not wait for the next fix) unless it is a day old; when the zone ends, so does any stay in it.
"""

from typing import NamedTuple

import numpy as np

from geofence.rules.presence import Presence
from geofence.rules.stays import Observation
from supervision.core.fixes import CARRY_US, Bools, Ints, LocatedFixes

# A fix older than this when a zone is armed shows where he was, not that he still is.
FRESH_FOR_US = 300 * 1_000_000


class Span(NamedTuple):
    """When one drawing of a zone was in force: from `from_us` until before `until_us`.

    A drawing that another replaced from its own beginning on was never in force.
    """

    from_us: int
    until_us: int

    @property
    def was_in_force(self) -> bool:
        """Whether there is any moment for which the drawing counts."""
        return self.from_us < self.until_us


class Sighting(NamedTuple):
    """A fix to be judged by one drawing of a zone, for the moment `at_us`.

    `carried_us` is how old the fix was when the drawing came into force, if it is from before.
    """

    at_us: int
    fix: int
    span: int
    carried_us: int | None


def sightings(fixed_at_us: Ints, spans: list[Span], since_us: int, now_us: int) -> list[Sighting]:
    """Which fix is to be judged by which drawing, and for which moment.

    A fix of the very moment at which a drawing comes into force takes the place of the carried one.

    Args:
        fixed_at_us: A person's fixes in time order; one from before `since_us` may lead them.
        spans: The drawings of one zone, in order, not overlapping.
        since_us: Moments before this are not wanted.
        now_us: Drawings that come into force later are not considered yet.
    """
    found: list[Sighting] = []
    for number, span in enumerate(spans):
        if not span.was_in_force:
            continue
        start_us = max(span.from_us, since_us)
        first, last = map(int, np.searchsorted(fixed_at_us, [start_us, span.until_us]))
        if since_us <= span.from_us <= now_us:
            found += _carried(fixed_at_us, first, number, span.from_us)
        found += [
            Sighting(int(fixed_at_us[place]), place, number, None) for place in range(first, last)
        ]
    return found


def _carried(fixed_at_us: Ints, first: int, number: int, at_us: int) -> list[Sighting]:
    """The last fix before `at_us` as seen then; none if there is one of that moment, or too old."""
    if first == 0 or (first < len(fixed_at_us) and fixed_at_us[first] == at_us):
        return []
    age_us = at_us - int(fixed_at_us[first - 1])
    return [Sighting(at_us, first - 1, number, age_us)] if age_us <= CARRY_US else []


def ends(spans: list[Span], since_us: int, now_us: int) -> list[int]:
    """The moments at which the zone ceased to count, without another drawing taking over."""
    in_force = [span for span in spans if span.was_in_force]
    begins = {span.from_us for span in in_force}
    return [
        span.until_us
        for span in in_force
        if since_us <= span.until_us <= now_us and span.until_us not in begins
    ]


def end_observation(at_us: int) -> Observation:
    """What ends a stay when its zone ends: nobody is in a zone that is no more."""
    return Observation(
        at_us=at_us,
        position_id=0,
        version_id=0,
        presence=Presence.OUTSIDE,
        opens=False,
        distance_m=float("inf"),
        accuracy_m=0.0,
        is_late=False,
    )


def came_out_of_order(fixes: LocatedFixes) -> Bools:
    """Which fixes of one person, in time order, reached us after one that is later in time."""
    received = fixes.received_at_us
    earliest_after = np.minimum.accumulate(received[::-1])[::-1]
    is_late = np.zeros(len(fixes), np.bool_)
    is_late[:-1] = earliest_after[1:] < received[:-1]
    return is_late

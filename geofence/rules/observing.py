"""Judges a person's fixes and ways against one zone: everything that stays are made of.

All of it is a function of the fixes, the spans and `now` alone: no clock, no order of arrival.
"""

from typing import NamedTuple

import numpy as np

from geofence.rules.accuracy import is_telling, usable_accuracy_m
from geofence.rules.approach import Closing, closings, paces
from geofence.rules.belief import LOOK_BACK_US
from geofence.rules.movement import COMPARED_FOR_US, apart_m
from geofence.rules.sighting import (
    FRESH_FOR_US,
    NOT_CARRIED,
    Sightings,
    Span,
    came_out_of_order,
    ends_us,
    in_line,
    sightings,
)
from geofence.rules.verdicts import Verdicts, judge_sightings
from geofence.rules.way import (
    LONGEST_GAP_US,
    Ends,
    Measure,
    Way,
    judge_ways,
    may_confirm,
    may_lead_inside,
)
from supervision.core.fixes import CARRY_US, Bools, Floats, Ints, LocatedFixes

# How far back before a moment fixes bear on what is found then: the belief of the fixes that a
# way joins, and whether those that it rests on, or that were carried there, were impossible jumps.
LEAD_US = LOOK_BACK_US + LONGEST_GAP_US + FRESH_FOR_US + COMPARED_FOR_US


class Ground(NamedTuple):
    """A zone as it is to be judged: when it counts, and how to measure against it.

    Attributes:
        spans: The times in which it counts, in order, not overlapping.
        version_ids: The drawing of each span.
        inradius_m: The radius of the largest circle in each span's drawing.
        measure: Signed distances to the spans' drawings, negative where a person must not be.
        warning_m: How far outside the zone each span's measured edge lies; 0 for the zone itself.
        has_ways: Whether ways between fixes are judged: not around a place to be kept in, nor in
            a warning ring.
    """

    spans: list[Span]
    version_ids: list[int]
    inradius_m: Floats
    measure: Measure
    warning_m: Floats
    has_ways: bool


class Observation(NamedTuple):
    """One fix judged against one zone, and the way that led to it.

    `at_us` is the fix's own time, or the moment from which the zone counted when the fix is the
    last one known before it; `before_us` is the time of the fix before it, not before the zone
    counted, None if there is none within a day. `distance_m` is negative inside. `own_nats` is
    what the fix says by itself, `belief_nats` what all do up to it, told inside only.
    """

    at_us: int
    before_us: int | None
    position_id: int
    version_id: int
    distance_m: float
    accuracy_m: float
    own_nats: float
    belief_nats: float
    opens: bool
    confirms: bool
    is_contrary: bool
    is_carried: bool
    is_late: bool
    way: Way | None
    closing: Closing | None


class End(NamedTuple):
    """The moment at which the zone ceased to count: nobody is in a zone that is no more."""

    at_us: int


def observe(
    fixes: LocatedFixes, ground: Ground, since_us: int, now_us: int
) -> list[Observation | End]:
    """Everything that a person's fixes say about one zone from `since_us` on, in order.

    Args:
        fixes: The person's, in time order; from `LEAD_US` before `since_us` on, and the last one
            before that.
        ground: The zone.
        since_us: From when observations are wanted.
        now_us: Spans that begin later are not considered yet.
    """
    seen = sightings(fixes.fixed_at_us, ground.spans, since_us - LEAD_US, now_us)
    wanted = _judged(fixes, ground, seen, since_us) if len(seen.at_us) else []
    ends: list[Observation | End] = [End(at) for at in ends_us(ground.spans, since_us, now_us)]
    # A zone that ends at a moment is left before a fix of that moment counts for what follows.
    return sorted([*ends, *wanted], key=lambda one: (one.at_us, isinstance(one, Observation)))


def _judged(
    fixes: LocatedFixes, ground: Ground, seen: Sightings, since_us: int
) -> list[Observation]:
    distance_m = ground.measure(seen.span, fixes.lon[seen.fix], fixes.lat[seen.fix])
    order = in_line(seen, distance_m)
    seen, distance_m = seen.take(order), distance_m[order]
    looked_at = fixes.take(seen.fix)
    first, wanted = np.searchsorted(seen.at_us, [since_us - LONGEST_GAP_US, since_us]).tolist()
    verdicts = judge_sightings(fixes, seen, distance_m, first)
    joined = _joined(seen, verdicts)
    ways: dict[int, Way] = {}
    if ground.has_ways:
        ways = _ways(
            looked_at, ground, seen, distance_m, joined[:, _may_say_more(joined, seen, verdicts)]
        )
    approach: dict[int, Closing] = {}
    if ground.warning_m.any():
        edge_m = distance_m + ground.warning_m[seen.span]
        approach = closings(seen.at_us, edge_m, verdicts.accuracy_m, _compared(seen, verdicts))
    is_late = came_out_of_order(fixes)[seen.fix] & ~seen.is_carried
    return [
        Observation(
            at_us=int(seen.at_us[k]),
            before_us=_before_us(fixes, seen, ground, k),
            position_id=int(looked_at.position_id[k]),
            version_id=ground.version_ids[seen.span[k]],
            distance_m=float(distance_m[k]),
            accuracy_m=float(verdicts.accuracy_m[k]),
            own_nats=float(verdicts.own_nats[k]),
            belief_nats=float(verdicts.belief_nats[k]),
            opens=bool(verdicts.opens[k]),
            confirms=bool(verdicts.confirms[k]),
            is_contrary=bool(verdicts.is_contrary[k]),
            is_carried=bool(seen.carried_us[k] != NOT_CARRIED),
            is_late=bool(is_late[k]),
            way=ways.get(k),
            closing=approach.get(k),
        )
        for k in range(wanted, len(order))
    ]


def _before_us(fixes: LocatedFixes, seen: Sightings, ground: Ground, k: int) -> int | None:
    """The time of the fix before the k-th sighting, but not before the zone counted."""
    from_us: int = ground.spans[seen.span[k]].from_us
    if seen.carried_us[k] != NOT_CARRIED:
        return from_us
    fix = int(seen.fix[k])
    last_us = int(fixes.fixed_at_us[fix - 1]) if fix else -CARRY_US
    is_known = int(fixes.fixed_at_us[fix]) - last_us <= CARRY_US
    return max(last_us, from_us) if is_known else None


def _joined(seen: Sightings, verdicts: Verdicts) -> Ints:
    """Pairs of places that a way can have led between, two rows: in time, and at a possible speed.

    Both can tell and are judged by one drawing.
    """
    can_tell = _can_tell(seen, verdicts)
    first, last = can_tell[:-1], can_tell[1:]
    gap_us = seen.at_us[last] - seen.at_us[first]
    is_joined = (
        (seen.span[first] == seen.span[last])
        & (gap_us > 0)
        & (gap_us <= LONGEST_GAP_US)
        & ~verdicts.is_weak[last]
    )
    return np.stack([first[is_joined], last[is_joined]])


def _compared(seen: Sightings, verdicts: Verdicts) -> Ints:
    """Pairs of places, two rows, by which coming nearer is told."""
    can_tell = _can_tell(seen, verdicts)
    paced = paces(seen.at_us[can_tell], seen.span[can_tell], LONGEST_GAP_US)
    first, last = can_tell[paced], can_tell
    is_pair = (seen.at_us[first] < seen.at_us[last]) & ~verdicts.is_weak[last]
    return np.stack([first[is_pair], last[is_pair]])


def _can_tell(seen: Sightings, verdicts: Verdicts) -> Ints:
    return np.flatnonzero(is_telling(verdicts.accuracy_m) & ~seen.is_carried)


def _may_say_more(pairs: Ints, seen: Sightings, verdicts: Verdicts) -> Bools:
    """Which pairs' ways can say more than the fixes do."""
    first, last = pairs
    opened = np.cumsum(verdicts.opens)
    is_unseen = opened[last - 1] == opened[first]
    # He is in a stay by the first; until the very next fix it can but be confirmed.
    goes_on = verdicts.opens[first] & (last == first + 1)
    more: Bools = is_unseen & (~goes_on | may_confirm(seen.at_us[last] - seen.at_us[first]))
    return more


def _ways(
    looked_at: LocatedFixes, ground: Ground, seen: Sightings, distance_m: Floats, pairs: Ints
) -> dict[int, Way]:
    """The ways that lead inside, by the place of the sighting that each leads to."""
    first, last = pairs
    lon, lat = looked_at.lon, looked_at.lat
    ends = Ends(
        seen.at_us[pairs],
        seen.span[last],
        lon[pairs],
        lat[pairs],
        distance_m[pairs],
        usable_accuracy_m(looked_at.accuracy_m, looked_at.source)[pairs],
        apart_m(lon[first], lat[first], lon[last], lat[last]),
        ground.inradius_m[seen.span[last]],
    )
    near = np.flatnonzero(may_lead_inside(ends))
    if not len(near):
        return {}
    ways = judge_ways(ends.take(near), ground.measure)
    return {int(last[place]): way for place, way in zip(near, ways, strict=True) if way is not None}

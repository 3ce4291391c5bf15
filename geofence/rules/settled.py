"""Leaves out of a track what surely changes no stay, so that a month is judged in a second.

While somebody sleeps miles away, or deep inside, one fix says what the last one said. Only fixes
near an edge, near a change of what they say, and near a moment at which the zone begins or ceases
to count, need be judged one by one, each with all that evidence can reach.
"""

import numpy as np

from geofence.rules.accuracy import is_telling, usable_accuracy_m
from geofence.rules.belief import LOOK_BACK_US
from geofence.rules.draft import Draft
from geofence.rules.movement import apart_m, is_impossible_jump, previous_telling
from geofence.rules.observing import LEAD_US
from geofence.rules.way import LONGEST_GAP_US
from supervision.core.fixes import Bools, Floats, Ints, LocatedFixes, Source

# So many times its accuracy from an edge a fix alone opens and confirms a stay, or ends one: it is
# worth 12 nats, and `evidence.GONE_NATS` is 9.
SURELY_TIMES = 3.0
# Beyond this and what `SURELY_TIMES` asks for, fixes need not be measured: ways between two of
# them reach the zone only when they are twice as long.
FAR_M = 1_000.0

UNSETTLED, OUTSIDE, INSIDE, NOT_COUNTING = range(4)


def margin_m(fixes: LocatedFixes, draft: Draft) -> Floats:
    """How near each fix must be for its distance to matter."""
    accuracy_m = usable_accuracy_m(fixes.accuracy_m, fixes.source)
    margin: Floats = draft.warning_m + SURELY_TIMES * accuracy_m + FAR_M
    return margin


def must_be_judged(fixes: LocatedFixes, draft: Draft, distance_m: Floats) -> Bools:
    """Which fixes to judge for the same stays and approaches as all of them show.

    The stays of those alone begin, end, and are graded alike; how deep they were may be said by
    one that is left out.

    Args:
        fixes: In time order.
        draft: The zone.
        distance_m: From `Draft.at_least_m` with `margin_m`.
    """
    if not len(fixes):
        return np.zeros(0, np.bool_)
    at_us = fixes.fixed_at_us
    unsettled = _is_unsettled(fixes, draft, distance_m)
    moments = at_us[unsettled]
    last = np.searchsorted(moments, at_us, side="right") - 1
    since_us = at_us - moments[np.maximum(last, 0)]
    until_us = moments[np.minimum(last + 1, len(moments) - 1)] - at_us
    # The first fix and the last are unsettled, so there is a moment on either side of each.
    keep = (since_us <= LOOK_BACK_US) | (until_us <= LEAD_US)
    before = previous_telling(usable_accuracy_m(fixes.accuracy_m, fixes.source))[unsettled]
    keep[before[before >= 0]] = True
    keep[1:] |= keep[:-1].copy()
    keep[:-1] |= keep[1:].copy()
    return _without_short_gaps(at_us, keep)


def _without_short_gaps(at_us: Ints, keep: Bools) -> Bools:
    """Keep also what lies in gaps so short that evidence or a way would reach across."""
    kept = np.flatnonzero(keep)
    following = np.minimum(np.searchsorted(kept, np.arange(len(keep))), len(kept) - 1)
    preceding = np.maximum(np.searchsorted(kept, np.arange(len(keep)), side="right") - 1, 0)
    gap_us = at_us[kept[following]] - at_us[kept[preceding]]
    filled: Bools = keep | (gap_us <= LEAD_US)
    return filled


def _is_unsettled(fixes: LocatedFixes, draft: Draft, distance_m: Floats) -> Bools:
    side = _sides(fixes, draft, distance_m)
    unsettled: Bools = side == UNSETTLED
    changes = np.flatnonzero(side[1:] != side[:-1])
    edges = np.array([edge for span in draft.spans for edge in span], np.int64)
    first = np.searchsorted(fixes.fixed_at_us, edges)
    ends = [0, len(fixes) - 1]
    marked = np.concatenate([changes, changes + 1, first - 1, first, ends])
    unsettled[np.clip(marked, 0, len(fixes) - 1).astype(np.int64)] = True
    unsettled[_ends_of_ways(fixes, distance_m)] = True
    return unsettled


def _sides(fixes: LocatedFixes, draft: Draft, distance_m: Floats) -> Ints:
    """Where each fix surely puts the person: the same of the zone and of its warning ring."""
    surely_m = SURELY_TIMES * usable_accuracy_m(fixes.accuracy_m, fixes.source)
    is_weak = (fixes.source == Source.CELL) | is_impossible_jump(fixes)
    side = np.full(len(fixes), UNSETTLED, np.int64)
    side[distance_m - draft.warning_m >= surely_m] = OUTSIDE
    side[(distance_m <= -surely_m) & ~is_weak] = INSIDE
    side[~draft.counts(fixes.fixed_at_us)] = NOT_COUNTING
    return side


def _ends_of_ways(fixes: LocatedFixes, distance_m: Floats) -> Ints:
    """The ends of the ways between fixes outside that may lead inside."""
    telling = is_telling(usable_accuracy_m(fixes.accuracy_m, fixes.source))
    place = np.flatnonzero(telling & (distance_m > 0))
    first, last = place[:-1], place[1:]
    is_short = fixes.fixed_at_us[last] - fixes.fixed_at_us[first] <= LONGEST_GAP_US
    first, last = first[is_short], last[is_short]
    lon, lat = fixes.lon, fixes.lat
    way_m = apart_m(lon[first], lat[first], lon[last], lat[last])
    reaches = distance_m[first] + distance_m[last] < way_m
    return np.concatenate([first[reaches], last[reaches]])

"""Says how much of a track can be replayed against a draft in some seconds."""

import numpy as np

from geofence.rules.accuracy import usable_accuracy_m
from geofence.rules.draft import Draft
from geofence.rules.settled import margin_m, must_be_judged
from supervision.core.fixes import Floats, LocatedFixes

# Points measured along a way that leads inside (see `way`).
POINTS_OF_A_WAY = 200
# A fix is measured for the zone and for its ring.
TIMES_JUDGED = 2


def affordable(fixes: LocatedFixes, draft: Draft, most_measured: int) -> int:
    """How many of the fixes, from the first on, can be replayed.

    A month of somebody far away costs next to nothing, whatever the drawing; one of somebody who
    lives on the edge of a drawing with a thousand edges would take an hour.

    Args:
        fixes: In time order.
        draft: The zone.
        most_measured: How many pairs of a point and an edge may be measured.
    """
    margins_m = margin_m(fixes, draft)
    is_near = draft.is_near(fixes.lon, fixes.lat, margins_m)
    points = most_measured // len(draft.shapes.lon1)
    first = fixes.take(np.arange(_within(is_near.astype(np.float64), points)))
    distance_m = draft.at_least_m(first.lon, first.lat, margins_m[: len(first)])
    judged = must_be_judged(first, draft, distance_m)
    accuracy_m = usable_accuracy_m(first.accuracy_m, first.source)
    on_ways = judged & (distance_m < accuracy_m) & (not draft.is_inclusion)
    cost = is_near[: len(first)] + TIMES_JUDGED * judged + POINTS_OF_A_WAY * on_ways
    return _within(cost.astype(np.float64), points)


def _within(cost: Floats, most: int) -> int:
    """How many can be had for so much."""
    return int(np.searchsorted(np.cumsum(cost), most, side="right"))

"""Decides for each fix whether the person was inside a zone, outside it, or cannot be told.

The verdict follows the fix's own accuracy: a device states a radius within which it lies with
68 % probability, and measured phones keep to that (69 % of errors within it, docs/glossary.md).
"""

from enum import IntEnum

import numpy as np

from supervision.core.fixes import Bools, Floats, Ints, Source


class Presence(IntEnum):
    """Where one fix puts a person against one zone."""

    OUTSIDE = 0
    UNCERTAIN = 1
    INSIDE = 2


# For a fix that states no accuracy: what its source is usually worth (68 % radius, metres).
ASSUMED_ACCURACY_M = {
    Source.UNKNOWN: 100.0,
    Source.GPS: 30.0,
    Source.WIFI: 60.0,
    Source.CELL: 2000.0,
    Source.RF: 50.0,
    Source.BLE: 50.0,
}
# A fix is outside for certain at this many times its accuracy from the edge. A 68 % radius is 1.515
# standard deviations, so this is 3.8 of them: somebody standing on the edge, one fix a minute, is
# taken for gone once in 200 hours; at one radius, four times an hour, with a new alert each time.
SURELY_OUTSIDE_TIMES = 2.5
# No satellite fix is better than this, whatever it states (NIJ 1004.00 asks for 10 m at 90 %).
BEST_ACCURACY_M = 3.0

_ASSUMED = np.array([ASSUMED_ACCURACY_M[source] for source in sorted(ASSUMED_ACCURACY_M)])


def usable_accuracy_m(accuracy_m: Floats, source: Ints) -> Floats:
    """The 68 % radius to reckon with, for each fix, in metres.

    Args:
        accuracy_m: As stated; NaN where the device stated none.
        source: `Source` numbers of the same fixes.

    Returns:
        The stated radius, never under `BEST_ACCURACY_M`; the source's assumed one where none was
        stated.
    """
    stated = np.maximum(accuracy_m, BEST_ACCURACY_M)
    return np.where(np.isnan(accuracy_m), _ASSUMED[source], stated)


def presence_of(distance_m: Floats, accuracy_m: Floats, source: Ints) -> Ints:
    """The verdict on each fix: a `Presence` number.

    Inside when the whole accuracy circle lies in the zone, outside when even a circle of
    `SURELY_OUTSIDE_TIMES` its radius does not touch it, else uncertain. A cell-tower fix is never
    sure of being inside (ADR-0004).

    Args:
        distance_m: Signed distance to the zone's edge, negative inside.
        accuracy_m: From `usable_accuracy_m`.
        source: `Source` numbers.
    """
    is_inside = (distance_m <= -accuracy_m) & (source != Source.CELL)
    is_outside = distance_m >= SURELY_OUTSIDE_TIMES * accuracy_m
    return np.where(is_inside, Presence.INSIDE, np.where(is_outside, Presence.OUTSIDE, 1)).astype(
        np.int64
    )


def opens_stay(distance_m: Floats, presence: Ints) -> Bools:
    """Which fixes start a stay when none is under way: those whose centre lies in the zone.

    A merely uncertain one opens a stay too, graded `possible`: nothing is thrown away.
    """
    is_open: Bools = (distance_m < 0.0) & (presence != Presence.OUTSIDE)
    return is_open

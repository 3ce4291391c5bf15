"""Tells when a person who is near a zone is coming nearer, and when he will be there."""

from typing import NamedTuple

import numpy as np

from geofence.rules.movement import is_too_far
from supervision.core.fixes import Floats, Ints

# A walker gets 56 m nearer in this time, by which good fixes can tell; devices that report each
# minute are compared fix by fix, for they are seldom on time.
PACE_US = 40 * 1_000_000


class Closing(NamedTuple):
    """Coming nearer, as seen between two fixes.

    Attributes:
        at_us: Time of the later fix.
        speed_mps: How fast the distance to the zone's edge shrinks.
        eta_s: In how many seconds from then he is at the edge, if he goes on so.
    """

    at_us: int
    speed_mps: float
    eta_s: float


def closings(
    at_us: Ints, distance_m: Floats, accuracy_m: Floats, pairs: Ints
) -> dict[int, Closing]:
    """Where somebody outside came nearer by more than the fixes' errors can feign, as one can.

    The difference of two distances errs as both fixes do: by the root of the squares' sum, which
    at 68 % radii is one and a half standard deviations.

    Args:
        at_us: When, in order.
        distance_m: Signed distance to the zone's edge (not the ring's).
        accuracy_m: From `usable_accuracy_m`.
        pairs: Places of sightings to compare, two rows, the earlier first.

    Returns:
        By the place of the later sighting.
    """
    first, last = pairs
    nearer_m = distance_m[first] - distance_m[last]
    time_us = at_us[last] - at_us[first]
    is_evident = nearer_m >= np.hypot(accuracy_m[first], accuracy_m[last])
    is_possible = ~is_too_far(nearer_m, accuracy_m[first], accuracy_m[last], time_us)
    found = {}
    for place in np.flatnonzero(is_evident & is_possible & (distance_m[last] > 0)):
        speed_mps = float(nearer_m[place] / (time_us[place] / 1e6))
        at = int(last[place])
        found[at] = Closing(int(at_us[at]), speed_mps, float(distance_m[at] / speed_mps))
    return found


def paces(at_us: Ints, span: Ints, longest_us: int) -> Ints:
    """With which earlier sighting each is to be compared, so that it is the same at any interval.

    It is the last one that is `PACE_US` old, else the first there is: of the same drawing, and not
    older than `longest_us`.

    Args:
        at_us: When, in order.
        span: Which drawing judged each.
        longest_us: After a longer time two places say nothing of how one came.

    Returns:
        Places; its own where there is no earlier one.
    """
    paced = np.searchsorted(at_us, at_us - PACE_US, side="right") - 1
    first: Ints = np.maximum(
        np.searchsorted(at_us, at_us - longest_us, side="left"),
        np.searchsorted(span, span, side="left"),
    )
    return np.maximum(paced, first)

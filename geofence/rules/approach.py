"""Tells when a person who is near a zone is coming nearer, and when he will be there."""

from typing import NamedTuple

import numpy as np

from supervision.core.fixes import Floats, Ints


class Closing(NamedTuple):
    """Coming nearer, as seen between one fix and the next.

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
    """Where somebody outside came nearer by more than the fixes' errors can feign.

    The difference of two distances errs as both fixes do: by the root of the squares' sum, which
    at 68 % radii is one and a half standard deviations.

    Args:
        at_us: When, in order.
        distance_m: Signed distance to the zone's edge (not the ring's).
        accuracy_m: From `usable_accuracy_m`.
        pairs: Places of sightings in a row, two rows.

    Returns:
        By the place of the later sighting.
    """
    first, last = pairs
    nearer_m = distance_m[first] - distance_m[last]
    is_evident = (nearer_m >= np.hypot(accuracy_m[first], accuracy_m[last])) & (
        distance_m[last] > 0
    )
    found = {}
    for place in np.flatnonzero(is_evident):
        speed_mps = float(nearer_m[place] / ((at_us[last[place]] - at_us[first[place]]) / 1e6))
        at = int(last[place])
        found[at] = Closing(int(at_us[at]), speed_mps, float(distance_m[at] / speed_mps))
    return found

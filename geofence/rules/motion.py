"""Which way somebody goes and how fast, as far as two fixes can tell.

For a patrol that looks for him: a direction that may be wrong sends it the wrong way, so it is
told only where the way between the fixes is long against their errors.
"""

import math
from typing import NamedTuple

import numpy as np

from geofence.rules.accuracy import is_telling, usable_accuracy_m
from geofence.rules.movement import IMPOSSIBLE_MPS
from geofence.rules.shape import local_m
from supervision.core.fixes import Source

# In a shorter time errors look like haste, in a longer one he may have turned.
LEAST_US = 10 * 1_000_000
MOST_US = 300 * 1_000_000
# How often the way must hold the errors of both its ends: the direction is then right to 19
# degrees in two of three cases, less than half of an eighth of the compass.
SURE = 2.0
FULL_TURN_DEG = 360.0


class Sight(NamedTuple):
    """Where somebody was, as a device stated it; NaN where it stated no accuracy."""

    fixed_at_us: int
    lon: float
    lat: float
    accuracy_m: float
    source: Source


class Motion(NamedTuple):
    """How fast somebody went, and which way: degrees from north, clockwise, under 360."""

    speed_mps: float
    course_deg: float


def motion_between(first: Sight, last: Sight) -> Motion | None:
    """What two fixes tell of the movement between them; None where they cannot tell.

    Args:
        first: The earlier one.
        last: The later one.
    """
    time_us = last.fixed_at_us - first.fixed_at_us
    errors_m = [float(_error_m(sight)) for sight in (first, last)]
    if not LEAST_US <= time_us <= MOST_US or not np.all(is_telling(np.array(errors_m))):
        return None
    east_m, north_m = _way_m(first, last)
    way_m, speed_mps = math.hypot(east_m, north_m), math.hypot(east_m, north_m) / (time_us / 1e6)
    if way_m < SURE * math.hypot(*errors_m) or speed_mps > IMPOSSIBLE_MPS:
        return None
    # A direction a hair west of north is a full turn when it is rounded.
    course_deg = math.degrees(math.atan2(east_m, north_m)) % FULL_TURN_DEG
    return Motion(speed_mps, course_deg if course_deg < FULL_TURN_DEG else 0.0)


def _error_m(sight: Sight) -> float:
    stated, source = np.array([sight.accuracy_m]), np.array([int(sight.source)])
    return float(usable_accuracy_m(stated, source)[0])


def _way_m(first: Sight, last: Sight) -> tuple[float, float]:
    to, start = (np.array([[one.lon], [one.lat]]) for one in (last, first))
    east, north, _ = local_m(to[0], to[1], start[0], start[1])
    return float(east[0]), float(north[0])

"""How fast a person can move: what an impossible jump is, and what could be reached unseen."""

import numpy as np

from geofence.rules.accuracy import is_telling, usable_accuracy_m
from geofence.rules.shape import local_m
from supervision.core.fixes import Bools, Floats, Ints, LocatedFixes

# Nobody in a zone got there faster than this: 252 km/h, above any road and most railways.
IMPOSSIBLE_MPS = 70.0
# In a longer time one can be anywhere; and so a fix bears upon none that is later than this.
COMPARED_FOR_US = 300 * 1_000_000
# What could be reached unseen is reckoned at 126 km/h, the fastest that people drive for long.
REACH_MPS = 35.0


def apart_m(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> Floats:
    """The straight distance between points, pairwise, in metres."""
    east, north, up = local_m(to_lon, to_lat, lon, lat)
    distance: Floats = np.sqrt(east * east + north * north + up * up)
    return distance


def is_too_far(
    way_m: Floats, first_accuracy_m: Floats, last_accuracy_m: Floats, time_us: Ints
) -> Bools:
    """Which ways nobody can have made in their time, both ends' accuracies allowed for."""
    too_far: Bools = way_m - first_accuracy_m - last_accuracy_m > IMPOSSIBLE_MPS * time_us / 1e6
    return too_far


def previous_telling(accuracy_m: Floats) -> Ints:
    """For each of a person's fixes in order, the place of the last telling one before; -1: none."""
    place = np.where(is_telling(accuracy_m), np.arange(len(accuracy_m)), -1)
    latest = np.maximum.accumulate(np.concatenate([[-1], place])).astype(np.int64)
    return latest[:-1]


def is_impossible_jump(fixes: LocatedFixes) -> Bools:
    """Which of a person's fixes, in time order, cannot have been reached from the one before.

    The last fix that can tell is compared, if it is no older than `COMPARED_FOR_US`; both
    accuracies are allowed for. Either of the two may be the wrong one, so such a fix is not thrown
    away: it only confirms nothing.
    """
    accuracy_m = usable_accuracy_m(fixes.accuracy_m, fixes.source)
    before = previous_telling(accuracy_m)
    is_recent = fixes.fixed_at_us - fixes.fixed_at_us[before] <= COMPARED_FOR_US
    have = np.flatnonzero((before >= 0) & is_recent)
    is_jump = np.zeros(len(fixes), np.bool_)
    if len(have):
        last = before[have]
        way_m = apart_m(fixes.lon[last], fixes.lat[last], fixes.lon[have], fixes.lat[have])
        time_us = fixes.fixed_at_us[have] - fixes.fixed_at_us[last]
        is_jump[have] = is_too_far(way_m, accuracy_m[last], accuracy_m[have], time_us)
    return is_jump

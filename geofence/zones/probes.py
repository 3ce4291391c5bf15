"""Where to look for zones: around fixes, and along the ways between them."""

from typing import NamedTuple

import numpy as np

from geofence.rules.accuracy import is_telling, usable_accuracy_m
from geofence.rules.movement import apart_m
from geofence.rules.shape import wrapped_deg
from geofence.rules.way import LONGEST_GAP_US
from supervision.core.fixes import Floats, Ints, LocatedFixes


class Probes(NamedTuple):
    """Circles of a person's whereabouts: parallel arrays.

    Attributes:
        supervisee_id: Whose.
        at_us: For which moment.
        lon: Degrees east of the middle.
        lat: Degrees north of the middle.
        margin_m: The radius.
    """

    supervisee_id: Ints
    at_us: Ints
    lon: Floats
    lat: Floats
    margin_m: Floats

    def __len__(self) -> int:
        """How many."""
        return len(self.supervisee_id)

    def take(self, which: Ints) -> "Probes":
        """The probes at these places."""
        return Probes(
            self.supervisee_id[which],
            self.at_us[which],
            self.lon[which],
            self.lat[which],
            self.margin_m[which],
        )


def around_fixes(fixes: LocatedFixes) -> Probes:
    """A circle around each fix, as wide as its accuracy."""
    margin_m = usable_accuracy_m(fixes.accuracy_m, fixes.source)
    return Probes(fixes.supervisee_id, fixes.fixed_at_us, fixes.lon, fixes.lat, margin_m)


def along_ways(fixes: LocatedFixes) -> Probes:
    """A circle over each way between telling fixes that are judged, for its later end.

    Args:
        fixes: By person and time, with the telling ones before the first and after the last.
    """
    telling = np.flatnonzero(is_telling(usable_accuracy_m(fixes.accuracy_m, fixes.source)))
    first, last = telling[:-1], telling[1:]
    gap_us = fixes.fixed_at_us[last] - fixes.fixed_at_us[first]
    is_way = (
        (fixes.supervisee_id[first] == fixes.supervisee_id[last])
        & (gap_us > 0)
        & (gap_us <= LONGEST_GAP_US)
    )
    first, last = first[is_way], last[is_way]
    lon, lat = fixes.lon, fixes.lat
    return Probes(
        fixes.supervisee_id[last],
        fixes.fixed_at_us[last],
        lon[first] + wrapped_deg(lon[last] - lon[first]) / 2,
        (lat[first] + lat[last]) / 2,
        apart_m(lon[first], lat[first], lon[last], lat[last]) / 2,
    )


def whereabouts(fixes: LocatedFixes) -> Probes:
    """A circle around each fix and over each way; the fixes are as for `along_ways`."""
    both = zip(around_fixes(fixes), along_ways(fixes), strict=True)
    return Probes(*(np.concatenate(columns) for columns in both))

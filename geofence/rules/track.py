"""Judges a whole track against one zone: what the monitor finds fix by fix, found at once."""

import numpy as np

from geofence.rules.observing import Ground, observe
from geofence.rules.silence import Silence, find_silences, spare_m
from geofence.rules.stays import Stay, find_stays
from supervision.core.fixes import Floats, Ints, LocatedFixes

FROM_THE_BEGINNING_US = -(2**62)


def both_rings(
    fixes: LocatedFixes, ground: Ground, warning_m: Floats, now_us: int
) -> tuple[list[Stay], list[Stay]]:
    """The stays in a zone, and those in the zone with its warning ring, each in time order.

    Args:
        fixes: One person's, in time order.
        ground: The zone.
        warning_m: How wide the warning ring is, for each span; 0: there is none.
        now_us: Spans that begin later are not considered yet.
    """
    stays = find_stays(observe(fixes, ground, FROM_THE_BEGINNING_US, now_us))
    if not warning_m.any():
        return stays, []
    ring = ring_of(ground, warning_m)
    return stays, find_stays(observe(fixes, ring, FROM_THE_BEGINNING_US, now_us))


def ring_of(ground: Ground, warning_m: Floats) -> Ground:
    """The zone grown by its warning ring, to be judged as one."""

    def measure(span: Ints, lon: Floats, lat: Floats) -> Floats:
        distance_m: Floats = ground.measure(span, lon, lat) - warning_m[span]
        return distance_m

    return ground._replace(measure=measure, warning_m=warning_m, has_ways=False)


def unseen(fixes: LocatedFixes, ground: Ground) -> list[Silence]:
    """The silences in which the zone counted and could have been reached."""
    return [
        silence
        for silence in find_silences(fixes)
        if (span := counting_in(ground, silence)) is not None
        and float(spare_m(fixes, silence, distances_in(fixes, ground, silence, span))) >= 0
    ]


def counting_in(ground: Ground, silence: Silence) -> int | None:
    """The last span in which the zone counted during a silence."""
    during = [
        number
        for number, span in enumerate(ground.spans)
        if span.counts and span.from_us < silence.until_us and silence.from_us < span.until_us
    ]
    return during[-1] if during else None


def distances_in(fixes: LocatedFixes, ground: Ground, silence: Silence, span: int) -> Floats:
    """The signed distance of each fix of a silence to one span's drawing, in metres."""
    part = slice(silence.first, silence.last + 1)
    which = np.full(silence.last + 1 - silence.first, span, np.int64)
    return ground.measure(which, fixes.lon[part], fixes.lat[part])

"""Small tracks and zones on a plane of metres that touches the earth at 0 N 0 E."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from geofence.rules.observing import Ground, Observation, observe
from geofence.rules.sighting import Span
from geofence.rules.spans import EVER, NEVER
from geofence.rules.stays import Stay, find_stays
from geofence.rules.track import FROM_THE_BEGINNING_US
from geofence.rules.way import Ends, Measure
from supervision.core.fixes import Floats, Ints, LocatedFixes, Source

EAST_M_PER_DEG = 111_319.490_8
NORTH_M_PER_DEG = 110_574.275_9
SECOND_US = 1_000_000
ALWAYS = Span(EVER, NEVER)
AT_LAST_US = 2**62


class At(NamedTuple):
    """A fix: when in seconds, where on the plane, how good."""

    s: float
    east_m: float
    north_m: float = 0.0
    accuracy_m: float = 10.0
    source: Source = Source.GPS


def track(fixes: Iterable[At]) -> LocatedFixes:
    """One person's fixes in time order; each came at once, and its number is its place."""
    rows = list(fixes)
    at_us = np.array([round(one.s * SECOND_US) for one in rows], np.int64)
    return LocatedFixes(
        np.arange(len(rows)),
        np.ones(len(rows), np.int64),
        at_us,
        at_us,
        np.array([one.east_m for one in rows], np.float64) / EAST_M_PER_DEG,
        np.array([one.north_m for one in rows], np.float64) / NORTH_M_PER_DEG,
        np.array([one.accuracy_m for one in rows], np.float64),
        np.array([one.source for one in rows], np.int64),
    )


def disc(radius_m: float, east_m: float = 0.0, north_m: float = 0.0) -> Measure:
    """A circle; of radius 0, how far a place is."""

    def measure(_: Ints, lon: Floats, lat: Floats) -> Floats:
        east, north = lon * EAST_M_PER_DEG - east_m, lat * NORTH_M_PER_DEG - north_m
        distance_m: Floats = np.hypot(east, north) - radius_m
        return distance_m

    return measure


def strip(width_m: float, east_m: float = 0.0) -> Measure:
    """A corridor without end from south to north."""

    def measure(_: Ints, lon: Floats, lat: Floats) -> Floats:
        distance_m: Floats = np.abs(lon * EAST_M_PER_DEG - east_m) - width_m / 2 + 0 * lat
        return distance_m

    return measure


def east_of(edge_m: float = 0.0) -> Measure:
    """Half the world: inside is east of a straight edge."""

    def measure(_: Ints, lon: Floats, lat: Floats) -> Floats:
        distance_m: Floats = edge_m - lon * EAST_M_PER_DEG + 0 * lat
        return distance_m

    return measure


def either(*measures: Measure) -> Measure:
    """Zones in several parts."""

    def measure(span: Ints, lon: Floats, lat: Floats) -> Floats:
        distance_m: Floats = np.min([one(span, lon, lat) for one in measures], axis=0)
        return distance_m

    return measure


def ground_of(
    measure: Measure,
    spans: Sequence[Span] = (ALWAYS,),
    inradius_m: float = 1e9,
    *,
    has_ways: bool = True,
) -> Ground:
    """A zone that counts in these times; of half the world the largest circle has no end."""
    count = len(spans)
    return Ground(
        list(spans),
        list(range(count)),
        np.full(count, inradius_m),
        measure,
        np.zeros(count),
        has_ways,
    )


def seen_in(fixes: Iterable[At], ground: Ground) -> list[Observation]:
    """What each fix says, ends of the zone left out."""
    found = observe(track(fixes), ground, FROM_THE_BEGINNING_US, AT_LAST_US)
    return [one for one in found if isinstance(one, Observation)]


def stays_in(fixes: Iterable[At], ground: Ground) -> list[Stay]:
    """The stays that fixes show, from the first to the last."""
    return find_stays(observe(track(fixes), ground, FROM_THE_BEGINNING_US, AT_LAST_US))


def ends_of(pairs: Sequence[tuple[At, At]], measure: Measure, inradius_m: float = 1e9) -> Ends:
    """Ways from fix to fix, as `observing` gives them to `way`."""
    first, last = (track([pair[which] for pair in pairs]) for which in (0, 1))
    lon, lat = np.stack([first.lon, last.lon]), np.stack([first.lat, last.lat])
    span = np.zeros(len(pairs), np.int64)
    east_m, north_m = np.diff(lon * EAST_M_PER_DEG, axis=0), np.diff(lat * NORTH_M_PER_DEG, axis=0)
    return Ends(
        np.stack([first.fixed_at_us, last.fixed_at_us]),
        span,
        lon,
        lat,
        np.stack([measure(span, *row) for row in zip(lon, lat, strict=True)]),
        np.stack([first.accuracy_m, last.accuracy_m]),
        np.hypot(east_m, north_m)[0],
        np.full(len(pairs), inradius_m),
    )

"""When straight ways enter and leave, as MEOS (the library of MobilityDB) works it out.

Compared: `Way.enters_us` and `leaves_us` with the times of `TGeomPointSeq.at(polygon)`, on a plane
of metres (SRID 0). A circle is a polygon of 1,024 corners there. Not compared: whether a way is
found, which is a matter of probability; here fixes are so fine and ways so quick that all are.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from geofence.rules.way import Measure, Way, judge_ways
from supervision.core.fixes import Floats, Ints
from tests.unit.geofence.tracks import (
    EAST_M_PER_DEG,
    NORTH_M_PER_DEG,
    SECOND_US,
    At,
    disc,
    ends_of,
)

meos = pytest.importorskip("pymeos", reason="pymeos cannot be imported: its oracle is left out")

FINE_M = 3.0
GAP_S = 45
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Nearer to the edge than this a way is not sure to be found, nor a time to be told.
CLEAR_M = 8.0
# A 4,000th part of the way: the search for an edge goes that fine, and rounds the rest.
APART_S = GAP_S / 4000

places = st.tuples(st.integers(-300, 300), st.integers(-300, 300))
corners = st.lists(places, min_size=3, max_size=8, unique=True)


@pytest.fixture(scope="module", autouse=True)
def _meos_is_running() -> Any:
    meos.pymeos_initialize()
    yield
    meos.pymeos_finalize()


def by_meos(first: At, last: At, zone: BaseGeometry) -> list[tuple[float, float]]:
    """From when until when, in seconds, a straight way lies in a polygon."""
    instants = ", ".join(
        f"Point({one.east_m} {one.north_m})@{(EPOCH + timedelta(seconds=one.s)).isoformat()}"
        for one in (first, last)
    )
    within = meos.TGeomPointSeq(string=f"[{instants}]").at(zone)
    spans = [] if within is None else within.time().spans()
    return [
        ((one.lower() - EPOCH).total_seconds(), (one.upper() - EPOCH).total_seconds())
        for one in spans
    ]


def by_us(first: At, last: At, measure: Measure, inradius_m: float) -> Way | None:
    return judge_ways(ends_of([(first, last)], measure, inradius_m), measure)[0]


def area(polygon: BaseGeometry) -> Measure:
    def measure(_: Ints, lon: Floats, lat: Floats) -> Floats:
        points = shapely.points(lon * EAST_M_PER_DEG, lat * NORTH_M_PER_DEG)
        edge_m = shapely.distance(polygon.boundary, points)
        distance_m: Floats = np.where(shapely.contains(polygon, points), -edge_m, edge_m)
        return distance_m

    return measure


def compared(first: At, last: At, zone: BaseGeometry, measure: Measure) -> None:
    """The way's times are those of one of MEOS's stretches, the one that it runs deepest in."""
    stretches = by_meos(first, last, zone)
    way = by_us(first, last, measure, 1e9)
    if way is None:
        middles = [(a + b) / 2 for a, b in stretches]
        assert all(depth_at(first, last, zone, middle) < CLEAR_M for middle in middles)
        return
    found = way.enters_us / SECOND_US, way.leaves_us / SECOND_US
    assert any(found == pytest.approx(one, abs=APART_S) for one in stretches)


def depth_at(first: At, last: At, zone: BaseGeometry, at_s: float) -> float:
    share = at_s / last.s
    east_m = first.east_m + share * (last.east_m - first.east_m)
    north_m = first.north_m + share * (last.north_m - first.north_m)
    return float(shapely.distance(zone.boundary, shapely.Point(east_m, north_m)))


def ends(start: tuple[int, int], stop: tuple[int, int]) -> tuple[At, At]:
    return At(0, *start, FINE_M), At(GAP_S, *stop, FINE_M)


@settings(deadline=None)
@given(start=places, stop=places, centre=places, radius_m=st.integers(20, 200))
def test_a_way_through_a_circle_enters_and_leaves_when_meos_says(
    start: tuple[int, int], stop: tuple[int, int], centre: tuple[int, int], radius_m: int
) -> None:
    assume(start != stop)
    polygon = shapely.Point(centre).buffer(radius_m, quad_segs=256)
    compared(*ends(start, stop), polygon, disc(radius_m, *centre))


@settings(deadline=None)
@given(start=places, stop=places, around=corners)
def test_a_way_through_a_convex_polygon_enters_and_leaves_when_meos_says(
    start: tuple[int, int], stop: tuple[int, int], around: list[tuple[int, int]]
) -> None:
    polygon = shapely.MultiPoint(around).convex_hull
    assume(start != stop)
    assume(isinstance(polygon, shapely.Polygon))
    compared(*ends(start, stop), polygon, area(polygon))


BENT = shapely.Polygon(
    [(-200, -200), (200, -200), (200, 200), (100, 200), (100, -100), (-100, -100), (-100, 200),
     (-200, 200)]
)  # fmt: skip


@settings(deadline=None)
@given(start=places, stop=places)
def test_a_way_through_a_bent_zone_enters_and_leaves_at_some_of_the_times_that_meos_says(
    start: tuple[int, int], stop: tuple[int, int]
) -> None:
    assume(start != stop)
    pair = ends(start, stop)
    way = by_us(*pair, area(BENT), 1e9)
    assume(way is not None)
    assert way is not None
    enters_s, leaves_s = zip(*by_meos(*pair, BENT), strict=True)
    assert np.abs(way.enters_us / SECOND_US - np.array(enters_s)).min() <= APART_S
    assert np.abs(way.leaves_us / SECOND_US - np.array(leaves_s)).min() <= APART_S

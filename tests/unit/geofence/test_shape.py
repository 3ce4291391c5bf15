import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geofence.drawing import shapes_of
from geofence.rules import shape
from geofence.rules.shape import Shapes, concatenate, signed_distance_m
from supervision.core.fixes import Floats

M_PER_DEG_LAT_AT_EQUATOR = 110_574.3
HOLED = shapely.Polygon(
    [(0, 0), (0.03, 0), (0.03, 0.03), (0, 0.03)],
    [[(0.01, 0.01), (0.01, 0.02), (0.02, 0.02), (0.02, 0.01)]],
)


def circle(lon: float, lat: float, radius_m: float = 0.0) -> Shapes:
    return shapes_of([shapely.Point(lon, lat)], [radius_m])


def distance_m(shapes: Shapes, lon: float, lat: float) -> float:
    which = np.zeros(1, np.int64)
    return float(signed_distance_m(shapes, which, np.array([lon]), np.array([lat]))[0])


def distances_m(shapes: Shapes, which: list[int], lon: list[float], lat: list[float]) -> Floats:
    return signed_distance_m(shapes, np.array(which, np.int64), np.array(lon), np.array(lat))


def test_a_published_geodesic_is_measured_to_the_centimetre() -> None:
    # Flinders Peak to Buninyong, Geocentric Datum of Australia Technical Manual: 54,972.271 m.
    flinders = circle(144 + 25 / 60 + 29.52440 / 3600, -(37 + 57 / 60 + 3.72030 / 3600))
    found = distance_m(flinders, 143 + 55 / 60 + 35.38390 / 3600, -(37 + 39 / 60 + 10.15610 / 3600))
    assert found == pytest.approx(54_972.271, abs=0.01)


def test_a_circle_reaches_as_far_as_its_radius() -> None:
    assert distance_m(circle(0, 0, 500), 0.01, 0) == pytest.approx(1113.195 - 500, abs=0.01)
    assert distance_m(circle(0, 0, 500), 0, 0) == -500


def test_a_polygon_is_left_at_its_nearest_edge() -> None:
    square = shapes_of([shapely.box(0, 0, 0.02, 0.02)], [0])
    assert distance_m(square, 0.01, 0.002) == pytest.approx(
        -0.002 * M_PER_DEG_LAT_AT_EQUATOR, abs=0.02
    )
    assert distance_m(square, 0.01, -0.002) == pytest.approx(
        0.002 * M_PER_DEG_LAT_AT_EQUATOR, abs=0.02
    )


def test_the_ground_in_a_hole_is_outside() -> None:
    shapes = shapes_of([HOLED], [0])
    assert distance_m(shapes, 0.015, 0.015) == pytest.approx(
        0.005 * M_PER_DEG_LAT_AT_EQUATOR, abs=0.02
    )
    assert distance_m(shapes, 0.005, 0.015) < 0


def test_both_parts_of_a_multipolygon_are_inside_and_the_gap_is_not() -> None:
    pair = shapely.MultiPolygon([shapely.box(0, 0, 0.01, 0.01), shapely.box(0.02, 0, 0.03, 0.01)])
    found = distances_m(shapes_of([pair], [0]), [0, 0, 0], [0.005, 0.015, 0.025], [0.005] * 3)
    assert list(np.sign(found)) == [-1, 1, -1]


def test_a_closed_corridor_does_not_take_in_the_ground_it_goes_round() -> None:
    ring = shapely.LineString(shapely.box(0, 0, 0.02, 0.02).exterior.coords)
    corridor = shapes_of([ring], [50])
    assert distance_m(corridor, 0.01, 0.01) > 1000
    assert distance_m(corridor, 0.01, 0.0001) == pytest.approx(
        0.0001 * M_PER_DEG_LAT_AT_EQUATOR - 50, abs=0.02
    )


def test_the_antimeridian_is_no_edge_and_no_distance() -> None:
    halves = shapely.MultiPolygon(
        [shapely.box(179.98, 10, 180, 10.04), shapely.box(-180, 10, -179.98, 10.04)]
    )
    whole = shapes_of([halves], [0])
    centred = shapes_of([shapely.box(-0.02, 10, 0.02, 10.04)], [0])
    for lon in (0.0, 0.01, -0.01, 0.03, -0.03):
        beside = (lon + 360) % 360 - 180
        assert distance_m(whole, beside, 10.02) == pytest.approx(distance_m(centred, lon, 10.02))
    assert distance_m(whole, 180.0, 10.02) == pytest.approx(distance_m(whole, -180.0, 10.02))


def test_the_way_over_the_pole_is_the_short_one() -> None:
    assert distance_m(circle(0, 89.9), 180, 89.9) == pytest.approx(2 * 0.1 * 111_694, rel=1e-3)


def test_the_far_side_of_the_earth_is_far_and_never_inside() -> None:
    square = shapes_of([shapely.box(-1, -1, 1, 1)], [0])
    assert distance_m(square, 180, 0) > 19_000_000


def test_a_long_edge_runs_on_the_ground_and_not_below_it() -> None:
    meridian = shapes_of([shapely.LineString([(5, 45), (5, 45.1)])], [0])
    assert distance_m(meridian, 5, 45.05) == pytest.approx(0, abs=0.02)


def test_a_fix_without_a_place_has_no_distance() -> None:
    assert math.isnan(distance_m(circle(0, 0, 100), math.nan, 0))


def test_each_pair_is_measured_alone_whatever_it_is_measured_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = np.random.default_rng(7).uniform(-0.05, 0.08, (2, 300))
    zones = shapes_of([HOLED, shapely.Point(0, 0), shapely.LineString([(0, 0), (0.05, 0.05)])],
                      [0, 300, 40])  # fmt: skip
    which = np.arange(300) % 3
    together = signed_distance_m(zones, which, *places)
    monkeypatch.setattr(shape, "EDGES_AT_ONCE", 5)
    np.testing.assert_array_equal(signed_distance_m(zones, which, *places), together)


def test_concatenated_shapes_keep_their_order() -> None:
    both = concatenate([circle(0, 0, 10), Shapes.empty(), shapes_of([HOLED], [0])])
    assert len(both) == 2
    assert distances_m(both, [0, 1], [0, 0.005], [0, 0.015]) == pytest.approx(
        [-10, distance_m(shapes_of([HOLED], [0]), 0.005, 0.015)]
    )


def test_no_shapes_and_no_pairs_are_no_trouble() -> None:
    assert len(concatenate([])) == 0
    assert len(distances_m(Shapes.empty(), [], [], [])) == 0


@given(
    corners=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=8),
    place=st.tuples(st.integers(0, 18), st.integers(0, 18)),
    centre=st.tuples(st.floats(-180, 179), st.floats(-75, 75)),
)
def test_inside_is_where_geos_says_inside(
    corners: list[tuple[int, int]], place: tuple[int, int], centre: tuple[float, float]
) -> None:
    unit = 0.001
    hull = shapely.MultiPoint(corners).convex_hull
    if not hull.area or hull.boundary.intersects(shapely.Point(place[0] / 2, place[1] / 2)):
        return
    moved = shapely.transform(hull, lambda run: run * unit + np.array(centre))
    lon, lat = np.array(place) / 2 * unit + np.array(centre)
    is_inside = hull.contains(shapely.Point(place[0] / 2, place[1] / 2))
    assert (distance_m(shapes_of([moved], [0]), lon, lat) < 0) == is_inside

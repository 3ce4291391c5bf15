import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geofence.drawing import shapes_of
from geofence.rules.shape import Shapes, bounding_boxes, may_be_near, signed_distance_m
from supervision.core.fixes import Bools, Floats

lons = st.one_of(st.floats(-180, 180), st.floats(179, 180), st.floats(-180, -179))
lats = st.one_of(st.floats(-90, 90), st.floats(88, 90), st.floats(-90, -88))
offsets = st.lists(st.tuples(st.floats(-0.5, 0.5), st.floats(-0.2, 0.2)), min_size=1, max_size=6)


def shape_around(
    lon: float, lat: float, steps: list[tuple[float, float]], buffer_m: float
) -> Shapes:
    """Any ring of edges, wherever it wraps: Shapes promise nothing about being tidy."""
    run = np.array([(lon, lat), *((lon + east, lat + north) for east, north in steps)])
    around = np.roll(run, -1, axis=0)
    wrapped, ends = (run[:, 0] + 180) % 360 - 180, (around[:, 0] + 180) % 360 - 180
    south, north = np.clip(run[:, 1], -90, 90), np.clip(around[:, 1], -90, 90)
    offset = np.array([0, len(run)])
    return Shapes(
        offset, wrapped, south, ends, north, np.array([buffer_m]), np.array([buffer_m == 0])
    )


def near(shapes: Shapes, lon: Floats, lat: Floats, margin_m: float | Floats) -> Bools:
    return may_be_near(bounding_boxes(shapes), np.zeros(len(lon), np.int64), lon, lat, margin_m)


@given(
    lon=lons,
    lat=lats,
    steps=offsets,
    buffer_m=st.one_of(st.just(0.0), st.floats(10, 50_000)),
    margin_m=st.floats(-100, 100_000),
    seed=st.integers(0, 2**32 - 1),
)
def test_what_is_within_the_margin_is_never_called_far(
    lon: float,
    lat: float,
    steps: list[tuple[float, float]],
    buffer_m: float,
    margin_m: float,
    seed: int,
) -> None:
    shapes = shape_around(lon, lat, steps, buffer_m)
    random = np.random.default_rng(seed)
    spread = 10 ** random.uniform(-4, 1, 200)
    lat_of = np.clip(lat + spread * random.uniform(-1, 1, 200), -90, 90)
    reach = np.minimum(spread / np.maximum(np.cos(np.radians(lat_of)), 0.01), 180)
    lon_of = (lon + reach * random.uniform(-1, 1, 200) + 180) % 360 - 180
    distance = signed_distance_m(shapes, np.zeros(200, np.int64), lon_of, lat_of)
    is_near = near(shapes, lon_of, lat_of, margin_m)
    assert is_near[distance <= margin_m].all()


@pytest.mark.parametrize("centre", [(-122.0, 37.4), (179.999, -17.0), (24.0, 69.9)])
def test_what_is_clearly_far_is_called_far(centre: tuple[float, float]) -> None:
    lon, lat = centre
    shapes = shape_around(lon, lat, [(0.01, 0.0), (0.01, 0.01)], 0.0)
    random = np.random.default_rng(1)
    lon_of = (lon + random.uniform(-2, 2, 5000) + 180) % 360 - 180
    lat_of = lat + random.uniform(-1, 1, 5000)
    distance = signed_distance_m(shapes, np.zeros(5000, np.int64), lon_of, lat_of)
    assert not near(shapes, lon_of, lat_of, 1000.0)[distance > 4000].any()


def test_each_pair_may_have_a_margin_of_its_own() -> None:
    shapes = shapes_of([shapely.Point(10, 50)], [100])
    place = np.full(2, 10.0), np.full(2, 50.05)
    assert list(near(shapes, *place, np.array([100.0, 6000.0]))) == [False, True]


def test_a_zone_around_the_pole_is_near_from_every_side() -> None:
    ring = shapely.LinearRing([(0, 89.9), (120, 89.9), (-120, 89.9)])
    shapes = shapes_of([shapely.Polygon(ring)], [0])
    lon = np.array([0.0, 90.0, 180.0, -90.0])
    assert near(shapes, lon, np.full(4, 89.99), 0.0).all()


def test_deep_inside_a_zone_around_the_pole_is_near() -> None:
    lon = np.arange(-180.0, 180.0, 10.0)
    ring = shapely.LinearRing(np.column_stack([lon, np.full(36, 60.0)]))
    shapes = shapes_of([shapely.Polygon(ring)], [0])
    assert near(shapes, np.array([0.0, 77.0]), np.array([75.0, 89.0]), 0.0).all()


def test_a_long_edge_is_near_where_it_bulges_towards_the_pole() -> None:
    line = shapely.LineString([(-1.0, 80.0), (1.0, 80.0)])
    bulge_m = signed_distance_m(
        shapes_of([line], [0]), np.zeros(1, np.int64), np.zeros(1), np.array([80.0015])
    )
    assert bulge_m[0] < 30
    assert near(shapes_of([line], [0]), np.zeros(1), np.array([80.0015]), bulge_m).all()


def test_a_tall_zone_is_near_beside_its_poleward_end() -> None:
    line = shapely.LineString([(0.0, lat) for lat in np.linspace(60, 80, 201)])
    place = np.array([2.0]), np.array([80.0])
    beside_m = signed_distance_m(shapes_of([line], [0]), np.zeros(1, np.int64), *place)
    assert near(shapes_of([line], [0]), *place, beside_m).all()


def test_a_fix_without_a_place_is_near_nothing() -> None:
    shapes = shapes_of([shapely.Point(10, 50)], [100])
    assert not near(shapes, np.array([np.nan]), np.array([50.0]), 1000.0).any()


def test_no_shapes_have_no_boxes() -> None:
    assert len(bounding_boxes(Shapes.empty()).lon) == 0
    assert not len(near(Shapes.empty(), np.empty(0), np.empty(0), 100.0))

import json
import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geofence.drawing import Drawing, ZoneShape, read_geojson, to_geojson
from supervision.core.errors import ZoneInvalid
from tests.unit.geofence.features import SQUARE, feature, polygon


def test_a_point_with_a_radius_is_a_circle() -> None:
    drawing = read_geojson(feature("Point", [2.0, 48.0, 35.0], radius_m=500))
    assert (drawing.kind, drawing.buffer_m, drawing.notes) == (ZoneShape.CIRCLE, 500.0, [])
    assert drawing.geometry.equals(shapely.Point(2, 48))
    assert not drawing.geometry.has_z
    assert drawing.area_m2 == pytest.approx(math.pi * 500**2, rel=0.001)
    assert drawing.extent_m == 1000
    assert drawing.inradius_m == 500


def test_a_line_with_a_width_is_a_corridor() -> None:
    drawing = read_geojson(feature("LineString", [[0, 0], [0, 0], [0.005, 0]], width_m=40))
    assert (drawing.kind, drawing.buffer_m) == (ZoneShape.CORRIDOR, 20.0)
    assert drawing.geometry.wkt == "MULTILINESTRING ((0 0, 0.005 0))"
    assert drawing.area_m2 == pytest.approx(556.6 * 40 + math.pi * 20**2, rel=0.001)
    assert drawing.extent_m == pytest.approx(556.6 + 40, rel=0.001)
    assert drawing.inradius_m == 20


def test_a_polygon_has_its_area_and_extent_on_the_ground() -> None:
    drawing = read_geojson(polygon(SQUARE))
    width_m, height_m = 0.01 * 74_625, 0.01 * 111_202
    assert drawing.kind is ZoneShape.POLYGON
    assert drawing.notes == []
    assert drawing.area_m2 == pytest.approx(width_m * height_m, rel=0.001)
    assert drawing.extent_m == pytest.approx(math.hypot(width_m, height_m), rel=0.001)
    assert drawing.inradius_m == pytest.approx(width_m / 2, rel=0.01)


@pytest.mark.parametrize("length_deg", [0.001, 0.01, 0.1, 1.0])
def test_a_strip_is_as_wide_as_it_is_however_long(length_deg: float) -> None:
    ends = [[0.0, 0.0], [length_deg, length_deg], [length_deg, length_deg + 0.001], [0.0, 0.001]]
    drawing = read_geojson(polygon([*ends, ends[0]]))
    width_m = 110.8 * math.cos(math.atan2(110.57, 111.32))
    assert drawing.inradius_m <= width_m / 2 * 1.002
    if length_deg > 0.001:
        assert drawing.inradius_m == pytest.approx(width_m / 2, rel=0.02)


def test_the_largest_circle_lies_between_the_holes_and_in_one_part() -> None:
    hole = [[2.002, 48.002], [2.008, 48.002], [2.008, 48.008], [2.002, 48.008], [2.002, 48.002]]
    ring = read_geojson(polygon(SQUARE, hole))
    assert ring.inradius_m == pytest.approx(113.8, rel=0.01)  # in a corner of the frame
    apart = [[[lon + shift, lat] for lon, lat in SQUARE] for shift in (0.0, 0.5)]
    two = read_geojson(feature("MultiPolygon", [[run] for run in apart]))
    assert two.inradius_m == pytest.approx(0.01 * 74_625 / 2, rel=0.01)


def test_a_polygon_over_the_antimeridian_is_measured_whole() -> None:
    over = [[lon + 177.995 - 360 * (lon > 2), lat] for lon, lat in SQUARE]
    whole = read_geojson(polygon(over))
    assert whole.inradius_m == pytest.approx(read_geojson(polygon(SQUARE)).inradius_m, rel=0.01)


def test_wrapping_does_not_matter() -> None:
    whole = polygon(SQUARE)
    collection = {"type": "FeatureCollection", "features": [whole]}
    bare = whole["geometry"]
    assert read_geojson(whole) == read_geojson(collection) == read_geojson(bare)


def test_neither_first_corner_nor_direction_nor_repetition_matters() -> None:
    turned = [*SQUARE[2:], SQUARE[1], SQUARE[1], SQUARE[2]][::-1]
    one, other = read_geojson(polygon(turned)), read_geojson(polygon(SQUARE))
    assert one.geometry.equals_exact(other.geometry, 0)
    assert one.notes == []
    assert one.area_m2 == pytest.approx(other.area_m2)
    outer = shapely.get_parts(read_geojson(polygon(turned)).geometry)[0].exterior
    assert outer.is_ccw


def test_long_edges_are_cut_into_pieces_on_the_line_that_was_drawn() -> None:
    drawing = read_geojson(polygon([[10, 60], [10.5, 60], [10.5, 60.2], [10, 60]]))
    run = shapely.get_coordinates(drawing.geometry)
    east_m = np.diff(run[:, 0]) * 111_320 * np.cos(np.radians(run[:-1, 1]))
    assert max(map(math.hypot, east_m, np.diff(run[:, 1]) * 111_400)) < 1005
    assert len(run) > 60
    drawn = shapely.Polygon([(10, 60), (10.5, 60), (10.5, 60.2)]).exterior
    assert max(drawn.distance(shapely.Point(place)) for place in run) < 1e-12


def test_a_polygon_over_the_antimeridian_is_cut_there_however_it_was_drawn() -> None:
    jumping = polygon([[179.99, -17], [-179.99, -17], [-179.99, -16.99], [179.99, -16.99]])
    west = [[179.99, -17], [180, -17], [180, -16.99], [179.99, -16.99], [179.99, -17]]
    east = [[-180, -17], [-179.99, -17], [-179.99, -16.99], [-180, -16.99], [-180, -17]]
    halves = feature("MultiPolygon", [[west], [east]])
    one, two = read_geojson(jumping), read_geojson(halves)
    assert one.geometry.equals(two.geometry)
    assert one.geometry.is_valid
    assert [part.bounds for part in shapely.get_parts(one.geometry)] == [
        (179.99, -17, 180, -16.99),
        (-180, -17, pytest.approx(-179.99), -16.99),
    ]
    assert one.area_m2 == pytest.approx(0.02 * 106_466 * 0.01 * 110_667, rel=0.001)


def test_a_corridor_over_the_antimeridian_is_cut_there() -> None:
    drawing = read_geojson(feature("LineString", [[179.999, 10], [-179.999, 10]], width_m=50))
    assert [part.bounds for part in shapely.get_parts(drawing.geometry)] == [
        (179.999, 10, 180, 10),
        (-180, 10, pytest.approx(-179.999), 10),
    ]


def test_the_named_coordinate_system_may_be_ours() -> None:
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"):
        crs = {"type": "name", "properties": {"name": name}}
        assert read_geojson({**polygon(SQUARE), "crs": crs}) == read_geojson(polygon(SQUARE))


places = st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))
centres = st.tuples(st.one_of(st.floats(-180, 180), st.just(180.0)), st.floats(-84, 84))


def around(centre: tuple[float, float], offsets: list[tuple[float, float]]) -> list[list[float]]:
    return [
        [(centre[0] + east + 180) % 360 - 180, max(-85.0, min(85.0, centre[1] + north))]
        for east, north in offsets
    ]


def assert_fit_to_be_stored(drawing: Drawing) -> None:
    assert drawing.geometry.is_valid
    assert shapely.get_num_coordinates(drawing.geometry) <= 10_100
    west, south, east, north = drawing.geometry.bounds
    assert west >= -180
    assert east <= 180
    assert -85 <= south <= north <= 85


@settings(deadline=None)  # needles of 30 km take a tenth of a second
@given(centre=centres, offsets=st.lists(places, min_size=3, max_size=8))
def test_what_was_read_and_written_is_read_the_same_again(
    centre: tuple[float, float], offsets: list[tuple[float, float]]
) -> None:
    hull = shapely.MultiPoint(offsets).convex_hull
    run = shapely.get_coordinates(hull).tolist()
    try:
        drawing = read_geojson(polygon(around(centre, run)))
    except ZoneInvalid:
        return
    assert_fit_to_be_stored(drawing)
    written = json.loads(json.dumps(to_geojson(drawing.kind, drawing.geometry, drawing.buffer_m)))
    again = read_geojson(written)
    assert again.geometry.symmetric_difference(drawing.geometry).area < 1e-9 * drawing.geometry.area
    assert again.area_m2 == pytest.approx(drawing.area_m2, rel=1e-4, abs=drawing.extent_m / 20)


def test_circles_and_corridors_are_written_with_their_sizes() -> None:
    circle = feature("Point", [2.0, 48.0], radius_m=500.0)
    corridor = feature("LineString", [[2.0, 48.0], [2.01, 48.0]], width_m=50.0)
    for drawn in (circle, corridor):
        drawing = read_geojson(drawn)
        written = to_geojson(drawing.kind, drawing.geometry, drawing.buffer_m)
        assert json.loads(json.dumps(written)) == drawn

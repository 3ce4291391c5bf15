import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from geofence.drawing import shapes_of, to_shapes
from geofence.rules.shape import Shapes, concatenate
from supervision.core.errors import Broken

HOLED = shapely.Polygon([(0, 0), (3, 0), (3, 3), (0, 3)], [[(1, 1), (1, 2), (2, 2), (2, 1)]])
KINDS: list[BaseGeometry] = [
    shapely.Point(5, 6),
    shapely.LineString([(0, 0), (1, 0), (1, 1)]),
    shapely.MultiLineString([[(0, 0), (1, 0)], [(5, 5), (6, 6), (7, 7)]]),
    HOLED,
    shapely.MultiPolygon([HOLED, shapely.box(7, 7, 8, 8)]),
]


def assert_same(one: Shapes, other: Shapes) -> None:
    for name in Shapes.__slots__:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def edges_of(shapes: Shapes) -> list[tuple[float, ...]]:
    rows = zip(shapes.lon1, shapes.lat1, shapes.lon2, shapes.lat2, strict=True)
    return [tuple(map(float, row)) for row in rows]


def test_every_kind_becomes_its_edges() -> None:
    shapes = shapes_of(KINDS, [100, 20, 20, 0, 0])
    assert list(np.diff(shapes.edge_offset)) == [1, 2, 3, 8, 12]
    assert list(shapes.is_area) == [False, False, False, True, True]
    assert list(shapes.buffer_m) == [100, 20, 20, 0, 0]
    assert edges_of(shapes)[:3] == [(5, 6, 5, 6), (0, 0, 1, 0), (1, 0, 1, 1)]


def test_a_ring_comes_back_to_its_start_and_joins_no_other() -> None:
    found = edges_of(to_shapes(HOLED, 0))
    assert found[3] == (0, 3, 0, 0)
    assert found[4] == (1, 1, 1, 2)


@given(st.lists(st.sampled_from(range(len(KINDS))), max_size=8))
def test_many_at_once_are_each_one_in_turn(chosen: list[int]) -> None:
    geometries = [KINDS[number] for number in chosen]
    buffers = [float(number) for number in chosen]
    each = [to_shapes(geometry, size) for geometry, size in zip(geometries, buffers, strict=True)]
    assert_same(shapes_of(geometries, buffers), concatenate(each))


def test_the_cut_at_the_antimeridian_is_no_edge() -> None:
    halves = shapely.MultiPolygon([shapely.box(179, 0, 180, 1), shapely.box(-180, 0, -179, 1)])
    found = edges_of(to_shapes(halves, 0))
    assert len(found) == 6
    assert not any(abs(lon1) == abs(lon2) == 180 for lon1, _, lon2, _ in found)


def test_a_border_along_the_antimeridian_is_one() -> None:
    assert len(edges_of(to_shapes(shapely.box(-180, 0, -179, 1), 0))) == 4
    there_and_back = shapely.LineString([(180, 0), (180, 1), (180, 0)])
    assert len(edges_of(to_shapes(there_and_back, 20))) == 2


@pytest.mark.parametrize("empty", [shapely.Point(), shapely.MultiPolygon(), shapely.MultiPoint()])
def test_a_zone_without_ground_is_a_broken_promise(empty: BaseGeometry) -> None:
    with pytest.raises(Broken):
        shapes_of([KINDS[0], empty], [100, 0])

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geofence.drawing import Drawing, read_geojson
from supervision.core.errors import ZoneInvalid

Ring = list[list[float]]


def box(west: float, south: float, east: float, north: float) -> Ring:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


SQUARE = box(0, 0, 0.01, 0.01)


def polygon(*rings: Ring) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def multipolygon(*polygons: list[Ring]) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": list(polygons)}


def parts_of(drawing: Drawing) -> list[tuple[float, ...]]:
    return sorted(part.bounds for part in shapely.get_parts(drawing.geometry))


def refusal(data: dict[str, Any]) -> str:
    with pytest.raises(ZoneInvalid) as caught:
        read_geojson(data)
    return caught.value.message


def test_an_open_outline_is_closed_and_the_officer_is_told_how_far() -> None:
    drawing = read_geojson(polygon(SQUARE[:-1]))
    assert drawing.geometry.equals(shapely.box(0, 0, 0.01, 0.01))
    assert drawing.notes == [
        "Outlines that were not closed: 1; they are now, by straight lines of 1,106 m at most."
    ]


def test_a_part_without_ground_is_left_out() -> None:
    drawing = read_geojson(multipolygon([SQUARE], [[[0.1, 0.1], [0.1, 0.2], [0.1, 0.1]]]))
    assert parts_of(drawing) == [(0, 0, 0.01, 0.01)]
    assert "left out" in drawing.notes[0]


def test_a_part_drawn_twice_counts_once_without_a_word() -> None:
    assert read_geojson(multipolygon([SQUARE], [SQUARE])).notes == []


def test_a_spike_is_cut_off() -> None:
    spiked: Ring = [*SQUARE[:2], [0.02, 0], *SQUARE[1:]]
    drawing = read_geojson(polygon(spiked))
    assert parts_of(drawing) == [(0, 0, 0.01, 0.01)]
    assert drawing.notes == [
        "Outlines that touched or crossed themselves: 1; all ground within them is kept.",
        "The zone's area changed by less than 0.01 %.",
    ]


def test_an_outline_that_pinches_itself_off_becomes_two_parts() -> None:
    hourglass: Ring = [
        [0, 0],
        [0.01, 0.01],
        [0.02, 0],
        [0.02, 0.02],
        [0.01, 0.01],
        [0, 0.02],
        [0, 0],
    ]
    drawing = read_geojson(polygon(hourglass))
    assert parts_of(drawing) == [(0, 0, 0.01, 0.02), (0.01, 0, 0.02, 0.02)]
    assert drawing.notes[0].startswith("Outlines that touched")


def test_a_hole_outside_becomes_a_part_and_the_officer_is_told_how_much_larger_it_is() -> None:
    drawing = read_geojson(polygon(SQUARE, box(0.02, 0, 0.03, 0.005)))
    assert parts_of(drawing) == [(0, 0, 0.01, 0.01), (0.02, 0, 0.03, 0.005)]
    assert drawing.notes == [
        "Holes drawn outside the outline: 1; they are now parts of the zone.",
        "The repair changed the zone's area by +50.00 %.",
    ]


def test_a_hole_along_the_outline_is_cut_out_of_it() -> None:
    drawing = read_geojson(polygon(SQUARE, box(0, 0.002, 0.005, 0.005)))
    assert drawing.geometry.area == pytest.approx(0.0001 - 0.005 * 0.003)
    assert drawing.notes[0].startswith("Holes that touched")


def test_parts_side_by_side_are_joined() -> None:
    drawing = read_geojson(multipolygon([SQUARE], [box(0.01, 0, 0.02, 0.01)]))
    assert parts_of(drawing) == [(0, 0, 0.02, 0.01)]
    assert drawing.notes[0].startswith("Parts that touched")


def test_parts_that_overlap_by_a_hair_are_joined() -> None:
    drawing = read_geojson(multipolygon([SQUARE], [box(0.00999, 0, 0.02, 0.01)]))
    assert parts_of(drawing) == [(0, 0, 0.02, 0.01)]
    assert drawing.notes[-1] == "The repair changed the zone's area by -0.05 %."


@pytest.mark.parametrize(
    "crossed",
    [
        [[0, 0], [0.01, 0.01], [0.01, 0], [0, 0.01], [0, 0]],
        [[0, 0], [1e-5, 1e-5], [1e-5, 0], [0, 1e-5], [0, 0]],
        [[0.01, 0], [-0.008, 0.006], [0.003, -0.0095], [0.003, 0.0095], [-0.008, -0.006]],
        [*SQUARE, *SQUARE[1:]],
    ],
    ids=["bow tie", "tiny bow tie", "five-pointed star", "twice round"],
)
def test_an_outline_that_crosses_itself_for_good_is_refused(crossed: Ring) -> None:
    assert "in order around the zone" in refusal(polygon(crossed))


@pytest.mark.parametrize(
    "unclear",
    [
        multipolygon([SQUARE], [box(0.002, 0.002, 0.008, 0.008)]),
        multipolygon([SQUARE], [box(0, 0, 0.005, 0.005)]),
        multipolygon([SQUARE], [box(0.005, 0, 0.015, 0.01)]),
        multipolygon([box(0, 0, 0.1, 0.1)], [box(0.05, 0.05, 0.0502, 0.0502)]),
        polygon(SQUARE, box(0.005, 0.002, 0.015, 0.005)),
        polygon(SQUARE, box(0.002, 0.002, 0.006, 0.006), box(0.004, 0.004, 0.008, 0.008)),
    ],
    ids=["nested", "nested in a corner", "overlapping", "a house within a town",
         "hole over the edge", "holes overlapping"],
)  # fmt: skip
def test_ground_in_doubt_that_a_building_could_stand_in_is_refused(unclear: dict[str, Any]) -> None:
    assert "overlap or lie within one another" in refusal(unclear)


def test_a_hole_as_large_as_the_zone_leaves_nothing() -> None:
    assert "no ground" in refusal(polygon(SQUARE, SQUARE))
    assert "no ground" in refusal(polygon(SQUARE, box(-0.01, -0.01, 0.02, 0.02)))


def test_a_thousand_parts_on_top_of_each_other_are_refused_in_good_time() -> None:
    sliding = [[box(shift, 0, shift + 0.01, 0.01)] for shift in np.linspace(0, 1e-6, 1000)]
    assert "so often" in refusal(multipolygon(*sliding))


grid = st.integers(0, 6).map(lambda number: number / 500)
rings = st.lists(st.tuples(grid, grid).map(list), min_size=3, max_size=7)


@given(st.lists(st.lists(rings, min_size=1, max_size=3), min_size=1, max_size=3))
def test_whatever_is_accepted_is_valid_and_within_what_was_drawn(
    polygons: list[list[Ring]],
) -> None:
    try:
        drawing = read_geojson(multipolygon(*polygons))
    except ZoneInvalid:
        return
    assert drawing.geometry.is_valid
    assert not drawing.geometry.is_empty
    drawn = shapely.union_all(
        [shapely.MultiPoint(ring).convex_hull for part in polygons for ring in part]
    )
    assert drawn.buffer(1e-9).covers(drawing.geometry)

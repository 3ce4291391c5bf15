import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geofence.drawing import read_geojson
from supervision.core.errors import ZoneInvalid
from tests.unit.geofence.features import SQUARE, feature, polygon


def refusal(data: object) -> str:
    with pytest.raises(ZoneInvalid) as caught:
        read_geojson(data)
    return caught.value.message


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "Polygon",
        {},
        {"type": "Feature", "geometry": None},
        {"type": "Feature", "geometry": []},
        {"type": "Feature", "geometry": {"type": "Feature"}, "properties": {}},
        {"type": "FeatureCollection", "features": []},
        {"type": "FeatureCollection", "features": [polygon(SQUARE), polygon(SQUARE)]},
        {"type": "FeatureCollection", "features": [polygon(SQUARE)["geometry"]]},
        {"type": ["Point"], "coordinates": [1, 2]},
        {"type": "GeometryCollection", "geometries": []},
        feature("MultiPoint", [[1, 2]], radius_m=100),
        polygon(),
        polygon([]),
        polygon(SQUARE[0]),
        polygon("abc"),
        polygon([["2", "48"]] * 4),
        polygon([[True, False]] * 4),
        polygon([[2.0], [2.1], [2.2]]),
        polygon([[math.nan, 48], *SQUARE]),
        polygon([[math.inf, 48], *SQUARE]),
        polygon([[10**400, 48], *SQUARE]),
        polygon([[181, 48], *SQUARE]),
        polygon([[0, 86], [1, 86], [1, 86.5]]),
        polygon([[0, 0], [0.01, 0]]),
        polygon([[0, 0], [0.01, 0.01], [0.02, 0.02], [0, 0]]),
        polygon([[0, 0], [1e-6, 0], [0, 1e-6]]),
        polygon([[0, 0], [0, 0]], SQUARE),
        feature("LineString", [[1, 1], [1, 1]], width_m=50),
        feature("LineString", [[1, 1]], width_m=50),
        {**polygon(SQUARE), "crs": {"type": "name", "properties": {"name": "EPSG:3857"}}},
        {**polygon(SQUARE), "properties": "none"},
    ],
)
def test_what_is_no_zone_is_refused_in_a_sentence(data: object) -> None:
    message = refusal(data)
    assert message.endswith((".", "?"))
    assert len(message) < 200


@pytest.mark.parametrize("radius_m", [None, 0, -5, 9.9, 50_001, math.nan, math.inf, "100", True])
def test_a_circle_without_a_sensible_radius_is_refused(radius_m: object) -> None:
    assert "radius_m" in refusal(feature("Point", [2, 48], radius_m=radius_m))


@pytest.mark.parametrize("width_m", [None, 0, -5, 9.9, 10_001, math.nan, [20]])
def test_a_corridor_without_a_sensible_width_is_refused(width_m: object) -> None:
    assert "width_m" in refusal(feature("LineString", [[2, 48], [2.01, 48]], width_m=width_m))


def test_swapped_coordinates_are_named_only_where_they_cannot_be_right() -> None:
    assert "swapped" in refusal(polygon([[48.0, 120.0], [48.1, 120.0], [48.1, 120.1]]))
    assert "swapped" not in refusal(polygon([[200.0, 48.0], [200.1, 48.0], [200.1, 48.1]]))


def test_a_refusal_never_tells_where() -> None:
    bow = [[2.123456, 48.765432], [2.133456, 48.775432], [2.133456, 48.765432], [2.123456, 48.775]]
    assert not any(part in refusal(polygon(bow)) for part in ("2.1", "48.7", "123456"))
    assert "123456" not in refusal(feature("Point", [2.123456, 95.123456], radius_m=100))


def test_what_is_wider_than_200_km_is_refused() -> None:
    wide = "wider than 200 km"
    assert wide in refusal(polygon([[-90, -45], [90, -45], [90, 45], [-90, 45]]))
    assert wide in refusal(feature("MultiPolygon", [[SQUARE], [[[5, 48], [5.1, 48], [5, 48.1]]]]))
    assert wide in refusal(polygon([[0, 0], [1.3, 0], [1.3, 1.3], [0, 1.3]]))
    assert read_geojson(polygon([[0, 0], [1.2, 0], [1.2, 1.2], [0, 1.2]])).extent_m < 200_000


def test_more_than_ten_thousand_points_are_refused() -> None:
    angle = np.linspace(0, 2 * np.pi, 10_000, endpoint=False)
    ring = np.column_stack([0.01 * np.cos(angle), 0.01 * np.sin(angle)]).tolist()
    assert read_geojson(polygon([*ring[1:], ring[1]])).notes == []
    assert "10,000 points" in refusal(polygon([*ring, ring[0]]))
    assert "10,000 points" in refusal(feature("MultiPolygon", [[SQUARE]] * 20_000))
    long = [[0.0001 * step, 0.5 * (step % 2)] for step in range(250)]
    assert "10,000 points" in refusal(feature("LineString", long, width_m=20))


def test_depth_does_no_harm() -> None:
    deep: list[Any] = [1]
    for _ in range(100_000):
        deep = [deep]
    assert refusal(polygon(deep))
    assert refusal({"type": "FeatureCollection", "features": deep})


def test_a_scribble_of_ten_thousand_edges_is_refused_in_good_time() -> None:
    scribble = np.random.default_rng(3).uniform(0, 0.01, (9_999, 2)).tolist()
    assert "so often" in refusal(polygon(scribble))


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "coordinates", "geometry", "properties", "features", "radius_m"]
            ),
            inner | st.sampled_from(["Feature", "Polygon", "MultiPolygon", "Point", "LineString"]),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values, st.sampled_from(["Polygon", "MultiPolygon", "Point", "LineString"]))
def test_anything_else_is_refused_and_nothing_crashes(value: object, kind: str) -> None:
    for data in (value, feature(kind, value, radius_m=50, width_m=50)):
        try:
            assert read_geojson(data).area_m2 > 0
        except ZoneInvalid as refused:
            assert refused.message  # noqa: PT017 - either outcome is right, a crash is not

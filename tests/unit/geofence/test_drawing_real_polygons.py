"""Sixty published polygons that break the rules in the five ways that real files break them."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely import MultiPolygon, Polygon

from geofence.drawing import read_geojson
from supervision.core.errors import ZoneInvalid

REAL = Path(__file__).parents[3].parent / "shared/data/zones/invalid_real_polygons.geojson"
NOT_HERE = "the real polygons are not beside this checkout"
REFUSED = {
    "Huntridge", "Michael Way", "North Cheyenne", "Kyle Canyon", "Lone Mountain", "Twin Lakes",
    "West Las Vegas", "Centennial Hills", "Pleasant Valley", "Maplewood-Ashcreek", "Hazelwood",
    "North",  # an enclave given as a part of its own: hole or ground?
    "Ardmore", "Shawnee", "Sacramento", "Solano",  # overlaps of 41 m and more
    "Glória", "Santa Clara",  # loops of 23 m and more
    "Gyeongsangbuk-do", "Las Palmas",  # over 200 km
    "Woollahra",  # no ground at all
}  # fmt: skip


def real_features() -> list[Any]:
    if not REAL.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason=NOT_HERE), id="absent")]
    features = json.loads(REAL.read_text(encoding="utf-8"))["features"]
    return [pytest.param(feature, id=feature["properties"]["name"]) for feature in features]


def assert_simple_features(ground: MultiPolygon) -> None:
    """The rules of OGC Simple Features 6.1.11 and 6.1.14, which PostGIS holds polygons to."""
    for polygon in ground.geoms:
        for ring in shapely.get_rings(polygon):
            assert ring.is_closed
            assert ring.is_simple
            assert len(ring.coords) >= 4
        shell = Polygon(polygon.exterior)
        holes = [Polygon(ring) for ring in polygon.interiors]
        assert polygon.exterior.is_ccw
        assert not any(hole.exterior.is_ccw for hole in holes)
        assert all(shell.covers(hole) for hole in holes)
        assert all(shell.exterior.intersection(hole.exterior).length == 0 for hole in holes)
        assert not any(one.relate_pattern(two, "T********") for one, two in combinations(holes, 2))
    for one, two in combinations(ground.geoms, 2):
        assert one.disjoint(two) or one.intersection(two).length == 0


@pytest.mark.parametrize("feature", real_features())
def test_a_real_polygon_is_repaired_with_a_note_or_refused_with_a_reason(
    feature: dict[str, Any],
) -> None:
    name = feature["properties"]["name"]
    if name in REFUSED:
        with pytest.raises(ZoneInvalid, match=r"\w+ .*\.$"):
            read_geojson(feature)
        return
    drawing = read_geojson(feature)
    assert drawing.notes
    assert drawing.geometry.is_valid
    assert isinstance(drawing.geometry, MultiPolygon)
    assert_simple_features(drawing.geometry)


@pytest.mark.skipif(not REAL.exists(), reason=NOT_HERE)
def test_repair_keeps_the_ground_of_real_polygons() -> None:
    """Against PostGIS's own default repair, by area, where no hole became a part."""
    for feature in json.loads(REAL.read_text(encoding="utf-8"))["features"]:
        if feature["properties"]["name"] in REFUSED:
            continue
        geometry = read_geojson(feature).geometry
        other = shapely.make_valid(shapely.geometry.shape(feature["geometry"]))
        assert geometry.symmetric_difference(other).area < 0.006 * geometry.area

"""Our distances against PostGIS geography, which measures on the same ellipsoid by other means.

Edge by edge: of several edges PostGIS picks the nearest on a sphere and measures only that one on
the ellipsoid, which may be 0.5 % too far where two edges compete. The nearest point of an edge it
seeks on the sphere too, which costs up to 0.005 % of the distance to the edge.
"""

import math
from itertools import pairwise

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2 import extensions
from shapely.geometry.base import BaseGeometry

from geofence.drawing import Drawing, ZoneShape, read_geojson, to_shapes
from geofence.rules.shape import signed_distance_m
from supervision.core.fixes import Floats

SHARE, FLOOR_M = 0.001, 0.05
FOOT_SHARE = 0.00005
M_PER_DEG = 111_320.0
SEAM_DEG = 180.0

Place = tuple[float, float]

SIGNED_DISTANCES = """
    WITH edge AS (SELECT (ST_Dump(ST_GeomFromWKB(%(edges)s, 4326))).geom::geography AS line)
    SELECT (SELECT min(ST_Distance(line, point)) FROM edge)
         * CASE WHEN %(is_area)s AND ST_Covers(ST_GeogFromWKB(%(ground)s), point) THEN -1 ELSE 1 END
         - %(buffer_m)s
      FROM unnest(%(lon)s, %(lat)s) WITH ORDINALITY AS fix (lon, lat, place),
           LATERAL (SELECT ST_MakePoint(lon, lat)::geography AS point) AS made
     ORDER BY place
"""

centres = st.tuples(
    st.one_of(st.floats(-180, 180), st.floats(179.8, 180), st.floats(-180, -179.8)),
    st.floats(-79, 79),
)
bearings = st.floats(0, 2 * math.pi)
reaches_m = st.floats(math.log(80), math.log(20_000)).map(math.exp)
steps_m = st.floats(math.log(1), math.log(50_000)).map(math.exp)
walks = st.lists(st.tuples(bearings, steps_m), min_size=10, max_size=15)
routes = st.lists(st.tuples(bearings, reaches_m), min_size=1, max_size=12)
stars = st.lists(st.floats(0.5, 1), min_size=3, max_size=30)


def moved(place: Place, bearing: float, distance_m: float) -> Place:
    lon, lat = place
    east = distance_m * math.sin(bearing) / M_PER_DEG / math.cos(math.radians(lat))
    north = distance_m * math.cos(bearing) / M_PER_DEG
    return (lon + east + 180) % 360 - 180, lat + north


def star(centre: Place, reach_m: float, shares: list[float]) -> list[Place]:
    turn = 2 * math.pi / len(shares)
    ring = [moved(centre, -number * turn, share * reach_m) for number, share in enumerate(shares)]
    return [*ring, ring[0]]


def with_hole(centre: Place, reach_m: float, shares: list[float]) -> list[list[Place]]:
    return [star(centre, reach_m, shares), star(centre, reach_m / 5, shares)]


def feature(kind: str, coordinates: object, **properties: float) -> Drawing:
    geometry = {"type": kind, "coordinates": coordinates}
    return read_geojson({"type": "Feature", "properties": properties, "geometry": geometry})


def edges(drawing: Drawing) -> BaseGeometry:
    """What is measured to, one line each, without the cut along the antimeridian."""
    if drawing.kind is ZoneShape.CIRCLE:
        return drawing.geometry
    is_area = drawing.kind is ZoneShape.POLYGON
    parts = shapely.get_parts(drawing.geometry)
    runs = [
        shapely.get_coordinates(run) for run in (shapely.get_rings(parts) if is_area else parts)
    ]
    sides = [side for run in runs for side in pairwise(map(tuple, run))]
    kept = [(a, b) for a, b in sides if not (is_area and abs(a[0]) == abs(b[0]) == SEAM_DEG)]
    return shapely.MultiLineString(kept)


def according_to_postgis(
    postgis: extensions.connection, drawing: Drawing, lon: Floats, lat: Floats
) -> Floats:
    with postgis.cursor() as cursor:
        cursor.execute(
            SIGNED_DISTANCES,
            {
                "edges": shapely.to_wkb(edges(drawing)),
                "ground": shapely.to_wkb(drawing.geometry),
                "is_area": drawing.kind is ZoneShape.POLYGON,
                "buffer_m": drawing.buffer_m,
                "lon": lon.tolist(),
                "lat": lat.tolist(),
            },
        )
        return np.array(cursor.fetchall(), np.float64)[:, 0]


def assert_agrees(
    postgis: extensions.connection, drawing: Drawing, centre: Place, walk: list[tuple[float, float]]
) -> None:
    lon, lat = np.array([moved(centre, bearing, step_m) for bearing, step_m in walk]).T
    shapes = to_shapes(drawing.geometry, drawing.buffer_m)
    ours = signed_distance_m(shapes, np.zeros(len(lon), np.int64), lon, lat)
    theirs = according_to_postgis(postgis, drawing, lon, lat)
    near = np.abs(theirs) <= 50_000
    slack_m = FLOOR_M + FOOT_SHARE * drawing.buffer_m
    np.testing.assert_allclose(ours[near], theirs[near], rtol=SHARE, atol=slack_m)


@given(centre=centres, radius_m=st.floats(10, 50_000), walk=walks)
@settings(max_examples=100, deadline=None)
def test_circles_are_measured_as_postgis_measures_them(
    postgis: extensions.connection, centre: Place, radius_m: float, walk: list[tuple[float, float]]
) -> None:
    assert_agrees(postgis, feature("Point", centre, radius_m=radius_m), centre, walk)


@given(centre=centres, reach_m=reaches_m, shares=stars, walk=walks)
@settings(max_examples=100, deadline=None)
def test_polygons_with_holes_are_measured_as_postgis_measures_them(
    postgis: extensions.connection,
    centre: Place,
    reach_m: float,
    shares: list[float],
    walk: list[tuple[float, float]],
) -> None:
    drawing = feature("Polygon", with_hole(centre, reach_m, shares))
    assert_agrees(postgis, drawing, centre, walk)


@given(centre=centres, reach_m=reaches_m, shares=stars, walk=walks)
@settings(max_examples=100, deadline=None)
def test_multipolygons_are_measured_as_postgis_measures_them(
    postgis: extensions.connection,
    centre: Place,
    reach_m: float,
    shares: list[float],
    walk: list[tuple[float, float]],
) -> None:
    beside = moved(centre, math.pi / 2, 2.5 * reach_m)
    parts = [with_hole(centre, reach_m, shares), with_hole(beside, reach_m, shares)]
    assert_agrees(postgis, feature("MultiPolygon", parts), centre, walk)


@given(centre=centres, width_m=st.floats(10, 10_000), route=routes, walk=walks)
@settings(max_examples=100, deadline=None)
def test_corridors_are_measured_as_postgis_measures_them(
    postgis: extensions.connection,
    centre: Place,
    width_m: float,
    route: list[tuple[float, float]],
    walk: list[tuple[float, float]],
) -> None:
    line = [centre, *(moved(centre, bearing, step_m) for bearing, step_m in route)]
    assert_agrees(postgis, feature("LineString", line, width_m=width_m), centre, walk)

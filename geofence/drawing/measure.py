"""How large a drawing is, and how long its edges are, on the ground."""

from typing import TypeVar, cast

import numpy as np
import shapely
from shapely import MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geofence.rules.shape import local_m
from supervision.core.fixes import Floats, Ints

LONGEST_EDGE_M = 1_000.0
PIECE_M = 900.0
NEGLIGIBLE_SHARE = 1e-4
INRADIUS_SHARE = 0.01
# How finely GEOS looks unless told, of a drawing's width or height.
DEFAULT_SHARE = 0.001

Drawn = TypeVar("Drawn", MultiPolygon, MultiLineString)


def lengths_m(run: Floats) -> Floats:
    """The length on the ground of each edge of rows of longitude and latitude."""
    lon, lat = run.T
    east, north, up = local_m(lon[1:], lat[1:], lon[:-1], lat[:-1])
    return np.sqrt(east * east + north * north + up * up)


def densified(geometry: Drawn) -> Drawn:
    """The same drawing with no edge longer than a kilometre, to be judged as it was drawn.

    An edge is straight in longitude and latitude (RFC 7946, section 3.1.1), as a map shows it;
    PostGIS and the engine take the shortest way, which bulges by the square of its length
    (8 m on 20 km at 45 degrees). Pieces of a kilometre differ by 2 cm there, 11 cm at 80.

    Args:
        geometry: Multipart, in degrees, not cut at the antimeridian.
    """
    if isinstance(geometry, MultiPolygon):
        return MultiPolygon([_dense_polygon(polygon) for polygon in geometry.geoms])
    return MultiLineString([_dense(shapely.get_coordinates(line)) for line in geometry.geoms])


def in_plane(geometry: BaseGeometry) -> BaseGeometry:
    """The same geometry in metres around its middle, areas true, lengths to 0.01 % in 200 km.

    Source: Lambert's azimuthal equal-area projection (Snyder, Map Projections: A Working
    Manual, 1987, chapter 24): the chord's length, laid down in the chord's direction.
    """
    west, south, east, north = geometry.bounds
    middle = np.array([(west + east) / 2]), np.array([(south + north) / 2])

    def project(run: Floats) -> Floats:
        right, ahead, up = local_m(run[:, 0], run[:, 1], *middle)
        level = np.maximum(right * right + ahead * ahead, 1e-9)
        return np.column_stack([right, ahead]) * np.sqrt(1 + up * up / level)[:, None]

    projected: BaseGeometry = shapely.transform(geometry, project)
    return projected


def area_m2(geometry: BaseGeometry, buffer_m: float) -> float:
    """The ground that a drawing covers, buffer included; not cut at the antimeridian."""
    plane = in_plane(geometry)
    return float(plane.buffer(buffer_m, quad_segs=64).area if buffer_m else plane.area)


def extent_m(geometry: BaseGeometry, buffer_m: float) -> float:
    """The width of the smallest circle around a drawing, to 0.1 %; not cut at the antimeridian.

    Without the corners that hardly change it: a round outline of ten thousand takes a second.
    """
    hull = in_plane(geometry).convex_hull
    west, south, east, north = hull.bounds
    plain = hull.simplify(max(east - west, north - south) * NEGLIGIBLE_SHARE)
    return 2 * float(shapely.minimum_bounding_radius(plain)) + 2 * buffer_m


def inradius_m(ground: MultiPolygon) -> float:
    """The radius of the largest circle inside, to 1 %; not cut at the antimeridian.

    Of an outline hundreds of times longer than wide it may be a tenth too small, never too large.
    Looked for twice there: how fine to look depends on the answer, and time is bounded.
    """
    plane = cast("MultiPolygon", in_plane(ground))
    west, south, east, north = plane.bounds
    rough_m = float(shapely.length(shapely.maximum_inscribed_circle(plane)))
    if max(east - west, north - south) * DEFAULT_SHARE <= rough_m * INRADIUS_SHARE:
        return rough_m
    line = shapely.maximum_inscribed_circle(plane, rough_m * INRADIUS_SHARE)
    return max(rough_m, float(shapely.length(line)))


def _dense_polygon(polygon: Polygon) -> Polygon:
    """`densified` for one polygon."""
    outer, *holes = (_dense(shapely.get_coordinates(ring)) for ring in shapely.get_rings(polygon))
    return Polygon(outer, holes)


def _dense(run: Floats) -> Floats:
    """The rows with points put in wherever two are more than a kilometre apart."""
    length = lengths_m(run)
    pieces: Ints = np.where(length > LONGEST_EDGE_M, np.ceil(length / PIECE_M), 1).astype(np.int64)
    edge = np.repeat(np.arange(len(pieces)), pieces)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = (step / pieces[edge])[:, None]
    return np.vstack([run[edge] + share * (run[edge + 1] - run[edge]), run[-1:]])

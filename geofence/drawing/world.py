"""Zones on the antimeridian: whole while they are worked on, cut in two to be kept."""

from typing import TypeVar

import numpy as np
import shapely
from shapely import GeometryCollection, LineString, MultiLineString, MultiPolygon, Polygon
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from supervision.core.fixes import Floats

ROUND_DEG = 360.0
EDGE_DEG = 180.0
SNAP_DEG = 1e-9
DEEPEST_NESTING = 3

Simple = TypeVar("Simple", Polygon, LineString)


def together(parts: list[list[Floats]]) -> list[list[Floats]]:
    """The same positions with longitudes that do not jump, so that they may pass 180 degrees.

    Each is brought within half a turn of the first one.
    """
    reference = parts[0][0][0, 0]
    return [[_near(run, reference) for run in part] for part in parts]


def cut(geometry: BaseGeometry) -> BaseGeometry:
    """The same ground within [-180, 180], cut at the antimeridian (RFC 7946, section 3.1.9).

    Args:
        geometry: MultiPolygon or MultiLineString with longitudes in (-540, 540).
    """
    west, _, east, _ = geometry.bounds
    if west >= -EDGE_DEG and east <= EDGE_DEG:
        return geometry
    pieces = GeometryCollection([_piece(geometry, turn) for turn in (-ROUND_DEG, 0.0, ROUND_DEG)])
    if isinstance(geometry, MultiPolygon):
        return solid(simple_parts(pieces, Polygon))
    return MultiLineString(simple_parts(pieces, LineString))


def solid(polygons: list[Polygon]) -> MultiPolygon:
    """The ground of all of these together: outer rings are ground, holes are not."""
    whole = shapely.make_valid(MultiPolygon(polygons), method="structure", keep_collapsed=False)
    return MultiPolygon(simple_parts(whole, Polygon))


def simple_parts(geometry: BaseGeometry, kind: type[Simple]) -> list[Simple]:
    """The polygons, or the lines, of any geometry, without what else it collected."""
    parts = np.array([geometry], dtype=object)
    for _ in range(DEEPEST_NESTING):
        parts = shapely.get_parts(parts)
    return [part for part in parts if isinstance(part, kind) and not part.is_empty]


def _piece(geometry: BaseGeometry, turn: float) -> BaseGeometry:
    """What of the geometry lies in one turn of the world, moved home."""
    world = shapely.box(turn - EDGE_DEG, -EDGE_DEG, turn + EDGE_DEG, EDGE_DEG)
    return shapely.transform(translate(geometry.intersection(world), -turn), _snapped)


def _near(run: Floats, reference: float) -> Floats:
    """The rows, shifted by whole turns, so that numbers which need none keep their last bit."""
    turns = np.round((run[:, 0] - reference) / ROUND_DEG)
    return _snapped(np.column_stack([run[:, 0] - ROUND_DEG * turns, run[:, 1]]))


def _snapped(run: Floats) -> Floats:
    """The rows, with what lies a hair beside the antimeridian put onto it."""
    lon, lat = run.T
    is_beside = np.abs(np.abs(lon) - EDGE_DEG) < SNAP_DEG
    return np.column_stack([np.where(is_beside, np.copysign(EDGE_DEG, lon), lon), lat])

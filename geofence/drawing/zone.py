"""A zone as an officer drew it: read from GeoJSON, made fit to be judged, and written back."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import MultiLineString, MultiPolygon, Point
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geofence.drawing.measure import area_m2, densified, extent_m, inradius_m
from geofence.drawing.parse import MAX_POINTS, Outline, ZoneShape, parse, too_many_points
from geofence.drawing.repair import LEAST_AREA_M2, repaired
from geofence.drawing.world import cut, solid, together
from geofence.rules.shape import local_m
from supervision.core.errors import ZoneInvalid
from supervision.core.fixes import Floats

MOST_EXTENT_M = 200_000.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A zone's ground, ready to be stored and judged.

    Attributes:
        kind: How it was drawn.
        geometry: Point, MultiLineString or MultiPolygon; WGS 84 longitude and latitude, valid,
            cut at the antimeridian, outer rings anticlockwise (RFC 7946), no edge over 1 km.
        buffer_m: The circle's radius, half the corridor's width, or 0.
        notes: What was repaired, in sentences for the pretrial officer; mostly none.
        area_m2: The ground it covers, buffer included, to 0.1 %.
        extent_m: The width of the smallest circle around it.
        inradius_m: The radius of the largest circle inside it (see `measure.inradius_m`).
    """

    kind: ZoneShape
    geometry: BaseGeometry
    buffer_m: float
    notes: list[str]
    area_m2: float
    extent_m: float
    inradius_m: float


def read_geojson(data: object) -> Drawing:
    """Turn what an officer drew into what the engine can judge.

    A Point with the property `radius_m` is a circle, a (Multi)LineString with `width_m` a
    corridor, a (Multi)Polygon a polygon; each as a Feature or alone in a FeatureCollection, the
    last also bare. Heights are dropped. Reading what `to_geojson` wrote changes nothing more.

    Args:
        data: As a JSON parser gives it.

    Raises:
        ZoneInvalid: In one sentence without coordinates: what is wrong, or what was unclear.
    """
    outline = parse(data)
    parts = together(outline.parts)
    _refuse_scattered(np.concatenate([run for part in parts for run in part]))
    whole, notes = _whole(outline, parts)
    if shapely.get_num_coordinates(whole) > MAX_POINTS:
        raise too_many_points()
    extent = extent_m(whole, outline.buffer_m)
    area = area_m2(whole, outline.buffer_m)
    if extent > MOST_EXTENT_M:
        raise _too_large()
    if area < LEAST_AREA_M2:
        raise ZoneInvalid("The outline encloses no ground.")
    inner = inradius_m(whole) if isinstance(whole, MultiPolygon) else outline.buffer_m
    return Drawing(outline.kind, _kept(whole), outline.buffer_m, notes, area, extent, inner)


def to_geojson(kind: ZoneShape, geometry: BaseGeometry, buffer_m: float) -> dict[str, Any]:
    """The Feature that `read_geojson` would read as this zone; a single part stands alone."""
    parts = shapely.get_parts(geometry)
    drawn = parts[0] if len(parts) == 1 else geometry
    properties = {
        ZoneShape.CIRCLE: {"radius_m": buffer_m},
        ZoneShape.CORRIDOR: {"width_m": 2 * buffer_m},
        ZoneShape.POLYGON: {},
    }[kind]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": mapping(drawn),
    }


def _whole(outline: Outline, parts: list[list[Floats]]) -> tuple[BaseGeometry, list[str]]:
    """The valid, dense geometry before it is cut at the antimeridian, and what was repaired."""
    if outline.kind is ZoneShape.CIRCLE:
        return Point(parts[0][0][0]), []
    if outline.kind is ZoneShape.CORRIDOR:
        return densified(MultiLineString([_moving(line) for (line,) in parts])), []
    ground, notes = repaired(parts)
    return _valid(densified(ground)), notes


def _moving(line: Floats) -> Floats:
    """The line without points drawn twice."""
    kept: Floats = line[np.insert((line[1:] != line[:-1]).any(axis=1), 0, True)]
    if len(kept) == 1:
        raise ZoneInvalid("A line of the corridor has no length.")
    return kept


def _valid(ground: MultiPolygon) -> MultiPolygon:
    """The same ground where points put in moved an edge by a hair over one that it touched."""
    return ground if ground.is_valid else solid(list(ground.geoms))


def _kept(whole: BaseGeometry) -> BaseGeometry:
    """The form to be stored: cut at the antimeridian, and polygons in one order and direction."""
    pieces = whole if isinstance(whole, Point) else cut(whole)
    if not isinstance(pieces, MultiPolygon):
        return pieces
    ordered: BaseGeometry = shapely.orient_polygons(shapely.normalize(pieces))
    return ordered


def _refuse_scattered(positions: Floats) -> None:
    """Refuse positions too far from the first, before anything is built from them."""
    lon, lat = positions.T
    east, north, up = local_m(lon, lat, lon[:1], lat[:1])
    if (east * east + north * north + up * up).max() > MOST_EXTENT_M**2:
        raise _too_large()


def _too_large() -> ZoneInvalid:
    """The refusal of a zone that no order can mean."""
    return ZoneInvalid(f"The zone is wider than {MOST_EXTENT_M / 1000:.0f} km; draw a smaller one.")

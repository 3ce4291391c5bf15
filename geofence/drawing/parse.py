"""What an officer drew, read from GeoJSON (RFC 7946) with every doubt refused in one sentence."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeGuard

import numpy as np

from supervision.core.errors import ZoneInvalid
from supervision.core.fixes import Floats

MAX_POINTS = 10_000
LON_LAT = 2
MOST_LON_DEG = 180
MOST_LAT_DEG = 90
ZONE_LAT_DEG = 85
RADIUS_M = (10.0, 50_000.0)
WIDTH_M = (10.0, 10_000.0)


class ZoneShape(StrEnum):
    """How a zone is drawn; several polygons together are still a polygon."""

    CIRCLE = "circle"
    POLYGON = "polygon"
    CORRIDOR = "corridor"


@dataclass(frozen=True, slots=True)
class Outline:
    """What was drawn, believed number by number but not yet as a whole.

    Attributes:
        kind: What it is meant as.
        parts: For each part its rings (polygon: outer ring first), its line (corridor) or its
            point (circle), each an array of rows of longitude and latitude.
        buffer_m: Radius, half the corridor's width, or 0.
    """

    kind: ZoneShape
    parts: list[list[Floats]]
    buffer_m: float


KINDS = {
    "Point": ZoneShape.CIRCLE,
    "LineString": ZoneShape.CORRIDOR,
    "MultiLineString": ZoneShape.CORRIDOR,
    "Polygon": ZoneShape.POLYGON,
    "MultiPolygon": ZoneShape.POLYGON,
}


def parse(data: object) -> Outline:
    """Read a Feature, a bare geometry, or a FeatureCollection of exactly one Feature.

    Args:
        data: As a JSON parser gives it. No depth or size of it does harm.

    Raises:
        ZoneInvalid: In one sentence that names no coordinates.
    """
    geometry, properties = _unpacked(data)
    name = geometry.get("type")
    if not isinstance(name, str) or name not in KINDS:
        raise ZoneInvalid("A zone must be a point with a radius, a line with a width or a polygon.")
    buffer_m = _buffer_m(KINDS[name], properties)
    parts = _parts(name, geometry.get("coordinates"))
    if sum(len(run) for part in parts for run in part) > MAX_POINTS:
        raise too_many_points()
    return Outline(KINDS[name], [[_positions(run) for run in part] for part in parts], buffer_m)


def too_many_points() -> ZoneInvalid:
    """The refusal of a drawing that is too long to be judged."""
    return ZoneInvalid(
        f"The drawing has more than {MAX_POINTS:,} points (an edge counts once for every "
        "kilometre of it); simplify it or split it into several zones."
    )


def _unpacked(data: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """The geometry and the properties, from any of the three wrappings."""
    outer = _object(data)
    _refuse_other_datum(outer)
    if outer.get("type") == "FeatureCollection":
        features = outer.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise ZoneInvalid("A collection must hold exactly one feature: draw one zone a time.")
        outer = _object(features[0])
        if outer.get("type") != "Feature":
            raise ZoneInvalid("The collection holds something that is not a GeoJSON feature.")
    if outer.get("type") != "Feature":
        return outer, {}
    if outer.get("geometry") is None:
        raise ZoneInvalid("Nothing is drawn: the feature has no geometry.")
    return _object(outer["geometry"]), _object(outer.get("properties") or {})


def _object(data: object) -> dict[str, Any]:
    """The same, known to be a JSON object."""
    if not isinstance(data, dict):
        raise ZoneInvalid("This is not GeoJSON: an object was expected.")
    return data


def _refuse_other_datum(outer: dict[str, Any]) -> None:
    """Older GeoJSON could name another coordinate system, whose numbers mean other places."""
    crs = outer.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not name.upper().endswith(("CRS84", "EPSG:4326", "EPSG::4326")):
        raise ZoneInvalid("The coordinates must be WGS 84 longitude and latitude.")


def _buffer_m(kind: ZoneShape, properties: dict[str, Any]) -> float:
    """Radius or half width, within what makes sense for a zone."""
    if kind is ZoneShape.POLYGON:
        return 0.0
    is_circle = kind is ZoneShape.CIRCLE
    name, (least, most) = ("radius_m", RADIUS_M) if is_circle else ("width_m", WIDTH_M)
    value = properties.get(name)
    if not _is_number(value) or not least <= value <= most:
        raise ZoneInvalid(
            f"A {kind.value} needs the property {name}, "
            f"a number of metres from {least:,.0f} to {most:,.0f}."
        )
    return float(value) if is_circle else float(value) / 2


def _is_number(value: object) -> TypeGuard[float]:
    """Whether it is a JSON number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _parts(name: str, raw: object) -> list[list[list[Any]]]:
    """Parts of runs of positions, however deep this kind of geometry nests them."""
    if name == "Point":
        return [[[raw]]]
    if name == "LineString":
        return [[_filled(raw)]]
    if name == "MultiLineString":
        return [[_filled(line)] for line in _filled(raw)]
    polygons = [raw] if name == "Polygon" else _filled(raw)
    return [[_filled(ring) for ring in _filled(polygon)] for polygon in polygons]


def _filled(raw: object) -> list[Any]:
    """The same, known to be a list that is neither empty nor too long."""
    if not isinstance(raw, list | tuple):
        raise ZoneInvalid("The coordinates are not nested as GeoJSON nests them.")
    if not raw:
        raise ZoneInvalid("Nothing is drawn: a list of coordinates is empty.")
    if len(raw) > MAX_POINTS:
        raise too_many_points()
    return list(raw)


def _positions(run: list[Any]) -> Floats:
    """Rows of longitude and latitude; heights are dropped."""
    for position in run:
        _check(position)
    return np.array([position[:LON_LAT] for position in run], np.float64)


def _check(position: object) -> None:
    """Refuse what is no position on earth, or none where a zone can be."""
    if not isinstance(position, list | tuple) or len(position) < LON_LAT:
        raise ZoneInvalid("A position must be a longitude and a latitude.")
    lon, lat = position[:LON_LAT]
    if not _is_number(lon) or not _is_number(lat):
        raise ZoneInvalid("A coordinate is not a number.")
    if abs(lon) <= MOST_LAT_DEG < abs(lat) <= MOST_LON_DEG:
        raise ZoneInvalid("A latitude is beyond 90 degrees: are latitude and longitude swapped?")
    if not (abs(lon) <= MOST_LON_DEG and abs(lat) <= MOST_LAT_DEG):
        raise ZoneInvalid("A coordinate is not on the earth: longitude first, both in degrees.")
    if abs(lat) > ZONE_LAT_DEG:
        raise ZoneInvalid("A zone cannot be judged so close to a pole.")

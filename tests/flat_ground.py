"""The ground around a zone laid flat: geodesics by Vincenty, the zone by shapely.

Shares no code with the engine, which measures chords of the ellipsoid.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

SEMI_MAJOR_M, FLATTENING = 6_378_137.0, 1 / 298.257223563
SEMI_MINOR_M = SEMI_MAJOR_M * (1 - FLATTENING)

Floats = npt.NDArray[np.float64]


@dataclass
class FlatZone:
    """A zone on a plane of metres around its middle (azimuthal, equidistant)."""

    feature: dict[str, Any]
    geometry: BaseGeometry = field(init=False)
    buffer_m: float = field(init=False)
    inradius_m: float = field(init=False)

    def __post_init__(self) -> None:
        drawn = shape(self.feature["geometry"])
        self.middle = (drawn.centroid.x, drawn.centroid.y)
        self.geometry = shapely.transform(drawn, lambda xy: self.flat(xy[:, 0], xy[:, 1]))
        wide = self.feature.get("properties") or {}
        self.buffer_m = float(wide.get("radius_m", wide.get("width_m", 0.0) / 2))
        self._is_area = self.geometry.geom_type in {"Polygon", "MultiPolygon"}
        self._edge = self.geometry.boundary if self._is_area else self.geometry
        self.inradius_m = self.buffer_m
        if self._is_area:
            circle = shapely.maximum_inscribed_circle(self.geometry, 0.1)  # type: ignore[call-overload]
            self.inradius_m = float(circle.length)
        shapely.prepare(self.geometry)
        shapely.prepare(self._edge)

    def flat(self, lon: Floats, lat: Floats) -> Floats:
        """Metres east and north of the middle, one row for each point."""
        length_m, azimuth = geodesic(*self.middle, lon, lat)
        return np.column_stack([length_m * np.sin(azimuth), length_m * np.cos(azimuth)])

    def away_m(self, lon: Floats, lat: Floats) -> Floats:
        """Signed distance of each point, negative inside."""
        points = shapely.points(self.flat(lon, lat))
        off_m = shapely.distance(self._edge, points)
        within = shapely.contains(self.geometry, points) & self._is_area
        away_m: Floats = np.where(within, -off_m, off_m) - self.buffer_m
        return away_m


def geodesic(
    lon: Floats | float, lat: Floats | float, to_lon: Floats, to_lat: Floats
) -> tuple[Floats, Floats]:
    """Length in metres and azimuth in radians of the shortest lines from points to others.

    Source: T. Vincenty, Survey Review 23 (1975), the inverse formula; not for antipodes.
    """
    turn = np.radians(to_lon - lon)
    here, there = (np.arctan((1 - FLATTENING) * np.tan(np.radians(one))) for one in (lat, to_lat))
    bend = np.zeros_like(turn)
    for _ in range(8):
        arc = _Arc.of(np.sin(here), np.cos(here), np.sin(there), np.cos(there), turn + bend)
        c = FLATTENING / 16 * arc.cos2_a * (4 + FLATTENING * (4 - 3 * arc.cos2_a))
        series = arc.cos_2m + c * arc.cos * (2 * arc.cos_2m**2 - 1)
        sigma = np.arctan2(arc.sin, arc.cos) + c * arc.sin * series
        bend = (1 - c) * FLATTENING * arc.sin_a * sigma
    arc = _Arc.of(np.sin(here), np.cos(here), np.sin(there), np.cos(there), turn + bend)
    return arc.length_m(), np.arctan2(arc.east, arc.north)


class _Arc(NamedTuple):
    """The great circle on the auxiliary sphere, for one guess of the longitudes' difference."""

    east: Floats
    north: Floats
    sin: Floats
    cos: Floats
    sin_a: Floats
    cos2_a: Floats
    cos_2m: Floats

    @classmethod
    def of(cls, sin_h: Floats, cos_h: Floats, sin_t: Floats, cos_t: Floats, lam: Floats) -> "_Arc":
        east, north = cos_t * np.sin(lam), cos_h * sin_t - sin_h * cos_t * np.cos(lam)
        sine, cosine = np.hypot(east, north), sin_h * sin_t + cos_h * cos_t * np.cos(lam)
        sin_a = cos_h * east / np.where(sine > 0, sine, 1.0)
        cos2_a = 1 - sin_a**2
        cos_2m = cosine - 2 * sin_h * sin_t / np.where(cos2_a > 0, cos2_a, 1.0)
        return cls(east, north, sine, cosine, sin_a, cos2_a, np.where(cos2_a > 0, cos_2m, 0.0))

    def length_m(self) -> Floats:
        u2 = self.cos2_a * (SEMI_MAJOR_M**2 - SEMI_MINOR_M**2) / SEMI_MINOR_M**2
        a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
        b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
        wave = self.cos * (2 * self.cos_2m**2 - 1)
        wave = wave - b / 6 * self.cos_2m * (4 * self.sin**2 - 3) * (4 * self.cos_2m**2 - 3)
        bow = b * self.sin * (self.cos_2m + b / 4 * wave)
        length: Floats = SEMI_MINOR_M * a * (np.arctan2(self.sin, self.cos) - bow)
        return length


def apart_m(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> Floats:
    """The lengths of the shortest lines between points, pairwise."""
    return geodesic(lon, lat, to_lon, to_lat)[0]

"""What the system ought to have found, worked out a second way: plain shapely, one fix at a time.

Shares no code with the engine. It reads the written rules (docs and docstrings), flattens the
ground around each zone by geodesics (Vincenty) and walks through each person's fixes in order.
"""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

BORDERLINE_M = 0.01
"""Two honest ways of measuring may differ by this much."""

MOST_BORDERLINE = 10
ASSUMED_M = {"gps": 30.0, "cell": 2000.0}
BEST_M = 3.0
SURELY_OUTSIDE_TIMES = 2.5
SEMI_MAJOR_M, FLATTENING = 6_378_137.0, 1 / 298.257223563
SEMI_MINOR_M = SEMI_MAJOR_M * (1 - FLATTENING)
OUTSIDE, UNSURE, INSIDE = range(3)

Floats = npt.NDArray[np.float64]


class Said(NamedTuple):
    """A fix as its device wrote it; `t` is ISO 8601 with an offset, `source` gps or cell."""

    person: str
    t: str
    lon: float
    lat: float
    accuracy_m: float | None
    source: str = "gps"

    @property
    def at_us(self) -> int:
        """Microseconds since 1970."""
        return round(datetime.fromisoformat(self.t).timestamp() * 1e6)


class StayShown(NamedTuple):
    """A stay; microseconds since 1970, `left_us` None while it lasts."""

    entered_us: int
    left_us: int | None
    grade: str


@dataclass(frozen=True)
class Expected:
    """The right answers for one person and zone: more than one if a fix lies on a threshold."""

    answers: list[list[StayShown]]
    borderline: int = 0


class View(NamedTuple):
    """One fix against one zone, read one way."""

    at_us: int
    presence: int
    opens: bool
    distance_m: float


def refusal(said: Said, now_s: float, max_age_days: int, max_ahead_s: float = 120.0) -> str | None:
    """Why this fix must be refused, if so; the first reason in the documented order."""
    at_s = said.at_us / 1e6
    reasons = {
        "position_out_of_range": not (abs(said.lon) <= 180 and abs(said.lat) <= 90),
        "null_island": max(abs(said.lon), abs(said.lat)) <= 1e-6,
        "fixed_in_future": at_s > now_s + max_ahead_s,
        "fixed_too_long_ago": at_s < now_s - 86_400 * max_age_days,
        "accuracy_absurd": said.accuracy_m is not None and said.accuracy_m > 100_000,
    }
    return next((reason for reason, is_so in reasons.items() if is_so), None)


@dataclass
class FlatZone:
    """A zone on a plane of metres around its middle (azimuthal, equidistant)."""

    feature: dict[str, Any]
    geometry: BaseGeometry = field(init=False)
    buffer_m: float = field(init=False)

    def __post_init__(self) -> None:
        drawn = shape(self.feature["geometry"])
        self._middle = (drawn.centroid.x, drawn.centroid.y)
        self.geometry = shapely.transform(drawn, lambda xy: self.flat(xy[:, 0], xy[:, 1]))
        wide = self.feature.get("properties") or {}
        self.buffer_m = float(wide.get("radius_m", wide.get("width_m", 0.0) / 2))
        self._reach_m = float(np.hypot(*shapely.get_coordinates(self.geometry).T).max())

    def flat(self, lon: Floats, lat: Floats) -> Floats:
        """Metres east and north of the middle, one row for each point."""
        length_m, azimuth = geodesic(*self._middle, lon, lat)
        return np.column_stack([length_m * np.sin(azimuth), length_m * np.cos(azimuth)])

    def distances_m(self, lon: Floats, lat: Floats, margin_m: Floats) -> Floats:
        """Signed distance of each fix; infinite where it is certainly beyond its margin."""
        result = np.full(len(lon), np.inf)
        rough_m = haversine_m(*self._middle, lon, lat)
        near = rough_m < (self._reach_m + self.buffer_m + margin_m) * 1.01 + 100
        points = shapely.points(self.flat(lon[near], lat[near]))
        is_area = self.geometry.geom_type in {"Polygon", "MultiPolygon"}
        edge = self.geometry.boundary if is_area else self.geometry
        away_m = shapely.distance(edge, points)
        within = shapely.contains(self.geometry, points) & is_area
        result[near] = np.where(within, -away_m, away_m) - self.buffer_m
        return result


class Track:
    """One person's good fixes, however often each was sent."""

    def __init__(self, fixes: Iterable[Said]) -> None:
        self.fixes = list(set(fixes))
        self.at_us = [said.at_us for said in self.fixes]
        self.lon, self.lat = np.array([(said.lon, said.lat) for said in self.fixes]).T
        self.worth_m = np.array([worth_of_m(said) for said in self.fixes])


def expected_stays(track: Track, zone: FlatZone) -> Expected:
    """The stays that a person's fixes show in one zone."""
    margin_m = SURELY_OUTSIDE_TIMES * track.worth_m
    distance_m = zone.distances_m(track.lon, track.lat, margin_m)
    if not (distance_m < BORDERLINE_M).any():
        return Expected([[]])
    columns = (track.fixes, track.at_us, distance_m.tolist(), track.worth_m.tolist())
    readings = [_readings(*row) for row in zip(*columns, strict=True)]
    borderline = sum(len(reading) > 1 for reading in readings)
    if borderline > MOST_BORDERLINE:
        raise ValueError(f"{borderline} fixes lie on a threshold: choose another zone")
    answers: list[list[StayShown]] = []
    for views in itertools.product(*readings):
        answer = stays_of(views)
        if answer not in answers:
            answers.append(answer)
    return Expected(answers, borderline)


def worth_of_m(said: Said) -> float:
    """The radius to reckon with."""
    stated_m = said.accuracy_m
    return ASSUMED_M[said.source] if stated_m is None else max(stated_m, BEST_M)


def stays_of(views: Iterable[View]) -> list[StayShown]:
    """Walk through one person's fixes in time order; of one moment those outside come first."""
    stays: list[StayShown] = []
    current: StayShown | None = None
    for view in sorted(views, key=lambda one: (one.at_us, one.presence != OUTSIDE, one.distance_m)):
        grade = "confirmed" if view.presence == INSIDE else "possible"
        if current is None:
            current = StayShown(view.at_us, None, grade) if view.opens else None
        elif view.presence == OUTSIDE:
            stays.append(current._replace(left_us=view.at_us))
            current = None
        elif view.presence == INSIDE:
            current = current._replace(grade=grade)
    return stays if current is None else [*stays, current]


def _readings(said: Said, at_us: int, distance_m: float, worth_m: float) -> list[View]:
    """How the fix can be read, once for each way if it lies on a threshold."""
    if math.isinf(distance_m):
        return [View(at_us, OUTSIDE, opens=False, distance_m=distance_m)]
    found: dict[tuple[int, bool], View] = {}
    for shift_m in (0.0, BORDERLINE_M, -BORDERLINE_M):
        away_m = distance_m + shift_m
        presence = OUTSIDE if away_m >= SURELY_OUTSIDE_TIMES * worth_m else UNSURE
        if away_m <= -worth_m and said.source != "cell":
            presence = INSIDE
        opens = away_m < 0 and presence != OUTSIDE
        found.setdefault((presence, opens), View(at_us, presence, opens, distance_m))
    return list(found.values())


def haversine_m(lon: float, lat: float, to_lon: Floats, to_lat: Floats) -> Floats:
    """Rough distance on a sphere."""
    up, across = np.radians(to_lat - lat) / 2, np.radians(to_lon - lon) / 2
    flat = math.cos(math.radians(lat)) * np.cos(np.radians(to_lat))
    square = np.sin(up) ** 2 + flat * np.sin(across) ** 2
    length: Floats = 2 * 6_371_008.8 * np.arcsin(np.sqrt(square))
    return length


def geodesic(lon: float, lat: float, to_lon: Floats, to_lat: Floats) -> tuple[Floats, Floats]:
    """Length in metres and azimuth in radians of the shortest lines from one point to others.

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

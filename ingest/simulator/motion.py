"""Where a simulated person truly is, and how far off the tracker says he is."""

import math
from typing import NamedTuple, Self

import numpy as np

from supervision.core.fixes import Floats

EQUATOR_RADIUS_M = 6_378_137.0
ECCENTRICITY_SQUARED = 6.694_379_990_14e-3


class Place(NamedTuple):
    """A point of the plan, in metres from the base point."""

    east_m: float
    north_m: float


class Base(NamedTuple):
    """The point on WGS 84 that a plan in metres is laid around."""

    lon: float
    lat: float

    def metres_per_deg(self) -> tuple[float, float]:
        """Length of one degree of longitude and of latitude here, from the WGS 84 radii."""
        latitude_rad = math.radians(self.lat)
        squashed = 1.0 - ECCENTRICITY_SQUARED * math.sin(latitude_rad) ** 2
        across_m = EQUATOR_RADIUS_M / math.sqrt(squashed) * math.cos(latitude_rad)
        along_m = EQUATOR_RADIUS_M * (1.0 - ECCENTRICITY_SQUARED) / squashed**1.5
        return math.radians(across_m), math.radians(along_m)

    def lonlat(self, east_m: Floats, north_m: Floats) -> tuple[Floats, Floats]:
        """Longitudes and latitudes of places, good to a centimetre within a kilometre."""
        lon_m, lat_m = self.metres_per_deg()
        return self.lon + east_m / lon_m, self.lat + north_m / lat_m


class Route:
    """A true track, built leg by leg, then asked where the person is at any second.

    `waypoints` are seconds and places, in order; between them he moves straight and evenly.
    """

    def __init__(self, start: Place) -> None:
        """Stand at `start` at second 0."""
        self.waypoints = [(0.0, start)]

    @property
    def ends_at_s(self) -> float:
        """The second at which the last leg ends."""
        return self.waypoints[-1][0]

    @property
    def ends_at(self) -> Place:
        """Where the last leg ends."""
        return self.waypoints[-1][1]

    def go(self, to: Place, speed_mps: float) -> Self:
        """Move straight to a place at an even speed."""
        way_m = math.dist(self.waypoints[-1][1], to)
        self.waypoints.append((self.ends_at_s + way_m / speed_mps, to))
        return self

    def stand(self, for_s: float) -> Self:
        """Stay where the last leg ended."""
        self.waypoints.append((self.ends_at_s + for_s, self.waypoints[-1][1]))
        return self

    def turned(self, angle_rad: float) -> "Route":
        """The same route, turned about the base point, counter-clockwise."""
        cos, sin = math.cos(angle_rad), math.sin(angle_rad)
        route = Route(self.waypoints[0][1])
        route.waypoints = [
            (time_s, Place(x * cos - y * sin, x * sin + y * cos))
            for time_s, (x, y) in self.waypoints
        ]
        return route

    def at(self, times_s: Floats) -> tuple[Floats, Floats]:
        """Metres east and north at each of these seconds; before and after, he stands still."""
        known_s = [time_s for time_s, _ in self.waypoints]
        east_m = [place.east_m for _, place in self.waypoints]
        north_m = [place.north_m for _, place in self.waypoints]
        return np.interp(times_s, known_s, east_m), np.interp(times_s, known_s, north_m)

    def movement(self, times_s: Floats) -> tuple[Floats, Floats]:
        """Speed in m/s and course in degrees from north, over the second around each time."""
        before, after = self.at(times_s - 0.5), self.at(times_s + 0.5)
        east_m, north_m = after[0] - before[0], after[1] - before[1]
        return np.hypot(east_m, north_m), np.degrees(np.arctan2(east_m, north_m)) % 360.0


class ErrorModel(NamedTuple):
    """How far fixes lie from the truth, and what accuracy the tracker states.

    Most fixes are cautious, as a real ankle tag's are: the error never exceeds `error_share` of
    the stated accuracy. A share of them drifts: the error's 68 % radius is the stated accuracy,
    as phones state it, and no error exceeds `drift_max_m`.
    """

    accuracy_m: tuple[float, float] = (7.0, 10.0)
    error_share: float = 0.3
    drift_share: float = 0.0
    drift_accuracy_m: tuple[float, float] = (60.0, 150.0)
    drift_max_m: float = 250.0


CAUTIOUS = ErrorModel()


class Errors(NamedTuple):
    """What the tracker adds to the truth: parallel arrays, in metres."""

    east_m: Floats
    north_m: Floats
    accuracy_m: Floats


RADIUS_68_IN_SIGMAS = math.sqrt(-2.0 * math.log(1.0 - 0.68))
"""A circle of this many standard deviations holds 68 % of a round normal scatter (Rayleigh)."""


def scatter(rng: np.random.Generator, model: ErrorModel, count: int) -> Errors:
    """Draw the errors of `count` fixes; the draws of one fix do not depend on the others'."""
    accuracy_m = rng.uniform(*model.accuracy_m, count)
    radius_m = accuracy_m * model.error_share * np.sqrt(rng.uniform(size=count))
    drift_accuracy_m = rng.uniform(*model.drift_accuracy_m, count)
    drift_m = rng.rayleigh(size=count) * drift_accuracy_m / RADIUS_68_IN_SIGMAS
    is_drifting = rng.uniform(size=count) < model.drift_share
    radius_m = np.where(is_drifting, np.minimum(drift_m, model.drift_max_m), radius_m)
    angle_rad = rng.uniform(0.0, 2.0 * math.pi, count)
    return Errors(
        radius_m * np.cos(angle_rad),
        radius_m * np.sin(angle_rad),
        np.where(is_drifting, drift_accuracy_m, accuracy_m),
    )

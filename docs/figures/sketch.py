"""Made-up tracks and zones in metres, as the rules take them and as a map shows them."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from shapely import Point

from geofence.drawing import to_shapes
from geofence.rules.observing import Ground
from geofence.rules.shape import ECCENTRICITY_SQUARED, EQUATOR_M, signed_distance_m
from geofence.rules.sighting import Span
from supervision.core.fixes import Floats, Ints, LocatedFixes, Source

# Made-up tracks lie where no zone is, around 0 degrees north and east.
EAST_M_PER_DEG = math.radians(EQUATOR_M)
NORTH_M_PER_DEG = EAST_M_PER_DEG * (1 - ECCENTRICITY_SQUARED)
ALWAYS_US = 2**62
# Two colours that colour-blind readers tell apart (Okabe and Ito), one dark and one light in grey.
DARK, BRIGHT, GREY = "#0072B2", "#E69F00", "#666666"
DASHED = (0, (5, 3))


class Spot(NamedTuple):
    """A made-up fix: when, where from the middle of the picture, and its accuracy."""

    at_s: float
    east_m: float
    north_m: float
    accuracy_m: float


class Disc(NamedTuple):
    """A made-up zone."""

    east_m: float
    north_m: float
    radius_m: float


def plan(
    axes: Axes, zones: Sequence[Disc], east_m: tuple[float, float], north_m: tuple[float, float]
) -> None:
    """Set axes up as a map, with its zones."""
    for zone in zones:
        place = (zone.east_m, zone.north_m)
        axes.add_patch(Circle(place, zone.radius_m, fc="#0072B233", ec=DARK, lw=1.6, zorder=0.5))
    axes.set(xlim=east_m, ylim=north_m, aspect="equal")
    axes.set(xlabel="metres east", ylabel="metres north")


def places(track: Sequence[Spot]) -> tuple[list[float], list[float]]:
    """Where the fixes of a track lie, east and north."""
    return [spot.east_m for spot in track], [spot.north_m for spot in track]


def fixes_of(track: Sequence[Spot]) -> LocatedFixes:
    """A track as the rules take it."""
    at_s, east_m, north_m, accuracy_m = np.array(track, np.float64).T
    at_us = np.rint(at_s * 1e6).astype(np.int64)
    number = np.arange(len(track), dtype=np.int64)
    source = np.full(len(track), Source.GPS, np.int64)
    lon, lat = east_m / EAST_M_PER_DEG, north_m / NORTH_M_PER_DEG
    return LocatedFixes(number, number * 0, at_us, at_us, lon, lat, accuracy_m, source)


def ground_of(zone: Disc) -> Ground:
    """A zone as the rules take it; it counts always."""
    middle = Point(zone.east_m / EAST_M_PER_DEG, zone.north_m / NORTH_M_PER_DEG)
    shapes = to_shapes(middle, zone.radius_m)

    def measure(span: Ints, lon: Floats, lat: Floats) -> Floats:
        return signed_distance_m(shapes, span, lon, lat)

    radius_m = np.array([zone.radius_m])
    return Ground([Span(-ALWAYS_US, ALWAYS_US)], [0], radius_m, measure, np.zeros(1), has_ways=True)


def look(marker: str, colour: str) -> dict[str, Any]:
    """How a marker is drawn."""
    return {
        "marker": marker,
        "markerfacecolor": colour,
        "markeredgecolor": "black",
        "markersize": 6,
        "linestyle": "none",
        "zorder": 4,
    }


def percent(share: float) -> str:
    """A probability as it is written under a figure."""
    return f"{100 * share:.0f} %"

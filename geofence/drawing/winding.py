"""How an outline runs where it crosses itself: which of its ground is in doubt."""

import numpy as np
import shapely
from shapely import LinearRing, LineString, Polygon

from supervision.core.fixes import Floats

SAMPLED_EDGES = 128


def crossings(rings: list[Floats]) -> float:
    """About how often the rings cross themselves and each other.

    Exact up to 128 edges, else estimated from as many, evenly taken: a scribble of ten thousand
    edges can cross itself fifty million times, and counting them all would take as long as
    repairing it.
    """
    start = np.concatenate([ring[:-1] for ring in rings])
    end = np.concatenate([ring[1:] for ring in rings])
    sample = np.arange(0, len(start), -(-len(start) // SAMPLED_EDGES))
    found = sum(_crossed_by(start[edge], end[edge], start, end) for edge in sample)
    return found / 2 * len(start) / len(sample)


def overlaps(rings: list[Floats]) -> int:
    """How many pairs of rings have boxes that meet: what taking them apart costs at most."""
    low = np.array([ring.min(axis=0) for ring in rings])
    high = np.array([ring.max(axis=0) for ring in rings])
    boxes = zip(low, high, strict=True)
    met = sum(int(((low <= top) & (high >= bottom)).all(axis=1).sum()) for bottom, top in boxes)
    return (met - len(rings)) // 2


def wrongly_wound(ring: LinearRing) -> list[Polygon]:
    """The faces of a self-crossing ring that it does not go round exactly once, the right way.

    The backward half of a figure of eight, or the overlap where a ring laps over itself.
    """
    run = shapely.get_coordinates(ring)
    noded = shapely.union_all(LineString(run))
    faces = shapely.get_parts(shapely.polygonize([noded]))
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    turns = np.array([_winding(run, lon, lat) for lon, lat in inside])
    right = np.sign((turns * shapely.area(faces)).sum())
    return list(faces[(turns != 0) & (turns != right)])


def _crossed_by(from_: Floats, to: Floats, start: Floats, end: Floats) -> int:
    """How many of the edges properly cross this one; touching is not crossing."""
    parted = _side(from_, to, start) * _side(from_, to, end) < 0
    parting = _side(start, end, from_) * _side(start, end, to) < 0
    return int((parted & parting).sum())


def _side(start: Floats, end: Floats, point: Floats) -> Floats:
    """-1, 0 or 1 as a point lies right of, on or left of a line."""
    along, across = (end - start).T, (point - start).T
    side: Floats = np.sign(along[0] * across[1] - along[1] * across[0])
    return side


def _winding(run: Floats, lon: float, lat: float) -> int:
    """How often a closed run goes round a point, anticlockwise counted up.

    Source: the winding number by crossings of a ray (Sunday, Inclusion of a Point in a
    Polygon, 2001).
    """
    start, end = run[:-1], run[1:]
    side = _side(start, end, np.array([lon, lat]))
    upward = (start[:, 1] <= lat) & (end[:, 1] > lat) & (side > 0)
    downward = (start[:, 1] > lat) & (end[:, 1] <= lat) & (side < 0)
    return int(upward.sum()) - int(downward.sum())

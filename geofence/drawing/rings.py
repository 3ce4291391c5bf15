"""The rings of drawn polygons: tidied where nothing is lost, and sorted by what they enclose."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geofence.drawing.measure import lengths_m
from supervision.core.errors import ZoneInvalid
from supervision.core.fixes import Floats

FEWEST_POSITIONS = 4
SHARED_GROUND = "T********"
HOLLOW = "An outline with holes encloses no ground of its own."


@dataclass(frozen=True, slots=True)
class Rings:
    """An invalid drawing taken apart.

    Attributes:
        parts: Outer rings with the holes that share ground with them, still as drawn.
        strays: Those of the parts that were drawn as holes outside their outer ring.
        tangled: Rings that touch or cross themselves.
        doubt: Ground in two parts, in two holes, or in a hole and outside the outer ring.
    """

    parts: list[Polygon]
    strays: list[Polygon]
    tangled: list[Polygon]
    doubt: BaseGeometry


def tidied(polygons: list[list[Floats]]) -> tuple[list[list[Floats]], list[str]]:
    """The rings that can enclose ground, closed, each once and without repeated points.

    Returns:
        For each polygon its rings, outer first, and what was done, in sentences.

    Raises:
        ZoneInvalid: An outer ring encloses nothing and yet has holes.
    """
    notes = []
    open_m = [lengths_m(ring[[-1, 0]])[0] for rings in polygons for ring in rings]
    if any(open_m):
        notes.append(
            f"Outlines that were not closed: {np.count_nonzero(open_m)}; "
            f"they are now, by straight lines of {max(open_m):,.0f} m at most."
        )
    closed = [[_closed(ring) for ring in rings] for rings in polygons]
    dropped = sum(len(ring) < FEWEST_POSITIONS for rings in closed for ring in rings)
    if dropped:
        notes.append(
            f"Rings with fewer than three different corners: {dropped}; "
            "they enclose no ground and were left out."
        )
    kept = [_filled(rings) for rings in closed]
    once = {tuple(ring.tobytes() for ring in rings): rings for rings in kept if rings}
    return list(once.values()), notes


def taken_apart(drawn: MultiPolygon) -> Rings:
    """Find out what each ring of an invalid drawing is, ring by ring made valid for the asking.

    Raises:
        ZoneInvalid: An outer ring encloses nothing and yet has holes.
    """
    parts, strays, tangled, doubts = [], [], [], []
    for polygon in drawn.geoms:
        rings = np.array([Polygon(ring) for ring in shapely.get_rings(polygon)], dtype=object)
        tangled += list(rings[~shapely.is_valid(rings)])
        outer, *others = shapely.make_valid(rings, method="structure", keep_collapsed=False)
        if others and outer.is_empty:
            raise ZoneInvalid(HOLLOW)
        holes = np.array(others, dtype=object)
        is_hole = shapely.relate_pattern(outer, holes, SHARED_GROUND)
        strays += list(rings[1:][~is_hole & (shapely.area(holes) > 0)])
        parts.append(Polygon(rings[0].exterior, [hole.exterior for hole in rings[1:][is_hole]]))
        doubts += [_shared(holes[is_hole]), *shapely.difference(holes[is_hole], outer)]
    parts += strays
    solid = shapely.make_valid(parts, method="structure", keep_collapsed=False)
    return Rings(parts, strays, tangled, shapely.union_all([_shared(solid), *doubts]))


def _closed(ring: Floats) -> Floats:
    """The ring without repeated points, ending where it began."""
    ring = ring[np.insert((ring[1:] != ring[:-1]).any(axis=1), 0, True)]
    return ring if (ring[0] == ring[-1]).all() else np.vstack([ring, ring[:1]])


def _filled(closed: list[Floats]) -> list[Floats]:
    """The rings of one polygon that can enclose ground."""
    outer, *holes = closed
    kept = {hole.tobytes(): hole for hole in holes if len(hole) >= FEWEST_POSITIONS}
    if len(outer) >= FEWEST_POSITIONS:
        return [outer, *kept.values()]
    if kept:
        raise ZoneInvalid(HOLLOW)
    return []


def _shared(areas: npt.NDArray[np.object_]) -> BaseGeometry:
    """The ground that two or more of these have in common."""
    one, other = shapely.STRtree(areas).query(areas)
    is_pair = one < other
    shared = shapely.intersection(areas[one[is_pair]], areas[other[is_pair]])
    return shapely.union_all(shared)

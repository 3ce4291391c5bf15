"""Polygons that break the rules of geometry, put right where it is clear what was meant."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geofence.drawing.measure import in_plane, lengths_m
from geofence.drawing.winding import crossings, wrongly_wound
from geofence.drawing.world import simple_parts
from supervision.core.errors import ZoneInvalid
from supervision.core.fixes import Floats

FEWEST_POSITIONS = 4
MAX_CROSSINGS = 1_000
UNCLEAR_WIDTH_M = 10.0
UNCLEAR_SHARE = 0.01
LEAST_AREA_M2 = 1.0
SHARED_GROUND = "T********"

CROSSED = (
    "The outline crosses itself, so that it is unclear which ground is meant; "
    "draw its corners in order around the zone."
)
OVERLAPPED = (
    "Parts or holes overlap or lie within one another, so that it is unclear which ground is "
    "meant; draw what is left out as a hole, and parts apart from each other."
)


@dataclass(frozen=True, slots=True)
class Sorted:
    """A drawing's rings by what they do: parts with their own holes, and what was odd.

    Attributes:
        parts: Outer rings with the holes within them; holes found outside became parts.
        tangled: Rings that touch or cross themselves.
        strays: Those parts that were drawn as holes outside their outer ring.
    """

    parts: list[Polygon]
    tangled: list[Polygon]
    strays: list[Polygon]


def repaired(polygons: list[list[Floats]]) -> tuple[MultiPolygon, list[str]]:
    """Valid ground from the rings of polygons, and what was done to them, in sentences.

    What changes no ground goes without a word: points drawn twice, the direction of a ring.
    Otherwise outer rings are taken as ground and holes as holes (shapely's "structure"), which
    is how officers draw and the larger reading; but only where the alternating reading of the
    bare lines ("linework"), and the direction in which a ring runs, agree with it save for
    slivers. Ground in doubt that a building could stand in is never decided here.

    Args:
        polygons: For each its rings, outer first; longitudes that do not jump.

    Returns:
        The ground, not densified, cut or oriented, and notes for the pretrial officer.

    Raises:
        ZoneInvalid: No ground is left, or it is unclear which was meant.
    """
    notes: list[str] = []
    cleaned = [rings for rings in (_cleaned(part, notes) for part in polygons) if rings]
    if not cleaned:
        raise ZoneInvalid("No ground is drawn: no outline has three different corners.")
    drawn = MultiPolygon([Polygon(outer, holes) for outer, *holes in cleaned])
    if drawn.is_valid:
        return drawn, notes
    if crossings([ring for part in cleaned for ring in part]) > MAX_CROSSINGS:
        raise ZoneInvalid("The outline crosses itself so often that no zone can be made out.")
    return _untangled(_sorted(drawn), notes)


def _cleaned(rings: list[Floats], notes: list[str]) -> list[Floats]:
    """The rings, closed, without repeated points; none if the outer one has too few corners."""
    closed = [_closed(ring, notes) for ring in rings]
    kept = [ring for ring in closed if len(ring) >= FEWEST_POSITIONS]
    if len(kept) < len(closed):
        notes.append(
            f"Rings with fewer than three different corners: {len(closed) - len(kept)}; "
            "they enclose no ground and were left out."
        )
    if kept and len(closed[0]) < FEWEST_POSITIONS:
        raise ZoneInvalid("An outline with holes has fewer than three different corners.")
    return kept


def _closed(ring: Floats, notes: list[str]) -> Floats:
    """The ring without repeated points, ending where it began."""
    is_new = np.insert((ring[1:] != ring[:-1]).any(axis=1), 0, True)
    ring = ring[is_new]
    if (ring[0] == ring[-1]).all():
        return ring
    ring = np.vstack([ring, ring[:1]])
    gap_m = lengths_m(ring[-2:])[0]
    notes.append(f"An outline was not closed; a straight line of {gap_m:,.0f} m now closes it.")
    return ring


def _sorted(drawn: MultiPolygon) -> Sorted:
    """Take the rings of an invalid drawing apart and find out what each is."""
    parts: list[Polygon] = []
    tangled: list[Polygon] = []
    strays: list[Polygon] = []
    for polygon in drawn.geoms:
        rings = [Polygon(ring) for ring in shapely.get_rings(polygon)]
        tangled += [ring for ring in rings if not ring.is_valid]
        outer, *holes = shapely.make_valid(rings, method="structure", keep_collapsed=False)
        is_in = shapely.relate_pattern(outer, np.array(holes, dtype=object), SHARED_GROUND)
        inner = [ring.exterior for ring, is_hole in zip(rings[1:], is_in, strict=True) if is_hole]
        parts.append(Polygon(rings[0].exterior, inner))
        strays += [ring for ring, is_hole in zip(rings[1:], is_in, strict=True) if not is_hole]
    strays = [ring for ring in strays if ring.area]
    return Sorted(parts + strays, tangled, strays)


def _untangled(rings: Sorted, notes: list[str]) -> tuple[MultiPolygon, list[str]]:
    """`repaired` for a drawing that is known to be invalid."""
    drawn = MultiPolygon(rings.parts)
    solid = shapely.make_valid(drawn, method="structure", keep_collapsed=False)
    ground = MultiPolygon(simple_parts(solid, Polygon))
    striped = MultiPolygon(simple_parts(shapely.make_valid(drawn), Polygon))
    if ground.is_empty:
        raise ZoneInvalid("The outline encloses no ground.")
    wound = [face for ring in rings.tangled for face in wrongly_wound(ring.exterior)]
    _refuse_unclear(shapely.union_all(wound), ground, CROSSED)
    _refuse_unclear(shapely.symmetric_difference(ground, striped), ground, OVERLAPPED)
    return ground, [*notes, *_told(rings, ground)]


def _refuse_unclear(unclear: BaseGeometry, ground: MultiPolygon, why: str) -> None:
    """Refuse doubt that is wider than a good fix is exact, or more than a sliver of the zone."""
    if unclear.is_empty or not unclear.area:
        return
    doubt = in_plane(unclear)
    is_wide = not doubt.buffer(-UNCLEAR_WIDTH_M / 2).is_empty
    if is_wide or doubt.area > UNCLEAR_SHARE * in_plane(ground).area:
        raise ZoneInvalid(why)


def _told(rings: Sorted, ground: MultiPolygon) -> list[str]:
    """What the repair did, for the officer who answers for the zone."""
    notes = []
    if rings.tangled:
        notes.append(
            f"Outlines that touched or crossed themselves: {len(rings.tangled)}; "
            "all ground within them is kept."
        )
    if rings.strays:
        notes.append(
            f"Holes drawn outside the outline: {len(rings.strays)}; they are now parts of the zone."
        )
    if _is_joined(rings.parts):
        notes.append("Parts that touched along a line or overlapped were joined into one.")
    if not notes:
        notes.append("Holes that touched or crossed the outline or each other were fitted in.")
    drawn_m2 = in_plane(MultiPolygon(rings.parts)).area
    if rings.strays:
        drawn_m2 -= in_plane(MultiPolygon(rings.strays)).area
    change_pct = 100 * (in_plane(ground).area / max(drawn_m2, LEAST_AREA_M2) - 1)
    return [*notes, f"The repair changed the zone's area by {change_pct:+,.2f} %."]


def _is_joined(parts: list[Polygon]) -> bool:
    """Whether parts share ground or an edge with each other, each by itself being valid."""
    each = [
        polygon
        for part in shapely.make_valid(parts, method="structure", keep_collapsed=False)
        for polygon in simple_parts(part, Polygon)
    ]
    return not MultiPolygon(each).is_valid

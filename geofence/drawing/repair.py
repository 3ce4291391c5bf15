"""Polygons that break the rules of geometry, put right where it is clear what was meant."""

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geofence.drawing.measure import in_plane
from geofence.drawing.rings import Rings, taken_apart, tidied
from geofence.drawing.winding import crossings, overlaps, wrongly_wound
from geofence.drawing.world import solid
from supervision.core.errors import ZoneInvalid
from supervision.core.fixes import Floats

MAX_CROSSINGS = 1_000
MAX_OVERLAPS = 5_000
UNCLEAR_WIDTH_M = 10.0
UNCLEAR_SHARE = 0.01
LEAST_AREA_M2 = 1.0
LEAST_CHANGE_PCT = 0.01

CROSSED = (
    "The outline crosses itself, so that it is unclear which ground is meant; "
    "draw its corners in order around the zone."
)
OVERLAPPED = (
    "Parts or holes overlap or lie within one another, so that it is unclear which ground is "
    "meant; draw what is left out as a hole, and parts apart from each other."
)


def repaired(polygons: list[list[Floats]]) -> tuple[MultiPolygon, list[str]]:
    """Valid ground from the rings of polygons, and what was done to them, in sentences.

    What changes no ground goes without a word: points or rings drawn twice, a ring's direction.
    Otherwise outer rings are taken as ground and holes as holes, as officers draw (shapely's
    "structure"; its "linework" alternates between the bare lines and would cut out ground that
    two parts share). But ground that another reading would take away or add is accepted only in
    slivers, which no fix can tell apart: what a building could stand in is never decided here.
    A hole that lies outside takes nothing away, so it can only be meant as a part.

    Args:
        polygons: For each its rings, outer first; longitudes that do not jump.

    Returns:
        The ground, not densified, cut or oriented, and notes for the pretrial officer.

    Raises:
        ZoneInvalid: No ground is left, or it is unclear which was meant.
    """
    kept, notes = tidied(polygons)
    if not kept:
        raise ZoneInvalid("No ground is drawn: no outline has three different corners.")
    drawn = MultiPolygon([Polygon(outer, holes) for outer, *holes in kept])
    if drawn.is_valid:
        return drawn, notes
    rings = [ring for part in kept for ring in part]
    if crossings(rings) > MAX_CROSSINGS or overlaps(rings) > MAX_OVERLAPS:
        raise ZoneInvalid("The outlines cross or overlap so often that no zone can be made out.")
    found = taken_apart(drawn)
    ground = solid(found.parts)
    if ground.is_empty:
        raise ZoneInvalid("The outline encloses no ground.")
    wound = [face for ring in found.tangled for face in wrongly_wound(ring.exterior)]
    _refuse_unclear(shapely.union_all(wound), ground, CROSSED)
    _refuse_unclear(found.doubt, ground, OVERLAPPED)
    return ground, [*notes, *_told(found, ground)]


def _refuse_unclear(unclear: BaseGeometry, ground: MultiPolygon, why: str) -> None:
    """Refuse doubt that is wider than a good fix is exact, or more than a sliver of the zone."""
    if not unclear.area:
        return
    doubt = in_plane(unclear)
    is_wide = not doubt.buffer(-UNCLEAR_WIDTH_M / 2).is_empty
    if is_wide or doubt.area > UNCLEAR_SHARE * in_plane(ground).area:
        raise ZoneInvalid(why)


def _told(found: Rings, ground: MultiPolygon) -> list[str]:
    """What the repair did, for the officer who answers for the zone."""
    notes = []
    if found.tangled:
        notes.append(
            f"Outlines that touched or crossed themselves: {len(found.tangled)}; "
            "all ground within them is kept."
        )
    if found.strays:
        notes.append(
            f"Holes drawn outside the outline: {len(found.strays)}; they are now parts of the zone."
        )
    if not MultiPolygon(
        [polygon for part in found.parts for polygon in solid([part]).geoms]
    ).is_valid:
        notes.append("Parts that touched along a line or overlapped were joined into one.")
    if not notes:
        notes.append("Holes that touched or crossed the outline or each other were fitted in.")
    return [*notes, _change(found, ground)]


def _change(found: Rings, ground: MultiPolygon) -> str:
    """By how much the repair changed the area, against the parts without the strays."""
    drawn_m2 = in_plane(MultiPolygon(found.parts)).area
    if found.strays:
        drawn_m2 -= in_plane(MultiPolygon(found.strays)).area
    change_pct = 100 * (in_plane(ground).area / max(drawn_m2, LEAST_AREA_M2) - 1)
    if abs(change_pct) < LEAST_CHANGE_PCT:
        return f"The zone's area changed by less than {LEAST_CHANGE_PCT} %."
    return f"The repair changed the zone's area by {change_pct:+,.2f} %."

"""Reads where somebody was around an alert, and measures each point as the engine measured it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from geofence.zones import Pair, ZoneBook

MARGIN = timedelta(minutes=30)
GAP = timedelta(minutes=5)
MOST_POINTS = 2_000


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """One stored fix.

    Attributes:
        distance_m: To the edge of the alert's zone, negative inside; None where there is none.
        is_after_gap: More than five minutes passed since the point before: the way between the
            two is not known.
    """

    id: int
    fixed_at: datetime
    received_at: datetime
    lon: float
    lat: float
    accuracy_m: float | None
    source: int
    speed_mps: float | None
    distance_m: float | None
    is_after_gap: bool


@dataclass(frozen=True, slots=True)
class Track:
    """The points of a span of time, in order; `is_cut` where there were more than are read."""

    points: list[TrackPoint]
    is_cut: bool


_POINTS = text(
    "SELECT id, fixed_at, received_at, lon, lat, accuracy_m, source, speed_mps FROM position"
    " WHERE supervisee_id = :person AND fixed_at BETWEEN :since AND :until"
    " ORDER BY fixed_at, id LIMIT :most"
)
# Circles and corridors are drawn by what they reach; the buffer is as near as 32 edges a quarter.
_OUTLINE = text(
    "SELECT ST_AsGeoJSON(CASE WHEN buffer_m > 0"
    " THEN ST_Buffer(geom::geography, buffer_m, 32)::geometry ELSE geom END, 6)"
    " FROM zone_version WHERE id = :version"
)


def read_track(
    session: Session,
    supervisee_id: int,
    since: datetime,
    until: datetime,
    zone: tuple[int, int] | None,
) -> Track:
    """The fixes of a span of time, `MOST_POINTS` at most.

    Args:
        session: Open transaction bound to the agency, only read.
        supervisee_id: Whose.
        since: From when, by the fixes' own time.
        until: Until when, inclusive.
        zone: The zone and the version of it to measure against, by their ids.
    """
    values = {"person": supervisee_id, "since": since, "until": until, "most": MOST_POINTS + 1}
    rows = session.execute(_POINTS, values).mappings().all()
    kept = rows[:MOST_POINTS]
    lons = [row["lon"] for row in kept]
    lats = [row["lat"] for row in kept]
    distances = _distances_m(session, supervisee_id, zone, lons, lats)
    points: list[TrackPoint] = []
    for row, distance in zip(kept, distances, strict=True):
        is_after_gap = bool(points) and row["fixed_at"] - points[-1].fixed_at > GAP
        points.append(TrackPoint(**row, distance_m=distance, is_after_gap=is_after_gap))
    return Track(points, len(rows) > MOST_POINTS)


def read_outline(session: Session, zone_version_id: int) -> dict[str, Any] | None:
    """A drawing's ground as GeoJSON geometry; None where the version retired the zone."""
    outline = session.execute(_OUTLINE, {"version": zone_version_id}).scalar_one()
    return None if outline is None else dict(json.loads(outline))


def _distances_m(
    session: Session,
    supervisee_id: int,
    zone: tuple[int, int] | None,
    lons: list[float],
    lats: list[float],
) -> list[float | None]:
    if zone is None or not lons:
        return [None] * len(lons)
    zone_id, version_id = zone
    known = ZoneBook.of_person(session, supervisee_id).find(Pair(supervisee_id, zone_id))
    found = known and known.distances_m(version_id, np.array(lons), np.array(lats))
    return [None] * len(lons) if found is None else list(found.tolist())

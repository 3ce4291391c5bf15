"""Draws, amends and retires exclusion zones; every change is a new version, none is rewritten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from geoalchemy2.shape import from_shape
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geofence.drawing import Drawing, read_geojson
from geofence.models import ExclusionZone, ZoneVersion
from geofence.zones import Pair
from supervision.core.clock import to_us
from supervision.core.errors import Conflict, NotFound

# No transaction that draws a zone is open for longer.
DRAWING_LASTS = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A zone's new version, and what an officer should know about how it was read."""

    zone_id: int
    version_id: int
    version: int
    pair: Pair
    since_us: int
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Terms:
    """From when until when a drawing counts, by the order; who drew it, when (aware UTC)."""

    armed_at: datetime
    ends_at: datetime | None
    drawn_by_id: int | None
    drawn_at: datetime


def arm_zone(
    session: Session,
    zone: ExclusionZone,
    geojson: Mapping[str, Any],
    terms: Terms,
) -> Drawn:
    """Write a new zone with its first version; the caller judges the person anew and commits.

    Args:
        session: Open transaction.
        zone: The new row, its order and person set.
        geojson: As drawn (see `drawing.read_geojson`).
        terms: When it counts.

    Raises:
        ZoneInvalid: The drawing cannot be used; nothing was written.
    """
    drawing = read_geojson(dict(geojson))
    session.add(zone)
    session.flush()
    return _write(session, zone, 1, drawing, terms)


def amend_zone(session: Session, zone_id: int, geojson: Mapping[str, Any], terms: Terms) -> Drawn:
    """Write a zone's next version, in force from `terms.armed_at` on.

    Raises:
        ZoneInvalid: The drawing cannot be used.
        NotFound: There is no such zone.
        Conflict: It is retired, or the new version would begin before the last. In each case
            nothing was written.
    """
    drawing = read_geojson(dict(geojson))
    zone, last = _last_version(session, zone_id, terms.armed_at)
    return _write(session, zone, last.version + 1, drawing, terms)


def retire_zone(session: Session, zone_id: int, terms: Terms) -> Drawn:
    """End a zone from `terms.armed_at` on; its versions and stays remain.

    Raises:
        NotFound: There is no such zone.
        Conflict: It is retired already. Nothing was written.
    """
    zone, last = _last_version(session, zone_id, terms.armed_at)
    return _write(session, zone, last.version + 1, None, terms)


def due_boundaries(session: Session, since: datetime, until: datetime) -> dict[Pair, int]:
    """The zones that came into force or ended in the half-open time (since, until].

    What lay in the past when it was drawn was judged then, and is left out. One armed only moments
    ahead may be committed after the sweep that should have found it: for `DRAWING_LASTS` after it
    was drawn it is named again, and judging it again changes nothing.
    """
    rows = session.execute(
        text(
            "SELECT supervisee_id, zone_id, min(at) AS at FROM (SELECT supervisee_id, zone_id,"
            " drawn_at, unnest(ARRAY[armed_at, ends_at]) AS at FROM zone_version"
            " WHERE armed_at BETWEEN :drawn AND :until OR ends_at BETWEEN :drawn AND :until) due"
            " WHERE at > drawn_at AND at <= :until AND (at > :since OR drawn_at >= :drawn)"
            " GROUP BY supervisee_id, zone_id"
        ),
        {"since": since, "until": until, "drawn": since - DRAWING_LASTS},
    )
    return {Pair(row.supervisee_id, row.zone_id): to_us(row.at) for row in rows}


def _last_version(
    session: Session, zone_id: int, armed_at: datetime
) -> tuple[ExclusionZone, ZoneVersion]:
    zone = session.get(ExclusionZone, zone_id, with_for_update=True)
    if zone is None:
        raise NotFound
    last = session.scalars(
        select(ZoneVersion)
        .where(ZoneVersion.zone_id == zone_id)
        .order_by(ZoneVersion.version.desc())
        .limit(1)
    ).one()
    if last.shape == "retired":
        message = "This zone is retired."
        raise Conflict(message)
    if armed_at < last.armed_at:
        message = "A new version cannot begin before the one it follows."
        raise Conflict(message)
    return zone, last


def _write(
    session: Session, zone: ExclusionZone, number: int, drawing: Drawing | None, terms: Terms
) -> Drawn:
    row = ZoneVersion(
        agency_id=zone.agency_id,
        supervisee_id=zone.supervisee_id,
        zone_id=zone.id,
        version=number,
        epoch=_next_epoch(session, zone.agency_id),
        shape="retired" if drawing is None else str(drawing.kind),
        geom=None if drawing is None else from_shape(drawing.geometry, srid=4326),
        buffer_m=0.0 if drawing is None else drawing.buffer_m,
        armed_at=terms.armed_at,
        ends_at=terms.ends_at,
        notes=[] if drawing is None else drawing.notes,
        drawn_by_id=terms.drawn_by_id,
        drawn_at=terms.drawn_at,
    )
    session.add(row)
    session.flush()
    pair = Pair(zone.supervisee_id, zone.id)
    return Drawn(zone.id, row.id, number, pair, to_us(terms.armed_at), list(row.notes))


def _next_epoch(session: Session, agency_id: int) -> int:
    """Count the change; the row lock, held until commit, makes epochs commit in order."""
    row = session.execute(
        text("UPDATE zone_epoch SET epoch = epoch + 1 WHERE agency_id = :agency RETURNING epoch"),
        {"agency": agency_id},
    )
    epoch: int = row.scalar_one()
    return epoch

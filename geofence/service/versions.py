"""Writes the versions of zones, and counts the change so that every worker hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from geoalchemy2.shape import from_shape
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geofence.drawing import Drawing
from geofence.models import Zone, ZoneVersion
from geofence.service.terms import AT_ALL_TIMES, InForce, ZoneKind, ZoneTerms
from supervision.core.clock import to_us
from supervision.core.errors import Conflict, NotFound

RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A zone's new version, and what an officer should know about how it was read."""

    zone_id: int
    version_id: int
    version: int
    since_us: int
    notes: list[str]


@dataclass(frozen=True, slots=True)
class NextVersion:
    """What a zone will be from now on; without a drawing it is retired."""

    zone: Zone
    number: int
    drawing: Drawing | None
    terms: ZoneTerms = AT_ALL_TIMES


def next_epoch(session: Session, agency_id: int) -> int:
    """Count the change; the row lock, held until commit, makes epochs commit in order.

    Whoever wants people's locks too must have taken them before (see `core.locks`).
    """
    row = session.execute(
        text("UPDATE zone_epoch SET epoch = epoch + 1 WHERE agency_id = :agency RETURNING epoch"),
        {"agency": agency_id},
    )
    epoch: int = row.scalar_one()
    return epoch


def last_version(session: Session, zone_id: int) -> tuple[Zone, ZoneVersion]:
    """A zone, locked against other changes until the commit, and what it is now.

    The lock lets others refer to the zone: who judges a stay in it need not wait.

    Raises:
        NotFound: There is no such zone.
        Conflict: It is retired.
    """
    zone = session.get(Zone, zone_id, with_for_update={"key_share": True})
    if zone is None:
        raise NotFound
    last = session.scalars(
        select(ZoneVersion)
        .where(ZoneVersion.zone_id == zone_id)
        .order_by(ZoneVersion.version.desc())
        .limit(1)
    ).one()
    if last.shape == RETIRED:
        message = "This zone is retired."
        raise Conflict(message)
    return zone, last


def terms_of(zone: Zone, version: ZoneVersion) -> ZoneTerms:
    """The terms a zone had in this version."""
    return ZoneTerms(ZoneKind(zone.kind), version.warning_m, version.schedule)


def write_versions(session: Session, nexts: Sequence[NextVersion], force: InForce) -> list[Drawn]:
    """Write versions of zones of one agency, counted as one change; the caller commits.

    Args:
        session: Open transaction.
        nexts: The zones' rows are written already.
        force: When all of them count.
    """
    if not nexts:
        return []
    epoch = next_epoch(session, nexts[0].zone.agency_id)
    rows = [_row(one, force, epoch) for one in nexts]
    session.add_all(rows)
    session.flush()
    since_us = to_us(force.armed_at)
    return [Drawn(row.zone_id, row.id, row.version, since_us, list(row.notes)) for row in rows]


def _row(one: NextVersion, force: InForce, epoch: int) -> ZoneVersion:
    drawing = one.drawing
    return ZoneVersion(
        agency_id=one.zone.agency_id,
        supervisee_id=one.zone.supervisee_id,
        zone_id=one.zone.id,
        version=one.number,
        epoch=epoch,
        shape=RETIRED if drawing is None else str(drawing.kind),
        geom=None if drawing is None else from_shape(drawing.geometry, srid=4326),
        buffer_m=0.0 if drawing is None else drawing.buffer_m,
        inradius_m=0.0 if drawing is None else drawing.inradius_m,
        warning_m=one.terms.warning_m,
        schedule=one.terms.schedule,
        time_zone=force.time_zone,
        armed_at=force.armed_at,
        ends_at=force.ends_at,
        notes=[] if drawing is None else drawing.notes,
        drawn_by_id=force.drawn_by_id,
        drawn_at=force.drawn_at,
    )

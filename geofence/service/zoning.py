"""Draws, amends and retires zones; every change is a new version, none is rewritten."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from geofence.drawing import read_geojson
from geofence.models import Zone, ZoneVersion
from geofence.service.boundaries import leave_to_sweep, write_boundaries
from geofence.service.terms import (
    UNCHANGED,
    ChangedTerms,
    InForce,
    ZoneTerms,
    checked,
    checked_for_set,
)
from geofence.service.versions import Drawn, NextVersion, last_version, terms_of, write_versions
from supervision.core.errors import Conflict


def arm_zone(
    session: Session, zone: Zone, geojson: Mapping[str, Any], terms: ZoneTerms, force: InForce
) -> Drawn:
    """Write a new zone of one person with its first version; the caller judges and commits.

    Args:
        session: Open transaction; the person's lock is held.
        zone: The new row, its person and clause set; its kind is taken from the terms.
        geojson: As drawn (see `drawing.read_geojson`).
        terms: Its kind, warning ring and schedule.
        force: When it counts.

    Raises:
        ZoneInvalid: The drawing cannot be used.
        Invalid: The terms cannot be. In each case nothing was written.
    """
    drawing = read_geojson(dict(geojson))
    terms = checked(terms, force.time_zone)
    zone.kind = str(terms.kind)
    session.add(zone)
    session.flush()
    return _write(session, NextVersion(zone, 1, drawing, terms), force)


def amend_zone(
    session: Session,
    zone_id: int,
    geojson: Mapping[str, Any],
    force: InForce,
    changed: ChangedTerms = UNCHANGED,
) -> Drawn:
    """Write a zone's next version, in force from `force.armed_at` on; the caller commits.

    Of one person's zone the lock is held, and the caller judges. Of a set's zone nobody's is: the
    next sweep judges everybody the set applies to.

    Raises:
        ZoneInvalid: The drawing cannot be used.
        Invalid: The terms cannot be.
        NotFound: There is no such zone.
        Conflict: It is retired, or the new version would begin before the last. In each case
            nothing was written.
    """
    drawing = read_geojson(dict(geojson))
    zone, last = last_version(session, zone_id)
    _require_order(last, force.armed_at)
    check = checked if zone.zone_set_id is None else checked_for_set
    terms = check(changed.after(terms_of(zone, last)), force.time_zone)
    return _write(session, NextVersion(zone, last.version + 1, drawing, terms), force)


def retire_zone(session: Session, zone_id: int, force: InForce) -> Drawn:
    """End a zone from `force.armed_at` on; its versions and stays remain. Locks: see `amend_zone`.

    Raises:
        NotFound: There is no such zone.
        Conflict: It is retired already, or was drawn later. Nothing was written.
    """
    zone, last = last_version(session, zone_id)
    _require_order(last, force.armed_at)
    return _write(session, NextVersion(zone, last.version + 1, None), force)


def _require_order(last: ZoneVersion, armed_at: datetime) -> None:
    if armed_at < last.armed_at:
        message = "A new version cannot begin before the one it follows."
        raise Conflict(message)


def _write(session: Session, version: NextVersion, force: InForce) -> Drawn:
    (drawn,) = write_versions(session, [version], force)
    zone = version.zone
    if zone.supervisee_id is not None:
        write_boundaries(session, [zone.supervisee_id], force.drawn_at)
    if zone.zone_set_id is not None:
        leave_to_sweep(session, zone.zone_set_id, force.armed_at, force.drawn_at)
    return drawn

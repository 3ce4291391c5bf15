"""Places drawn once for many people, all schools of a county: the sets and the zones in them.

A set's zones keep people away, at all times: they may have a warning ring but no schedule, for
people of one set live in several time zones and by different orders. Who must keep away only at
times gets a zone of his own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geofence.drawing import Drawing, read_geojson
from geofence.models import Zone, ZoneSet
from geofence.service.boundaries import leave_to_sweep
from geofence.service.terms import InForce, ZoneTerms, checked_for_set
from geofence.service.versions import Drawn, NextVersion, write_versions
from supervision.core.clock import from_us
from supervision.core.errors import Conflict, Invalid, NotFound, ZoneInvalid

LONGEST_NAME = 200
FEATURES_MOST = 10_000


@dataclass(frozen=True, slots=True)
class RefusedFeature:
    """A feature that could not be used: its place in the collection, from 0, its name, and why."""

    place: int
    name: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a collection: the zones written, and the features refused."""

    drawn: list[Drawn]
    refused: list[RefusedFeature]


class _Named(NamedTuple):
    name: str
    drawing: Drawing


def create_set(session: Session, row: ZoneSet) -> ZoneSet:
    """Write a new, empty set; the caller commits.

    Raises:
        Conflict: The agency has a set of this name. The transaction cannot go on.
    """
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        message = "There is a set of this name."
        raise Conflict(message) from error
    return row


def draw_into_set(
    session: Session,
    zone_set_id: int,
    name: str,
    geojson: Mapping[str, Any],
    terms: ZoneTerms,
    force: InForce,
) -> Drawn:
    """Write a new zone of a set; the next sweep judges everybody the set applies to.

    Args:
        session: Open transaction; the caller commits.
        zone_set_id: Which set.
        name: What the place is called.
        geojson: As drawn (see `drawing.read_geojson`).
        terms: Its warning ring.
        force: When it counts; its time zone is the agency's.

    Raises:
        NotFound: There is no such set.
        ZoneInvalid: The drawing cannot be used.
        Invalid: An inclusion zone, or one with a schedule. In each case nothing was written.
    """
    zone_set = _locked(session, zone_set_id)
    terms = checked_for_set(terms, force.time_zone)
    named = _Named(name, read_geojson(dict(geojson)))
    (drawn,) = _write(session, zone_set, [named], terms, force)
    return drawn


def import_into_set(
    session: Session,
    zone_set_id: int,
    collection: Mapping[str, Any],
    terms: ZoneTerms,
    force: InForce,
    radius_m: float | None = None,
) -> Imported:
    """Write a zone for each feature that can be used, and say of each other one what is wrong.

    Args:
        session: Open transaction; whether a collection with bad features is kept is the caller's
            to decide.
        zone_set_id: Which set.
        collection: A GeoJSON FeatureCollection; each feature as `drawing.read_geojson` takes it,
            with a property `name`.
        terms: The warning ring of all.
        force: As for `draw_into_set`.
        radius_m: Of points that bring none: lists of schools are points.

    Raises:
        NotFound: There is no such set.
        Invalid: This is no collection, or one of too many features; or the terms are not for a
            set. In each case nothing was written.
    """
    zone_set = _locked(session, zone_set_id)
    terms = checked_for_set(terms, force.time_zone)
    good: list[_Named] = []
    refused: list[RefusedFeature] = []
    for place, feature in enumerate(_features(collection)):
        name = _name(feature)
        try:
            good.append(_read(name, feature, radius_m))
        except ZoneInvalid as error:
            refused.append(RefusedFeature(place, name, error.message))
    return Imported(_write(session, zone_set, good, terms, force), refused)


def _locked(session: Session, zone_set_id: int) -> ZoneSet:
    """The set, held until the commit: ids then grow in the order in which zones are committed."""
    query = select(ZoneSet).where(ZoneSet.id == zone_set_id).with_for_update(key_share=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def _features(collection: Mapping[str, Any]) -> Sequence[Any]:
    features = collection.get("features")
    if collection.get("type") != "FeatureCollection" or not isinstance(features, list):
        message = "A GeoJSON FeatureCollection is expected."
        raise Invalid(message)
    if len(features) > FEATURES_MOST:
        message = f"At most {FEATURES_MOST} features at once; send them in several parts."
        raise Invalid(message)
    return features


def _name(feature: object) -> str | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    name = " ".join(name.split())[:LONGEST_NAME] if isinstance(name, str) else ""
    return name if name and name.isprintable() else None


def _read(name: str | None, feature: Any, radius_m: float | None) -> _Named:  # noqa: ANN401 -- JSON
    if name is None:
        message = "The feature has no usable name; give it the property `name`."
        raise ZoneInvalid(message)
    if radius_m is not None and "radius_m" not in feature["properties"] and _is_point(feature):
        feature = feature | {"properties": {"radius_m": radius_m}}
    return _Named(name, read_geojson(feature))


def _is_point(feature: Mapping[str, Any]) -> bool:
    geometry = feature.get("geometry")
    return isinstance(geometry, dict) and geometry.get("type") == "Point"


def _write(
    session: Session,
    zone_set: ZoneSet,
    named: Sequence[_Named],
    terms: ZoneTerms,
    force: InForce,
) -> list[Drawn]:
    zones = [
        Zone(
            agency_id=zone_set.agency_id,
            kind=str(terms.kind),
            zone_set_id=zone_set.id,
            name=one.name,
            created_at=force.drawn_at,
        )
        for one in named
    ]
    session.add_all(zones)
    session.flush()
    nexts = [
        NextVersion(zone, 1, one.drawing, terms) for zone, one in zip(zones, named, strict=True)
    ]
    drawn = write_versions(session, nexts, force)
    if drawn:
        leave_to_sweep(session, zone_set.id, from_us(drawn[0].since_us), force.drawn_at)
    return drawn

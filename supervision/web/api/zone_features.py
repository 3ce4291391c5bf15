"""Exclusion zones as they are shown: one version of each, as a GeoJSON Feature."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from geoalchemy2.shape import to_shape
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from geofence.drawing import ZoneShape, to_geojson
from geofence.models import ExclusionZone, ZoneVersion
from supervision.core.access import Actor
from supervision.core.errors import NotFound
from supervision.register.models import Supervisee
from supervision.web.api.fields import Model


class ZoneProperties(Model):
    """What is known of a zone's version beside its geometry."""

    name: str
    order_id: int
    supervisee_id: int
    shape: str
    radius_m: float | None
    width_m: float | None
    version: int
    version_id: int
    armed_at: datetime
    ends_at: datetime | None
    notes: list[str]
    drawn_by_id: int | None
    drawn_at: datetime


class ZoneFeature(Model):
    """A zone as it was drawn in one version; a retired zone has no geometry."""

    type: Literal["Feature"] = "Feature"
    id: int
    geometry: dict[str, Any] | None
    properties: ZoneProperties


class DrawnZone(NamedTuple):
    """A zone and one of its versions."""

    zone: ExclusionZone
    version: ZoneVersion

    def as_feature(self) -> ZoneFeature:
        """The pair as GeoJSON."""
        zone, version = self
        drawn = _drawn(version)
        return ZoneFeature(
            id=zone.id,
            geometry=drawn["geometry"],
            properties=ZoneProperties(
                name=zone.name,
                order_id=zone.court_order_id,
                supervisee_id=zone.supervisee_id,
                shape=version.shape,
                radius_m=drawn["properties"].get("radius_m"),
                width_m=drawn["properties"].get("width_m"),
                version=version.version,
                version_id=version.id,
                armed_at=version.armed_at,
                ends_at=version.ends_at,
                notes=version.notes,
                drawn_by_id=version.drawn_by_id,
                drawn_at=version.drawn_at,
            ),
        )


class ZoneFilter(NamedTuple):
    """Whose zones, under which order; None where it does not matter."""

    supervisee_id: int | None = None
    order_id: int | None = None


def find_zones(
    session: Session, actor: Actor, wanted: ZoneFilter, after_id: int | None, most: int
) -> list[DrawnZone]:
    """Zones of the actor's caseload by id, behind `after_id`, each in its newest version.

    Viewing is the caller's to audit.
    """
    query = _newest(actor).where(ExclusionZone.id > (after_id or 0))
    if wanted.supervisee_id is not None:
        query = query.where(ExclusionZone.supervisee_id == wanted.supervisee_id)
    if wanted.order_id is not None:
        query = query.where(ExclusionZone.court_order_id == wanted.order_id)
    rows = session.execute(query.order_by(ExclusionZone.id).limit(most)).all()
    return [DrawnZone(zone, version) for zone, version in rows]


def newest_zone(session: Session, actor: Actor, zone_id: int) -> DrawnZone:
    """One zone in its newest version; viewing is the caller's to audit.

    Raises:
        NotFound: There is none, or not on the actor's caseload.
    """
    row = session.execute(_newest(actor).where(ExclusionZone.id == zone_id)).one_or_none()
    if row is None:
        raise NotFound
    return DrawnZone(*row)


def find_versions(
    session: Session, zone: ExclusionZone, after_version: int | None, most: int
) -> Sequence[DrawnZone]:
    """A zone's versions in order, behind `after_version`."""
    rows = session.scalars(
        select(ZoneVersion)
        .where(ZoneVersion.zone_id == zone.id, ZoneVersion.version > (after_version or 0))
        .order_by(ZoneVersion.version)
        .limit(most)
    )
    return [DrawnZone(zone, row) for row in rows]


def _newest(actor: Actor) -> Select[ExclusionZone, ZoneVersion]:
    other = aliased(ZoneVersion)
    last = select(func.max(other.version)).where(other.zone_id == ExclusionZone.id)
    query = select(ExclusionZone, ZoneVersion).join(
        ZoneVersion,
        (ZoneVersion.zone_id == ExclusionZone.id)
        & (ZoneVersion.version == last.correlate(ExclusionZone).scalar_subquery()),
    )
    if actor.caseload_officer_id is None:
        return query
    return query.join(Supervisee, Supervisee.id == ExclusionZone.supervisee_id).where(
        Supervisee.supervising_officer_id == actor.caseload_officer_id
    )


def _drawn(version: ZoneVersion) -> dict[str, Any]:
    if version.geom is None:
        return {"geometry": None, "properties": {}}
    return to_geojson(ZoneShape(version.shape), to_shape(version.geom), version.buffer_m)

"""Zones as they are shown: one version of each, as a GeoJSON Feature."""

from datetime import datetime
from typing import Any, Literal, NamedTuple

from geoalchemy2.shape import to_shape

from geofence.drawing import ZoneShape, to_geojson
from geofence.models import Zone, ZoneVersion
from geofence.service import ZoneKind
from supervision.web.api.fields import Model


class ZoneProperties(Model):
    """What is known of a zone's version beside its geometry.

    A zone is one person's, by a clause of his order, or one of a set.
    """

    name: str
    kind: ZoneKind
    clause_id: int | None
    order_id: int | None
    supervisee_id: int | None
    zone_set_id: int | None
    shape: str
    radius_m: float | None
    width_m: float | None
    warning_m: float
    schedule: dict[str, Any] | None
    time_zone: str
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

    zone: Zone
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
                kind=ZoneKind(zone.kind),
                clause_id=zone.order_clause_id,
                order_id=zone.court_order_id,
                supervisee_id=zone.supervisee_id,
                zone_set_id=zone.zone_set_id,
                shape=version.shape,
                radius_m=drawn["properties"].get("radius_m"),
                width_m=drawn["properties"].get("width_m"),
                warning_m=version.warning_m,
                schedule=version.schedule,
                time_zone=version.time_zone,
                version=version.version,
                version_id=version.id,
                armed_at=version.armed_at,
                ends_at=version.ends_at,
                notes=version.notes,
                drawn_by_id=version.drawn_by_id,
                drawn_at=version.drawn_at,
            ),
        )


def _drawn(version: ZoneVersion) -> dict[str, Any]:
    if version.geom is None:
        return {"geometry": None, "properties": {}}
    return to_geojson(ZoneShape(version.shape), to_shape(version.geom), version.buffer_m)

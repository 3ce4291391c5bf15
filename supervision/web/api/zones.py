"""Exclusion zones as GeoJSON: drawn under an order, amended, retired; every look is audited."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, status
from pydantic import Field

from supervision.core import audit
from supervision.core.access import Permission
from supervision.web.api.fields import Instant, Line, Model, RowId
from supervision.web.api.viewing import Viewing, ViewingDep
from supervision.web.api.zone_features import (
    ZoneFeature,
    ZoneFilter,
    find_versions,
    find_zones,
    newest_zone,
)
from supervision.web.deps import (
    MOST_BIGINT,
    Id,
    RuntimeDep,
    requires,
)
from supervision.web.paging import Page, PagerDep

router = APIRouter(prefix="/zones", tags=["zones"])

MaybeId = Annotated[int | None, Query(ge=1, le=MOST_BIGINT)]
Drawing = Annotated[
    dict[str, Any],
    Field(
        description=(
            "A GeoJSON Feature: a Point with the property `radius_m`, a LineString with"
            " `width_m`, or a Polygon; longitude before latitude"
        ),
        examples=[
            {
                "type": "Feature",
                "properties": {"radius_m": 300},
                "geometry": {"type": "Point", "coordinates": [-104.9847, 39.7392]},
            }
        ],
    ),
]


class NewZone(Model):
    """A zone to be armed; it counts from `armed_at`, or from now."""

    order_id: RowId
    name: Line = Field(examples=["Home"])
    geometry: Drawing
    armed_at: Instant | None = None


class NewShape(Model):
    """A zone drawn anew; the new shape counts from `armed_at`, or from now."""

    geometry: Drawing
    armed_at: Instant | None = None


class Retirement(Model):
    """When a zone ends; now if `at` is left out."""

    at: Instant | None = None


@router.get("", dependencies=[requires(Permission.READ_ZONES)])
def list_zones(
    viewing: ViewingDep,
    pager: PagerDep,
    supervisee_id: MaybeId = None,
    order_id: MaybeId = None,
) -> Page[ZoneFeature]:
    """The zones of one's caseload, oldest first, each in its newest version; audited."""
    wanted = ZoneFilter(supervisee_id, order_id)
    rows = find_zones(viewing.session, viewing.actor, wanted, pager.after_id(), pager.fetch)
    rows, next_cursor = pager.cut(rows, lambda row: (row.zone.id,))
    viewing.record_list(audit.Tag.ZONE_VIEWED, [row.zone.id for row in rows])
    return Page(items=[row.as_feature() for row in rows], next=next_cursor)


@router.get("/{zone_id}", dependencies=[requires(Permission.READ_ZONES)])
def get_zone(zone_id: Id, viewing: ViewingDep) -> ZoneFeature:
    """One zone in its newest version; audited."""
    feature = _feature(viewing, zone_id)
    viewing.record(audit.Tag.ZONE_VIEWED, f"zone:{zone_id}", version=feature.properties.version)
    return feature


@router.get("/{zone_id}/versions", dependencies=[requires(Permission.READ_ZONES)])
def list_zone_versions(zone_id: Id, viewing: ViewingDep, pager: PagerDep) -> Page[ZoneFeature]:
    """Everything a zone has been, in order; audited."""
    zone = newest_zone(viewing.session, viewing.actor, zone_id).zone
    rows = find_versions(viewing.session, zone, pager.after_id(), pager.fetch)
    rows, next_cursor = pager.cut(rows, lambda row: (row.version.version,))
    viewing.record(
        audit.Tag.ZONE_VIEWED, f"zone:{zone_id}", versions=[row.version.version for row in rows]
    )
    return Page(items=[row.as_feature() for row in rows], next=next_cursor)


@router.post(
    "", status_code=status.HTTP_201_CREATED, dependencies=[requires(Permission.WRITE_ZONES)]
)
def arm_zone(body: NewZone, viewing: ViewingDep, runtime: RuntimeDep) -> ZoneFeature:
    """Draw a zone; the person's known fixes are judged at once. Notes say what was repaired."""
    drawn = runtime.monitor.arm_zone(
        viewing.session,
        viewing.actor,
        body.order_id,
        body.name,
        body.geometry,
        body.armed_at or viewing.now,
    )
    return _feature(viewing, drawn.zone_id)


@router.put("/{zone_id}/shape", dependencies=[requires(Permission.WRITE_ZONES)])
def amend_zone(
    zone_id: Id, body: NewShape, viewing: ViewingDep, runtime: RuntimeDep
) -> ZoneFeature:
    """Draw a zone anew: a new version, the old ones remain."""
    armed_at = body.armed_at or viewing.now
    runtime.monitor.amend_zone(viewing.session, viewing.actor, zone_id, body.geometry, armed_at)
    return _feature(viewing, zone_id)


@router.post("/{zone_id}/retire", dependencies=[requires(Permission.WRITE_ZONES)])
def retire_zone(
    zone_id: Id, body: Retirement, viewing: ViewingDep, runtime: RuntimeDep
) -> ZoneFeature:
    """End a zone; its versions, stays and alerts remain."""
    runtime.monitor.retire_zone(viewing.session, viewing.actor, zone_id, body.at or viewing.now)
    return _feature(viewing, zone_id)


def _feature(viewing: Viewing, zone_id: int) -> ZoneFeature:
    return newest_zone(viewing.session, viewing.actor, zone_id).as_feature()

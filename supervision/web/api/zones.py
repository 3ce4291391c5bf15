"""Zones as GeoJSON: drawn by a clause of an order, amended, retired; every look is audited."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, status

from geofence.service import next_windows
from supervision.core import audit
from supervision.core.access import Permission
from supervision.web.api.fields import Line, Model
from supervision.web.api.viewing import Viewing, ViewingDep
from supervision.web.api.zone_bodies import NewShape, NewZone, Retirement, Schedule
from supervision.web.api.zone_features import ZoneFeature
from supervision.web.api.zone_queries import ZoneFilter, find_versions, find_zones, newest_zone
from supervision.web.deps import MOST_BIGINT, Id, NowDep, RuntimeDep, requires
from supervision.web.paging import Page, PagerDep

router = APIRouter(prefix="/zones", tags=["zones"])

MaybeId = Annotated[int | None, Query(ge=1, le=MOST_BIGINT)]
WINDOWS_SHOWN = 10


class Preview(Model):
    """A schedule to be tried out, and by which clocks."""

    schedule: Schedule
    time_zone: Line


class ShownWindow(Model):
    """A stretch in which the schedule is active, in UTC and by the local clocks."""

    begins_at: datetime
    ends_at: datetime
    begins_local: datetime
    ends_local: datetime


class ShownWindows(Model):
    """The next stretches, also the one under way."""

    windows: list[ShownWindow]


@router.get("", dependencies=[requires(Permission.READ_ZONES)])
def list_zones(
    viewing: ViewingDep,
    pager: PagerDep,
    supervisee_id: MaybeId = None,
    order_id: MaybeId = None,
) -> Page[ZoneFeature]:
    """The zones of one's caseload, those of sets aside, oldest first, in their newest version."""
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
    drawn = runtime.monitor.zoning(viewing.session, viewing.actor).arm(
        body.clause_id,
        body.name,
        body.geometry,
        body.armed_at or viewing.now,
        body.terms,
    )
    return _feature(viewing, drawn.zone_id)


@router.put("/{zone_id}/shape", dependencies=[requires(Permission.WRITE_ZONES)])
def amend_zone(
    zone_id: Id, body: NewShape, viewing: ViewingDep, runtime: RuntimeDep
) -> ZoneFeature:
    """Draw a zone anew: a new version, the old ones remain."""
    new = (body.geometry, body.armed_at or viewing.now, body.changed)
    runtime.monitor.zoning(viewing.session, viewing.actor).amend(zone_id, *new)
    return _feature(viewing, zone_id)


@router.post("/{zone_id}/retire", dependencies=[requires(Permission.WRITE_ZONES)])
def retire_zone(
    zone_id: Id, body: Retirement, viewing: ViewingDep, runtime: RuntimeDep
) -> ZoneFeature:
    """End a zone; its versions, stays and alerts remain."""
    runtime.monitor.zoning(viewing.session, viewing.actor).retire(zone_id, body.at or viewing.now)
    return _feature(viewing, zone_id)


@router.post("/schedule-preview", dependencies=[requires(Permission.READ_ZONES)])
def preview_schedule(body: Preview, now: NowDep) -> ShownWindows:
    """What a schedule would mean, before it is given to a zone; nothing is kept."""
    found = next_windows(body.schedule, body.time_zone, now, WINDOWS_SHOWN)
    return ShownWindows(windows=[ShownWindow.model_validate(one) for one in found])


def _feature(viewing: Viewing, zone_id: int) -> ZoneFeature:
    return newest_zone(viewing.session, viewing.actor, zone_id).as_feature()

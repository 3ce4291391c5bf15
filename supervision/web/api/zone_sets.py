"""Sets of zones: places drawn once, or imported, that apply to many people."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, status
from pydantic import Field

from geofence.service import Imported, ZoneTerms
from supervision.core import audit
from supervision.core.access import Permission
from supervision.web.api.fields import Instant, Line, Model
from supervision.web.api.viewing import Viewing, ViewingDep
from supervision.web.api.zone_bodies import NewSetZone, WarningM
from supervision.web.api.zone_features import ZoneFeature
from supervision.web.api.zone_queries import find_set_zones, newest_zone
from supervision.web.api.zone_set_queries import CountedSet, counted_set, find_sets
from supervision.web.deps import Id, RuntimeDep, requires
from supervision.web.paging import Page, PagerDep

router = APIRouter(tags=["zone sets"])


class NewZoneSet(Model):
    """A set to be made; its zones are drawn or imported apart."""

    name: Line = Field(examples=["Schools of Prairie County"])


class ZoneSet(NewZoneSet):
    """A set of zones, how many it has, and to how many people it applies now."""

    id: int
    created_at: datetime
    zones: int
    members: int


class Import(Model):
    """Places to be drawn into a set, all from `armed_at` on, or from now."""

    collection: dict[str, Any] = Field(
        description="A GeoJSON FeatureCollection; each feature with the property `name`"
    )
    warning_m: WarningM = 0
    radius_m: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None, description="Of points without the property `radius_m`"
    )
    armed_at: Instant | None = None
    dry_run: bool = Field(default=False, description="Only say what would become of each feature")


class RefusedFeature(Model):
    """A feature that was not used: its place in the collection, from 0, and why."""

    place: int
    name: str | None
    reason: str


class ImportOutcome(Model):
    """How many zones were drawn, and every feature that was not used."""

    drawn: int
    refused: list[RefusedFeature]


@router.get("/zone-sets", dependencies=[requires(Permission.READ_ZONES)])
def list_zone_sets(viewing: ViewingDep, pager: PagerDep) -> Page[ZoneSet]:
    """The agency's sets, or those that concern one's caseload, oldest first; audited."""
    seen = (viewing.session, viewing.actor, viewing.now)
    rows, next_cursor = pager.cut(
        find_sets(*seen, pager.after_id(), pager.fetch), lambda row: (row.zone_set.id,)
    )
    viewing.record_list(audit.Tag.ZONE_SET_VIEWED, [row.zone_set.id for row in rows])
    return Page(items=[_shown(row) for row in rows], next=next_cursor)


@router.get("/zone-sets/{zone_set_id}", dependencies=[requires(Permission.READ_ZONES)])
def get_zone_set(zone_set_id: Id, viewing: ViewingDep) -> ZoneSet:
    """One set; audited."""
    shown = _shown(_counted(viewing, zone_set_id))
    viewing.record(audit.Tag.ZONE_SET_VIEWED, f"zone_set:{zone_set_id}")
    return shown


@router.get("/zone-sets/{zone_set_id}/zones", dependencies=[requires(Permission.READ_ZONES)])
def list_set_zones(zone_set_id: Id, viewing: ViewingDep, pager: PagerDep) -> Page[ZoneFeature]:
    """A set's zones, oldest first, each in its newest version; audited."""
    _counted(viewing, zone_set_id)
    rows = find_set_zones(viewing.session, zone_set_id, pager.after_id(), pager.fetch)
    rows, next_cursor = pager.cut(rows, lambda row: (row.zone.id,))
    ids = [row.zone.id for row in rows]
    viewing.record(audit.Tag.ZONE_SET_VIEWED, f"zone_set:{zone_set_id}", zone_ids=ids)
    return Page(items=[row.as_feature() for row in rows], next=next_cursor)


@router.post(
    "/zone-sets",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.WRITE_ZONES)],
)
def create_zone_set(body: NewZoneSet, viewing: ViewingDep, runtime: RuntimeDep) -> ZoneSet:
    """Make an empty set."""
    sets = runtime.monitor.zone_sets(viewing.session, viewing.actor)
    return _shown(CountedSet(sets.create(body.name), 0, 0))


@router.post(
    "/zone-sets/{zone_set_id}/zones",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.WRITE_ZONES)],
)
def draw_into_set(
    zone_set_id: Id, body: NewSetZone, viewing: ViewingDep, runtime: RuntimeDep
) -> ZoneFeature:
    """Draw a zone into a set; whoever the set applies to is judged within moments."""
    sets = runtime.monitor.zone_sets(viewing.session, viewing.actor)
    new = (body.geometry, body.armed_at or viewing.now, ZoneTerms(warning_m=body.warning_m))
    drawn = sets.draw(zone_set_id, body.name, *new)
    return newest_zone(viewing.session, viewing.actor, drawn.zone_id).as_feature()


@router.post("/zone-sets/{zone_set_id}/import", dependencies=[requires(Permission.WRITE_ZONES)])
def import_into_set(
    zone_set_id: Id, body: Import, viewing: ViewingDep, runtime: RuntimeDep
) -> ImportOutcome:
    """Draw many zones at once; what cannot be used is named, the rest is drawn."""
    sets = runtime.monitor.zone_sets(viewing.session, viewing.actor)
    new = (body.collection, body.armed_at or viewing.now, ZoneTerms(warning_m=body.warning_m))
    with viewing.session.begin_nested() as rehearsal:
        imported = sets.import_collection(zone_set_id, *new, body.radius_m)
        if body.dry_run:
            rehearsal.rollback()
    return _outcome(imported)


def _counted(viewing: Viewing, zone_set_id: int) -> CountedSet:
    return counted_set(viewing.session, viewing.actor, viewing.now, zone_set_id)


def _shown(row: CountedSet) -> ZoneSet:
    known = row.zone_set
    return ZoneSet(
        id=known.id,
        name=known.name,
        created_at=known.created_at,
        zones=row.zones,
        members=row.members,
    )


def _outcome(imported: Imported) -> ImportOutcome:
    refused = [RefusedFeature.model_validate(one) for one in imported.refused]
    return ImportOutcome(drawn=len(imported.drawn), refused=refused)

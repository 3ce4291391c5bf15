"""What a zone would have done in the last days, before it is drawn; every look is audited."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from geofence.service import ZoneKind, ZoneTerms
from supervision.core.access import Permission
from supervision.corridor.previewing import Draft
from supervision.register import service
from supervision.web.api.fields import Model, RowId
from supervision.web.api.viewing import ViewingDep
from supervision.web.api.zone_bodies import Drawing, Schedule, WarningM
from supervision.web.deps import RuntimeDep, requires

router = APIRouter(prefix="/zones", tags=["zones"])

LONGEST_DAYS = 90


class ZoneDraft(Model):
    """A zone that is thought of, for a person; the last `days` days are replayed."""

    supervisee_id: RowId
    geometry: Drawing
    kind: ZoneKind = ZoneKind.EXCLUSION
    warning_m: WarningM = 0.0
    schedule: Schedule | None = None
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] = 30


class PastStay(Model):
    """A stay that would have been told."""

    entered_at: datetime
    left_at: datetime | None
    duration_s: float
    grade: str
    by: str
    deepest_m: float
    accuracy_m: float
    is_near_edge: bool


class PastApproach(Model):
    """An approach that would have been told."""

    entered_at: datetime
    told_at: datetime
    left_at: datetime | None
    closing_mps: float
    eta_s: float
    nearest_m: float


class FixCounts(Model):
    """How much the answer rests on."""

    replayed: int
    judged: int
    near_edge: int
    usual_accuracy_m: float


class Warned(Model):
    """What the officer should know before drawing it."""

    code: str
    sentence: str


class ZonePreview(Model):
    """What the draft would have done."""

    begins_at: datetime
    ends_at: datetime
    time_zone: str
    days: float
    fixes: FixCounts
    stays: list[PastStay]
    stays_near_edge: int
    approaches: list[PastApproach]
    alerts: int
    alerts_per_day: float
    silences: int
    silent_s: float
    warnings: list[Warned]


@router.post("/preview", dependencies=[requires(Permission.WRITE_ZONES)])
def preview_zone(body: ZoneDraft, viewing: ViewingDep, runtime: RuntimeDep) -> ZonePreview:
    """Replay a person's last days as if the draft had been armed at their beginning."""
    actor = viewing.actor
    service.get_supervisee(viewing.session, body.supervisee_id, actor.caseload_officer_id)
    terms = ZoneTerms(body.kind, body.warning_m, body.schedule)
    geojson: dict[str, Any] = body.geometry
    draft = Draft(body.supervisee_id, geojson, terms, body.days)
    found = runtime.monitor.preview_zone(viewing.session, draft, actor.officer_id)
    return ZonePreview.model_validate(found)

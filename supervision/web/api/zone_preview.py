"""What a zone would have done in the last days, before it is drawn; every look is audited."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import Field, model_validator

from geofence.service import ZoneKind, ZoneTerms
from supervision.core.access import Permission
from supervision.corridor.previewing import LONGEST_DAYS, Draft
from supervision.register import service
from supervision.web.api.fields import Model, RowId
from supervision.web.api.viewing import ViewingDep
from supervision.web.api.zone_bodies import Drawing, Schedule, WarningM
from supervision.web.deps import RuntimeDep, requires

router = APIRouter(prefix="/zones", tags=["zones"])


class ZoneDraft(Model):
    """A zone that is thought of, for a person or by a clause; its last `days` are replayed."""

    supervisee_id: RowId | None = Field(None, description="Whose, unless `clause_id` says it")
    clause_id: RowId | None = Field(None, description="The clause that it would carry out")
    geometry: Drawing
    kind: ZoneKind = ZoneKind.EXCLUSION
    warning_m: WarningM = 0.0
    schedule: Schedule | None = Field(None, description="None: at all times")
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] = 30

    @model_validator(mode="after")
    def _concerns_one(self) -> Self:
        if (self.supervisee_id is None) == (self.clause_id is None):
            raise ValueError("name either supervisee_id or clause_id")
        return self


class PastStay(Model):
    """A stay that would have been told; `by` a fix, the way between two, or a fix from before."""

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
    """How much the answer rests on: fixes replayed, judged when it counts, and near its edge."""

    replayed: int
    judged: int
    near_edge: int
    usual_accuracy_m: float


class Haunt(Model):
    """How many of his nights, or working days, were spent in the zone, or in its ring."""

    days: int
    inside: int
    in_ring: int


class Caution(Model):
    """What the officer should know before drawing it; `code` is stable."""

    code: str
    sentence: str


class ZonePreview(Model):
    """What the draft would have done, had it been armed at `begins_at`."""

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
    nights: Haunt
    work_days: Haunt
    warnings: list[Caution]


@router.post("/preview", dependencies=[requires(Permission.WRITE_ZONES)])
def preview_zone(body: ZoneDraft, viewing: ViewingDep, runtime: RuntimeDep) -> ZonePreview:
    """Replay a person's last days as if the draft had been armed then; only the look is kept."""
    session, actor = viewing.session, viewing.actor
    person = body.supervisee_id
    if body.clause_id is not None:
        clause = service.get_clause(session, body.clause_id, actor.caseload_officer_id)
        person = clause.supervisee_id
    terms = ZoneTerms(body.kind, body.warning_m, body.schedule)
    draft = Draft(person or 0, body.geometry, terms, body.days)
    return ZonePreview.model_validate(runtime.monitor.preview_zone(session, actor, draft))

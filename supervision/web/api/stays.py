"""What the geofence found about a person: stays in zones and silences; every look is audited."""

from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query
from sqlalchemy import Select, select

from geofence.models import ZoneSilence, ZoneStay
from supervision.core import audit
from supervision.core.access import Permission
from supervision.register import service
from supervision.web.api.fields import Model
from supervision.web.api.positions import RangeDep
from supervision.web.api.viewing import Viewing, ViewingDep
from supervision.web.deps import Id, requires
from supervision.web.paging import Page, PagerDep

router = APIRouter(prefix="/supervisees/{supervisee_id}", tags=["stays"])

Row = TypeVar("Row", ZoneStay, ZoneSilence)


class StayFound(Model):
    """A stay in a zone (`ring` zone), or in the warning ring around it (`ring` warning).

    He entered between `entered_after_at` and `entered_at` and left between `last_seen_at` and
    `left_before_at`. `decided_share` is the probability that decided the grade.
    """

    id: int
    zone_id: int
    zone_version_id: int
    ring: str
    evidence_kind: str
    grade: str
    entered_after_at: datetime | None
    entered_at: datetime
    last_seen_at: datetime
    left_at: datetime | None
    left_before_at: datetime | None
    deepest_m: float
    deepest_accuracy_m: float
    decided_at: datetime
    decided_share: float
    decided_distance_m: float
    decided_accuracy_m: float
    decided_position_id: int
    closing_at: datetime | None
    closing_mps: float | None
    eta_s: float | None
    fix_count: int
    is_late: bool
    found_at: datetime
    withdrawn_at: datetime | None


class SilenceFound(Model):
    """A time without a fix that can tell, in which a zone could have been reached.

    Of a set of zones there is one line, with how many of them were in reach; `zone_id` is the
    nearest. `spare_m` is how much farther he could have gone than there and on.
    """

    id: int
    zone_id: int
    zone_version_id: int
    zone_set_id: int | None
    zones_in_reach: int
    from_at: datetime
    until_at: datetime
    spare_m: float
    found_at: datetime
    withdrawn_at: datetime | None


WithdrawnToo = Annotated[bool, Query(description="Also what later fixes showed not to be so")]


@router.get("/stays", dependencies=[requires(Permission.READ_POSITIONS)])
def list_stays(
    supervisee_id: Id,
    viewing: ViewingDep,
    time_range: RangeDep,
    pager: PagerDep,
    *,
    withdrawn: WithdrawnToo = False,
) -> Page[StayFound]:
    """A person's stays that began in a time, oldest row first; audited."""
    query = select(ZoneStay).where(
        ZoneStay.supervisee_id == supervisee_id,
        ZoneStay.entered_at >= time_range.begins_at,
        ZoneStay.entered_at < time_range.ends_at,
    )
    rows, next_cursor = _found(viewing, supervisee_id, query, pager, withdrawn=withdrawn)
    return Page(items=[StayFound.model_validate(row) for row in rows], next=next_cursor)


@router.get("/silences", dependencies=[requires(Permission.READ_POSITIONS)])
def list_silences(
    supervisee_id: Id,
    viewing: ViewingDep,
    time_range: RangeDep,
    pager: PagerDep,
    *,
    withdrawn: WithdrawnToo = False,
) -> Page[SilenceFound]:
    """A person's silences that touch a time, oldest row first; audited."""
    query = select(ZoneSilence).where(
        ZoneSilence.supervisee_id == supervisee_id,
        ZoneSilence.until_at > time_range.begins_at,
        ZoneSilence.from_at < time_range.ends_at,
    )
    rows, next_cursor = _found(viewing, supervisee_id, query, pager, withdrawn=withdrawn)
    return Page(items=[SilenceFound.model_validate(row) for row in rows], next=next_cursor)


def _found(
    viewing: Viewing, supervisee_id: int, query: Select[Row], pager: PagerDep, *, withdrawn: bool
) -> tuple[list[Row], str | None]:
    """A page of rows of a person on the caller's caseload; the look is on record."""
    after_id = pager.after_id() or 0
    service.get_supervisee(viewing.session, supervisee_id, viewing.actor.caseload_officer_id)
    model: type[Row] = query.column_descriptions[0]["entity"]
    if not withdrawn:
        query = query.where(model.withdrawn_at.is_(None))
    query = query.where(model.id > after_id).order_by(model.id).limit(pager.fetch)
    rows = viewing.session.scalars(query).all()
    viewing.record(audit.Tag.POSITIONS_VIEWED, f"supervisee:{supervisee_id}", shown="findings")
    return pager.cut(rows, lambda row: (row.id,))

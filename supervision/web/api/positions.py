"""Where a person was: the stored fixes of one supervisee in a time range; every look is audited."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from ingest.models import Position as PositionRow
from supervision.core import audit
from supervision.core.access import Permission
from supervision.core.clock import from_us, to_us
from supervision.core.errors import Invalid
from supervision.core.fixes import Source
from supervision.register import service
from supervision.web.api.fields import Instant, Model
from supervision.web.api.viewing import ViewingDep
from supervision.web.deps import Id, requires
from supervision.web.paging import Key, Page, Pager, PagerDep

router = APIRouter(prefix="/supervisees/{supervisee_id}/positions", tags=["positions"])

LONGEST_RANGE = timedelta(days=31)
GEOJSON = "application/geo+json"


class Format(StrEnum):
    """How positions can be had."""

    JSON = "json"
    GEOJSON = "geojson"


class Position(Model):
    """A stored fix."""

    id: int
    supervisee_id: int
    device_id: int
    fixed_at: datetime
    sent_at: datetime | None
    received_at: datetime
    lon: float
    lat: float
    accuracy_m: float | None
    source: str
    speed_mps: float | None
    course_deg: float | None
    altitude_m: float | None
    battery_pct: float | None


@dataclass(frozen=True, slots=True)
class Range:
    """The half-open time from `begins_at` until before `ends_at`."""

    begins_at: datetime
    ends_at: datetime


def get_range(
    begins_at: Annotated[Instant, Query(alias="from", examples=["2026-11-23T00:00:00Z"])],
    ends_at: Annotated[Instant, Query(alias="to", examples=["2026-11-24T00:00:00Z"])],
) -> Range:
    """The asked time.

    Raises:
        Invalid: It is empty or longer than 31 days.
    """
    if not timedelta(0) < ends_at - begins_at <= LONGEST_RANGE:
        message = f"Ask for a time range of at most {LONGEST_RANGE.days} days, from before to."
        raise Invalid(message)
    return Range(begins_at, ends_at)


RangeDep = Annotated[Range, Depends(get_range)]


def get_format(
    request: Request,
    form: Annotated[Format | None, Query(alias="format")] = None,
) -> Format:
    """The asked format: by `format`, else by the Accept header."""
    if form is not None:
        return form
    return Format.GEOJSON if GEOJSON in request.headers.get("accept", "") else Format.JSON


FormatDep = Annotated[Format, Depends(get_format)]


@router.get(
    "",
    dependencies=[requires(Permission.READ_POSITIONS)],
    response_model=Page[Position],
    responses={
        200: {
            "description": "In the order of `fixed_at`",
            "content": {GEOJSON: {"schema": {"type": "object"}}},
        }
    },
)
def list_positions(
    supervisee_id: Id,
    viewing: ViewingDep,
    time_range: RangeDep,
    pager: PagerDep,
    form: FormatDep,
) -> Page[Position] | JSONResponse:
    """Where a person of one's caseload was, by the fixes' own time; audited."""
    service.get_supervisee(viewing.session, supervisee_id, viewing.actor.caseload_officer_id)
    rows = _find(viewing.session, supervisee_id, time_range, pager)
    rows, next_cursor = pager.cut(rows, _key)
    viewing.record(
        audit.Tag.POSITIONS_VIEWED,
        f"supervisee:{supervisee_id}",
        begins_at=time_range.begins_at.isoformat(),
        ends_at=time_range.ends_at.isoformat(),
    )
    items = [_position(row) for row in rows]
    if form is Format.JSON:
        return Page(items=items, next=next_cursor)
    headers = {} if next_cursor is None else {"Link": pager.link(next_cursor)}
    return JSONResponse(_collection(items, next_cursor), headers=headers, media_type=GEOJSON)


def _find(
    session: Session, supervisee_id: int, time_range: Range, pager: Pager
) -> Sequence[PositionRow]:
    query = select(PositionRow).where(
        PositionRow.supervisee_id == supervisee_id,
        PositionRow.fixed_at >= time_range.begins_at,
        PositionRow.fixed_at < time_range.ends_at,
    )
    after = pager.after(2)
    if after is not None:
        fixed_at = _from_cursor(after[0])
        query = query.where(
            # The plain bound lets the planner skip the days before.
            PositionRow.fixed_at >= fixed_at,
            tuple_(PositionRow.fixed_at, PositionRow.id) > (fixed_at, after[1]),
        )
    query = query.order_by(PositionRow.fixed_at, PositionRow.id).limit(pager.fetch)
    return session.scalars(query).all()


def _key(row: PositionRow) -> Key:
    return to_us(row.fixed_at), row.id


def _from_cursor(fixed_at_us: int) -> datetime:
    try:
        return from_us(fixed_at_us)
    except OverflowError as error:
        message = "The cursor is not one that this list gave."
        raise Invalid(message) from error


def _position(row: PositionRow) -> Position:
    return Position(
        id=row.id,
        supervisee_id=row.supervisee_id,
        device_id=row.device_id,
        fixed_at=row.fixed_at,
        sent_at=row.sent_at,
        received_at=row.received_at,
        lon=row.lon,
        lat=row.lat,
        accuracy_m=_known(row.accuracy_m),
        source=Source(row.source).name.lower(),
        speed_mps=_known(row.speed_mps),
        course_deg=_known(row.course_deg),
        altitude_m=_known(row.altitude_m),
        battery_pct=_known(row.battery_pct),
    )


def _known(number: float | None) -> float | None:
    """None for what JSON cannot say."""
    return None if number is None or not math.isfinite(number) else number


def _collection(items: list[Position], next_cursor: str | None) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "id": item.id,
            "geometry": {"type": "Point", "coordinates": [item.lon, item.lat]},
            "properties": item.model_dump(mode="json", exclude={"id", "lon", "lat"}),
        }
        for item in items
    ]
    return {"type": "FeatureCollection", "features": features, "next": next_cursor}

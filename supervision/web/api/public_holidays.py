"""The agency's public holidays, on which plans that skip them ask for nothing."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, status
from pydantic import AfterValidator, Field

from supervision.core.access import Permission
from supervision.register import service
from supervision.web.api.fields import FIRST_INSTANT, LAST_INSTANT, Line, Model
from supervision.web.deps import ActorDep, Id, RuntimeDep, SessionDep, requires
from supervision.web.paging import Page, PagerDep

router = APIRouter(prefix="/public-holidays", tags=["agency"])


def _in_range(on_date: date) -> date:
    if not FIRST_INSTANT.date() <= on_date < LAST_INSTANT.date():
        raise ValueError("must lie between 1970 and 2200")
    return on_date


class NewPublicHoliday(Model):
    """A day to be kept free."""

    on_date: Annotated[date, AfterValidator(_in_range)] = Field(examples=["2026-11-26"])
    name: Line = Field(examples=["Thanksgiving"])


class PublicHoliday(Model):
    """A day that is kept free, by each person's own calendar."""

    id: int
    on_date: date
    name: str
    added_by_id: int
    added_at: datetime


@router.get("", dependencies=[requires(Permission.READ_AGENCY)])
def list_public_holidays(
    session: SessionDep, actor: ActorDep, pager: PagerDep
) -> Page[PublicHoliday]:
    """The agency's holidays in the order in which they were added."""
    rows = service.list_holidays(session, actor.agency_id, pager.after_id(), pager.fetch)
    page, next_cursor = pager.cut(rows, lambda row: (row.id,))
    return Page(items=[PublicHoliday.model_validate(row) for row in page], next=next_cursor)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.WRITE_OFFICERS)],
)
def add_public_holiday(
    body: NewPublicHoliday, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> PublicHoliday:
    """Keep a day free; what was asked for on it and has not opened is replaced."""
    row = runtime.monitor.holidays(session, actor).add(body.on_date, body.name)
    return PublicHoliday.model_validate(row)


@router.delete(
    "/{public_holiday_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[requires(Permission.WRITE_OFFICERS)],
)
def remove_public_holiday(
    public_holiday_id: Id, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> None:
    """Let a day be as any other; what was skipped on it and is ahead is asked for again."""
    runtime.monitor.holidays(session, actor).remove(public_holiday_id)

"""Shelves: kinds of alerts about somebody that are held back for a while; made, listed, ended."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, status
from pydantic import Field

from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.shelving import SHIFT
from supervision.core.access import Permission
from supervision.web.api.fields import Instant, Line, Model, RowId
from supervision.web.api.viewing import Viewing, ViewingDep
from supervision.web.deps import ActorDep, Id, NowDep, SessionDep, requires
from supervision.web.paging import Page, PagerDep

router = APIRouter(prefix="/shelves", tags=["alerts"])

SHIFT_HOURS = int(SHIFT.total_seconds() // 3600)


class NewShelf(Model):
    """Alerts of a kind about a person are to be held back: raised and listed, but told nobody."""

    supervisee_id: RowId
    kind: AlertKind = Field(description="None that may ever be critical", examples=["battery_low"])
    ends_at: Instant = Field(
        description=f"From then on they are told; {SHIFT_HOURS} h after the first beginning at most"
    )
    reason: Line = Field(examples=["The charger is replaced tonight"])


class Shelf(Model):
    """A shelf, in force until before `ends_at`, or `ended_at` if it was taken back or prolonged.

    `stretch_began_at` is since when the source was shelved without a gap; `held_count` how many
    new alerts it holds.
    """

    id: int
    supervisee_id: int
    kind: AlertKind
    reason: str
    shelved_by_id: int
    shelved_by: str
    begins_at: datetime
    ends_at: datetime
    stretch_began_at: datetime
    prolongs_id: int | None
    ended_at: datetime | None
    ended_by_id: int | None
    is_in_force: bool
    held_count: int


@router.get("", dependencies=[requires(Permission.READ_ALERTS)])
def list_shelves(
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    pager: PagerDep,
    *,
    is_in_force: Annotated[
        bool, Query(description="Only what is shelved now, on one page")
    ] = False,
) -> Page[Shelf]:
    """The shelves of one's caseload, newest first; also those that are over."""
    whose = (session, actor.caseload_officer_id, now)
    if is_in_force:
        shelved = alerting.list_shelved(*whose)
        return Page(items=[Shelf.model_validate(row) for row in shelved], next=None)
    rows = alerting.list_shelves(*whose, pager.after_id(), pager.fetch)
    page, next_cursor = pager.cut(rows, lambda row: (row.id,))
    return Page(items=[Shelf.model_validate(row) for row in page], next=next_cursor)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.HANDLE_ALERTS)],
)
def shelve(body: NewShelf, handling: ViewingDep) -> Shelf:
    """Shelve a source of alerts from now on, or for longer than it is shelved already."""
    new = alerting.NewShelf(body.supervisee_id, body.kind, body.ends_at, body.reason)
    shelf_id = alerting.shelve(handling.session, handling.actor, new, handling.now)
    return _shown(handling, shelf_id)


@router.post("/{shelf_id}/end", dependencies=[requires(Permission.HANDLE_ALERTS)])
def end_shelf(shelf_id: Id, handling: ViewingDep) -> Shelf:
    """Take a shelf back: what it holds is told, and begins to climb."""
    alerting.end_shelf(handling.session, handling.actor, shelf_id, handling.now)
    return _shown(handling, shelf_id)


def _shown(handling: Viewing, shelf_id: int) -> Shelf:
    caseload = handling.actor.caseload_officer_id
    return Shelf.model_validate(
        alerting.get_shelf(handling.session, caseload, handling.now, shelf_id)
    )

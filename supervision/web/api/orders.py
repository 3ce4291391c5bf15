"""Court orders: why a zone exists, for whom, from when until when."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, status
from pydantic import Field

from supervision.core import audit
from supervision.core.access import Permission
from supervision.register import service
from supervision.web.api.fields import Instant, Line, Model, RowId
from supervision.web.deps import MOST_BIGINT, ActorDep, Id, NowDep, SessionDep, requires
from supervision.web.paging import Page, PagerDep

router = APIRouter(prefix="/orders", tags=["orders"])


class NewOrder(Model):
    """An order to be entered."""

    supervisee_id: RowId
    protected_person_id: RowId
    court: Line = Field(examples=["Denver County Court"])
    court_case_number: Line = Field(examples=["2026-C-00917"])
    begins_at: Instant = Field(examples=["2026-11-20T07:00:00Z"])
    ends_at: Instant | None = Field(None, description="None: until further notice")


class Order(NewOrder):
    """A protective order."""

    id: int
    created_at: datetime


@router.get("", dependencies=[requires(Permission.READ_PEOPLE)])
def list_orders(
    session: SessionDep,
    actor: ActorDep,
    pager: PagerDep,
    supervisee_id: Annotated[int | None, Query(ge=1, le=MOST_BIGINT)] = None,
) -> Page[Order]:
    """The orders on one's caseload, oldest first."""
    rows = service.list_orders(
        session, actor.caseload_officer_id, pager.after_id(), pager.fetch, supervisee_id
    )
    rows, next_cursor = pager.cut(rows, lambda row: (row.id,))
    return Page(items=[Order.model_validate(row) for row in rows], next=next_cursor)


@router.get("/{order_id}", dependencies=[requires(Permission.READ_PEOPLE)])
def get_order(order_id: Id, session: SessionDep, actor: ActorDep) -> Order:
    """One order on one's caseload."""
    return Order.model_validate(service.get_order(session, order_id, actor.caseload_officer_id))


@router.post(
    "", status_code=status.HTTP_201_CREATED, dependencies=[requires(Permission.WRITE_PROTECTED)]
)
def add_order(body: NewOrder, session: SessionDep, actor: ActorDep, now: NowDep) -> Order:
    """Enter an order; its zones are drawn apart."""
    new = service.NewOrder(**body.model_dump())
    by = audit.officer(actor.officer_id)
    return Order.model_validate(service.add_order(session, actor.agency_id, new, now, by))

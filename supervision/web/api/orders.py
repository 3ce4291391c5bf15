"""Court orders: why a zone exists, for whom, from when until when."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, status
from pydantic import Field

from supervision.core import audit
from supervision.core.access import Permission
from supervision.register import service
from supervision.web.api.clauses import NewClause
from supervision.web.api.fields import Instant, Line, Model, RowId
from supervision.web.deps import (
    MOST_BIGINT,
    ActorDep,
    Id,
    NowDep,
    RuntimeDep,
    SessionDep,
    requires,
)
from supervision.web.paging import Page, PagerDep

router = APIRouter(prefix="/orders", tags=["orders"])


MOST_CLAUSES = 50


class OrderFields(Model):
    """What a court ordered, but for its clauses."""

    supervisee_id: RowId
    protected_person_id: RowId
    court: Line = Field(examples=["Denver County Court"])
    court_case_number: Line = Field(examples=["2026-C-00917"])
    begins_at: Instant = Field(examples=["2026-11-20T07:00:00Z"])
    ends_at: Instant | None = Field(None, description="None: until further notice")


class NewOrder(OrderFields):
    """An order to be entered, with its clauses or before them."""

    clauses: list[NewClause] = Field(default_factory=list, max_length=MOST_CLAUSES)

    def as_entered(self) -> service.NewOrder:
        """As the register takes it."""
        clauses = tuple(service.NewClause(**dict(clause)) for clause in self.clauses)
        return service.NewOrder(**{**dict(self), "clauses": clauses})


class Order(OrderFields):
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
def add_order(
    body: NewOrder, session: SessionDep, actor: ActorDep, now: NowDep, runtime: RuntimeDep
) -> Order:
    """Enter an order and its clauses; its zones are drawn apart."""
    by = audit.officer(actor.officer_id)
    order = service.add_order(session, actor.agency_id, body.as_entered(), now, by)
    runtime.monitor.tell_of_coverage(session, [order.supervisee_id])
    return Order.model_validate(order)

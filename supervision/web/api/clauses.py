"""What an order says, clause by clause, and the waivers signed where a clause has no zone."""

from datetime import datetime

from fastapi import APIRouter, status
from pydantic import Field

from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.register import service
from supervision.register.clauses import MEANINGS, ConditionCode, needs_zone
from supervision.register.service import ClauseRecord
from supervision.web.api.fields import Instant, Model, Text
from supervision.web.api.viewing import ViewingDep
from supervision.web.deps import ActorDep, Id, RuntimeDep, SessionDep, requires
from supervision.web.paging import Page

router = APIRouter(tags=["orders"])


class NewClause(Model):
    """A condition of an order, by its NCIC code."""

    condition_code: ConditionCode = Field(examples=["04"])
    wording: Text = Field(examples=["Stay 300 yards away from her workplace."])


class Clause(Model):
    """A condition of an order; `wording` only for those who may see protected persons."""

    id: int
    order_id: int
    condition_code: ConditionCode
    meaning: str = Field(examples=[MEANINGS[ConditionCode.NO_COMMUNICATION]])
    needs_zone: bool = Field(description="Whether it must have a zone, or a signed waiver")
    wording: str | None
    created_at: datetime


class NewWaiver(Model):
    """Why a clause goes without a zone, and until when at the longest."""

    reason: Text = Field(examples=["She has moved; the court will amend the order on Friday."])
    ends_at: Instant | None = Field(None, description="None: until it is withdrawn")


class Waiver(Model):
    """An officer's signature; it counts until it ends or is withdrawn."""

    id: int
    order_clause_id: int
    reason: str
    signed_by_id: int
    signed_at: datetime
    ends_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_by_id: int | None


@router.get("/orders/{order_id}/clauses", dependencies=[requires(Permission.READ_PEOPLE)])
def list_clauses(order_id: Id, viewing: ViewingDep) -> Page[Clause]:
    """What the order says, clause by clause; a look at the wording is audited."""
    session, actor = viewing.session, viewing.actor
    service.get_order(session, order_id, actor.caseload_officer_id)
    rows = service.list_clauses(session, order_id, actor.caseload_officer_id)
    if rows and actor.may(Permission.READ_PROTECTED):
        viewing.record(audit.Tag.CLAUSE_VIEWED, f"order:{order_id}", ids=[row.id for row in rows])
    return Page(items=[_as_shown(row, actor) for row in rows], next=None)


@router.post(
    "/orders/{order_id}/clauses",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.WRITE_PROTECTED)],
)
def add_clause(
    order_id: Id, body: NewClause, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> Clause:
    """Enter a clause; where its kind needs a zone, it must soon have one, or a waiver."""
    new = service.NewClause(**dict(body))
    return _as_shown(runtime.monitor.clauses(session, actor).add(order_id, new), actor)


@router.get("/clauses/{clause_id}/waivers", dependencies=[requires(Permission.READ_PEOPLE)])
def list_waivers(clause_id: Id, session: SessionDep, actor: ActorDep) -> Page[Waiver]:
    """Every waiver the clause has had, oldest first."""
    rows = service.list_waivers(session, clause_id, actor.caseload_officer_id)
    return Page(items=[Waiver.model_validate(row) for row in rows], next=None)


@router.post(
    "/clauses/{clause_id}/waivers",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.SIGN_WAIVERS)],
)
def sign_waiver(
    clause_id: Id, body: NewWaiver, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> Waiver:
    """Sign why the clause has no zone; its alert, if it has one, is cleared and stays open."""
    new = service.NewWaiver(**dict(body))
    return Waiver.model_validate(
        runtime.monitor.clauses(session, actor).sign_waiver(clause_id, new)
    )


@router.post("/waivers/{waiver_id}/withdraw", dependencies=[requires(Permission.SIGN_WAIVERS)])
def withdraw_waiver(
    waiver_id: Id, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> Waiver:
    """Take a waiver back; the clause needs a zone from now on."""
    return Waiver.model_validate(runtime.monitor.clauses(session, actor).withdraw_waiver(waiver_id))


def _as_shown(row: ClauseRecord, actor: Actor) -> Clause:
    return Clause(
        id=row.id,
        order_id=row.court_order_id,
        condition_code=row.condition_code,
        meaning=MEANINGS[row.condition_code],
        needs_zone=needs_zone(row.condition_code),
        wording=row.wording if actor.may(Permission.READ_PROTECTED) else None,
        created_at=row.created_at,
    )

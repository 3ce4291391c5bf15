"""Alerts: what waits for an officer, and its history."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from alerts.catalogue import Severity
from alerts.models import Alert as AlertRow
from alerts.models import AlertEvent as EventRow
from alerts.rules import Handling
from alerts.store import in_caseload
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import NotFound
from supervision.web.api.alert_bodies import Alert, AlertEvent, AlertWithHistory
from supervision.web.api.viewing import ViewingDep
from supervision.web.deps import MOST_BIGINT, ActorDep, Id, SessionDep, requires
from supervision.web.paging import Page, PagerDep

router = APIRouter(prefix="/alerts", tags=["alerts"])


@dataclass(frozen=True, slots=True)
class Filter:
    """Which alerts are asked for."""

    handling: Annotated[Handling | None, Query()] = None
    severity: Annotated[Severity | None, Query()] = None
    supervisee_id: Annotated[int | None, Query(ge=1, le=MOST_BIGINT)] = None


@router.get("", dependencies=[requires(Permission.READ_ALERTS)])
def list_alerts(
    session: SessionDep,
    actor: ActorDep,
    pager: PagerDep,
    wanted: Annotated[Filter, Depends()],
) -> Page[Alert]:
    """The alerts of one's caseload, newest first."""
    query = visible(actor).order_by(AlertRow.id.desc()).limit(pager.fetch)
    before_id = pager.after_id()
    if before_id is not None:
        query = query.where(AlertRow.id < before_id)
    for column, value in (
        (AlertRow.handling, wanted.handling),
        (AlertRow.severity, wanted.severity),
        (AlertRow.supervisee_id, wanted.supervisee_id),
    ):
        if value is not None:
            query = query.where(column == value)
    rows, next_cursor = pager.cut(session.scalars(query).all(), lambda row: (row.id,))
    return Page(items=[Alert.model_validate(row) for row in rows], next=next_cursor)


@router.get("/{alert_id}", dependencies=[requires(Permission.READ_ALERTS)])
def get_alert(alert_id: Id, viewing: ViewingDep, response: Response) -> AlertWithHistory:
    """One alert with its history; audited. Its ETag is for If-Match."""
    query = visible(viewing.actor).where(AlertRow.id == alert_id)
    row = viewing.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    viewing.record(audit.Tag.ALERT_VIEWED, f"alert:{row.id}")
    return with_history(viewing.session, row, response)


def visible(actor: Actor) -> Select[AlertRow]:
    """The alerts that an officer sees."""
    return select(AlertRow).where(in_caseload(actor.caseload_officer_id))


def with_history(session: Session, row: AlertRow, response: Response) -> AlertWithHistory:
    """An alert as the API gives it, with all that happened; its ETag is for If-Match."""
    response.headers["ETag"] = f'"{row.version}"'
    events = session.scalars(
        select(EventRow).where(EventRow.alert_id == row.id).order_by(EventRow.seq)
    )
    history = [AlertEvent.model_validate(event) for event in events]
    return AlertWithHistory(**dict(Alert.model_validate(row)), events=history)

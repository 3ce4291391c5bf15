"""Alerts: what waits for an officer, its history, and taking it in hand or closing it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import Field
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from alerts import service as alerting
from alerts.models import Alert as AlertRow
from alerts.models import AlertEvent as EventRow
from alerts.rules import AlertKind, AlertState, Disposition, Severity
from alerts.store import in_caseload
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import NotFound, StaleVersion
from supervision.web.api.fields import Model, Note
from supervision.web.api.viewing import ViewingDep
from supervision.web.deps import MOST_BIGINT, ActorDep, Id, SessionDep, requires
from supervision.web.paging import Page, PagerDep

router = APIRouter(prefix="/alerts", tags=["alerts"])


class Alert(Model):
    """A finding that an officer must handle; only a person closes it."""

    id: int
    supervisee_id: int
    officer_id: int
    kind: AlertKind
    severity: Severity
    grade: str | None
    zone_id: int | None
    zone_version_id: int | None
    order_clause_id: int | None
    occurred_at: datetime
    found_at: datetime
    is_late: bool
    state: AlertState
    cleared_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by_id: int | None
    closed_at: datetime | None
    closed_by_id: int | None
    disposition: Disposition | None
    note: str | None
    evidence: dict[str, Any]
    version: int


class AlertEvent(Model):
    """One thing that happened to an alert."""

    seq: int
    kind: str
    at: datetime
    actor_id: int | None
    detail: dict[str, Any]


class AlertWithHistory(Alert):
    """An alert and all that happened to it, in order."""

    events: list[AlertEvent]


class Closing(Model):
    """A person's judgement."""

    disposition: Disposition
    note: Note = Field("", description="Needed for a critical alert, and for `other`")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which alerts are asked for."""

    state: Annotated[AlertState | None, Query()] = None
    severity: Annotated[Severity | None, Query()] = None
    supervisee_id: Annotated[int | None, Query(ge=1, le=MOST_BIGINT)] = None


def get_expected_version(
    if_match: Annotated[str | None, Header(description="The ETag that was seen")] = None,
) -> int | None:
    """The version the caller saw; None to act on whatever stands.

    Raises:
        StaleVersion: The header holds no ETag of ours, so it cannot match.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip().removeprefix("W/").strip('"')
    if not (tag.isascii() and tag.isdecimal()):
        raise StaleVersion
    return int(tag)


VersionDep = Annotated[int | None, Depends(get_expected_version)]


@router.get("", dependencies=[requires(Permission.READ_ALERTS)])
def list_alerts(
    session: SessionDep,
    actor: ActorDep,
    pager: PagerDep,
    wanted: Annotated[Filter, Depends()],
) -> Page[Alert]:
    """The alerts of one's caseload, newest first."""
    query = _visible(actor).order_by(AlertRow.id.desc()).limit(pager.fetch)
    before_id = pager.after_id()
    if before_id is not None:
        query = query.where(AlertRow.id < before_id)
    for column, value in (
        (AlertRow.state, wanted.state),
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
    query = _visible(viewing.actor).where(AlertRow.id == alert_id)
    row = viewing.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    viewing.record(audit.Tag.ALERT_VIEWED, f"alert:{row.id}")
    return _with_history(viewing.session, row, response)


@router.post("/{alert_id}/acknowledge", dependencies=[requires(Permission.HANDLE_ALERTS)])
def acknowledge_alert(
    alert_id: Id, version: VersionDep, handling: ViewingDep, response: Response
) -> AlertWithHistory:
    """Take an alert in hand."""
    row = alerting.acknowledge(handling.session, handling.actor, alert_id, handling.now, version)
    return _with_history(handling.session, row, response)


@router.post("/{alert_id}/close", dependencies=[requires(Permission.HANDLE_ALERTS)])
def close_alert(
    alert_id: Id,
    body: Closing,
    version: VersionDep,
    handling: ViewingDep,
    response: Response,
) -> AlertWithHistory:
    """Close an alert with one's judgement; it is never opened again."""
    row = alerting.close(
        handling.session,
        handling.actor,
        alert_id,
        body.disposition,
        body.note,
        handling.now,
        version,
    )
    return _with_history(handling.session, row, response)


def _visible(actor: Actor) -> Select[AlertRow]:
    return select(AlertRow).where(in_caseload(actor.caseload_officer_id))


def _with_history(session: Session, row: AlertRow, response: Response) -> AlertWithHistory:
    response.headers["ETag"] = f'"{row.version}"'
    events = session.scalars(
        select(EventRow).where(EventRow.alert_id == row.id).order_by(EventRow.seq)
    )
    fields = Alert.model_validate(row).model_dump()
    history = [AlertEvent.model_validate(event) for event in events]
    return AlertWithHistory(**fields, events=history)

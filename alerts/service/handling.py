"""What a person may do to an alert: acknowledge it, and close it with a judgement."""

from datetime import datetime

from sqlalchemy.orm import Session

from alerts.ledger import Line, add_events
from alerts.models import Alert
from alerts.rules import (
    AlertKind,
    AlertState,
    Change,
    Disposition,
    may_handle,
    next_state,
    require_note,
)
from alerts.store import find_for_handling
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import NotAllowed, NotFound, StaleVersion


def acknowledge(
    session: Session, actor: Actor, alert_id: int, now: datetime, version: int | None = None
) -> Alert:
    """Take an alert in hand.

    Args:
        session: Open transaction bound to the actor's agency; the caller commits.
        actor: Who acts; sees only the own caseload's alerts.
        alert_id: Which.
        now: Aware UTC.
        version: The version the actor saw, or None to act on whatever stands.

    Raises:
        NotAllowed: The actor's role handles no alerts, or none of this kind.
        NotFound: Not there, or not in the caseload.
        Conflict: It is acknowledged or closed already. Nothing was changed.
        StaleVersion: Somebody changed it meanwhile. Nothing was changed.
    """
    alert = _to_handle(session, actor, alert_id, version)
    alert.state = next_state(AlertState(alert.state), Change.ACKNOWLEDGED)
    alert.acknowledged_at = now
    alert.acknowledged_by_id = actor.officer_id
    _record(session, actor, alert, Change.ACKNOWLEDGED, now)
    return alert


def close(
    session: Session,
    actor: Actor,
    alert_id: int,
    disposition: Disposition,
    note: str,
    now: datetime,
    version: int | None = None,
) -> Alert:
    """Close an alert with a person's judgement; it is never opened again.

    Args:
        session: Open transaction bound to the actor's agency; the caller commits.
        actor: Who acts.
        alert_id: Which.
        disposition: What it turned out to be.
        note: Why; must not be empty for a critical alert or for `other`.
        now: Aware UTC.
        version: The version the actor saw, or None.

    Raises:
        NotAllowed: The actor's role handles no alerts, or none of this kind.
        NotFound: Not there, or not in the caseload.
        Conflict: Closed already, or the note is missing. Nothing was changed.
        StaleVersion: Somebody changed it meanwhile. Nothing was changed.
    """
    alert = _to_handle(session, actor, alert_id, version)
    state = next_state(AlertState(alert.state), Change.CLOSED)
    require_note(AlertKind(alert.kind), alert.grade, disposition, note)
    alert.state = state
    alert.closed_at = now
    alert.closed_by_id = actor.officer_id
    alert.disposition = str(disposition)
    alert.note = note.strip() or None
    _record(session, actor, alert, Change.CLOSED, now, disposition=alert.disposition)
    return alert


def _to_handle(session: Session, actor: Actor, alert_id: int, version: int | None) -> Alert:
    actor.require(Permission.HANDLE_ALERTS)
    alert = find_for_handling(session, alert_id, actor.caseload_officer_id)
    if alert is None:
        raise NotFound
    if not may_handle(actor.role, AlertKind(alert.kind)):
        raise NotAllowed
    if version is not None and version != alert.version:
        raise StaleVersion
    return alert


def _record(
    session: Session, actor: Actor, alert: Alert, change: Change, now: datetime, **detail: str
) -> None:
    session.flush()
    add_events(session, [Line(alert, change, actor.officer_id, dict(detail))], now)
    tag = {
        Change.ACKNOWLEDGED: audit.Tag.ALERT_ACKNOWLEDGED,
        Change.CLOSED: audit.Tag.ALERT_CLOSED,
    }[change]
    audit.record(
        session,
        alert.agency_id,
        now,
        audit.officer(actor.officer_id),
        tag,
        f"alert:{alert.id}",
        **detail,
    )

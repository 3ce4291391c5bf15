"""What a person may do to an alert: acknowledge it, take it in hand, close it with a judgement."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind, Severity
from alerts.climbs import end, put_off
from alerts.ledger import Line, add_events
from alerts.models import Alert
from alerts.rules import Change, Disposition, Handling, may_handle, next_state, require_note
from alerts.store import find_for_handling
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import Conflict, NotAllowed, NotFound, StaleVersion


def acknowledge(
    session: Session, actor: Actor, alert_id: int, now: datetime, version: int | None = None
) -> Alert:
    """Say that an alert was seen; somebody must still take it in hand.

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
    alert = to_handle(session, actor, alert_id, version)
    alert.handling = next_state(Handling(alert.handling), Change.ACKNOWLEDGED)
    alert.acknowledged_at = now
    alert.acknowledged_by_id = actor.officer_id
    _record(session, actor, alert, Change.ACKNOWLEDGED, now)
    put_off(session, alert, now)
    return alert


def acknowledge_many(
    session: Session, actor: Actor, alert_ids: Sequence[int], now: datetime
) -> list[Alert]:
    """Say that several were seen: those that are still new; the others stay as they are.

    Raises:
        Conflict: One is critical: it is looked at by itself. Nothing was changed.
        NotAllowed: As for `acknowledge`.
        NotFound: As for `acknowledge`.
    """
    held = _hold_many(session, actor, alert_ids, "Look at")
    new = [alert for alert in held if alert.handling == Handling.NEW]
    return [acknowledge(session, actor, alert.id, now) for alert in new]


def take_in_hand(
    session: Session, actor: Actor, alert_id: int, now: datetime, version: int | None = None
) -> Alert:
    """Begin to deal with an alert, or take it over from another; arguments as `acknowledge`.

    Raises:
        NotAllowed: The actor's role handles no alerts, or none of this kind.
        NotFound: Not there, or not in the caseload.
        Conflict: It is closed. Nothing was changed.
        StaleVersion: Somebody changed it meanwhile. Nothing was changed.
    """
    alert = to_handle(session, actor, alert_id, version)
    take(session, actor, alert, now)
    return alert


def take(session: Session, actor: Actor, alert: Alert, now: datetime) -> None:
    """The same for an alert that is held already."""
    alert.handling = next_state(Handling(alert.handling), Change.TAKEN_IN_HAND)
    alert.in_hand_at, alert.in_hand_by_id = now, actor.officer_id
    _record(session, actor, alert, Change.TAKEN_IN_HAND, now)
    put_off(session, alert, now)


def take_up(session: Session, actor: Actor, alert_id: int, now: datetime) -> Alert:
    """An alert that this officer now works on: held, and in his hand if it was not.

    Raises:
        NotAllowed: The actor's role handles no alerts, or none of this kind.
        NotFound: Not there, or not in the caseload.
        Conflict: It is closed. Nothing was changed.
    """
    alert = to_handle(session, actor, alert_id, None)
    if alert.handling == Handling.CLOSED:
        raise Conflict("This alert is closed.")
    if alert.in_hand_by_id != actor.officer_id or alert.handling != Handling.IN_HAND:
        take(session, actor, alert, now)
    else:
        put_off(session, alert, now)
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
    alert = to_handle(session, actor, alert_id, version)
    state = next_state(Handling(alert.handling), Change.CLOSED)
    require_note(AlertKind(alert.kind), alert.grade, disposition, note)
    alert.handling = state
    alert.closed_at = now
    alert.closed_by_id = actor.officer_id
    alert.disposition = str(disposition)
    alert.note = note.strip() or None
    _record(session, actor, alert, Change.CLOSED, now, disposition=alert.disposition)
    end(session, alert)
    return alert


def close_many(
    session: Session,
    actor: Actor,
    alert_ids: Sequence[int],
    disposition: Disposition,
    note: str,
    now: datetime,
) -> list[Alert]:
    """Close several with one judgement, all or none; a critical one is judged by itself.

    Raises:
        Conflict: One is critical, closed already, or the note is missing. Nothing was changed.
        NotAllowed: As for `close`.
        NotFound: As for `close`.
    """
    held = _hold_many(session, actor, alert_ids, "Close")
    return [close(session, actor, alert.id, disposition, note, now) for alert in held]


def _hold_many(session: Session, actor: Actor, alert_ids: Sequence[int], act: str) -> list[Alert]:
    held = [to_handle(session, actor, alert_id, None) for alert_id in sorted(set(alert_ids))]
    critical = [alert.id for alert in held if alert.severity == Severity.CRITICAL]
    if critical:
        message = f"{act} each critical alert by itself: {', '.join(map(str, critical))}."
        raise Conflict(message)
    return held


def to_handle(session: Session, actor: Actor, alert_id: int, version: int | None) -> Alert:
    """An alert that this officer may handle, locked until the caller commits.

    Raises:
        NotAllowed: The actor's role handles no alerts, or none of this kind.
        NotFound: Not there, or not in the caseload.
        StaleVersion: It has another version than the actor saw.
    """
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
        Change.TAKEN_IN_HAND: audit.Tag.ALERT_TAKEN,
        Change.CLOSED: audit.Tag.ALERT_CLOSED,
    }[change]
    audit.record_by(session, actor, now, tag, f"alert:{alert.id}", **detail)

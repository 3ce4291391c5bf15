"""Holds alerts back while their source is shelved; each keeps a next step, at the shelf's end.

An alert is held from when it is raised, never later: what an officer was told of already is not
taken from him by a shelf. What is critical is never held.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from alerts.catalogue import Severity
from alerts.escalation import Climb
from alerts.ledger import Line, add_events
from alerts.models import Alert, AlertClimb
from alerts.rules import Change, Handling

# Nobody has been told: the first rung is still to come.
_BEFORE_ALL = Climb()


def hold_shelved(session: Session, raised: Sequence[Alert], now: datetime) -> set[int]:
    """Hold those of new alerts whose sources are shelved; the caller commits.

    Args:
        session: Open transaction that holds the agencies' ledgers.
        raised: Just raised.
        now: Aware UTC.

    Returns:
        The ids of those that are held.
    """
    shelves = _in_force(session, [one for one in raised if _may_be_held(one)], now)
    held = [one for one in raised if one.id in shelves]
    if held:
        session.add_all(_waiting(one, shelves[one.id], now) for one in held)
        session.flush()
        add_events(session, [_held_by(one, shelves[one.id]) for one in held], now)
    return {one.id for one in held}


def held_until(session: Session, alert: Alert, now: datetime) -> datetime | None:
    """When the shelf that holds an alert is over; None where none does."""
    if not _may_be_held(alert):
        return None
    values = {"alert": alert.id, "now": now}
    return session.execute(_HELD_UNTIL, values).scalar_one_or_none()


def let_go(session: Session, alert: Alert, now: datetime) -> None:
    """Hold an alert no more, whatever its shelf says; whoever calls has it told."""
    shelf_id = session.execute(_LET_GO, {"alert": alert.id}).scalar_one_or_none()
    if shelf_id is not None and alert.handling == Handling.NEW:
        line = Line(alert, Change.RELEASED, detail={"shelf_id": shelf_id})
        add_events(session, [line], now)


def move_held(
    session: Session, from_id: int, to_id: int, until_at: datetime, untouched_at: datetime
) -> Sequence[int]:
    """Have what a shelf holds wait for another moment, or for the same shelf's earlier end.

    Args:
        session: Open transaction that holds the agency's ledger; the caller commits.
        from_id: The shelf that holds them.
        to_id: The shelf that holds them from now on.
        until_at: When those are told that nobody has seen to.
        untouched_at: When the others are new again, if nobody touches them.

    Returns:
        The alerts that nobody has seen to.
    """
    times = {"until": until_at, "untouched": untouched_at}
    rows = session.execute(_MOVE, {"held_by": from_id, "shelf": to_id, **times})
    return sorted(row.alert_id for row in rows if row.handling == Handling.NEW)


def _may_be_held(alert: Alert) -> bool:
    return alert.severity != Severity.CRITICAL


def _in_force(
    session: Session, alerts: Sequence[Alert], now: datetime
) -> dict[int, Row[tuple[int, int, datetime]]]:
    values = {
        "alerts": [one.id for one in alerts],
        "people": [one.supervisee_id for one in alerts],
        "kinds": [one.kind for one in alerts],
        "now": now,
    }
    rows = session.execute(_IN_FORCE, values).all() if alerts else []
    return {row.alert_id: row for row in rows}


def _waiting(alert: Alert, shelf: Row[tuple[int, int, datetime]], now: datetime) -> AlertClimb:
    return AlertClimb(
        alert_id=alert.id,
        agency_id=alert.agency_id,
        began_at=now,
        rung=_BEFORE_ALL.rung,
        round=_BEFORE_ALL.round,
        due_at=shelf.ends_at,
        shelf_id=shelf.shelf_id,
    )


def _held_by(alert: Alert, shelf: Row[tuple[int, int, datetime]]) -> Line:
    detail = {"shelf_id": shelf.shelf_id, "until": shelf.ends_at.isoformat()}
    return Line(alert, Change.SHELVED, detail=detail)


_IN_FORCE = text(
    "SELECT w.alert_id, s.id AS shelf_id, s.ends_at FROM unnest(CAST(:alerts AS bigint[]),"
    " CAST(:people AS bigint[]), CAST(:kinds AS text[])) AS w (alert_id, person, kind)"
    " JOIN alert_shelf s ON s.supervisee_id = w.person AND s.kind = w.kind"
    " WHERE s.begins_at <= :now AND coalesce(s.ended_at, s.ends_at) > :now"
)
_HELD_UNTIL = text(
    "SELECT coalesce(s.ended_at, s.ends_at) FROM alert_climb c JOIN alert_shelf s"
    " ON s.id = c.shelf_id WHERE c.alert_id = :alert AND coalesce(s.ended_at, s.ends_at) > :now"
)
_LET_GO = text(
    "WITH held AS (SELECT shelf_id FROM alert_climb WHERE alert_id = :alert),"
    " gone AS (UPDATE alert_climb SET shelf_id = NULL WHERE alert_id = :alert)"
    " SELECT shelf_id FROM held"
)
_MOVE = text(
    "UPDATE alert_climb c SET shelf_id = :shelf, due_at = CASE WHEN a.handling = 'new'"
    " THEN CAST(:until AS timestamptz) ELSE CAST(:untouched AS timestamptz) END"
    " FROM alert a WHERE a.id = c.alert_id AND c.shelf_id = :held_by"
    " RETURNING c.alert_id, a.handling"
)

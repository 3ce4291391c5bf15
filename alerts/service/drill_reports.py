"""Reads what came of drills, from the rows that every alert leaves."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind, Severity
from alerts.climbs import ladder_of
from alerts.drilling import Answer, DrillMessage, DrillReport, DrillStep, Told, lay_out
from alerts.escalation import Climb, Post, due_at
from alerts.models import Alert, DrillRow
from alerts.outbox import reason_of
from alerts.rules import Change, Means
from supervision.core.errors import NotFound

Receivers = dict[str, tuple[Told, ...]]


def read_drill(session: Session, drill_id: int) -> DrillReport:
    """A drill as it stands now.

    Args:
        session: Open transaction, only read.
        drill_id: Which.

    Raises:
        NotFound: No such drill.
    """
    found = list_drills(session, None, 1, drill_id)
    if not found:
        raise NotFound
    return found[0]


def list_drills(
    session: Session, before_id: int | None, most: int, drill_id: int | None = None
) -> list[DrillReport]:
    """Drills, newest first: as many as `most` before an id.

    Args:
        session: Open transaction bound to the agency, only read.
        before_id: None: from the newest on.
        most: At most.
        drill_id: Only this one.
    """
    query = select(DrillRow, Alert).join(Alert, Alert.drill_id == DrillRow.id)
    if before_id is not None:
        query = query.where(DrillRow.id < before_id)
    if drill_id is not None:
        query = query.where(DrillRow.id == drill_id)
    rows = session.execute(query.order_by(DrillRow.id.desc()).limit(most))
    return [_report(session, row, alert) for row, alert in rows]


def find_unanswered(session: Session, officer_id: int) -> list[int]:
    """The drills under way that have told an officer, and that he has not answered; oldest first.

    Args:
        session: Open transaction bound to the agency, only read.
        officer_id: Whom.
    """
    return list(session.scalars(_UNANSWERED, {"officer": officer_id}))


def _report(session: Session, row: DrillRow, alert: Alert) -> DrillReport:
    events = session.execute(_EVENTS, {"alert": alert.id}).all()
    people = session.execute(_PEOPLE, {"officer": row.officer_id, "by": row.started_by_id}).one()
    return DrillReport(
        id=row.id,
        kind=AlertKind(row.kind),
        severity=Severity(alert.severity),
        officer_id=row.officer_id,
        officer=people.officer,
        is_at_once=row.is_at_once,
        started_by=people.started_by,
        started_at=row.started_at,
        ended_at=alert.closed_at,
        steps=_steps(session, row, alert, events),
        answers=tuple(
            Answer(one.actor_id, one.actor, one.at)
            for one in events
            if one.kind == Change.DRILL_ANSWERED
        ),
    )


def _steps(
    session: Session, row: DrillRow, alert: Alert, events: Sequence[Row[Any]]
) -> tuple[DrillStep, ...]:
    ladder = ladder_of(session, alert)
    began_at = row.started_at
    dues = [due_at(ladder, Climb(rung), began_at) for rung in range(len(ladder.rungs))]
    receivers = _receivers(session, alert)
    at_once = receivers.get(Change.RAISED, ())
    climbed = [one for one in events if one.kind == Change.ESCALATED]
    told = [(Post.RESPONSIBLE, began_at, tuple(one for one in at_once if one.officer_id))]
    told += [
        (Post(one.detail["post"]), one.at, receivers.get(f"climb:0:{rung}", ()))
        for rung, one in enumerate(climbed, 1)
    ]
    steps = lay_out(ladder, dues, told)
    outside = tuple(one for one in at_once if one.point_id and not one.officer_id)
    if outside:
        first = DrillStep(None, Post.OUTSIDE, began_at, began_at, outside)
        return (steps[0], first, *steps[1:])
    return steps


def _receivers(session: Session, alert: Alert) -> Receivers:
    """Who was told for which reason, with his messages, in the order in which they were put in."""
    found = defaultdict[str, dict[tuple[int | None, int | None], list[Row[Any]]]](dict)
    for row in session.execute(_MESSAGES, {"alert": alert.id}):
        who = (row.officer_id, None) if row.officer_id else (None, row.contact_point_id)
        found[reason_of(row.idempotency_key)].setdefault(who, []).append(row)
    return {
        reason: tuple(
            Told(officer_id, point_id, rows[0].name, tuple(map(_message, rows)))
            for (officer_id, point_id), rows in of.items()
        )
        for reason, of in found.items()
    }


def _message(row: Row[Any]) -> DrillMessage:
    return DrillMessage(
        means=Means(row.channel),
        state=row.state,
        attempts=row.attempts,
        due_at=row.due_at,
        sent_at=row.sent_at,
        delivered_at=row.delivered_at,
        error=row.last_error,
        is_logged=row.is_logged,
    )


_EVENTS = text(
    "SELECT e.kind, e.at, e.actor_id, o.display_name AS actor, e.detail FROM alert_event e"
    " LEFT JOIN officer o ON o.id = e.actor_id WHERE e.alert_id = :alert ORDER BY e.seq"
)
_PEOPLE = text(
    "SELECT o.display_name AS officer, b.display_name AS started_by FROM officer o"
    " LEFT JOIN officer b ON b.id = :by WHERE o.id = :officer"
)
_MESSAGES = text(
    "SELECT n.officer_id, n.contact_point_id, coalesce(o.display_name, p.name) AS name, n.channel,"
    " n.state, n.attempts, n.due_at, n.sent_at, n.delivered_at, n.last_error, n.idempotency_key,"
    " EXISTS (SELECT 1 FROM notification_attempt t WHERE t.notification_id = n.id"
    "  AND t.outcome = 'logged') AS is_logged"
    " FROM notification n LEFT JOIN officer o ON o.id = n.officer_id"
    " LEFT JOIN contact_point p ON p.id = n.contact_point_id"
    " WHERE n.alert_id = :alert ORDER BY n.id"
)
_UNANSWERED = text(
    "SELECT DISTINCT a.drill_id FROM alert a JOIN notification n ON n.alert_id = a.id"
    " AND n.officer_id = :officer WHERE a.drill_id IS NOT NULL AND a.handling = 'new'"
    " AND NOT EXISTS (SELECT 1 FROM alert_event e WHERE e.alert_id = a.id"
    " AND e.actor_id = :officer AND e.kind = 'drill_answered') ORDER BY a.drill_id"
)

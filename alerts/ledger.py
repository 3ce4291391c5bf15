"""Writes the history of alerts and their messages, many lines at once.

Every line of history takes the agency's next feed number: so numbers commit in order, and whoever
reads on from one misses nothing.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.models import Alert
from alerts.rules import Change


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened to an alert; `actor_id` is None where the software did it."""

    alert: Alert
    change: Change
    actor_id: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def add_events(session: Session, lines: Sequence[Line], at: datetime) -> None:
    """Write lines of alerts' histories, and wake the live feed when they commit.

    Takes the agencies' ledger rows until the caller commits; call it late in the transaction.

    Args:
        session: Open transaction.
        lines: In the order in which they happened.
        at: Now, aware UTC.
    """
    by_agency = defaultdict[int, list[Line]](list)
    for line in lines:
        by_agency[line.alert.agency_id].append(line)
    for agency_id in sorted(by_agency):
        own = by_agency[agency_id]
        session.execute(
            _ADD_EVENTS,
            {
                "agency": agency_id,
                "count": len(own),
                "at": at,
                "alerts": [line.alert.id for line in own],
                "kinds": [str(line.change) for line in own],
                "actors": [line.actor_id for line in own],
                "details": [json.dumps(line.detail) for line in own],
            },
        )


@dataclass(frozen=True, slots=True)
class Call:
    """An officer is to be told of an alert; the reason makes it one message, however often put."""

    alert: Alert
    officer_id: int
    reason: str


def enqueue(session: Session, calls: Sequence[Call], now: datetime) -> None:
    """Put messages to officers in the outbox; sending is the delivery's business."""
    session.execute(
        _ENQUEUE,
        {
            "agencies": [one.alert.agency_id for one in calls],
            "alerts": [one.alert.id for one in calls],
            "officers": [one.officer_id for one in calls],
            "keys": [f"alert:{one.alert.id}:{one.reason}:email:{one.officer_id}" for one in calls],
            "now": now,
        },
    )


_ADD_EVENTS = text(
    "WITH head AS (UPDATE agency_ledger SET alert_event_seq = alert_event_seq + :count"
    " WHERE agency_id = :agency RETURNING alert_event_seq - :count AS before),"
    " written AS (INSERT INTO alert_event (agency_id, alert_id, seq, kind, at, actor_id, detail)"
    " SELECT :agency, l.alert_id, h.before + l.number, l.kind, :at, l.actor_id,"
    " CAST(l.detail AS jsonb) FROM head h, unnest(CAST(:alerts AS bigint[]),"
    " CAST(:kinds AS text[]), CAST(:actors AS bigint[]), CAST(:details AS text[]))"
    " WITH ORDINALITY AS l (alert_id, kind, actor_id, detail, number) RETURNING seq)"
    " SELECT pg_notify('alert_event', concat(CAST(:agency AS bigint), ':', seq))"
    " FROM (SELECT seq FROM written ORDER BY seq) AS s"
)
_ENQUEUE = text(
    "INSERT INTO notification (agency_id, alert_id, officer_id, channel, idempotency_key,"
    " due_at, created_at) SELECT n.agency_id, n.alert_id, n.officer_id, 'email', n.key, :now, :now"
    " FROM unnest(CAST(:agencies AS bigint[]), CAST(:alerts AS bigint[]),"
    " CAST(:officers AS bigint[]), CAST(:keys AS text[])) WITH ORDINALITY"
    " AS n (agency_id, alert_id, officer_id, key, number) ORDER BY n.number"
    " ON CONFLICT (idempotency_key) DO NOTHING"
)

"""Writes the history of alerts, many lines at once.

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

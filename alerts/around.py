"""Goes around a way that fails: the officer is told by his others or, without any, the next is.

An officer who cannot be reached is as good as none; waiting for the ladder's next step would add
minutes to a message that has already not arrived.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from alerts.catalogue import Severity
from alerts.claims import Claim
from alerts.climbs import hurry
from alerts.ledger import Line, add_events
from alerts.models import Alert
from alerts.outbox import Call, enqueue_around, reason_of
from alerts.points import ACCOUNT, others
from alerts.receivers import read_points
from alerts.rules import Change, Handling, Means, Notice
from alerts.store import hold_ledgers

# The first failure may be a hiccup: the second try is some seconds away.
AFTER_ATTEMPTS = 2
_HURRIED = {Severity.CRITICAL, Severity.HIGH}


def is_to_go_around(claimed: Claim, *, is_final: bool) -> bool:
    """Whether a failure is the one by which a message is gone around: once, and not at a hiccup.

    Args:
        claimed: What could not be sent.
        is_final: It will not be tried again this way.
    """
    return claimed.notice is Notice.ALERT and (is_final or claimed.attempts == AFTER_ATTEMPTS)


def go_around(session: Session, member_ids: Sequence[int], now: datetime) -> None:
    """Tell an officer by his other ways what a message has failed to tell; the caller commits.

    Where no way is left and the alert is critical or high, its ladder goes on at once. The
    alert's history says so.

    Args:
        session: Open transaction of the engine role.
        member_ids: The message about an alert, or all those of a bundle.
        now: Aware UTC.
    """
    rows = session.execute(_UNREACHED, {"ids": list(member_ids)}).all()
    hold_ledgers(session, {row.agency_id for row in rows})
    new = _find_new(session, {row.alert_id for row in rows})
    _tell_otherwise(session, new, [row for row in rows if row.alert_id in new], now)


def _find_new(session: Session, alert_ids: set[int]) -> dict[int, Alert]:
    """Those that nobody has seen to, locked until the caller commits."""
    query = select(Alert).where(Alert.id.in_(alert_ids), Alert.handling == Handling.NEW)
    found = session.scalars(query.order_by(Alert.id).with_for_update())
    return {alert.id: alert for alert in found}


def _tell_otherwise(
    session: Session, alerts: dict[int, Alert], rows: Sequence[Row[Any]], now: datetime
) -> None:
    """All at once: a bundle may speak of hundreds, and its agency's ledger is held meanwhile."""
    around = _around(session, alerts, rows, now)
    lines, stuck = [], []
    for row, means in zip(rows, around, strict=True):
        alert = alerts[row.alert_id]
        detail = {"officer_id": row.officer_id, "means": row.channel, "around": means}
        lines.append(Line(alert, Change.UNREACHED, detail=detail))
        if not means and alert.severity in _HURRIED:
            stuck.append(alert)
    add_events(session, lines, now)
    hurry(session, stuck, now)


def _around(
    session: Session, alerts: dict[int, Alert], rows: Sequence[Row[Any]], now: datetime
) -> list[list[Means]]:
    """By which other ways each goes now; all had one receiver, whom one way has failed."""
    if not rows or rows[0].officer_id is None:
        return [[] for _ in rows]
    officer_id, tried_id = rows[0].officer_id, rows[0].contact_point_id
    points = read_points(session, {officer_id})[officer_id]
    tried = next((point for point in points if point.id == tried_id), ACCOUNT)
    calls = [Call(alerts[row.alert_id], officer_id, reason_of(row.idempotency_key)) for row in rows]
    return enqueue_around(session, calls, others(points, tried), now)


_UNREACHED = text(
    "SELECT agency_id, alert_id, officer_id, contact_point_id, channel, idempotency_key"
    " FROM notification WHERE id = ANY(:ids) ORDER BY id"
)

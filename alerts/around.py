"""Goes around a way that fails: the officer is told by his others or, without any, the next is.

An officer who cannot be reached is as good as none; waiting for the ladder's next step would add
minutes to a message that has already not arrived.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import text
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


def go_around(session: Session, claimed: Claim, now: datetime, *, is_final: bool) -> None:
    """Tell an officer by his other ways that a message has failed to tell; the caller commits.

    Where no way is left and the alert is critical or high, its ladder goes on at once. The
    alert's history says so. Once for a message: later failures of it change nothing.

    Args:
        session: Open transaction of the engine role.
        claimed: What could not be sent.
        now: Aware UTC.
        is_final: It will not be tried again this way.
    """
    if claimed.notice is not Notice.ALERT:
        return
    if not is_final and claimed.attempts != AFTER_ATTEMPTS:
        return
    rows = session.execute(_UNREACHED, {"ids": list(claimed.members)}).all()
    hold_ledgers(session, {row.agency_id for row in rows})
    for row in rows:
        alert = session.get_one(Alert, row.alert_id, with_for_update=True)
        if alert.handling != Handling.NEW:
            continue
        _tell_otherwise(session, alert, row, now)


def _tell_otherwise(session: Session, alert: Alert, row: Any, now: datetime) -> None:  # noqa: ANN401 -- a row
    around: list[Means] = []
    if row.officer_id is not None:
        points = read_points(session, {row.officer_id})[row.officer_id]
        tried = next((point for point in points if point.id == row.contact_point_id), ACCOUNT)
        call = Call(alert, row.officer_id, reason_of(row.idempotency_key))
        around = enqueue_around(session, call, others(points, tried), now)
    detail = {"officer_id": row.officer_id, "means": row.channel, "around": around}
    add_events(session, [Line(alert, Change.UNREACHED, detail=detail)], now)
    if not around and alert.severity in _HURRIED:
        hurry(session, alert, now)


_UNREACHED = text(
    "SELECT agency_id, alert_id, officer_id, contact_point_id, channel, idempotency_key"
    " FROM notification WHERE id = ANY(:ids) ORDER BY id"
)

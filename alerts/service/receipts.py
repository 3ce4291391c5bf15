"""Takes what gateways say of messages that they had taken; what did not arrive is gone around.

A gateway accepts a text message to a telephone that is off, or to a number that is nobody's, and
says so only later: until then the message counts as sent.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from alerts.around import go_around
from alerts.receipts import is_final, why_in_vain
from alerts.rules import Notice
from supervision.core.errors import NotFound


def take_receipt(
    session: Session, agency_id: int, notification_id: int, status: str, now: datetime
) -> None:
    """Keep what a gateway says of a message; the scheduler settles it. The caller commits.

    Args:
        session: Open transaction bound to the agency.
        agency_id: Whose message, as the signed address says.
        notification_id: Which; of a bundle its first.
        status: The gateway's word. One that says nothing yet changes nothing; nor does a repeat.
        now: Aware UTC.

    Raises:
        NotFound: The agency has no such message.
    """
    if session.execute(_THERE, {"id": notification_id}).one_or_none() is None:
        raise NotFound
    if is_final(status):
        said = {"agency": agency_id, "id": notification_id, "status": status, "now": now}
        session.execute(_TAKE, said | {"reason": why_in_vain(status)})


def settle_receipts(session: Session, now: datetime, most: int) -> int:
    """Note what arrived and go around what did not; the first final word counts.

    Args:
        session: Open transaction of the engine role; the caller commits.
        now: Aware UTC.
        most: Receipts at most.

    Returns:
        How many were settled; 0: none is left whose message has been noted as sent.
    """
    rows = session.execute(_UNSETTLED, {"most": most}).all()
    for row in rows:
        _settle(session, row, now)
    session.execute(_SETTLED, {"ids": [row.id for row in rows], "now": now})
    return len(rows)


def _settle(session: Session, row: Row[Any], now: datetime) -> None:
    about = {"id": row.notification_id, "reason": row.reason}
    if row.reason is None:
        session.execute(_DELIVERED, {"id": row.notification_id, "at": row.at})
        return
    members = sorted(session.scalars(_FAILED, about))
    session.execute(_UNDELIVERED, about)
    if members and row.kind == Notice.ALERT:
        go_around(session, members, now)


_THERE = text("SELECT 1 FROM notification WHERE id = :id")
_TAKE = text(
    "INSERT INTO delivery_receipt (agency_id, notification_id, status, reason, at)"
    " VALUES (:agency, :id, :status, :reason, :now)"
    " ON CONFLICT ON CONSTRAINT uq_delivery_receipt_notification_id_status DO NOTHING"
)
# A gateway may be faster than the note that it took the message: that receipt waits.
_UNSETTLED = text(
    "SELECT r.id, r.notification_id, r.reason, r.at, n.kind FROM delivery_receipt r"
    " JOIN notification n ON n.id = r.notification_id AND n.state NOT IN ('pending', 'sending')"
    " WHERE r.settled_at IS NULL ORDER BY r.id LIMIT :most FOR UPDATE OF r SKIP LOCKED"
)
_SETTLED = text("UPDATE delivery_receipt SET settled_at = :now WHERE id = ANY(:ids)")
_OF_IT = "(id = :id OR bundle_id = :id) AND state = 'sent'"
_DELIVERED = text(f"UPDATE notification SET state = 'delivered', delivered_at = :at WHERE {_OF_IT}")
_FAILED = text(
    f"UPDATE notification SET state = 'failed', last_error = :reason WHERE {_OF_IT} RETURNING id"
)
_UNDELIVERED = text(
    "UPDATE notification_attempt t SET outcome = 'undelivered', reason = :reason"
    " FROM notification n WHERE n.id = t.notification_id AND n.id = :id"
    " AND t.number = n.attempts AND t.outcome = 'sent' AND n.state = 'failed'"
)

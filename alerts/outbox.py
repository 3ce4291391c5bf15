"""The outbox's rows: messages are put in with what they tell of, and claimed by who sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.models import Alert
from alerts.rules import Means, Notice

# A claim this old belongs to a process that died while sending: somebody else sends it again.
# It outlasts the slowest dialogue with a mail server or gateway (`channels`).
CLAIM_LASTS = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A message to a person about his check-in.

    Attributes:
        key: What it is known by over every attempt.
        expires_at: It is not sent from then on.
    """

    agency_id: int
    supervisee_id: int
    checkin_id: int
    notice: Notice
    means: Means
    key: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """A message this process has taken upon itself to send, unless it has lost its sense.

    Attributes:
        attempts: This one included.
    """

    notification_id: int
    key: str
    notice: Notice
    means: Means
    attempts: int
    claimed_at: datetime
    is_expired: bool


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


def enqueue_notices(session: Session, notices: Sequence[NewNotice], now: datetime) -> None:
    """Put messages to people in the outbox; one whose key is there already changes nothing."""
    session.execute(
        _ENQUEUE_NOTICES,
        {
            "agencies": [one.agency_id for one in notices],
            "people": [one.supervisee_id for one in notices],
            "checkins": [one.checkin_id for one in notices],
            "kinds": [str(one.notice) for one in notices],
            "means": [str(one.means) for one in notices],
            "keys": [one.key for one in notices],
            "expiries": [one.expires_at for one in notices],
            "now": now,
        },
    )


def claim(session: Session, now: datetime) -> Claim | None:
    """Take on the message that matters most of those due; None: there is none.

    One about a check-in that needs it no more, or is closed, is settled as expired instead.

    Args:
        session: Open transaction of the engine role; send only after its commit.
        now: Aware UTC.
    """
    row = session.execute(_CLAIM, {"now": now, "stale": now - CLAIM_LASTS}).one_or_none()
    if row is None:
        return None
    kind, means = Notice(row.kind), Means(row.channel)
    is_expired = row.state == "expired"
    return Claim(row.id, row.idempotency_key, kind, means, row.attempts, now, is_expired)


def mark_sent(session: Session, notification_id: int, now: datetime) -> None:
    """Note that it went out, whoever sent it."""
    session.execute(_MARK_SENT, {"id": notification_id, "now": now})


def put_back(session: Session, claimed: Claim, due_at: datetime, reason: str) -> None:
    """Try again later, unless the claim has lapsed and somebody else has taken the message."""
    values = {"id": claimed.notification_id, "claimed": claimed.claimed_at}
    session.execute(_PUT_BACK, values | {"due": due_at, "reason": reason})


_ENQUEUE = text(
    "INSERT INTO notification (agency_id, alert_id, officer_id, channel, idempotency_key,"
    " due_at, created_at) SELECT n.agency_id, n.alert_id, n.officer_id, 'email', n.key, :now, :now"
    " FROM unnest(CAST(:agencies AS bigint[]), CAST(:alerts AS bigint[]),"
    " CAST(:officers AS bigint[]), CAST(:keys AS text[])) WITH ORDINALITY"
    " AS n (agency_id, alert_id, officer_id, key, number) ORDER BY n.number"
    " ON CONFLICT (idempotency_key) DO NOTHING"
)
_ENQUEUE_NOTICES = text(
    "INSERT INTO notification (agency_id, supervisee_id, checkin_id, kind, channel,"
    " idempotency_key, expires_at, due_at, created_at) SELECT n.agency_id, n.supervisee_id,"
    " n.checkin_id, n.kind, n.channel, n.key, n.expires_at, :now, :now"
    " FROM unnest(CAST(:agencies AS bigint[]), CAST(:people AS bigint[]),"
    " CAST(:checkins AS bigint[]), CAST(:kinds AS text[]), CAST(:means AS text[]),"
    " CAST(:keys AS text[]), CAST(:expiries AS timestamptz[])) WITH ORDINALITY AS n (agency_id,"
    " supervisee_id, checkin_id, kind, channel, key, expires_at, number) ORDER BY n.number"
    " ON CONFLICT (idempotency_key) DO NOTHING"
)
# One at a time: a critical alert raised meanwhile is next, whatever the queue, and no claim
# grows old behind others that a slow mail server holds up. People's messages wait in line with
# alerts of medium severity, so that a flood of neither holds up the other.
_CLAIM = text(
    "WITH due AS (SELECT w.id FROM notification w LEFT JOIN alert a ON a.id = w.alert_id"
    "  WHERE (w.state = 'pending' AND w.due_at <= :now)"
    "     OR (w.state = 'sending' AND w.claimed_at < :stale)"
    "  ORDER BY array_position(ARRAY['critical', 'high', 'medium', 'low'],"
    "   coalesce(a.severity, 'medium')), w.due_at, w.id LIMIT 1 FOR UPDATE OF w SKIP LOCKED),"
    " judged AS (SELECT w.id, w.kind <> 'alert' AND (w.expires_at <= :now"
    "   OR c.state NOT IN ('scheduled', 'open')) AS is_expired"
    "  FROM due JOIN notification w ON w.id = due.id LEFT JOIN checkin c ON c.id = w.checkin_id)"
    " UPDATE notification n SET state = CASE WHEN is_expired THEN 'expired' ELSE 'sending' END,"
    " claimed_at = CASE WHEN NOT is_expired THEN CAST(:now AS timestamptz) END,"
    " attempts = attempts + CASE WHEN is_expired THEN 0 ELSE 1 END"
    " FROM judged WHERE n.id = judged.id"
    " RETURNING n.id, n.idempotency_key, n.kind, n.channel, n.attempts, n.state"
)
_MARK_SENT = text(
    "UPDATE notification SET state = 'sent', sent_at = :now, claimed_at = NULL"
    " WHERE id = :id AND state <> 'sent'"
)
_PUT_BACK = text(
    "UPDATE notification SET state = 'pending', claimed_at = NULL,"
    " due_at = :due, last_error = :reason"
    " WHERE id = :id AND state = 'sending' AND claimed_at = :claimed"
)

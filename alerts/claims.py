"""Takes messages out of the outbox for sending, and settles what became of them.

One at a time: a critical alert raised meanwhile is next, whatever the queue, and no claim grows old
behind others. What is not critical comes to one receiver three times a minute at most; what has
gathered beyond that goes as one bundle. No message is dropped for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.rules import Means, Notice

# A claim this old belongs to a process that died while sending: somebody else sends it again.
# It outlasts the slowest dialogue with a mail server or gateway (`channels`).
CLAIM_LASTS = timedelta(seconds=90)
PACE_LASTS = timedelta(seconds=60)
MOST_IN_PACE = 3
MOST_IN_BUNDLE = 1_000


@dataclass(frozen=True, slots=True)
class Claim:
    """A message, or a bundle, that this process has taken upon itself to send.

    Attributes:
        notification_id: The message; of a bundle, its first.
        key: What it is known by over every attempt; a bundle has one of its own.
        attempts: This one included.
        claimed_at: Aware UTC.
        members: All messages of the bundle, or this one alone.
        is_expired: It has lost its sense, and was settled so.
    """

    notification_id: int
    agency_id: int
    key: str
    notice: Notice
    means: Means
    attempts: int
    claimed_at: datetime
    members: tuple[int, ...]
    is_expired: bool

    @property
    def is_bundle(self) -> bool:
        """Whether it speaks of several alerts."""
        return len(self.members) > 1


def claim(session: Session, now: datetime, means: Means | None = None) -> Claim | None:
    """Take on the message that matters most of those due; None: there is none.

    One about a check-in that needs it no more, or about an alert that is closed, is settled as
    expired instead.

    Args:
        session: Open transaction of the engine role; send only after its commit.
        now: Aware UTC.
        means: Only of those that go out so; None: of all.
    """
    paced = {"since": now - PACE_LASTS, "most": MOST_IN_PACE}
    values = {"now": now, "stale": now - CLAIM_LASTS, "means": means, **paced}
    row = session.execute(_NEXT, values).one_or_none()
    if row is None:
        return None
    members = [row.id]
    if row.is_expired:
        session.execute(_EXPIRE, {"ids": members})
    else:
        members = _bundled(session, row.id, row.bundle_id, now, is_alone=row.is_alone)
        session.execute(_TAKE, {"ids": members, "now": now})
        session.execute(_ATTEMPT, {"id": row.id, "now": now})
    key = row.idempotency_key if len(members) == 1 else f"bundle:{row.id}"
    kind, attempts = Notice(row.kind), row.attempts + (not row.is_expired)
    who = (row.id, row.agency_id, key, kind, Means(row.channel), attempts, now)
    return Claim(*who, tuple(members), row.is_expired)


def settle_sent(session: Session, claimed: Claim, now: datetime, *, is_read: bool) -> None:
    """Note that it went out, even where the claim has lapsed meanwhile; the caller commits.

    Args:
        session: Open transaction of the engine role.
        claimed: What went out.
        now: Aware UTC.
        is_read: Whether it went to where somebody reads it.
    """
    session.execute(_SENT, {"ids": list(claimed.members), "now": now})
    _end_attempt(session, claimed, now, "sent" if is_read else "logged", None)


def put_back(
    session: Session, claimed: Claim, due_at: datetime, reason: str, now: datetime
) -> None:
    """Try again later, unless the claim has lapsed and somebody else has taken the message."""
    values = {"ids": list(claimed.members), "claimed": claimed.claimed_at}
    session.execute(_PUT_BACK, values | {"due": due_at, "reason": reason})
    _end_attempt(session, claimed, now, "failed", reason)


def settle_failed(session: Session, claimed: Claim, reason: str, now: datetime) -> None:
    """Note that it cannot go out this way, unless somebody else has taken it meanwhile."""
    values = {"ids": list(claimed.members), "claimed": claimed.claimed_at, "reason": reason}
    session.execute(_FAILED, values)
    _end_attempt(session, claimed, now, "refused", reason)


def _bundled(
    session: Session, first_id: int, bundle_id: int | None, now: datetime, *, is_alone: bool
) -> list[int]:
    """The messages that go out with the first; a bundle once made stays as it is."""
    if bundle_id is not None:
        return list(session.scalars(_MEMBERS, {"bundle": bundle_id}))
    if is_alone:
        return [first_id]
    values = {"first": first_id, "now": now, "most": MOST_IN_BUNDLE - 1}
    waiting: Sequence[int] = session.scalars(_COMPANIONS, values).all()
    if len(waiting) < MOST_IN_PACE:
        return [first_id]
    members = [first_id, *waiting]
    session.execute(_BUNDLE, {"first": first_id, "ids": members})
    return members


def _end_attempt(
    session: Session, claimed: Claim, now: datetime, outcome: str, reason: str | None
) -> None:
    values = {"id": claimed.notification_id, "number": claimed.attempts, "now": now}
    session.execute(_END_ATTEMPT, values | {"outcome": outcome, "reason": reason})


# People's messages wait in line with alerts of medium severity, so that a flood of neither holds
# up the other; they are neither paced nor bundled, and nor is a drill.
_NEXT = text(
    "WITH busy AS (SELECT s.channel, coalesce(s.officer_id, 0), coalesce(s.contact_point_id, 0)"
    "  FROM notification s JOIN alert a ON a.id = s.alert_id WHERE s.sent_at > :since"
    "  AND a.severity <> 'critical' AND a.drill_id IS NULL AND coalesce(s.bundle_id, s.id) = s.id"
    "  GROUP BY 1, 2, 3 HAVING count(*) >= :most),"
    " due AS (SELECT w.id FROM notification w LEFT JOIN alert a ON a.id = w.alert_id"
    "  WHERE ((w.state = 'pending' AND w.due_at <= :now)"
    "     OR (w.state = 'sending' AND w.claimed_at < :stale))"
    "  AND (CAST(:means AS text) IS NULL OR w.channel = :means)"
    "  AND coalesce(w.bundle_id, w.id) = w.id"
    "  AND (w.kind <> 'alert' OR a.severity = 'critical' OR a.handling = 'closed'"
    "   OR a.drill_id IS NOT NULL"
    "   OR (w.channel, coalesce(w.officer_id, 0), coalesce(w.contact_point_id, 0))"
    "      NOT IN (SELECT * FROM busy))"
    "  ORDER BY array_position(ARRAY['critical', 'high', 'medium', 'low'],"
    "   coalesce(a.severity, 'medium')), w.due_at, w.id LIMIT 1 FOR UPDATE OF w SKIP LOCKED)"
    " SELECT w.id, w.agency_id, w.bundle_id, w.idempotency_key, w.kind, w.channel, w.attempts,"
    " w.kind <> 'alert' OR a.severity = 'critical' OR a.drill_id IS NOT NULL AS is_alone,"
    " CASE WHEN w.kind <> 'alert' THEN w.expires_at <= :now OR c.state NOT IN ('scheduled', 'open')"
    "  WHEN w.bundle_id IS NOT NULL THEN false"
    "  ELSE a.handling = 'closed' OR (w.is_only_while_new AND a.handling <> 'new')"
    " END AS is_expired FROM due JOIN notification w ON w.id = due.id"
    " LEFT JOIN alert a ON a.id = w.alert_id LEFT JOIN checkin c ON c.id = w.checkin_id"
)
_MEMBERS = text(
    "SELECT id FROM notification WHERE bundle_id = :bundle ORDER BY id <> :bundle, id FOR UPDATE"
)
_COMPANIONS = text(
    "SELECT w.id FROM notification f JOIN notification w ON w.channel = f.channel"
    " AND w.officer_id IS NOT DISTINCT FROM f.officer_id"
    " AND w.contact_point_id IS NOT DISTINCT FROM f.contact_point_id"
    " JOIN alert a ON a.id = w.alert_id WHERE f.id = :first AND w.id <> f.id"
    " AND w.kind = 'alert' AND w.state = 'pending' AND w.due_at <= :now AND w.bundle_id IS NULL"
    " AND a.severity <> 'critical' AND a.handling <> 'closed' AND a.drill_id IS NULL"
    " AND NOT (w.is_only_while_new AND a.handling <> 'new')"
    " ORDER BY w.due_at, w.id LIMIT :most FOR UPDATE OF w SKIP LOCKED"
)
_BUNDLE = text("UPDATE notification SET bundle_id = :first WHERE id = ANY(:ids)")
_TAKE = text(
    "UPDATE notification SET state = 'sending', claimed_at = :now, attempts = attempts + 1"
    " WHERE id = ANY(:ids) AND state IN ('pending', 'sending')"
)
_EXPIRE = text("UPDATE notification SET state = 'expired', claimed_at = NULL WHERE id = ANY(:ids)")
_ATTEMPT = text(
    "INSERT INTO notification_attempt (agency_id, notification_id, number, began_at)"
    " SELECT agency_id, id, attempts, :now FROM notification WHERE id = :id"
)
_END_ATTEMPT = text(
    "UPDATE notification_attempt SET ended_at = :now, outcome = :outcome, reason = :reason"
    " WHERE notification_id = :id AND number = :number"
)
_SENT = text(
    "UPDATE notification SET state = 'sent', sent_at = :now, claimed_at = NULL"
    " WHERE id = ANY(:ids) AND state NOT IN ('sent', 'delivered')"
)
_PUT_BACK = text(
    "UPDATE notification SET state = 'pending', claimed_at = NULL,"
    " due_at = :due, last_error = :reason"
    " WHERE id = ANY(:ids) AND state = 'sending' AND claimed_at = :claimed"
)
_FAILED = text(
    "UPDATE notification SET state = 'failed', claimed_at = NULL, last_error = :reason"
    " WHERE id = ANY(:ids) AND state = 'sending' AND claimed_at = :claimed"
)

"""Drains the outbox: claims what is due, sends it, records how it went, tries again later."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import Engine, text

from alerts.channels import Channel, Message
from supervision.core.clock import Clock
from supervision.core.db import transaction
from supervision.core.errors import Unavailable

log = structlog.get_logger()

# A claim this old belongs to a process that died while sending: somebody else sends it again.
# It outlasts the slowest dialogue with a mail server (`channels.SMTP_TIMEOUT_S`).
CLAIM_LASTS = timedelta(seconds=90)
BACKOFF_FIRST_S = 5.0
BACKOFF_MOST_S = 300.0
DOUBLINGS_MOST = 10

# One at a time: a critical alert raised meanwhile is next, whatever the queue, and no claim
# grows old behind others that a slow mail server holds up.
_CLAIM = text(
    "UPDATE notification n SET state = 'sending', claimed_at = :now, attempts = attempts + 1"
    " FROM (SELECT w.id FROM notification w JOIN alert a ON a.id = w.alert_id"
    "   WHERE (w.state = 'pending' AND w.due_at <= :now)"
    "      OR (w.state = 'sending' AND w.claimed_at < :stale)"
    "   ORDER BY array_position(ARRAY['critical', 'high', 'medium', 'low'], a.severity), w.due_at"
    "   LIMIT 1 FOR UPDATE OF w SKIP LOCKED) due, alert a, officer o"
    " WHERE n.id = due.id AND a.id = n.alert_id AND o.id = n.officer_id"
    " RETURNING n.id, n.idempotency_key, n.alert_id, n.attempts, a.severity, a.kind, o.email"
)


class Claim(NamedTuple):
    """A message this process has taken upon itself to send."""

    message: Message
    attempts: int
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery process's work.

    Attributes:
        engine: Under the engine role.
        channel: How messages go out.
        clock: The time.
        public_url: Where officers open the console.
    """

    engine: Engine
    channel: Channel
    clock: Clock
    public_url: str

    def deliver_due(self) -> int:
        """Send the most severe message that is due; returns how many were tried: one, or none.

        A crash in between leaves the claim, which lapses: the message is sent again under the
        same key rather than never.

        Raises:
            Unavailable: The database is away. A message may have gone out unrecorded; it is sent
                again under the same key.
        """
        claim = self._claim()
        if claim is None:
            return 0
        self._send(claim)
        return 1

    def _claim(self) -> Claim | None:
        now = self.clock()
        with transaction(self.engine) as session:
            row = session.execute(_CLAIM, {"now": now, "stale": now - CLAIM_LASTS}).one_or_none()
        if row is None:
            return None
        message = Message(
            row.idempotency_key,
            row.id,
            row.alert_id,
            row.severity,
            row.kind,
            row.email,
            f"{self.public_url}/alerts/{row.alert_id}",
        )
        return Claim(message, row.attempts, now)

    def _send(self, claim: Claim) -> None:
        try:
            self.channel.send(claim.message)
        except Unavailable as error:
            self._put_back(claim, error.message)
        else:
            self._mark_sent(claim.message.notification_id)

    def _mark_sent(self, notification_id: int) -> None:
        with transaction(self.engine) as session:
            session.execute(
                text(
                    "UPDATE notification SET state = 'sent', sent_at = :now, claimed_at = NULL"
                    " WHERE id = :id AND state <> 'sent'"
                ),
                {"id": notification_id, "now": self.clock()},
            )

    def _put_back(self, claim: Claim, reason: str) -> None:
        """Try again later, unless the claim has lapsed and somebody else has taken the message."""
        log.warning(
            "notification_not_sent",
            notification_id=claim.message.notification_id,
            attempts=claim.attempts,
            reason=reason,
        )
        with transaction(self.engine) as session:
            session.execute(
                text(
                    "UPDATE notification SET state = 'pending', claimed_at = NULL,"
                    " due_at = :due, last_error = :reason"
                    " WHERE id = :id AND state = 'sending' AND claimed_at = :claimed"
                ),
                {
                    "claimed": claim.claimed_at,
                    "id": claim.message.notification_id,
                    "due": next_try_at(self.clock(), claim.attempts),
                    "reason": reason,
                },
            )


def next_try_at(now: datetime, attempts: int) -> datetime:
    """When to try again: 5 s after the first failure, doubling to at most 5 minutes."""
    wait_s = min(BACKOFF_FIRST_S * 2 ** min(attempts - 1, DOUBLINGS_MOST), BACKOFF_MOST_S)
    return now + timedelta(seconds=wait_s)

"""Drains the outbox: claims what is due, sends it, records how it went, tries again later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine

from alerts import outbox
from alerts.channels import Channel, Message
from alerts.letters import write_letter
from alerts.outbox import Claim
from alerts.rules import Means
from supervision.core.clock import Clock
from supervision.core.db import transaction
from supervision.core.errors import Unavailable
from supervision.core.links import CheckinLinks

log = structlog.get_logger()

BACKOFF_FIRST_S = 5.0
BACKOFF_MOST_S = 300.0
DOUBLINGS_MOST = 10


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery process's work.

    Attributes:
        engine: Under the engine role.
        channels: How messages go out, by the means that each was queued for.
        clock: The time.
        links: Where officers open the console, and people their own pages.
    """

    engine: Engine
    channels: Mapping[Means, Channel]
    clock: Clock
    links: CheckinLinks

    def deliver_due(self) -> int:
        """See to the message that matters most of those due; returns how many: one, or none.

        It is sent, or settled as expired. A crash in between leaves the claim, which lapses: the
        message is sent again under the same key rather than never.

        Raises:
            Unavailable: The database is away. A message may have gone out unrecorded; it is sent
                again under the same key.
        """
        now = self.clock()
        with transaction(self.engine) as session:
            claimed = outbox.claim(session, now)
            if claimed is None:
                return 0
            if claimed.is_expired:
                return 1
            message = write_letter(session, claimed, self.links, now)
        self._send(claimed, message)
        return 1

    def _send(self, claimed: Claim, message: Message) -> None:
        try:
            self._channel(claimed, message).send(message)
        except Unavailable as error:
            self._put_back(claimed, error.message)
        else:
            with transaction(self.engine) as session:
                outbox.mark_sent(session, claimed.notification_id, self.clock())

    def _channel(self, claimed: Claim, message: Message) -> Channel:
        if not message.address:
            raise Unavailable("The receiver has no such address any more.")
        channel = self.channels.get(claimed.means)
        if channel is None:
            raise Unavailable("The installation has no such means any more.")
        return channel

    def _put_back(self, claimed: Claim, reason: str) -> None:
        log.warning(
            "notification_not_sent",
            notification_id=claimed.notification_id,
            attempts=claimed.attempts,
            reason=reason,
        )
        with transaction(self.engine) as session:
            due_at = next_try_at(self.clock(), claimed.attempts)
            outbox.put_back(session, claimed, due_at, reason)


def next_try_at(now: datetime, attempts: int) -> datetime:
    """When to try again: 5 s after the first failure, doubling to at most 5 minutes."""
    wait_s = min(BACKOFF_FIRST_S * 2 ** min(attempts - 1, DOUBLINGS_MOST), BACKOFF_MOST_S)
    return now + timedelta(seconds=wait_s)

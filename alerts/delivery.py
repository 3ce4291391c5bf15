"""Drains the outbox: claims what is due, sends it, records how it went, tries again later."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine

from alerts import claims
from alerts.around import go_around, is_to_go_around
from alerts.channels import Channel, Message
from alerts.claims import Claim
from alerts.letters import write_letter
from alerts.rules import Means, Notice
from supervision.core.clock import Clock
from supervision.core.db import transaction
from supervision.core.errors import SupervisionError, Unavailable, Undeliverable
from supervision.core.links import CheckinLinks, ReceiptLinks

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
        receipts: Where gateways say what became of a message; None: they are not asked to.
        chance: From 0 until before 1; what failed together is not tried again together.
    """

    engine: Engine
    channels: Mapping[Means, Channel]
    clock: Clock
    links: CheckinLinks
    receipts: ReceiptLinks | None = None
    chance: Callable[[], float] = random.random

    def deliver_due(self, means: Means | None = None) -> int:
        """See to the message that matters most of those due; returns how many: one, or none.

        It is sent, or settled as expired or failed; where it failed, the receiver is reached
        another way. A crash in between leaves the claim, which lapses: the message is sent again
        under the same key rather than never.

        Args:
            means: Only of those that go out so, that one means does not wait for another.

        Raises:
            Unavailable: The database is away. A message may have gone out unrecorded; it is sent
                again under the same key.
        """
        now = self.clock()
        with transaction(self.engine) as session:
            claimed = claims.claim(session, now, means)
            if claimed is None:
                return 0
            if claimed.is_expired:
                return 1
            message = write_letter(session, claimed, self.links, now)
        if self.receipts is not None:
            address = self.receipts.url(claimed.agency_id, claimed.notification_id)
            message = replace(message, receipt_url=address)
        self._send(claimed, message)
        return 1

    def _send(self, claimed: Claim, message: Message) -> None:
        try:
            channel = self._channel(claimed, message)
            channel.send(message)
        except (Unavailable, Undeliverable) as error:
            self._note_failure(claimed, error)
        else:
            with transaction(self.engine) as session:
                claims.settle_sent(session, claimed, self.clock(), is_read=channel.is_read)

    def _channel(self, claimed: Claim, message: Message) -> Channel:
        if not message.address:
            # A person's address may come back before his check-in is over.
            gone = Undeliverable if claimed.notice is Notice.ALERT else Unavailable
            raise gone("The receiver has no such address any more.")
        channel = self.channels.get(claimed.means)
        if channel is None:
            raise Unavailable("The installation has no such means any more.")
        return channel

    def _note_failure(self, claimed: Claim, error: SupervisionError) -> None:
        is_final = isinstance(error, Undeliverable)
        log.warning(
            "notification_not_sent",
            notification_id=claimed.notification_id,
            attempts=claimed.attempts,
            is_final=is_final,
            reason=error.message,
        )
        now = self.clock()
        with transaction(self.engine) as session:
            if is_to_go_around(claimed, is_final=is_final):
                go_around(session, claimed.members, now)
            if is_final:
                claims.settle_failed(session, claimed, error.message, now)
            else:
                due_at = next_try_at(now, claimed.attempts, self.chance())
                claims.put_back(session, claimed, due_at, error.message, now)


def next_try_at(now: datetime, attempts: int, chance: float) -> datetime:
    """When to try again: about 5 s after the first failure, doubling to about 5 minutes.

    Args:
        now: Aware UTC.
        attempts: So far.
        chance: From 0 until before 1: from half to one and a half of that time.
    """
    wait_s = min(BACKOFF_FIRST_S * 2 ** min(attempts - 1, DOUBLINGS_MOST), BACKOFF_MOST_S)
    return now + timedelta(seconds=wait_s * (0.5 + chance))

"""An office whose officers are reached by every means, and alerts found in it as a test wishes."""

from collections.abc import Iterable
from datetime import time

from alerts.catalogue import AlertKind, Severity
from alerts.channels import Channel
from alerts.delivery import Delivery
from alerts.rules import Means
from alerts.service import NewAlert, NewPoint, add_outside_point, add_own_point, raise_alerts
from supervision.core.access import Role
from supervision.core.db import transaction
from tests.harness import World
from tests.outbox import LINKS, FakeChannel, drain

ALL = frozenset(Severity)
GRAVE = frozenset({Severity.CRITICAL, Severity.HIGH})
PHONE = "+13035550142"


class Office:
    """A world with a mail server, a gateway for messages and calls, and other systems."""

    def __init__(self, world: World) -> None:
        self.world, self.him = world, world.person()
        self.ways = {means: FakeChannel() for means in Means}
        channels: dict[Means, Channel] = dict(self.ways)
        self.delivery = Delivery(world.engine, channels, world.clock, LINKS, chance=lambda: 0.5)
        self.raised = 0

    def find(self, grades: Iterable[str | None]) -> list[int]:
        """Zone entries of these grades, found at one moment; None: a button, of medium severity."""
        news = [self._found(grade) for grade in grades]
        with transaction(self.world.engine) as session:
            return [one for one, _ in raise_alerts(session, news, self.world.clock.now)]

    def _found(self, grade: str | None) -> NewAlert:
        self.raised += 1
        return NewAlert(
            agency_id=self.world.agency_id,
            supervisee_id=self.him.supervisee_id,
            officer_id=self.him.officer_id,
            kind=AlertKind.BUTTON if grade is None else AlertKind.ZONE_ENTRY,
            grade=grade,
            dedup_key=f"k{self.raised}",
            zone_id=None,
            zone_version_id=None,
            occurred_at=self.world.clock.now,
            is_late=False,
            evidence={},
        )

    def reach_by(
        self,
        means: Means,
        address: str = PHONE,
        severities: frozenset[Severity] = ALL,
        after_s: int = 0,
        quiet: tuple[time, time] | None = None,
    ) -> int:
        new = NewPoint("A way", means, address, severities, after_s, quiet)
        with transaction(self.world.engine) as session:
            return add_own_point(session, self.world.actor(), new, self.world.clock.now).id

    def outside(self, means: Means, address: str, severities: frozenset[Severity]) -> int:
        new = NewPoint("Monitoring centre", means, address, severities)
        with transaction(self.world.engine) as session:
            actor = self.world.actor(Role.SUPERVISOR)
            return add_outside_point(session, actor, new, self.world.clock.now).id

    def deliver(self, after_s: float = 0) -> None:
        self.world.clock.forward(after_s)
        drain(self.delivery)

    def sent(self, means: Means) -> list[str]:
        return [message.subject for message in self.ways[means].sent]

    def history(self, alert_id: int, kind: str) -> list[dict[str, object]]:
        query = "SELECT detail FROM alert_event WHERE alert_id = :id AND kind = :kind ORDER BY seq"
        return [row.detail for row in self.world.rows(query, id=alert_id, kind=kind)]

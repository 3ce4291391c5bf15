"""A desk at which an officer shelves what is noise about somebody, and alerts found there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from alerts.catalogue import AlertKind
from alerts.service import (
    NewAlert,
    NewShelf,
    confirm,
    end_shelf,
    list_shelved,
    raise_alert,
    shelve,
)
from supervision.core.access import Role
from supervision.core.db import transaction
from tests.harness import T0, Person, World

HOUR = timedelta(hours=1)
BATTERY, JAMMING, ABSENCE = AlertKind.BATTERY_LOW, AlertKind.JAMMING, AlertKind.ZONE_ABSENCE


@dataclass
class Desk:
    """An officer who shelves what is noise about somebody."""

    world: World
    him: Person
    found: int = 0

    def shelve(
        self,
        hours: float,
        kind: AlertKind = BATTERY,
        reason: str = "The charger is replaced tonight.",
        role: Role = Role.OFFICER,
        officer_id: int | None = None,
    ) -> int:
        now = self.world.clock.now
        new = NewShelf(self.him.supervisee_id, kind, now + hours * HOUR, reason)
        with transaction(self.world.engine) as session:
            return shelve(session, self.world.actor(role, officer_id), new, now)

    def take_back(self, shelf_id: int) -> None:
        with transaction(self.world.engine) as session:
            end_shelf(session, self.world.actor(), shelf_id, self.world.clock.now)

    def find(self, kind: AlertKind = BATTERY, grade: str | None = None) -> int:
        with transaction(self.world.engine) as session:
            return raise_alert(session, self.finding(kind, grade), self.world.clock.now)[0]

    def finding(self, kind: AlertKind = BATTERY, grade: str | None = None) -> NewAlert:
        self.found += 1
        return NewAlert(
            agency_id=self.world.agency_id,
            supervisee_id=self.him.supervisee_id,
            officer_id=self.him.officer_id,
            kind=kind,
            grade=grade,
            dedup_key=f"{kind}:{self.found}",
            zone_id=None,
            zone_version_id=None,
            occurred_at=self.world.clock.now,
            is_late=False,
            evidence={},
        )

    def confirm(self, number: int, kind: AlertKind) -> None:
        with transaction(self.world.engine) as session:
            key = f"{kind}:{number}"
            confirm(session, self.world.agency_id, key, {"deepest_m": 3.0}, self.world.clock.now)

    def do(self, act: Callable[..., object], *arguments: object) -> None:
        with transaction(self.world.engine) as session:
            act(session, self.world.actor(), *arguments, self.world.clock.now)

    def at(self, hours: float) -> int:
        """Let the scheduler come by so long after the beginning; returns the steps taken."""
        self.world.clock.now = T0 + hours * HOUR
        return int(self.world.monitor.escalate())

    def told(self) -> list[int]:
        """Of which alerts somebody was sent a message, in order."""
        rows = self.world.rows("SELECT alert_id FROM notification ORDER BY id")
        return [row.alert_id for row in rows]

    def due_at(self, alert_id: int) -> datetime:
        query = "SELECT due_at FROM alert_climb WHERE alert_id = :id"
        due_at: datetime = self.world.one(query, id=alert_id)
        return due_at.astimezone(UTC)

    def shelves(self) -> int:
        with transaction(self.world.engine) as session:
            return len(list_shelved(session, None, self.world.clock.now))

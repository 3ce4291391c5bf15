"""The corridor: the use cases that cross rooms, each one transaction, read from top to bottom.

A ping's way: see whose it is, store what is new, judge it against that person's zones, alert
whoever must be told. All of it is committed or none, and only then is it acknowledged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geofence.service import Drawn, due_boundaries, judge, judge_again
from geofence.zones import ZoneBook
from ingest.store import (
    DeviceAck,
    FixStore,
    ensure_partition,
    fixes_since,
    store_events,
    store_receipts,
    store_rejected,
)
from supervision.core.access import Actor
from supervision.core.clock import Clock
from supervision.core.db import run_transaction, transaction
from supervision.core.fixes import Decoded
from supervision.core.health import beat, forget
from supervision.core.locks import lock_people
from supervision.core.sweeps import claim_sweep
from supervision.corridor.attribution import attribute, device_uids
from supervision.corridor.telling import tell_of_events, tell_of_stays
from supervision.corridor.wearing import assign_device, return_device
from supervision.corridor.zoning import Zoning
from supervision.register.roster import Roster
from supervision.register.service import AssignmentRecord

PARTITIONS_BEHIND_DAYS = 2
PARTITIONS_AHEAD_DAYS = 7


@dataclass(slots=True)
class Monitor:
    """The joined-up system for one process; holds no truth that the database does not have."""

    engine: Engine
    clock: Clock
    late_after: timedelta
    roster: Roster = field(default_factory=Roster)
    zones: ZoneBook = field(default_factory=ZoneBook)
    fixes: FixStore = field(default_factory=FixStore)

    def on_messages(self, decoded: Decoded) -> list[DeviceAck]:
        """Store and judge what devices said; returns what to answer them, after the commit.

        Raises:
            Unavailable: The database is away. Nothing was written; try the same batch again.
        """
        now = self.clock()
        return run_transaction(self.engine, lambda session: self._take_in(session, decoded, now))

    def _take_in(self, session: Session, decoded: Decoded, now: datetime) -> list[DeviceAck]:
        ours = attribute(decoded, self.roster.find(session, device_uids(decoded)))
        lock_people(session, ours.people)
        new_fixes = self.fixes.store(session, ours.fixes)
        new_events = store_events(session, ours.events)
        store_rejected(session, ours.rejected, ours.agencies)
        acks = store_receipts(session, ours.receipts, now)
        findings = judge(session, self.zones, new_fixes, fixes_since, now)
        tell_of_stays(session, findings, now, self.late_after)
        tell_of_events(session, new_events, now, self.late_after)
        return acks

    def arm_zone(
        self,
        session: Session,
        actor: Actor,
        order_id: int,
        name: str,
        geojson: Mapping[str, Any],
        armed_at: datetime,
    ) -> Drawn:
        """Draw a zone and judge the person's known fixes at once; the caller commits."""
        return self._zoning(session, actor).arm(order_id, name, geojson, armed_at)

    def amend_zone(
        self,
        session: Session,
        actor: Actor,
        zone_id: int,
        geojson: Mapping[str, Any],
        armed_at: datetime,
    ) -> Drawn:
        """Draw a zone anew from `armed_at` on; the caller commits."""
        return self._zoning(session, actor).amend(zone_id, geojson, armed_at)

    def retire_zone(self, session: Session, actor: Actor, zone_id: int, at: datetime) -> Drawn:
        """End a zone; its history remains. The caller commits."""
        return self._zoning(session, actor).retire(zone_id, at)

    def assign_device(
        self, session: Session, actor: Actor, device_id: int, supervisee_id: int, at: datetime
    ) -> AssignmentRecord:
        """Hand a device to a supervisee from `at` on; the caller commits."""
        return assign_device(session, actor, device_id, supervisee_id, at, self.clock())

    def return_device(
        self, session: Session, actor: Actor, device_id: int, at: datetime
    ) -> AssignmentRecord:
        """Take a device back at `at`; the caller commits."""
        return return_device(session, actor, device_id, at, self.clock())

    def sweep_zone_boundaries(self) -> int:
        """Judge whoever's zone came into force or ended since the last sweep; returns how many.

        A scheduler that was down finds them all on its return; two never find one twice.
        """
        now = self.clock()
        with transaction(self.engine) as session:
            since = claim_sweep(session, "zone_boundaries", now)
            due = {} if since is None else due_boundaries(session, since, now)
            if due:
                lock_people(session, [pair.supervisee_id for pair in due])
                self.zones.refresh(session)
                findings = judge_again(session, self.zones, due, fixes_since, now)
                tell_of_stays(session, findings, now, self.late_after)
            return len(due)

    def make_partitions(self) -> int:
        """Make the positions' partitions for the days to come; returns how many are new."""
        today = self.clock().date()
        days = range(-PARTITIONS_BEHIND_DAYS, PARTITIONS_AHEAD_DAYS + 1)
        with transaction(self.engine) as session:
            return sum(ensure_partition(session, today + timedelta(days=day)) for day in days)

    def beat(self, name: str, **detail: object) -> None:
        """Note that a process lives."""
        with transaction(self.engine) as session:
            beat(session, name, self.clock(), **detail)

    def forget(self, name: str) -> None:
        """Note that a process has ended on purpose."""
        with transaction(self.engine) as session:
            forget(session, name)

    def _zoning(self, session: Session, actor: Actor) -> Zoning:
        return Zoning(session, actor, self.clock(), self.late_after)

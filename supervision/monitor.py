"""The corridor: the use cases that cross rooms, each one transaction, read from top to bottom.

A ping's way: see whose it is, store what is new, judge it against that person's zones, alert
whoever must be told. All of it is committed or none, and only then is it acknowledged.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geofence.service import (
    Rehearsal,
    StayFinding,
    due_boundaries,
    judge,
    top_up_boundaries,
)
from geofence.zones import ZoneBook
from ingest.store import (
    DeviceAck,
    DueCommand,
    FixStore,
    Outcome,
    StoredPositions,
    claim_commands,
    ensure_partition,
    settle_commands,
    store_events,
    store_receipts,
    store_rejected,
)
from supervision.checkins.service import claim_missed, make_checkins, open_due
from supervision.core.access import Actor
from supervision.core.clock import Clock
from supervision.core.db import run_transaction, transaction
from supervision.core.fixes import Decoded, LocatedFixes
from supervision.core.health import beat, forget
from supervision.core.locks import lock_people
from supervision.core.sweeps import claim_sweep
from supervision.corridor.attribution import attribute, device_uids
from supervision.corridor.checkin_desk import CheckinDesk
from supervision.corridor.checkin_planning import CheckinPlanning
from supervision.corridor.clauses import Clauses
from supervision.corridor.coverage import Patience, sweep_coverage, tell_of_coverage
from supervision.corridor.event_alerts import tell_of_events
from supervision.corridor.excepting import Excepting
from supervision.corridor.holidays import Holidays
from supervision.corridor.missed_checkins import tell_of_missed
from supervision.corridor.previewing import Draft, preview_zone
from supervision.corridor.rejudging import judge_anew
from supervision.corridor.stay_alerts import tell_of_stays
from supervision.corridor.wearing import assign_device, return_device
from supervision.corridor.zone_sets import ZoneSets
from supervision.corridor.zoning import Zoning
from supervision.register.roster import Roster
from supervision.register.service import AssignmentRecord

PARTITIONS_BEHIND_DAYS = 2
PARTITIONS_AHEAD_DAYS = 7
PLANS_AT_ONCE = 100
CHECKINS_AT_ONCE = 500
COVERAGE_GRACE = timedelta(minutes=15)


@dataclass(slots=True)
class Monitor:
    """The joined-up system for one process; holds no truth that the database does not have."""

    engine: Engine
    clock: Clock
    late_after: timedelta
    coverage_grace: timedelta = COVERAGE_GRACE
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
        findings = self.judge(session, new_fixes, now)
        tell_of_stays(session, findings, now, self.late_after)
        tell_of_events(session, new_events, now, self.late_after)
        return acks

    def judge(self, session: Session, fixes: LocatedFixes, now: datetime) -> list[StayFinding]:
        """What newly stored fixes change about anybody's stays; the caller commits."""
        return judge(session, self.zones, fixes, StoredPositions(), now)

    def zoning(self, session: Session, actor: Actor) -> Zoning:
        """Drawing, amending and retiring zones in this transaction; the caller commits."""
        return Zoning(*self._desk(session, actor))

    def excepting(self, session: Session, actor: Actor) -> Excepting:
        """Letting somebody be where a zone forbids it, in this transaction; the caller commits."""
        return Excepting(*self._desk(session, actor))

    def zone_sets(self, session: Session, actor: Actor) -> ZoneSets:
        """What can be done with sets of zones in this transaction; the caller commits."""
        return ZoneSets(*self._desk(session, actor))

    def clauses(self, session: Session, actor: Actor) -> Clauses:
        """Entering clauses and signing waivers in this transaction; the caller commits."""
        return Clauses(session, actor, self.clock(), self._patience())

    def preview_zone(self, session: Session, actor: Actor | None, draft: Draft) -> Rehearsal:
        """What a zone would have done in the last days; the caller commits the look.

        An actor of None is the system: the command line.
        """
        return preview_zone(session, actor, draft, self.clock())

    def checkins(self, session: Session, actor: Actor) -> CheckinDesk:
        """Seeing to check-ins in this transaction; the caller commits."""
        return CheckinDesk(session, actor, self.clock(), self.late_after)

    def checkin_planning(self, session: Session, actor: Actor) -> CheckinPlanning:
        """Saying what somebody must do, in this transaction; the caller commits."""
        return CheckinPlanning(session, actor, self.clock())

    def holidays(self, session: Session, actor: Actor) -> Holidays:
        """Keeping public holidays in this transaction; the caller commits."""
        return Holidays(session, actor, self.clock())

    def tell_of_coverage(self, session: Session, supervisee_ids: Collection[int]) -> int:
        """Tell of these people's clauses after what may cover one changed; the caller commits."""
        return tell_of_coverage(session, supervisee_ids, self.clock(), self._patience())

    def assign_device(
        self, session: Session, actor: Actor, device_id: int, supervisee_id: int, at: datetime
    ) -> AssignmentRecord:
        """Hand a device to a supervisee from `at` on; the caller commits."""
        times = (at, self.clock(), self.late_after)
        return assign_device(session, actor, device_id, supervisee_id, *times)

    def return_device(
        self, session: Session, actor: Actor, device_id: int, at: datetime
    ) -> AssignmentRecord:
        """Take a device back at `at`; the caller commits."""
        return return_device(session, actor, device_id, at, self.clock())

    def sweep_zone_boundaries(self) -> int:
        """Judge whoever's zone began or ceased to count meanwhile; returns how many pairs.

        A scheduler that was down finds them all on its return; two never find one twice. Each
        portion is a transaction of its own, so that a holiday of all schools locks nobody long.
        """
        now = self.clock()
        judged = 0
        while portion := run_transaction(self.engine, lambda session: self._sweep(session, now)):
            judged += portion
        return judged

    def _sweep(self, session: Session, now: datetime) -> int:
        due = due_boundaries(session, now)
        if due:
            self.zones.refresh(session)
            judge_anew(session, self.zones, due, now, self.late_after)
        return len(due)

    def top_up_zone_boundaries(self) -> int:
        """Write down when zones begin and cease to count in the weeks to come; returns how many."""
        now = self.clock()
        return run_transaction(self.engine, lambda session: top_up_boundaries(session, now))

    def sweep_order_coverage(self) -> int:
        """Tell of clauses without zone or waiver; returns how many alerts were raised or changed.

        A scheduler that was down finds also what was so meanwhile; two never tell one twice.
        """
        now = self.clock()
        with transaction(self.engine) as session:
            since = claim_sweep(session, "order_coverage", now)
            return 0 if since is None else sweep_coverage(session, since, now, self._patience())

    def make_checkins(self) -> int:
        """Write down the check-ins of the weeks to come, and put right those that no longer hold.

        Returns for how many plans. Two schedulers never make one twice.
        """
        now, made = self.clock(), 0
        while portion := run_transaction(
            self.engine, lambda session: make_checkins(session, now, PLANS_AT_ONCE)
        ):
            made += portion
        return made

    def sweep_checkins(self) -> int:
        """Open what is due, and tell of what was missed; returns how many were missed.

        A scheduler that was down finds them all on its return, marked late; two never tell one
        twice. Each portion is a transaction of its own.
        """
        now, missed = self.clock(), 0
        while run_transaction(
            self.engine, lambda session: open_due(session, now, CHECKINS_AT_ONCE)
        ):
            pass
        while portion := run_transaction(self.engine, lambda session: self._miss(session, now)):
            missed += portion
        return missed

    def _miss(self, session: Session, now: datetime) -> int:
        missed = claim_missed(session, now, CHECKINS_AT_ONCE)
        tell_of_missed(session, missed, now, self.late_after)
        return len(missed)

    def exchange_commands(self, outcomes: Sequence[Outcome], most: int) -> list[DueCommand]:
        """Note how sending went, and take on what devices are to be told now.

        Args:
            outcomes: Of the commands taken on before.
            most: New ones at most. Publish them after this has returned: then it is committed.

        Raises:
            Unavailable: The database is away. Nothing was noted or taken on.
        """
        now = self.clock()
        with transaction(self.engine) as session:
            settle_commands(session, outcomes, now)
            return claim_commands(session, most, now)

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

    def _patience(self) -> Patience:
        return Patience(self.coverage_grace, self.late_after)

    def _desk(
        self, session: Session, actor: Actor
    ) -> tuple[Session, Actor, datetime, timedelta, Patience]:
        return session, actor, self.clock(), self.late_after, self._patience()

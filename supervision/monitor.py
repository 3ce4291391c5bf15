"""The corridor: the use cases that cross rooms, each one transaction, read from top to bottom.

A ping's way: see whose it is, store what is new, judge it against that person's zones, alert
whoever must be told. All of it is committed or none, and only then is it acknowledged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from alerts.rules import Means
from alerts.service import climb_due, settle_receipts
from geofence.service import (
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
    store_protected_events,
    store_receipts,
    store_rejected,
)
from supervision.checkins.service import claim_missed, make_checkins, open_due
from supervision.core.clock import Clock
from supervision.core.db import run_transaction, transaction
from supervision.core.fixes import Decoded, LocatedFixes
from supervision.core.health import beat, forget
from supervision.core.locks import lock_people
from supervision.core.sweeps import claim_sweep
from supervision.corridor.attribution import attribute, device_uids
from supervision.corridor.coverage import sweep_coverage
from supervision.corridor.desks import Desks
from supervision.corridor.event_alerts import tell_of_events
from supervision.corridor.missed_checkins import tell_of_missed
from supervision.corridor.phone_fixes import judge_phone_fixes
from supervision.corridor.protected_alarms import people_concerned, tell_of_alarms
from supervision.corridor.rejudging import judge_anew
from supervision.corridor.reminding import remind
from supervision.corridor.stay_alerts import tell_of_stays
from supervision.register.roster import Roster

PARTITIONS_BEHIND_DAYS = 2
PARTITIONS_AHEAD_DAYS = 7
PLANS_AT_ONCE = 100
CHECKINS_AT_ONCE = 500
CLIMBS_AT_ONCE = 200
RECEIPTS_AT_ONCE = 200
PHONE_FIXES_AT_ONCE = 50
COVERAGE_GRACE = timedelta(minutes=15)


@dataclass(slots=True)
class Monitor(Desks):
    """The joined-up system for one process; holds no truth that the database does not have.

    Here is what processes do by themselves; what officers and people do is at the `Desks`.

    Attributes:
        means: How messages to people can go out here.
    """

    engine: Engine
    clock: Clock
    late_after: timedelta
    coverage_grace: timedelta = COVERAGE_GRACE
    means: frozenset[Means] = frozenset()
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
        lock_people(session, ours.people | people_concerned(session, ours.protected))
        new_fixes = self.fixes.store(session, ours.fixes)
        new_events = store_events(session, ours.events)
        alarms = store_protected_events(session, ours.protected)
        store_rejected(session, ours.rejected, ours.agencies)
        acks = store_receipts(session, ours.receipts, now)
        findings = self.judge(session, new_fixes, now)
        tell_of_stays(session, findings, now, self.late_after)
        tell_of_events(session, new_events, now, self.late_after)
        tell_of_alarms(session, alarms, now, self.late_after)
        return acks

    def judge(self, session: Session, fixes: LocatedFixes, now: datetime) -> list[StayFinding]:
        """What newly stored fixes change about anybody's stays; the caller commits."""
        return judge(session, self.zones, fixes, StoredPositions(), now)

    def sweep_zone_boundaries(self) -> int:
        """Judge whoever's zone began or ceased to count meanwhile; returns how many pairs.

        A scheduler that was down finds them all on its return; two never find one twice. Each
        portion is a transaction of its own, so that a holiday of all schools locks nobody long.
        """
        now = self.clock()
        return self._portions(lambda session: self._sweep(session, now))

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
        now = self.clock()
        return self._portions(lambda session: make_checkins(session, now, PLANS_AT_ONCE))

    def sweep_checkins(self) -> int:
        """Open what is due, and tell of what was missed; returns how many were missed.

        A scheduler that was down finds them all on its return, marked late; two never tell one
        twice. Each portion is a transaction of its own.
        """
        now = self.clock()
        self._portions(lambda session: open_due(session, now, CHECKINS_AT_ONCE))
        return self._portions(lambda session: self._miss(session, now))

    def _miss(self, session: Session, now: datetime) -> int:
        missed = claim_missed(session, now, CHECKINS_AT_ONCE)
        tell_of_missed(session, missed, now, self.late_after)
        return len(missed)

    def escalate(self) -> int:
        """Let alerts climb that nobody has seen to; returns how many steps were taken.

        A scheduler that was down finds them all on its return; two never take one step twice.
        """
        now = self.clock()
        return self._portions(lambda session: climb_due(session, now, CLIMBS_AT_ONCE))

    def settle_receipts(self) -> int:
        """Note what gateways say arrived, and go around what did not; returns how many were heard.

        Each is settled once, whoever sweeps.
        """
        now = self.clock()
        return self._portions(lambda session: settle_receipts(session, now, RECEIPTS_AT_ONCE))

    def send_reminders(self) -> int:
        """Queue the reminders that are due and still help; returns how many were settled.

        A scheduler that was down finds them all on its return; two never queue one twice.
        """
        now, means = self.clock(), self.means
        return self._portions(lambda session: remind(session, means, now, CHECKINS_AT_ONCE))

    def judge_submissions(self) -> int:
        """Judge where phones were at check-ins, and tell of it; returns how many were judged.

        Each is judged once, whoever sweeps. Each portion is a transaction of its own.
        """
        now, most = self.clock(), PHONE_FIXES_AT_ONCE
        return self._portions(
            lambda session: judge_phone_fixes(
                session, StoredPositions(), most, now, self.late_after
            )
        )

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

    def _portions(self, portion: Callable[[Session], int]) -> int:
        """Do some, each time in a transaction of its own, until none is left; returns how many."""
        done = 0
        while count := run_transaction(self.engine, portion):
            done += count
        return done

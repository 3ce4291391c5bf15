"""Check-ins that fall due while one of two schedulers is killed: none missed, none doubled."""

import random
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from supervision.core.clock import system_clock
from supervision.core.db import transaction
from supervision.stack.postgres import DatabaseUrls
from tests.checkin_world import plan_for
from tests.harness import FakeClock, World
from tests.ingest_rig import until
from tests.reminding_world import messages
from tests.service_process import ServiceProcess

log = structlog.get_logger()

A_SWEEP_S = 0.2

# In each wave, half were due an hour ago and are missed now; the others open now.
_PEOPLE = (
    "INSERT INTO supervisee (agency_id, case_number, full_name, time_zone, email,"
    " supervising_officer_id) SELECT :agency, concat(CAST(:wave AS integer), '-', n), 'S', 'UTC',"
    " 'alex@example.org', :officer FROM generate_series(1, :people) n"
)
_CHECKINS = (
    "WITH made AS (INSERT INTO checkin (agency_id, supervisee_id, checkin_plan_id,"
    " checkin_plan_version_id, method, slot, room, local_date, opens_at, closes_at, missed_at,"
    " state, made_at) SELECT v.agency_id, s.id, v.checkin_plan_id, v.id, v.method,"
    " s.case_number, 'room', current_date, w.opens_at, w.opens_at + interval '1 hour',"
    " w.opens_at + interval '1 hour', w.state, :now FROM checkin_plan_version v, supervisee s,"
    " LATERAL (SELECT CASE WHEN s.id % 2 = 0 THEN :now - interval '1 hour' ELSE :now END"
    " AS opens_at, CASE WHEN s.id % 2 = 0 THEN 'open' ELSE 'scheduled' END AS state) w"
    " WHERE s.case_number LIKE concat(CAST(:wave AS integer), '-%') RETURNING id, agency_id,"
    " opens_at) INSERT INTO checkin_reminder (agency_id, checkin_id, kind, due_at)"
    " SELECT agency_id, id, 'open', opens_at FROM made"
)


class TwoSchedulers:
    """Two processes, one of which is killed, and what falls due meanwhile."""

    def __init__(self, database: DatabaseUrls, logs: Path) -> None:
        self.world = World(database, FakeClock(system_clock()))
        plan_for(self.world, self.world.person())
        self.victim, self.witness = (
            ServiceProcess("scheduler", database, logs / f"{name}.log")
            for name in ("victim", "witness")
        )
        for one in (self.victim, self.witness):
            one.start()

    def close(self) -> None:
        for one in (self.victim, self.witness):
            one.end()

    def fall_due(self, wave: int, people: int) -> None:
        values = {
            "agency": self.world.agency_id,
            "officer": self.world.officer_id,
            "wave": wave,
            "people": people,
            "now": system_clock(),
        }
        with transaction(self.world.engine) as session:
            session.execute(text(_PEOPLE), values)
            session.execute(text(_CHECKINS), values)

    def is_up(self) -> bool:
        """Whether the one that is killed has come as far as its sweeps."""
        return self._sessions("true") > 1

    def is_amid_it(self) -> bool:
        """Whether it has written what it has not committed."""
        return self._sessions("backend_xid IS NOT NULL") > 0

    def _sessions(self, which: str) -> int:
        named = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'victim'"
        return int(self.world.one(f"{named} AND {which}"))

    def left(self) -> int:
        """What has fallen due and was not seen to."""
        return int(
            self.world.one(
                "SELECT (SELECT count(*) FROM checkin WHERE state = 'scheduled'"
                "  AND opens_at <= :now) + (SELECT count(*) FROM checkin WHERE missed_at <= :now"
                "  AND state IN ('scheduled', 'open')) + (SELECT count(*) FROM checkin_reminder"
                "  WHERE outcome IS NULL AND due_at <= :now)",
                now=system_clock(),
            )
        )


@pytest.fixture
def schedulers(database: DatabaseUrls, tmp_path: Path) -> Iterator[TwoSchedulers]:
    two = TwoSchedulers(database, tmp_path)
    yield two
    two.close()


@pytest.mark.parametrize(
    ("kills", "people"), [(2, 400), pytest.param(25, 1_500, marks=pytest.mark.heavy)]
)
def test_a_scheduler_killed_at_any_moment_leaves_nothing_undone_and_nothing_done_twice(
    schedulers: TwoSchedulers, kills: int, people: int
) -> None:
    dice, pause, amid = random.Random(1), threading.Event(), 0
    for wave in range(kills):
        until(schedulers.is_up)
        schedulers.fall_due(wave, people)
        until(lambda: schedulers.is_amid_it() or schedulers.left() == 0)
        pause.wait(dice.uniform(0, A_SWEEP_S))
        amid += schedulers.is_amid_it()
        assert schedulers.victim.end() == -signal.SIGKILL, "it had died by itself"
        schedulers.victim.start()
    until(lambda: schedulers.left() == 0)
    log.info("killed", kills=kills, amid_a_sweep=amid, check_ins=kills * people)
    prove(schedulers.world, kills * people)
    for one in (schedulers.victim, schedulers.witness):
        assert "sweep_failed" not in one.log_text()


def prove(world: World, people: int) -> None:
    half = people // 2
    happened = world.rows(
        "SELECT e.kind, count(*) AS lines, count(DISTINCT e.checkin_id) AS checkins"
        " FROM checkin_event e GROUP BY e.kind ORDER BY e.kind"
    )
    assert [tuple(row) for row in happened] == [("missed", half, half), ("opened", half, half)]
    alerts = world.alerts()
    assert len(alerts) == len({one.evidence["checkin_id"] for one in alerts}) == half
    assert world.one("SELECT count(*) FROM alert_event WHERE kind = 'suppressed'") == 0
    assert world.one("SELECT count(*) FROM notification WHERE kind = 'alert'") == half
    settled = world.rows("SELECT outcome, count(*) FROM checkin_reminder GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in settled] == [("pointless", half), ("queued", half)]
    sent = messages(world)
    assert len(sent) == len({one.checkin_id for one in sent}) == half

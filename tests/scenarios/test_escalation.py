"""Promises about alerts that nobody sees to: they climb, until somebody acts."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from alerts.protocols import Outcome
from alerts.rules import Disposition
from alerts.service import Tick, acknowledge, close, take_in_hand, tick
from supervision.bootstrap import build_monitor
from supervision.core.access import Role
from supervision.core.db import make_engine, transaction
from supervision.core.fixes import EventKind
from tests.harness import T0, Person, World, a_fix, an_event, circle

MINUTES = timedelta(minutes=1)


@pytest.fixture
def supervisor(world: World) -> int:
    return world.officer(Role.SUPERVISOR)


@pytest.fixture
def breach(world: World, him: Person) -> int:
    """He is in a zone, for certain, and his officer was told at once."""
    world.zone(him, circle(10.0, 50.0, 200.0))
    world.send([a_fix(him.device_uid, T0, 10.0, 50.0)])
    (alert,) = world.alerts()
    assert (alert.severity, told(world)) == ("critical", [him.officer_id])
    return int(alert.id)


def told(world: World) -> list[int]:
    """Who was sent a message, in the order in which it was put into the outbox."""
    return [row.officer_id for row in world.rows("SELECT officer_id FROM notification ORDER BY id")]


def at(world: World, minutes: float) -> int:
    """Let the scheduler come by so many minutes after the breach."""
    world.clock.now = T0 + minutes * MINUTES
    steps: int = world.monitor.escalate()
    return steps


def do(world: World, act: Any, *arguments: Any) -> None:
    with transaction(world.engine) as session:
        act(session, world.actor(), *arguments, world.clock.now)


@pytest.mark.usefixtures("breach")
def test_an_unacknowledged_breach_reaches_the_supervisor_after_5_minutes(
    world: World, supervisor: int
) -> None:
    at(world, 4.99)
    assert supervisor not in told(world)
    at(world, 5)
    assert told(world)[-1] == supervisor
    assert at(world, 5) == 0
    assert told(world).count(supervisor) == 1


@pytest.mark.usefixtures("breach")
def test_a_backup_is_told_before_the_supervisor(world: World, him: Person, supervisor: int) -> None:
    backup = world.officer()
    statement = "UPDATE officer SET backup_id = :backup WHERE id = :officer RETURNING id"
    world.rows(statement, backup=backup, officer=him.officer_id)
    at(world, 3)
    at(world, 5)
    assert told(world) == [him.officer_id, backup, supervisor]


@pytest.mark.usefixtures("breach")
def test_a_rung_on_which_nobody_stands_is_in_the_history(world: World) -> None:
    at(world, 3)
    at(world, 5)
    rows = world.rows("SELECT detail FROM alert_event WHERE kind = 'escalated' ORDER BY seq")
    assert [(row.detail["post"], row.detail["officer_ids"]) for row in rows] == [
        ("backup", []),
        ("supervisors", []),
    ]
    at(world, 15)
    assert len(told(world)) == 2


def test_it_begins_again_from_below_until_somebody_acts(
    world: World, him: Person, breach: int, supervisor: int
) -> None:
    for minutes in range(60):
        at(world, minutes)
    assert told(world).count(him.officer_id) == 4
    assert told(world).count(supervisor) == 4
    do(world, acknowledge, breach)
    assert at(world, 75) == 0


def test_an_acknowledged_alert_that_nobody_touches_climbs_again(
    world: World, him: Person, breach: int, supervisor: int
) -> None:
    at(world, 1)
    do(world, acknowledge, breach)
    assert at(world, 30.9) == 0
    at(world, 31)
    (alert,) = world.alerts()
    assert alert.handling == "new"
    assert told(world) == [him.officer_id, him.officer_id]
    at(world, 36)
    assert told(world)[-1] == supervisor
    kinds = world.history(breach)
    assert kinds[:4] == ["raised", "acknowledged", "reopened", "escalated"]


def test_whoever_works_on_an_alert_keeps_it(world: World, breach: int) -> None:
    do(world, take_in_hand, breach)
    for minutes in (20, 45, 70):
        at(world, minutes)
        do(world, tick, breach, Tick("call_participant", Outcome.IN_VAIN))
    assert at(world, 99.9) == 0
    assert at(world, 100) == 1
    (alert,) = world.alerts()
    assert alert.handling == "new"


def test_a_tamper_that_cleared_itself_stays_open_and_climbs(
    world: World, him: Person, supervisor: int
) -> None:
    cut, restored = EventKind.STRAP_CUT, EventKind.STRAP_RESTORED
    world.send(events=[an_event(him.device_uid, cut, T0)])
    world.send(events=[an_event(him.device_uid, restored, T0 + MINUTES)])
    at(world, 5)
    (alert,) = world.alerts()
    assert (alert.handling, alert.cleared_at) == ("new", T0 + MINUTES)
    assert told(world)[-1] == supervisor


def test_a_closed_alert_climbs_no_more(world: World, breach: int) -> None:
    do(world, close, breach, Disposition.AUTHORISED, "Court date.")
    assert at(world, 600) == 0
    assert world.one("SELECT count(*) FROM alert_climb") == 0


def test_no_alert_that_is_not_closed_is_without_a_next_step(world: World, breach: int) -> None:
    for minutes in (0, 3, 5, 40, 300):
        at(world, minutes)
        waiting = world.rows("SELECT due_at FROM alert_climb")
        assert len(waiting) == 1
        assert waiting[0].due_at > world.clock.now
    do(world, acknowledge, breach)
    assert world.one("SELECT due_at FROM alert_climb") == world.clock.now + 30 * MINUTES


@pytest.mark.usefixtures("breach")
def test_a_scheduler_that_was_down_for_a_day_tells_everybody_once_and_goes_on(
    world: World, supervisor: int
) -> None:
    at(world, 26 * 60)
    assert told(world).count(supervisor) == 1
    assert world.one("SELECT due_at FROM alert_climb") > world.clock.now


@pytest.fixture
def two_schedulers(world: World) -> Iterator[list[Any]]:
    engines = [make_engine(world.database.engine_url) for _ in range(2)]
    yield [build_monitor(world.settings, engine, world.clock) for engine in engines]
    for engine in engines:
        engine.dispose()


@pytest.mark.usefixtures("breach")
def test_two_schedulers_at_once_take_each_step_once(
    world: World, him: Person, supervisor: int, two_schedulers: list[Any]
) -> None:
    world.clock.now = T0 + 5 * MINUTES
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda monitor: monitor.escalate(), two_schedulers))
    assert told(world) == [him.officer_id, supervisor]
    keys = world.rows("SELECT idempotency_key FROM notification")
    assert len({row.idempotency_key for row in keys}) == len(keys)


@pytest.mark.usefixtures("breach")
def test_a_person_who_changed_officers_climbs_to_the_new_one(world: World) -> None:
    new = world.officer()
    with transaction(world.engine) as session:
        session.execute(text("UPDATE supervisee SET supervising_officer_id = :o"), {"o": new})
    at(world, 15)
    assert new in told(world)

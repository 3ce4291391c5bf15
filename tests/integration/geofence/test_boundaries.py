"""Whenever a zone begins or ceases to count for somebody, it is written ahead and swept once."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from geofence.service import sweeping
from supervision.core.access import Role
from supervision.core.clock import to_us
from supervision.core.db import transaction
from supervision.core.locks import lock_people
from tests.harness import Person, World
from tests.zoning import (
    HOME,
    LON,
    Boundary,
    amend,
    apply_set,
    boundaries,
    daily,
    except_from,
    make_set,
    minute,
    retire,
    withdraw,
)

DAY = 24 * 60
# T0 is 14:13:20 UTC, so 21:00 is 406 minutes and 40 seconds later.
NINE_PM = 406 + 2 / 3
SIX_AM = NINE_PM + 9 * 60
NIGHTS = daily("21:00", "06:00")


def minutes(world: World, until_minute: float = 1e6) -> list[Any]:
    """When, to a hair."""
    return [pytest.approx(one.minute) for one in boundaries(world, until_minute)]


def test_the_beginning_and_end_of_a_drawing_are_boundaries(world: World, him: Person) -> None:
    world.one("UPDATE court_order SET ends_at = :at RETURNING id", at=minute(600))
    zone_id = world.zone(him, HOME, armed_at=minute(10))
    pair = (him.supervisee_id, zone_id)
    assert boundaries(world) == [Boundary(*pair, 10), Boundary(*pair, 600)]


def test_what_lies_in_the_past_is_none(world: World, him: Person) -> None:
    zone_id = world.zone(him, HOME)
    world.clock.forward(600)
    amend(world, zone_id, minute(5))
    retire(world, zone_id, world.clock.now)
    assert boundaries(world) == []


def test_the_windows_of_a_schedule_are_boundaries_for_five_weeks(world: World, him: Person) -> None:
    world.zone(him, HOME, schedule=NIGHTS)
    assert minutes(world, DAY + NINE_PM + 1) == [NINE_PM, SIX_AM, DAY + NINE_PM]
    assert len(boundaries(world)) == 70
    assert boundaries(world)[-1].minute < 35 * DAY


def test_windows_outside_a_drawings_time_are_none(world: World, him: Person) -> None:
    zone_id = world.zone(him, HOME, schedule=NIGHTS, armed_at=minute(DAY))
    world.one("UPDATE court_order SET ends_at = :at RETURNING id", at=minute(3 * DAY))
    assert boundaries(world)[0].minute == DAY
    world.rows("DELETE FROM zone_boundary RETURNING 1")
    amend(world, zone_id, minute(2 * DAY))
    assert minutes(world) == [
        DAY,
        DAY + NINE_PM,
        DAY + SIX_AM,
        2 * DAY,
        2 * DAY + NINE_PM,
        2 * DAY + SIX_AM,
        3 * DAY,
    ]


def test_windows_are_meant_by_the_persons_clocks(world: World, him: Person) -> None:
    world.one("UPDATE supervisee SET time_zone = 'America/Denver' RETURNING id")
    world.zone(him, HOME, schedule=NIGHTS)
    assert minutes(world, 1400) == [NINE_PM + 6 * 60, SIX_AM + 6 * 60]


def test_a_top_up_writes_what_has_come_within_five_weeks_and_only_that(
    world: World, him: Person
) -> None:
    world.zone(him, HOME, schedule=NIGHTS)
    assert world.monitor.top_up_zone_boundaries() == 0
    for day in range(1, 4):
        world.clock.now = minute(day * DAY)
        assert world.monitor.top_up_zone_boundaries() == 2
    assert minutes(world, DAY) == [NINE_PM, SIX_AM]
    assert boundaries(world)[-1].minute == pytest.approx(37 * DAY + SIX_AM)


def test_a_top_up_finds_what_was_armed_more_than_five_weeks_ahead(
    world: World, him: Person
) -> None:
    world.zone(him, HOME, armed_at=minute(50 * DAY))
    assert boundaries(world) == []
    world.clock.now = minute(20 * DAY)
    assert world.monitor.top_up_zone_boundaries() == 1
    assert [one.minute for one in boundaries(world)] == [50 * DAY]


def test_a_scheduler_that_slept_for_months_catches_up(world: World, him: Person) -> None:
    world.zone(him, HOME, schedule=NIGHTS)
    world.monitor.top_up_zone_boundaries()
    world.clock.now = minute(100 * DAY)
    assert world.monitor.top_up_zone_boundaries() > 2 * 99
    assert world.monitor.sweep_zone_boundaries() == 1
    ahead = [one for one in boundaries(world) if not one.is_swept]
    assert len(ahead) == 70


def test_two_top_ups_at_once_write_nothing_twice(world: World, him: Person) -> None:
    world.zone(him, HOME, schedule=NIGHTS)
    world.monitor.top_up_zone_boundaries()
    world.clock.now = minute(DAY)
    with transaction(world.engine) as session:
        session.execute(text("SELECT FROM sweep_mark FOR UPDATE"))
        assert world.another_worker().top_up_zone_boundaries() == 0
    assert world.monitor.top_up_zone_boundaries() == 2


def test_what_was_swept_a_week_ago_is_forgotten(world: World, him: Person) -> None:
    world.zone(him, HOME, armed_at=minute(10))
    world.clock.now = minute(10)
    world.monitor.sweep_zone_boundaries()
    world.clock.now = minute(7 * DAY)
    world.monitor.top_up_zone_boundaries()
    assert [one.is_swept for one in boundaries(world)] == [True]
    world.clock.now = minute(8 * DAY)
    world.monitor.top_up_zone_boundaries()
    assert boundaries(world) == []


def test_a_person_is_judged_once_from_the_earliest_that_is_due(world: World, him: Person) -> None:
    zone_id = world.zone(him, HOME, armed_at=minute(10))
    except_from(world, him, zone_id, minute(20), minute(30))
    world.clock.now = minute(40)
    with transaction(world.engine) as session:
        due = sweeping.due_boundaries(session, world.clock.now)
        session.rollback()
    assert due == {(him.supervisee_id, zone_id): to_us(minute(10))}
    assert world.monitor.sweep_zone_boundaries() == 1
    assert world.monitor.sweep_zone_boundaries() == 0


def test_an_exception_withdrawn_before_its_end_is_swept_all_the_same(
    world: World, him: Person
) -> None:
    zone_id = world.zone(him, HOME)
    withdraw(world, except_from(world, him, zone_id, minute(20), minute(30)))
    world.clock.now = minute(40)
    assert world.monitor.sweep_zone_boundaries() == 1


def test_a_holiday_of_many_is_swept_in_portions(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "PAIRS_AT_ONCE", 2)
    for person in [world.person() for _ in range(5)]:
        world.zone(person, HOME, armed_at=minute(10))
    world.clock.now = minute(10)
    portions: list[int] = []
    sweep = world.monitor._sweep

    def counted(session: Session, now: Any) -> int:
        portions.append(sweep(session, now))
        return portions[-1]

    monkeypatch.setattr(type(world.monitor), "_sweep", lambda _self, *args: counted(*args))
    assert world.monitor.sweep_zone_boundaries() == 5
    assert portions == [2, 2, 1, 0]


def test_a_set_larger_than_a_portion_is_one_by_itself(
    world: World, him: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "PAIRS_AT_ONCE", 2)
    zone_set_id = make_set(world, LON, LON + 1, LON + 2)
    for person in (him, world.person()):
        apply_set(world, zone_set_id, person, minute(10))
    world.clock.now = minute(10)
    with transaction(world.engine) as session:
        assert len(sweeping.due_boundaries(session, world.clock.now)) == 3
        session.rollback()
    assert world.monitor.sweep_zone_boundaries() == 6


def in_a_thread(work: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    return thread, results


def is_waiting(world: World) -> bool:
    """Whether any session waits for another's lock; asked until one does."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    return any(world.one(waits) for _ in range(400) if not threading.Event().wait(0.01))


def test_two_schedulers_at_once_judge_everybody_once(world: World) -> None:
    people = [world.person() for _ in range(6)]
    for person in people:
        world.zone(person, HOME, armed_at=minute(10))
    world.clock.now = minute(10)
    both = [in_a_thread(world.another_worker().sweep_zone_boundaries) for _ in range(2)]
    for thread, _ in both:
        thread.join()
    assert sum(results[0] for _, results in both) == 6
    assert all(one.is_swept for one in boundaries(world))


def test_a_sweep_waits_for_whoever_has_the_person_before_it_takes_a_row(
    world: World, him: Person
) -> None:
    zone_id = world.zone(him, HOME, armed_at=minute(10))
    world.clock.now = minute(10)
    with transaction(world.engine) as session:
        lock_people(session, [him.supervisee_id])
        thread, results = in_a_thread(world.monitor.sweep_zone_boundaries)
        assert is_waiting(world)
        session.execute(text("SET LOCAL lock_timeout = '1s'"))
        session.execute(text("UPDATE zone_boundary SET swept_at = at"))
    thread.join()
    assert results == [0], f"zone {zone_id} was swept by the other"


def test_an_officer_who_amends_while_it_is_swept_waits_and_is_not_refused(
    world: World, him: Person
) -> None:
    zone_id = world.zone(him, HOME, armed_at=minute(10))
    world.clock.now = minute(10)
    with transaction(world.engine) as session:
        assert sweeping.due_boundaries(session, world.clock.now)
        thread, results = in_a_thread(lambda: amend(world, zone_id, minute(10)))
        assert is_waiting(world)
    thread.join()
    assert results == [None]


def test_a_set_drawn_into_while_it_is_swept_is_swept_again(world: World, him: Person) -> None:
    zone_set_id = make_set(world, LON)
    apply_set(world, zone_set_id, him, minute(10))
    world.clock.now = minute(10)

    def draw() -> None:
        with transaction(world.engine) as session:
            sets = world.monitor.zone_sets(session, world.actor(Role.PRETRIAL))
            sets.draw(zone_set_id, "Z", HOME, minute(10))

    with transaction(world.engine) as session:
        assert sweeping.due_boundaries(session, world.clock.now)
        thread, results = in_a_thread(draw)
        assert is_waiting(world)
    thread.join()
    assert results == [None]
    assert world.monitor.sweep_zone_boundaries() == 2

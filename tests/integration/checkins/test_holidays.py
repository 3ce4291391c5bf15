"""Public holidays: plans that skip them ask for nothing on them, whenever they are added."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Row
from sqlalchemy.orm import Session

from supervision.core.access import Actor, Role
from supervision.core.db import transaction
from supervision.core.errors import Conflict, NotAllowed, NotFound
from supervision.corridor import holidays
from tests.checkin_world import DAILY, SURPRISING, checkins, do, happened, plan_for
from tests.clean_database import lasting_engine
from tests.harness import T0, Person, World

SKIPPING = replace(DAILY, skips_holidays=True)
THURSDAY = date(2026, 9, 24)
A_DAY = timedelta(days=1)


def administrator(world: World) -> Actor:
    return world.actor(Role.ADMINISTRATOR)


@contextmanager
def at_the_web_door(world: World) -> Iterator[Session]:
    """A transaction as a request has it, who alone may remove a holiday."""
    with transaction(lasting_engine(world.database.web_url), world.agency_id) as session:
        yield session


def keep(world: World, on_date: date = THURSDAY) -> int:
    with at_the_web_door(world) as session:
        row = world.monitor.holidays(session, administrator(world)).add(on_date, "Fair")
    return int(row.id)


def forget(world: World, holiday_id: int) -> None:
    with at_the_web_door(world) as session:
        world.monitor.holidays(session, administrator(world)).remove(holiday_id)


def on(world: World, him: Person, day: date) -> list[Row[Any]]:
    return [row for row in checkins(world, him) if row.local_date == day]


def test_what_was_asked_for_on_it_is_replaced_and_comes_back_when_it_is_removed(
    world: World, him: Person
) -> None:
    plan_for(world, him, SKIPPING)
    holiday = keep(world)
    (gone,) = on(world, him, THURSDAY)
    assert gone.state == "replaced"
    (event,) = world.rows("SELECT * FROM checkin_event WHERE checkin_id = :id", id=gone.id)
    assert (event.officer_id, event.detail) == (None, {"by": "holiday"})
    assert len([row for row in checkins(world, him) if row.state == "scheduled"]) == 28
    forget(world, holiday)
    assert [row.state for row in on(world, him, THURSDAY)] == ["replaced", "scheduled"]
    assert {row.opens_at for row in on(world, him, THURSDAY)} == {gone.opens_at}


def test_a_plan_made_or_topped_up_later_skips_it_and_one_that_does_not_care_asks(
    world: World, him: Person
) -> None:
    far = date(2026, 10, 22)
    for day in (THURSDAY, far):
        keep(world, day)
    plan_for(world, him, SKIPPING)
    assert on(world, him, THURSDAY) == []
    world.clock.now = T0 + 10 * A_DAY
    world.monitor.make_checkins()
    assert on(world, him, far) == []
    assert len(on(world, him, far + A_DAY)) == 1
    other = world.person()
    plan_for(world, other)
    assert len(on(world, other, far)) == 1


def test_what_an_officer_has_cancelled_or_has_opened_stays(world: World, him: Person) -> None:
    plan_for(world, him, SKIPPING)
    (row,) = on(world, him, THURSDAY)
    do(world, "cancel", row.id, "A wedding.")
    forget(world, keep(world))
    assert [one.state for one in on(world, him, THURSDAY)] == ["cancelled"]
    world.clock.now = T0.replace(hour=19)
    world.monitor.sweep_checkins()
    keep(world, T0.date())
    assert [one.state for one in on(world, him, T0.date())] == ["open"]


def test_unannounced_ones_are_drawn_beside_it(world: World, him: Person) -> None:
    week = T0.date() + 7 * A_DAY
    plan_for(world, him, replace(SURPRISING, skips_holidays=True))
    for number in range(3):
        keep(world, week + number * A_DAY)
    rows = [row for row in checkins(world, him) if row.state == "scheduled"]
    of_week = [row.local_date for row in rows if week <= row.local_date < week + 7 * A_DAY]
    assert len(of_week) == 3
    assert min(of_week) >= week + 3 * A_DAY


def test_in_a_large_agency_the_scheduler_sees_to_the_rest(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holidays, "PLANS_IN_A_REQUEST", 1)
    people = [world.person() for _ in range(4)]
    for him in people:
        plan_for(world, him, SKIPPING)
    keep(world)
    states = [on(world, him, THURSDAY)[0].state for him in people]
    assert states == ["replaced", "scheduled", "scheduled", "scheduled"]
    assert world.monitor.make_checkins() == 3
    assert world.monitor.make_checkins() == 0
    assert [on(world, him, THURSDAY)[0].state for him in people] == ["replaced"] * 4


def test_one_beyond_what_is_made_or_past_changes_nothing_now(world: World, him: Person) -> None:
    plan_for(world, him, replace(SURPRISING, skips_holidays=True))
    before = checkins(world, him)
    for day in (date(2027, 7, 4), date(2026, 9, 1)):
        keep(world, day)
    assert checkins(world, him) == before
    assert world.monitor.make_checkins() == 0


def test_a_plan_that_is_written_while_a_holiday_is_added_skips_it(
    world: World, him: Person
) -> None:
    with ThreadPoolExecutor(1) as other:
        with transaction(world.engine) as session:
            world.monitor.holidays(session, administrator(world)).add(THURSDAY, "Fair")
            planned = other.submit(plan_for, world, him, SKIPPING)
            assert not planned.done()
        planned.result(timeout=30)
    assert on(world, him, THURSDAY) == []
    assert len(on(world, him, THURSDAY + A_DAY)) == 1


def test_there_is_one_a_day_and_only_the_own_agencys_can_be_removed(world: World) -> None:
    holiday = keep(world)
    with pytest.raises(Conflict):
        keep(world)
    stranger = Actor(world.officer_id, world.agency_id + 1, Role.ADMINISTRATOR, "O")
    with pytest.raises(NotFound), transaction(world.engine) as session:
        world.monitor.holidays(session, stranger).remove(holiday)


def test_who_does_not_run_the_agency_keeps_no_holidays(world: World) -> None:
    for role in (Role.OFFICER, Role.SUPERVISOR, Role.PRETRIAL):
        with pytest.raises(NotAllowed), transaction(world.engine) as session:
            world.monitor.holidays(session, world.actor(role)).add(THURSDAY, "Fair")


def test_both_are_on_the_trail_with_the_date(world: World, him: Person) -> None:
    plan_for(world, him, SKIPPING)
    forget(world, keep(world))
    rows = world.rows("SELECT tag, detail FROM audit_entry WHERE tag LIKE 'public_holiday:%'")
    assert [row.tag for row in rows] == ["public_holiday:added", "public_holiday:removed"]
    assert {row.detail["on_date"] for row in rows} == {"2026-09-24"}
    replaced = next(row for row in checkins(world, him) if row.state == "replaced")
    assert happened(world, replaced.id) == ["replaced"]

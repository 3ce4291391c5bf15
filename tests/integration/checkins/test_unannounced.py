"""Unannounced check-ins as rows: drawn a week at a time, each once, as the plan says."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Row

from supervision.checkins.service import PlanRecord, short_weeks
from supervision.checkins.timing import WEEKDAYS, Hours, Unannounced, monday_of
from supervision.core.db import transaction
from supervision.core.errors import Invalid
from tests.checkin_world import (
    DAILY,
    SURPRISING,
    THREE_A_WEEK,
    at,
    checkins,
    do,
    plan_for,
    planning_does,
    sweep,
)
from tests.harness import T0, Person, World

MONDAY, A_WEEK, A_DAY = date(2026, 9, 21), timedelta(days=7), timedelta(days=1)
# On the Thursday before, so that all weeks but the first are whole, and none has begun at T0.
THURSDAY = T0 - 4 * A_DAY


@pytest.fixture
def plan(world: World, him: Person) -> PlanRecord:
    world.clock.now = THURSDAY
    return plan_for(world, him, SURPRISING)


def standing(world: World, him: Person) -> list[Row[Any]]:
    return [row for row in checkins(world, him) if row.state != "replaced"]


def by_week(rows: Sequence[Row[Any]]) -> Counter[date]:
    return Counter(monday_of(row.local_date) for row in rows)


def test_so_many_are_drawn_for_each_week_within_the_hours_and_the_gap(
    world: World, him: Person, plan: PlanRecord
) -> None:
    rows = standing(world, him)
    weeks = by_week(rows)
    assert [weeks[MONDAY + number * A_WEEK] for number in range(4)] == [3, 3, 3, 3]
    assert plan.made_until == MONDAY + 4 * A_WEEK - A_DAY
    assert all(time(8) <= row.opens_at.time() < time(20) for row in rows)
    assert all(row.opens_at.weekday() < 5 and row.opens_at.second == 0 for row in rows)
    gaps = [later.opens_at - earlier.opens_at for earlier, later in pairwise(rows)]
    assert min(gaps) >= timedelta(hours=6)
    assert all(row.is_unannounced and row.closes_at - row.opens_at == DAILY.window for row in rows)
    whole = [row.slot for row in rows if row.local_date >= MONDAY]
    assert whole[:4] == ["2026-W39/1/0/1", "2026-W39/1/0/2", "2026-W39/1/0/3", "2026-W40/1/0/1"]


def test_of_the_week_in_which_a_plan_begins_what_lay_before_is_not_made_up_for(
    world: World,
) -> None:
    """Twelve people's plans on a Thursday at 14:13: less than half of each week is left."""
    world.clock.now = THURSDAY
    people = [world.person() for _ in range(12)]
    for him in people:
        plan_for(world, him, SURPRISING)
    rows = [row for row in checkins(world) if row.local_date < MONDAY]
    assert all(row.opens_at > THURSDAY for row in rows)
    assert len(rows) < 3 * 12, "all of them with a chance of one in a million"
    assert len({tuple(row.opens_at for row in standing(world, him)) for him in people}) == 12


def test_each_week_one_more_is_drawn_and_none_twice(
    world: World, him: Person, plan: PlanRecord
) -> None:
    before = [row.opens_at for row in standing(world, him)]
    assert world.monitor.make_checkins() == 0
    world.clock.now = T0 + A_DAY
    assert world.monitor.make_checkins() == 1
    assert world.monitor.make_checkins() == 0
    rows = standing(world, him)
    assert [row.opens_at for row in rows[:-3]] == before
    assert by_week(rows)[MONDAY + 4 * A_WEEK] == 3
    assert checkins(world, him)[-1].checkin_plan_id == plan.id


def test_two_schedulers_at_once_draw_each_week_once(world: World) -> None:
    world.clock.now = THURSDAY
    for _ in range(4):
        plan_for(world, world.person(), SURPRISING)
    world.clock.now = T0 + A_DAY
    with ThreadPoolExecutor(2) as both:
        schedulers = [world.monitor, world.another_worker()]
        assert sum(both.map(lambda monitor: monitor.make_checkins(), schedulers)) == 4
    drawn = [row for row in checkins(world) if row.made_at == world.clock.now]
    assert len(drawn) == 4 * 3
    assert set(Counter(row.checkin_plan_id for row in drawn).values()) == {3}


def test_nothing_is_drawn_for_weeks_in_which_nobody_could_have_known(
    world: World, him: Person, plan: PlanRecord
) -> None:
    """After a standstill of two months."""
    world.clock.now = T0 + 60 * A_DAY
    world.monitor.make_checkins()
    rows = [row for row in standing(world, him) if row.made_at == world.clock.now]
    assert min(row.opens_at for row in rows) > world.clock.now
    assert plan.made_until is not None
    assert plan.made_until < min(row.local_date for row in rows)


def test_a_change_asks_no_week_for_more_than_it_says(
    world: World, him: Person, plan: PlanRecord
) -> None:
    more = replace(SURPRISING, timing=replace(THREE_A_WEEK, per_week=4))
    for days in range(6):
        sweep(world, T0 + days * A_DAY)
        planning_does(world, world.actor(), "change", plan.id, more if days % 2 else SURPRISING)
        rows = standing(world, him)
        assert max(by_week(rows).values()) <= 4
        gaps = [later.opens_at - earlier.opens_at for earlier, later in pairwise(rows)]
        assert min(gaps) >= timedelta(hours=6)
    replaced = [row for row in checkins(world, him) if row.state == "replaced"]
    assert len({row.slot for row in replaced}) == len(replaced)


def test_what_was_regular_becomes_unannounced_and_what_has_opened_counts(
    world: World, him: Person
) -> None:
    plan = plan_for(world, him, at(time(15)))
    sweep(world, T0 + A_DAY)
    planning_does(world, world.actor(), "change", plan.id, SURPRISING)
    rows = standing(world, him)
    assert [row.is_unannounced for row in rows[:1]] == [False]
    assert all(row.is_unannounced for row in rows[1:])
    assert by_week(rows)[MONDAY] <= 3
    assert by_week(rows)[MONDAY + A_WEEK] == 3


def test_one_that_an_officer_cancelled_is_one_of_its_week(
    world: World, him: Person, plan: PlanRecord
) -> None:
    week = [row for row in standing(world, him) if monday_of(row.local_date) == MONDAY + A_WEEK]
    do(world, "cancel", week[0].id, "A wedding.")
    world.clock.now = T0
    planning_does(world, world.actor(), "change", plan.id, SURPRISING)
    rows = [row for row in standing(world, him) if monday_of(row.local_date) == MONDAY + A_WEEK]
    assert sorted(row.state for row in rows) == ["cancelled", "scheduled", "scheduled"]


def test_one_that_nobody_attends_is_missed_and_told(
    world: World, him: Person, plan: PlanRecord
) -> None:
    first = min(standing(world, him), key=lambda row: row.opens_at)
    assert sweep(world, first.missed_at - timedelta(seconds=1)) == 0
    assert sweep(world, first.missed_at) == 1
    (alert,) = world.alerts()
    assert (alert.occurred_at, alert.evidence["checkin_id"]) == (first.missed_at, first.id)
    assert plan.supervisee_id == alert.supervisee_id


def told_short(world: World, plan: PlanRecord) -> dict[date, int]:
    with transaction(world.engine) as session:
        weeks = short_weeks(session, [plan], world.clock.now)
    assert {week.asked for week in weeks} <= {3}
    return {week.monday: week.made for week in weeks}


def test_weeks_that_hold_fewer_than_asked_for_are_told(world: World, him: Person) -> None:
    """Off from Tuesday to Friday; on Monday no more than two keep the gap."""
    days = tuple(MONDAY + A_WEEK + number * A_DAY for number in range(1, 5))
    plan = plan_for(world, him, replace(SURPRISING, except_on=days))
    short = told_short(world, plan)
    assert short.pop(MONDAY, 0) < 3, "it begins in this one"
    made = by_week(standing(world, him))[MONDAY + A_WEEK]
    assert short == {MONDAY + A_WEEK: made}
    assert made in (1, 2)


def test_a_plan_that_has_not_begun_or_is_over_tells_of_no_week_without(
    world: World, him: Person
) -> None:
    later = replace(SURPRISING, starts_on=MONDAY + A_WEEK, ends_on=MONDAY + 2 * A_WEEK - A_DAY)
    plan = plan_for(world, him, later)
    assert by_week(standing(world, him)) == {MONDAY + A_WEEK: 3}
    assert told_short(world, plan) == {}


def test_more_than_surely_fit_are_refused(world: World, him: Person) -> None:
    wide = Unannounced(7, (Hours(WEEKDAYS[:5], time(8), time(20)),), timedelta(hours=24))
    with pytest.raises(Invalid, match="Only"):
        plan_for(world, him, replace(SURPRISING, timing=wide))
    assert checkins(world, him) == []


def test_local_weeks_and_hours_are_the_persons(world: World, him: Person) -> None:
    zone = "Pacific/Auckland"
    world.one(
        "UPDATE supervisee SET time_zone = :zone WHERE id = :id RETURNING id",
        zone=zone,
        id=him.supervisee_id,
    )
    plan_for(world, him, SURPRISING)
    shown: list[datetime] = [
        row.opens_at
        for row in world.rows(
            "SELECT opens_at AT TIME ZONE :zone AS opens_at FROM checkin", zone=zone
        )
    ]
    assert all(time(8) <= one.time() < time(20) and one.weekday() < 5 for one in shown)

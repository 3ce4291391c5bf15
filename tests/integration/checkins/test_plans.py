"""Plans and their versions: what is asked changes, what was asked stays."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from supervision.checkins.rules import Method
from supervision.checkins.timing import Regular
from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.checkin_world import DAILY, at, checkins, do, happened, plan_for, planning_does, sweep
from tests.harness import T0, Person, World

DUE = T0.replace(hour=18, minute=0, second=0)
A_DAY = timedelta(days=1)
EARLIER = replace(at(time(8)), method=Method.VIDEO)


def test_a_plan_makes_four_weeks_of_check_ins_and_none_that_was_due_before_it(
    world: World, him: Person
) -> None:
    plan = plan_for(world, him)
    rows = checkins(world, him)
    assert [row.opens_at for row in rows] == [DUE + days * A_DAY for days in range(29)]
    assert {(row.state, row.checkin_plan_id, row.method) for row in rows} == {
        ("scheduled", plan.id, "phone")
    }
    world.clock.forward(4 * 3600)
    plan_for(world, him)
    assert len(checkins(world, him)) == 29 + 28


def test_each_hour_the_days_to_come_are_made_and_none_twice(world: World, him: Person) -> None:
    plan_for(world, him)
    assert world.monitor.make_checkins() == 0
    world.clock.forward(2 * 86_400)
    assert world.monitor.make_checkins() == 1
    assert world.monitor.make_checkins() == 0
    assert len(checkins(world, him)) == 31


def test_a_change_counts_from_what_has_not_opened_yet_and_keeps_what_was_asked(
    world: World, him: Person
) -> None:
    plan = plan_for(world, him)
    sweep(world, DUE)
    changed = planning_does(world, world.actor(), "change", plan.id, EARLIER)
    assert (changed.version, changed.asked) == (2, EARLIER)
    rows = checkins(world, him)
    kept = [row for row in rows if row.state != "replaced"]
    assert [row.opens_at for row in kept[:2]] == [DUE, DUE + timedelta(hours=14)]
    assert (kept[0].state, kept[0].method) == ("open", "phone")
    assert len({row.local_date for row in kept}) == len(kept)
    assert {row.method for row in kept[1:]} == {"video"}
    (replaced, *_) = [row for row in rows if row.state == "replaced"]
    assert happened(world, replaced.id) == ["replaced"]
    versions = world.rows("SELECT version, at_local FROM checkin_plan_version ORDER BY version")
    assert [tuple(row) for row in versions] == [(1, time(18)), (2, time(8))]


def test_a_date_that_an_officer_cancelled_does_not_come_back_with_a_change(
    world: World, him: Person
) -> None:
    plan = plan_for(world, him)
    (holiday, *_) = checkins(world, him)
    do(world, "cancel", holiday.id, "A holiday.")
    planning_does(world, world.actor(), "change", plan.id, at(time(19)))
    of_that_date = [
        row.state for row in checkins(world, him) if row.local_date == date(2026, 9, 21)
    ]
    assert of_that_date == ["cancelled"]


def test_a_plan_that_has_ended_asks_for_nothing_more_but_what_has_opened(
    world: World, him: Person
) -> None:
    plan = plan_for(world, him)
    sweep(world, DUE)
    ended = planning_does(world, world.actor(), "end", plan.id)
    assert ended.ended_at == DUE
    assert [row.state for row in checkins(world, him) if row.state != "cancelled"] == ["open"]
    world.clock.forward(40 * 86_400)
    assert world.monitor.make_checkins() == 0
    for act in (("end", plan.id), ("change", plan.id, DAILY)):
        with pytest.raises(Conflict):
            planning_does(world, world.actor(), *act)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timing": Regular("FREQ=HOURLY", time(8))},
        {"timing": Regular("FREQ=YEARLY;BYWEEKNO=3", time(8))},
        {"timing": Regular("FREQ=DAILY;UNTIL=20260101", time(8))},
        {"ends_on": date(2026, 8, 31)},
        {"window": timedelta(minutes=4)},
        {"grace": timedelta(days=4)},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(
    world: World, him: Person, wrong: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        plan_for(world, him, replace(DAILY, **wrong))  # type: ignore[arg-type]
    assert world.rows("SELECT FROM checkin_plan") == []


def test_a_rule_that_ends_asks_no_longer(world: World, him: Person) -> None:
    plan_for(world, him, at(time(18), "FREQ=DAILY;UNTIL=20260923"))
    assert [row.local_date for row in checkins(world, him)] == [
        date(2026, 9, day) for day in (21, 22, 23)
    ]


@pytest.mark.parametrize("role", [Role.PRETRIAL, Role.ADMINISTRATOR])
def test_only_who_supervises_plans(world: World, him: Person, role: Role) -> None:
    with pytest.raises(NotAllowed):
        planning_does(world, world.actor(role), "plan", him.supervisee_id, DAILY)


def test_another_caseloads_person_and_plan_are_not_there(world: World, him: Person) -> None:
    plan = plan_for(world, him)
    stranger = world.actor(Role.OFFICER, world.officer())
    for act in (("plan", him.supervisee_id, DAILY), ("change", plan.id, DAILY), ("end", plan.id)):
        with pytest.raises(NotFound):
            planning_does(world, stranger, *act)
    supervisor = world.actor(Role.SUPERVISOR)
    assert planning_does(world, supervisor, "change", plan.id, EARLIER).version == 2


def test_who_planned_changed_and_ended_is_on_the_trail(world: World, him: Person) -> None:
    plan = plan_for(world, him)
    planning_does(world, world.actor(), "change", plan.id, EARLIER)
    planning_does(world, world.actor(), "end", plan.id)
    rows = world.rows(
        "SELECT tag FROM audit_entry WHERE subject LIKE 'checkin_plan:%' ORDER BY seq"
    )
    assert [row.tag for row in rows] == [
        "checkin_plan:made",
        "checkin_plan:changed",
        "checkin_plan:ended",
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE checkin_plan_version SET rrule = 'FREQ=DAILY;INTERVAL=9'",
        "UPDATE checkin SET missed_at = missed_at + interval '1 hour'",
        "UPDATE checkin_event SET kind = 'attended'",
        "DELETE FROM checkin_event",
        "DELETE FROM checkin",
    ],
)
def test_the_database_lets_nothing_of_it_be_rewritten(
    world: World, him: Person, statement: str
) -> None:
    plan_for(world, him)
    with pytest.raises(DBAPIError), transaction(world.engine) as session:
        session.execute(text(statement))

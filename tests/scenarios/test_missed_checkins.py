"""Promises about check-ins: due once a date, missed never unnoticed, told exactly once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from supervision.checkins.rules import Attempt
from supervision.core.db import transaction
from tests.checkin_world import at, checkins, do, happened, plan_for, sweep
from tests.harness import T0, Person, World, a_fix

# The first is due on T0's own evening.
DUE = T0.replace(hour=18, minute=0, second=0)
MISSED = DUE + timedelta(minutes=75)
A_DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def told(world: World) -> list[tuple[str, datetime, bool]]:
    return [(one.kind, one.occurred_at, one.is_late) for one in world.alerts()]


def test_a_missed_check_in_is_told_when_window_and_grace_are_over_and_not_a_second_sooner(
    world: World, him: Person
) -> None:
    plan_for(world, him)
    assert sweep(world, MISSED - SECOND) == 0
    assert world.alerts() == []
    assert sweep(world, MISSED) == 1
    (alert,) = world.alerts()
    assert (alert.kind, alert.severity, alert.occurred_at) == ("checkin_missed", "medium", MISSED)
    assert (alert.officer_id, alert.supervisee_id, alert.is_late) == (
        him.officer_id,
        him.supervisee_id,
        False,
    )
    assert sweep(world, MISSED + SECOND) == 0
    assert len(world.rows("SELECT FROM notification")) == 1


def test_the_alert_says_what_was_missed_what_was_tried_and_where_he_was_last_seen_by_number(
    world: World, him: Person
) -> None:
    plan_for(world, him)
    sweep(world, DUE)
    (first, *_) = checkins(world, him)
    do(world, "attempt", first.id, Attempt.VOICEMAIL)
    world.send([a_fix(him.device_uid, DUE, 10.0, 50.0)])
    sweep(world, MISSED)
    (alert,) = world.alerts()
    (position,) = world.rows("SELECT id FROM position")
    assert alert.evidence == {
        "checkin_id": first.id,
        "method": "phone",
        "local_date": "2026-09-21",
        "opened_at": DUE.isoformat(),
        "closed_at": (DUE + timedelta(hours=1)).isoformat(),
        "missed_at": MISSED.isoformat(),
        "attempts": 1,
        "misses_in_30_days": 1,
        "reminders": [],
        "last_fix": {"position_id": position.id, "fixed_at": DUE.isoformat()},
    }


def test_who_attends_within_window_or_grace_has_not_missed_it(world: World, him: Person) -> None:
    plan_for(world, him)
    sweep(world, MISSED - SECOND)
    first, second, *_ = checkins(world, him)
    do(world, "attend", first.id, MISSED - SECOND)
    sweep(world, DUE + A_DAY)
    do(world, "attend", second.id, DUE + A_DAY)
    sweep(world, MISSED + A_DAY)
    assert world.alerts() == []
    assert happened(world, first.id) == ["opened", "attended"]


def test_late_attendance_is_kept_and_shown_and_never_deletes_the_miss(
    world: World, him: Person
) -> None:
    plan_for(world, him)
    for moment in (DUE, MISSED):
        sweep(world, moment)
    (first, *_) = checkins(world, him)
    world.clock.forward(600)
    late = do(world, "attend", first.id, world.clock.now)
    assert (late.state, late.attended_at) == ("missed", MISSED + timedelta(seconds=600))
    (alert,) = world.alerts()
    assert (alert.handling, alert.cleared_at) == ("new", late.attended_at)
    assert happened(world, first.id) == ["opened", "missed", "attended_late"]


def test_the_third_miss_in_thirty_days_is_graver_unless_one_was_excused(world: World) -> None:
    him, other = world.person(), world.person()
    for person in (him, other):
        plan_for(world, person)
    sweep(world, MISSED)
    (excused, *_) = checkins(world, other)
    do(world, "excuse", excused.id, "Was in hospital.")
    for days in (1, 2):
        sweep(world, MISSED + days * A_DAY)
    kinds = {
        person: [
            (one.kind, one.severity)
            for one in world.alerts()
            if one.supervisee_id == person.supervisee_id
        ]
        for person in (him, other)
    }
    once, again = ("checkin_missed", "medium"), ("checkins_missed", "high")
    assert kinds[him] == [once, once, again]
    assert kinds[other] == [once, once, once]


def test_a_scheduler_that_was_down_finds_each_miss_once_and_says_that_it_is_late(
    world: World, him: Person
) -> None:
    plan_for(world, him)
    for hours in (2, 26):
        assert sweep(world, MISSED + timedelta(hours=hours)) == 1
    assert told(world) == [
        ("checkin_missed", MISSED, True),
        ("checkin_missed", MISSED + A_DAY, True),
    ]
    found = [one.found_at for one in world.alerts()]
    assert found == [MISSED + timedelta(hours=hours) for hours in (2, 26)]


def test_what_was_never_written_down_is_missed_too(world: World, him: Person) -> None:
    """Down for longer than check-ins are made ahead."""
    plan_for(world, him)
    made = len(checkins(world, him))
    assert made == 29
    world.clock.now = DUE + 40 * A_DAY
    world.monitor.make_checkins()
    assert len(checkins(world, him)) == 40 + 29
    assert sweep(world, world.clock.now) == 40
    assert len({one.evidence["local_date"] for one in world.alerts()}) == 40


@pytest.fixture
def two_schedulers(world: World) -> list[Any]:
    return [world.monitor, world.another_worker()]


def planned_for_many(world: World, people: int) -> None:
    """The plan of one person copied for many, all of it in the database."""
    him = world.person()
    plan_for(world, him)
    with transaction(world.engine) as session:
        session.execute(
            text(
                "INSERT INTO supervisee (agency_id, case_number, full_name, time_zone,"
                " supervising_officer_id) SELECT agency_id, 'many-' || n, 'S', 'UTC',"
                " supervising_officer_id FROM supervisee, generate_series(2, :people) n"
            ),
            {"people": people},
        )
        session.execute(
            text(
                "INSERT INTO checkin (agency_id, supervisee_id, checkin_plan_id,"
                " checkin_plan_version_id, method, slot, room, local_date, opens_at, closes_at,"
                " missed_at, state, made_at) SELECT c.agency_id, s.id, c.checkin_plan_id,"
                " c.checkin_plan_version_id, c.method, concat('of ', s.id), c.room, c.local_date,"
                " c.opens_at, c.closes_at, c.missed_at, c.state, c.made_at"
                " FROM checkin c, supervisee s WHERE c.opens_at = :due AND s.id <> c.supervisee_id"
            ),
            {"due": DUE},
        )


@pytest.mark.parametrize("people", [400, pytest.param(20_000, marks=pytest.mark.heavy)])
def test_two_schedulers_at_once_tell_each_of_many_misses_exactly_once(
    world: World, two_schedulers: list[Any], people: int
) -> None:
    planned_for_many(world, people)
    world.clock.now = MISSED + timedelta(hours=2)
    with ThreadPoolExecutor(2) as both:
        found = sum(both.map(lambda monitor: monitor.sweep_checkins(), two_schedulers))
    assert found == people
    assert len(world.alerts()) == people
    assert world.one("SELECT count(DISTINCT supervisee_id) FROM alert") == people
    assert world.one("SELECT count(*) FROM alert WHERE NOT is_late") == 0
    assert world.one("SELECT count(*) FROM alert_event WHERE kind = 'suppressed'") == 0


def test_two_schedulers_that_make_check_ins_at_once_make_each_once(
    world: World, two_schedulers: list[Any]
) -> None:
    for _ in range(5):
        plan_for(world, world.person())
    world.clock.forward(10 * 86_400)
    with ThreadPoolExecutor(2) as both:
        made = sum(both.map(lambda monitor: monitor.make_checkins(), two_schedulers))
    assert made == 5
    assert len(checkins(world)) == 5 * (29 + 10)


def test_a_check_in_amid_a_change_of_the_clocks_is_due_once_on_each_date(world: World) -> None:
    him = world.person()
    with transaction(world.engine) as session:
        session.execute(
            text("UPDATE supervisee SET time_zone = 'America/New_York' WHERE id = :id"),
            {"id": him.supervisee_id},
        )
    world.clock.now = datetime.fromisoformat("2026-10-30T12:00:00+00:00")
    plan_for(world, him, at(time(1, 30)))
    nights = [row.opens_at.isoformat() for row in checkins(world, him)[:4]]
    assert nights == [
        "2026-10-31T05:30:00+00:00",
        "2026-11-01T05:30:00+00:00",
        "2026-11-02T06:30:00+00:00",
        "2026-11-03T06:30:00+00:00",
    ]


def test_no_coordinates_leave_the_positions_with_a_missed_check_in(
    world: World, him: Person
) -> None:
    plan_for(world, him)
    world.send([a_fix(him.device_uid, T0, 12.345678, 56.789012)])
    sweep(world, MISSED)
    (alert,) = world.alerts()
    assert "12.34" not in str(alert.evidence)
    assert "56.78" not in str(alert.evidence)

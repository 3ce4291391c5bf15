"""Promises about calendars: they show what is asked, when it is, and nothing before its time."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import text

from supervision.core.db import transaction
from tests import ics
from tests.checkin_world import DAILY, at, checkins, do, plan_for, planning_does, sweep
from tests.harness import T0, Person, World

URL = "https://supervision.example"
DUE = T0.replace(hour=18, minute=0, second=0)
HOUR, A_DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)


def token_of(world: World, him: Person | None = None) -> str:
    """Of a new calendar feed: the person's, or the officer's own."""
    with transaction(world.engine) as session:
        desk = world.monitor.calendars(session, world.actor())
        made = desk.make_for(him.supervisee_id) if him else desk.make_own()
    return str(made.token)


def read(world: World, token: str) -> ics.Read:
    return ics.read(written(world, token))


def written(world: World, token: str) -> bytes:
    with transaction(world.engine) as session:
        opened = world.monitor.open_calendar(session, token)
    found: bytes = opened.written(URL)
    return found


def shown(world: World, token: str) -> list[tuple[datetime, datetime]]:
    """What a program shows, in order."""
    return sorted(read(world, token).asked().values())


def make_unannounced(world: World, him: Person, slot: str, opens_at: datetime) -> int:
    """As a draw makes it."""
    plan = plan_for(
        world, him, replace(at(time(18), "FREQ=DAILY;COUNT=1"), starts_on=date(2020, 1, 1))
    )
    values = {"plan": plan.id, "slot": slot, "at": opens_at, "until": opens_at + HOUR}
    made: int = world.one(
        "INSERT INTO checkin (agency_id, supervisee_id, checkin_plan_id, checkin_plan_version_id,"
        " method, purpose, slot, is_unannounced, room, local_date, opens_at, closes_at, missed_at,"
        " state, made_at) SELECT v.agency_id, p.supervisee_id, p.id, v.id, 'video', 'checkin',"
        " :slot, true, gen_random_uuid()::text, CAST(:at AS date), :at, :until, :until,"
        " 'scheduled', v.written_at FROM checkin_plan p"
        " JOIN checkin_plan_version v ON v.checkin_plan_id = p.id WHERE p.id = :plan RETURNING id",
        **values,
    )
    return made


def test_both_calendars_show_the_weeks_to_come_to_the_instant(world: World, him: Person) -> None:
    plan_for(world, him)
    rows = [
        (row.opens_at, row.closes_at) for row in checkins(world) if row.opens_at < T0 + 28 * A_DAY
    ]
    assert len(rows) == 28
    assert shown(world, token_of(world, him)) == shown(world, token_of(world)) == rows


def test_a_week_of_what_was_stays_and_one_that_is_still_open_however_long(
    world: World, him: Person
) -> None:
    plan_for(world, him, replace(DAILY, window=7 * A_DAY))
    token = token_of(world, him)
    world.clock.now = DUE + 14 * A_DAY - SECOND
    first, first_closes_at = shown(world, token)[0]
    assert (first, first_closes_at) == (DUE, DUE + 7 * A_DAY)
    world.clock.now += SECOND
    assert shown(world, token)[0][0] == DUE + A_DAY


def test_a_check_in_keeps_its_place_in_the_calendar_whatever_becomes_of_it(
    world: World, him: Person
) -> None:
    plan_for(world, him)
    token = token_of(world, him)
    before = read(world, token).by_uid()
    sweep(world, DUE)
    do(world, "attend", checkins(world)[0].id, DUE)
    sweep(world, DUE + 3 * A_DAY)
    after = read(world, token).by_uid()
    assert after.items() >= before.items(), "attended, missed and open ones look as they did"


def test_a_plan_that_is_changed_moves_its_dates_and_takes_the_others_away(
    world: World, him: Person
) -> None:
    plan = plan_for(world, him)
    token = token_of(world, him)
    before = read(world, token).by_uid()
    later = at(time(19), "FREQ=WEEKLY;BYDAY=TU,FR")
    planning_does(world, world.actor(), "change", plan.id, later)
    after = read(world, token).by_uid()
    assert after.keys() == before.keys()
    asked = [row.opens_at for row in checkins(world) if row.state == "scheduled"]
    assert [opens_at for opens_at, _ in shown(world, token)] == asked
    assert len(asked) == 8
    for uid, event in after.items():
        assert int(event["SEQUENCE"]) > int(before[uid]["SEQUENCE"])
    planning_does(world, world.actor(), "change", plan.id, DAILY)
    again = read(world, token)
    assert all(
        int(event["SEQUENCE"]) > int(after[event["UID"]]["SEQUENCE"]) for event in again.events
    )
    assert again.asked() == ics.Read({}, list(before.values())).asked()


def test_an_ended_plan_leaves_nothing_that_is_asked(world: World, him: Person) -> None:
    plan = plan_for(world, him)
    token = token_of(world, him)
    planning_does(world, world.actor(), "end", plan.id)
    assert shown(world, token) == []
    assert {event["STATUS"] for event in read(world, token).events} == {"CANCELLED"}


def test_an_unannounced_check_in_does_not_change_a_letter_of_his_calendar_before_it_opens(
    world: World, him: Person
) -> None:
    plan_for(world, him)
    his, mine = token_of(world, him), token_of(world)
    before = written(world, his)
    for number in range(3):
        make_unannounced(world, him, f"2026-W39/1/{number}", DUE + number * A_DAY - HOUR)
    assert written(world, his) == before
    assert len(read(world, mine).events) == len(read(world, his).events) + 3
    sweep(world, DUE - HOUR - SECOND)
    assert written(world, his) == before
    sweep(world, DUE - HOUR)
    assert len(read(world, his).events) == len(ics.read(before).events) + 1
    assert (DUE - HOUR, DUE) in shown(world, his)


def test_one_that_never_opened_is_never_shown_to_him(world: World, him: Person) -> None:
    his = token_of(world, him)
    cancelled, missed = (
        make_unannounced(world, him, f"2026-W39/1/{number}", DUE + number * HOUR)
        for number in range(2)
    )
    do(world, "cancel", cancelled, "The officer is ill.")
    assert read(world, his).events == []
    sweep(world, DUE + 3 * HOUR)
    assert [row.state for row in checkins(world) if row.id == missed] == ["missed"]
    assert shown(world, his) == [(DUE + HOUR, DUE + 2 * HOUR)]
    assert len(read(world, his).events) == 1


def test_an_officer_has_the_people_he_supervises_and_no_others(world: World, him: Person) -> None:
    colleague = world.officer()
    other = world.person(officer_id=colleague)
    for person in (him, other):
        by = world.actor(officer_id=person.officer_id)
        planning_does(world, by, "plan", person.supervisee_id, DAILY)
    mine = token_of(world)
    ids = {int(event["URL"].rpartition("/")[2]) for event in read(world, mine).events}
    assert ids == {row.id for row in checkins(world, him) if row.opens_at < T0 + 28 * A_DAY}
    with transaction(world.engine) as session:
        session.execute(
            text("UPDATE supervisee SET supervising_officer_id = :mine"),
            {"mine": world.officer_id},
        )
    assert len(read(world, mine).events) == 56

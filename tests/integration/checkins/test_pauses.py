"""Pauses: nothing is asked in them, what has opened stays, and ending one brings back the rest."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Row

from supervision.checkins.service import NewPause, PauseRecord
from supervision.core.access import Role
from supervision.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.checkin_world import SURPRISING, at, checkins, do, plan_for, planning_does, sweep
from tests.harness import T0, Person, World

DUE = T0.replace(hour=18, minute=0, second=0)
A_DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
REASON = "In hospital."


def paused(
    world: World, him: Person, begins_at: datetime = T0, ends_at: datetime | None = None
) -> PauseRecord:
    new = NewPause(begins_at, ends_at, REASON)
    made: PauseRecord = planning_does(world, world.actor(), "pause", him.supervisee_id, new)
    return made


def ended(world: World, pause: PauseRecord) -> PauseRecord:
    row: PauseRecord = planning_does(world, world.actor(), "end_pause", pause.id)
    return row


def standing(world: World, him: Person) -> list[Row[Any]]:
    return [row for row in checkins(world, him) if row.state != "replaced"]


def days(rows: Sequence[Row[Any]]) -> list[int]:
    """How many days after T0's own evening each opens."""
    return [(row.opens_at - DUE).days for row in rows]


def test_what_was_scheduled_within_is_replaced_and_says_so_and_nothing_is_made_for_its_time(
    world: World, him: Person
) -> None:
    plan_for(world, him)
    paused(world, him, DUE + 2 * A_DAY, DUE + 5 * A_DAY)
    assert days(standing(world, him)) == [0, 1, *range(5, 29)], "half-open"
    (one, *_) = [row for row in checkins(world, him) if row.state == "replaced"]
    (event,) = world.rows("SELECT * FROM checkin_event WHERE checkin_id = :id", id=one.id)
    assert (event.kind, event.officer_id) == ("replaced", world.officer_id)
    assert event.detail == {"by": "pause"}


def test_a_pause_without_an_end_keeps_away_what_would_be_made_in_weeks_to_come(
    world: World, him: Person
) -> None:
    plan_for(world, him)
    plan_for(world, him, SURPRISING)
    pause = paused(world, him)
    world.clock.now = T0 + 40 * A_DAY
    world.monitor.make_checkins()
    plan_for(world, him)
    assert standing(world, him) == []
    ended(world, pause)
    rows = standing(world, him)
    assert min(row.opens_at for row in rows) > world.clock.now
    assert len([row for row in rows if not row.is_unannounced]) == 2 * 29


def test_what_has_opened_stays_and_must_be_done(world: World, him: Person) -> None:
    plan_for(world, him)
    sweep(world, DUE)
    paused(world, him, T0)
    assert [row.state for row in standing(world, him)] == ["open"]
    assert sweep(world, DUE + timedelta(minutes=75)) == 1


def test_ending_one_brings_the_same_dates_back_but_those_an_officer_cancelled(
    world: World, him: Person
) -> None:
    plan_for(world, him)
    cancelled = checkins(world, him)[3].id
    do(world, "cancel", cancelled, "A wedding.")
    before = {(row.slot, row.opens_at) for row in standing(world, him)}
    pause = paused(world, him)
    world.clock.now = DUE + A_DAY
    assert ended(world, pause).ends_at == world.clock.now
    rows = standing(world, him)
    assert {(row.slot, row.opens_at) for row in rows} == {
        (slot, opens_at) for slot, opens_at in before if opens_at > world.clock.now
    }
    assert [row.id for row in rows if row.state == "cancelled"] == [cancelled]


def test_unannounced_weeks_that_lose_one_are_drawn_anew_and_others_are_left_alone(
    world: World, him: Person
) -> None:
    world.clock.now = T0 - 4 * A_DAY
    plan_for(world, him, SURPRISING)
    before = standing(world, him)
    week = T0.replace(hour=0, minute=0, second=0) + timedelta(days=7)
    lost = next(row.opens_at for row in before if row.opens_at > week)
    paused(world, him, lost, lost + SECOND)
    now = {row.slot: row.opens_at for row in standing(world, him)}
    again = sorted(slot for slot in now if slot.startswith("2026-W40"))
    assert again == ["2026-W40/1/1/1", "2026-W40/1/1/2", "2026-W40/1/1/3"]
    others = {row.slot: row.opens_at for row in before if not row.slot.startswith("2026-W40")}
    assert others == {slot: now[slot] for slot in others}
    assert lost not in now.values()


def test_ending_one_draws_what_is_ahead_once_more(world: World, him: Person) -> None:
    world.clock.now = T0 - 4 * A_DAY
    plan_for(world, him, SURPRISING)
    pause = paused(world, him, T0, T0 + 7 * A_DAY)
    within = [row for row in standing(world, him) if T0 <= row.opens_at < T0 + 7 * A_DAY]
    assert within == []
    ended(world, pause)
    whole = [row for row in standing(world, him) if row.local_date.isoformat() >= "2026-09-21"]
    assert [row.slot for row in whole[:3]] == ["2026-W39/1/2/1", "2026-W39/1/2/2", "2026-W39/1/2/3"]
    assert len(whole) == 12
    assert world.one("SELECT draws FROM checkin_plan_version") == 2


def test_of_two_pauses_the_other_still_counts(world: World, him: Person) -> None:
    plan_for(world, him)
    longer = paused(world, him, T0, DUE + 5 * A_DAY)
    paused(world, him, T0, DUE + 3 * A_DAY)
    ended(world, longer)
    assert days(standing(world, him))[0] == 3


def test_a_pause_that_has_not_begun_never_does(world: World, him: Person) -> None:
    plan_for(world, him)
    pause = paused(world, him, DUE + 2 * A_DAY)
    row = ended(world, pause)
    assert (row.ends_at, row.ended_by_id) == (row.begins_at, world.officer_id)
    assert days(standing(world, him)) == list(range(29))
    with pytest.raises(Conflict):
        ended(world, pause)


def test_a_pause_that_is_over_cannot_be_ended(world: World, him: Person) -> None:
    pause = paused(world, him, T0, T0 + A_DAY)
    world.clock.now = T0 + A_DAY
    with pytest.raises(Conflict):
        ended(world, pause)


@pytest.mark.parametrize(
    "wrong",
    [
        NewPause(T0, None, "  "),
        NewPause(T0, T0, REASON),
        NewPause(T0 + A_DAY, T0 + timedelta(hours=1), REASON),
        NewPause(T0 - 2 * A_DAY, T0 - A_DAY, REASON),
    ],
    ids=["no reason", "empty", "backwards", "past"],
)
def test_a_pause_that_makes_no_sense_is_refused(world: World, him: Person, wrong: NewPause) -> None:
    plan_for(world, him)
    with pytest.raises(Invalid):
        planning_does(world, world.actor(), "pause", him.supervisee_id, wrong)
    assert world.rows("SELECT FROM checkin_pause") == []
    assert len(standing(world, him)) == 29


def test_only_who_supervises_pauses_and_only_his_own_people(world: World, him: Person) -> None:
    pause, new = paused(world, him), NewPause(T0, None, REASON)
    with pytest.raises(NotAllowed):
        planning_does(world, world.actor(Role.PRETRIAL), "pause", him.supervisee_id, new)
    stranger = world.actor(Role.OFFICER, world.officer())
    for act in (("pause", him.supervisee_id, new), ("end_pause", pause.id)):
        with pytest.raises(NotFound):
            planning_does(world, stranger, *act)


def test_other_peoples_and_ended_plans_are_left_alone(world: World, him: Person) -> None:
    other = world.person()
    plan_for(world, other)
    over = plan_for(world, him, at(time(9)))
    planning_does(world, world.actor(), "end", over.id)
    pause = paused(world, him)
    ended(world, pause)
    assert len(standing(world, other)) == 29
    assert {row.state for row in checkins(world, him)} == {"cancelled"}


def test_who_paused_and_ended_is_on_the_trail_without_the_reason(world: World, him: Person) -> None:
    ended(world, paused(world, him))
    rows = world.rows(
        "SELECT tag, detail FROM audit_entry WHERE tag LIKE 'checkin_pause:%' ORDER BY seq"
    )
    assert [row.tag for row in rows] == ["checkin_pause:made", "checkin_pause:ended"]
    assert [row.detail for row in rows] == [{"supervisee_id": him.supervisee_id}] * 2

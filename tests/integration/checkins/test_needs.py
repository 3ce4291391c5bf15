"""The officer's three lists: whatever has begun stands on one of them, and nothing is lost."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text

from supervision.checkins.rules import CLOSING_SOON, Attempt, Method, Need, State
from supervision.checkins.service import Sought, list_checkins
from supervision.core.db import transaction
from supervision.core.errors import Conflict, Invalid
from tests.checkin_world import DAILY, at, checkins, do, happened, plan_for, sweep
from tests.harness import T0, World

DUE = T0.replace(hour=18, minute=0, second=0)
CLOSED = DUE + timedelta(hours=1)
MISSED = DUE + timedelta(minutes=75)
SECOND = timedelta(seconds=1)
EARLY, LATE = DUE, DUE + timedelta(minutes=1)


@pytest.fixture
def first(world: World) -> int:
    """The only one of its plan."""
    him = world.person()
    plan_for(world, him, at(time(18), "FREQ=DAILY;UNTIL=20260921"))
    return int(checkins(world, him)[0].id)


def lists(world: World, checkin_id: int, at: datetime) -> set[str]:
    """On which of the lists it stands at a moment."""
    with transaction(world.engine) as session:
        return {
            need.value
            for need in Need
            for row in list_checkins(session, None, Sought(None, None, need=need), None, 99, at)
            if row.id == checkin_id
        }


def put(world: World, checkin_id: int, **columns: Any) -> None:
    """Make it so, whoever would have done it."""
    values = ", ".join(f"{name} = :{name}" for name in columns)
    with transaction(world.engine) as session:
        session.execute(
            text(f"UPDATE checkin SET {values} WHERE id = :id"), {"id": checkin_id, **columns}
        )


@pytest.mark.parametrize("is_swept", [False, True])
def test_where_it_stands_depends_on_the_time_and_not_on_a_scheduler(
    world: World, first: int, *, is_swept: bool
) -> None:
    for moment, expected in (
        (DUE - SECOND, {"awaiting"}),
        (DUE, {"awaiting"}),
        (CLOSED - CLOSING_SOON - SECOND, {"awaiting"}),
        (CLOSED - CLOSING_SOON, {"awaiting", "attention"}),
        (MISSED - SECOND, {"awaiting", "attention"}),
        (MISSED, {"attention"}),
    ):
        if is_swept:
            sweep(world, moment)
        assert lists(world, first, moment) == expected, moment


def test_once_somebody_has_tried_to_call_the_end_of_the_window_is_no_news(
    world: World, first: int
) -> None:
    sweep(world, DUE)
    do(world, "attempt", first, Attempt.NO_ANSWER)
    assert lists(world, first, MISSED - SECOND) == {"awaiting"}


def test_a_miss_waits_until_somebody_has_looked_at_it_and_stays_one(
    world: World, first: int
) -> None:
    sweep(world, MISSED)
    with pytest.raises(Invalid):
        do(world, "review", first, " ")
    assert lists(world, first, MISSED) == {"attention"}
    assert do(world, "review", first, "The bus had broken down.").state == "missed"
    assert lists(world, first, MISSED) == {"reviewed"}
    assert happened(world, first) == ["missed", "reviewed"]
    (line,) = world.rows("SELECT subject FROM audit_entry WHERE tag = 'checkin:reviewed'")
    assert line.subject == f"checkin:{first}"


@pytest.mark.parametrize("news", ["submitted_at", "call_asked_at"])
def test_what_comes_after_a_look_needs_another(world: World, first: int, news: str) -> None:
    sweep(world, MISSED)
    do(world, "review", first, "Unreachable.")
    put(world, first, **{news: MISSED + SECOND})
    assert lists(world, first, MISSED + SECOND) == {"attention"}
    world.clock.now = MISSED + 2 * SECOND
    do(world, "review", first, "Talked to him.")
    assert lists(world, first, world.clock.now) == {"reviewed"}


def test_who_asks_for_a_call_is_on_the_list_until_he_was_heard(world: World, first: int) -> None:
    sweep(world, DUE)
    put(world, first, call_asked_at=DUE)
    do(world, "attempt", first, Attempt.BUSY)
    assert lists(world, first, DUE) == {"awaiting", "attention"}
    do(world, "attend", first, DUE)
    assert lists(world, first, DUE) == {"reviewed"}


def test_what_was_told_waits_for_its_review(world: World, first: int) -> None:
    sweep(world, DUE)
    with pytest.raises(Conflict):
        do(world, "review", first, "Nothing yet.")
    put(world, first, state="submitted", submitted_at=DUE)
    assert lists(world, first, DUE) == {"attention"}
    assert do(world, "review", first, "").state == "reviewed"
    assert lists(world, first, DUE) == {"reviewed"}


def test_one_that_was_cancelled_ahead_appears_when_its_time_comes(world: World, first: int) -> None:
    do(world, "cancel", first, "A holiday.")
    assert lists(world, first, DUE - SECOND) == set()
    assert lists(world, first, DUE) == {"reviewed"}


def test_whatever_is_over_stands_on_exactly_one_list(world: World, first: int) -> None:
    instants = (None, EARLY, LATE)
    sought = [Sought(None, None, need=need) for need in Need]
    states = [state for state in State if state is not State.REPLACED]
    for state, submitted, reviewed, asked in product(states, instants, instants, instants):
        if state in {State.SUBMITTED, State.REVIEWED} and submitted is None:
            continue
        if state is State.REVIEWED and reviewed is None:
            continue
        columns = {"submitted_at": submitted, "reviewed_at": reviewed, "call_asked_at": asked}
        by = reviewed and world.officer_id
        put(world, first, state=state, attended_at=EARLY, reviewed_by_id=by, **columns)
        with transaction(world.engine) as session:
            on = [bool(list_checkins(session, None, one, None, 1, MISSED)) for one in sought]
        assert on.count(True) == 1, (state, columns)


@pytest.mark.parametrize("method", list(Method))
def test_only_calls_that_the_officer_must_make_press_before_they_are_missed(
    world: World, method: Method
) -> None:
    him = world.person()
    plan_for(world, him, replace(DAILY, method=method))
    presses = "attention" in lists(world, checkins(world, him)[0].id, MISSED - SECOND)
    assert presses == (method in {Method.VIDEO, Method.PHONE, Method.PHONE_IN_SIGHT})

"""The table of states, and what a window is."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from supervision.checkins.rules import (
    TRANSITIONS,
    Change,
    Method,
    State,
    has_room,
    is_pattern,
    next_state,
    require_sense,
    window_of,
)
from supervision.core.errors import Conflict, Invalid

DUE = datetime(2026, 9, 21, 18, tzinfo=UTC)
NOTHING, SECOND = timedelta(0), timedelta(seconds=1)
OVER = {State.ATTENDED, State.EXCUSED, State.CANCELLED}


def test_a_check_in_moves_only_along_the_table() -> None:
    for state, change in product(State, Change):
        if (state, change) in TRANSITIONS:
            assert next_state(state, change) is TRANSITIONS[state, change]
        else:
            with pytest.raises(Conflict):
                next_state(state, change)


def test_nothing_happens_any_more_to_what_is_over() -> None:
    assert not [state for state, _ in TRANSITIONS if state in OVER]


def test_a_miss_is_never_taken_back_but_by_an_excuse() -> None:
    after = {change: to for (state, change), to in TRANSITIONS.items() if state is State.MISSED}
    assert {change for change, to in after.items() if to is not State.MISSED} == {Change.EXCUSED}


def test_every_state_but_the_first_can_be_reached_and_every_change_happens() -> None:
    moved = {after for (before, _), after in TRANSITIONS.items() if after is not before}
    assert moved == set(State) - {State.SCHEDULED}
    assert {change for _, change in TRANSITIONS} == set(Change)


def test_it_is_missed_when_window_and_grace_are_over() -> None:
    window = window_of(DUE, timedelta(hours=1), timedelta(minutes=15))
    assert window == (DUE, DUE + timedelta(hours=1), DUE + timedelta(minutes=75))


@pytest.mark.parametrize(
    ("length", "grace"),
    [(timedelta(minutes=5), NOTHING), (timedelta(days=7), timedelta(days=3))],
)
def test_the_shortest_and_the_longest_window_make_sense_and_a_second_more_or_less_none(
    length: timedelta, grace: timedelta
) -> None:
    require_sense(length, grace)
    step = -SECOND if grace == NOTHING else SECOND
    for wrong in ((length + step, grace), (length, grace + step)):
        with pytest.raises(Invalid):
            require_sense(*wrong)


def test_the_third_miss_in_a_month_is_a_pattern() -> None:
    assert [is_pattern(misses) for misses in (1, 2, 3, 4)] == [False, False, True, True]


def test_a_video_call_can_be_joined_from_a_little_before_until_a_day_after_the_miss() -> None:
    window = window_of(DUE, timedelta(hours=1), timedelta(minutes=15))
    first, end = DUE - timedelta(minutes=15), window.missed_at + timedelta(days=1)
    for at, is_time in ((first - SECOND, False), (first, True), (end - SECOND, True), (end, False)):
        for state, method in product(State, Method):
            is_wanted = state in {State.SCHEDULED, State.OPEN, State.MISSED}
            expected = is_time and is_wanted and method is Method.VIDEO
            assert has_room(method, state, window, at) == expected

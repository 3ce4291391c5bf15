"""What a person sees of a check-in follows from state and time alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.checkins.rules import State, Window
from supervision.checkins.stages import LINK_LASTS, Stage, stage_of

OPENS = datetime(2026, 9, 21, 18, tzinfo=UTC)
HOUR, QUARTER, SECOND = timedelta(hours=1), timedelta(minutes=15), timedelta(seconds=1)
WINDOW = Window(OPENS, OPENS + HOUR, OPENS + HOUR + QUARTER)
PENDING = (State.SCHEDULED, State.OPEN)
GONE = WINDOW.missed_at + LINK_LASTS


def stage(state: State, at: datetime, *, is_unannounced: bool = False) -> Stage:
    return stage_of(state, WINDOW, at, is_unannounced=is_unannounced)


@pytest.mark.parametrize("state", PENDING)
@pytest.mark.parametrize(
    ("at", "seen"),
    [
        (OPENS - SECOND, Stage.AHEAD),
        (OPENS, Stage.OPEN),
        (WINDOW.closes_at - SECOND, Stage.OPEN),
        (WINDOW.closes_at, Stage.GRACE),
        (WINDOW.missed_at - SECOND, Stage.GRACE),
        (WINDOW.missed_at, Stage.MISSED),
        (GONE - SECOND, Stage.MISSED),
        (GONE, Stage.OVER),
    ],
)
def test_each_stage_begins_with_its_first_second_whether_a_scheduler_came_by_or_not(
    state: State, at: datetime, seen: Stage
) -> None:
    assert stage(state, at) is seen


@given(state=st.sampled_from(State), ahead=st.timedeltas(SECOND, timedelta(days=60)))
def test_of_an_unannounced_check_in_nothing_is_seen_before_it_opens_whatever_became_of_it(
    state: State, ahead: timedelta
) -> None:
    assert stage(state, OPENS - ahead, is_unannounced=True) is Stage.NOTHING


@pytest.mark.parametrize("state", list(State))
def test_a_day_after_the_miss_a_link_opens_nothing(state: State) -> None:
    assert stage(state, GONE) is Stage.OVER
    assert stage(state, GONE - SECOND) is not Stage.OVER


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        (State.ATTENDED, Stage.DONE),
        (State.SUBMITTED, Stage.DONE),
        (State.REVIEWED, Stage.DONE),
        (State.MISSED, Stage.MISSED),
        (State.EXCUSED, Stage.CANCELLED),
        (State.CANCELLED, Stage.CANCELLED),
        (State.REPLACED, Stage.CANCELLED),
    ],
)
def test_what_is_over_is_seen_as_it_ended(state: State, seen: Stage) -> None:
    for at in (OPENS, WINDOW.closes_at, WINDOW.missed_at):
        assert stage(state, at) is seen

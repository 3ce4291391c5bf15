"""When somebody is reminded, and which reminder still helps: promises over any plan."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.checkins.reminding import (
    BEFORE_QUIET,
    Overdue,
    Reminder,
    ReminderKind,
    has_sense,
    reminders_of,
)
from supervision.checkins.rules import State
from supervision.core.quiet_hours import QuietHours

DENVER = ZoneInfo("America/Denver")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NIGHT = QuietHours(time(22), time(7), DENVER)
OPENS = datetime(2026, 9, 21, 6, 0, tzinfo=DENVER).astimezone(UTC)
ZONES = ["America/Denver", "America/Havana", "Australia/Lord_Howe", "Antarctica/Troll", "UTC"]
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
QUIET = st.builds(QuietHours, TIMES, TIMES, st.sampled_from(ZONES).map(ZoneInfo))
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- made aware by `timezones`
AHEAD_S = st.lists(st.integers(0, 7 * 86_400), max_size=6)


def made(ahead_s: list[int], quiet: QuietHours | None = None, **other: bool) -> list[Reminder]:
    return reminders_of(OPENS, ahead_s, quiet, **{"is_unannounced": False, **other})


def local(one: Reminder) -> str:
    return f"{one.due_at.astimezone(DENVER):%d %H:%M} {one.kind}"


def test_each_comes_as_long_before_as_was_asked_and_nought_is_at_the_opening() -> None:
    assert [local(one) for one in made([0, 3600, 86_400])] == [
        "20 06:00 ahead",
        "21 05:00 ahead",
        "21 06:00 open",
    ]


def test_what_would_wake_somebody_comes_before_the_night_and_two_that_meet_are_one() -> None:
    assert [local(one) for one in made([0, 900, 3600], NIGHT)] == [
        "20 21:59 ahead",
        "21 06:00 open",
    ]


def test_of_an_unannounced_check_in_nothing_is_said_before_it_opens() -> None:
    assert [local(one) for one in made([3600, 86_400], is_unannounced=True)] == ["21 06:00 open"]
    assert made([], is_unannounced=True) == []


def test_where_quiet_hours_leave_no_room_there_is_only_the_one_at_the_opening() -> None:
    always = QuietHours(time(8), time(7, 59, 30), DENVER)
    assert [local(one) for one in made([0, 3600], always)] == ["21 06:00 open"]


def test_quiet_hours_that_end_as_they_begin_are_none() -> None:
    none = QuietHours(time(5), time(5), DENVER)
    assert made([3600], none) == made([3600])


@given(opens_at=INSTANTS, ahead_s=AHEAD_S, quiet=st.none() | QUIET, is_unannounced=st.booleans())
def test_no_plan_wakes_anybody_or_says_anything_twice_or_late(
    *, opens_at: datetime, ahead_s: list[int], quiet: QuietHours | None, is_unannounced: bool
) -> None:
    found = reminders_of(opens_at, ahead_s, quiet, is_unannounced=is_unannounced)
    instants = [one.due_at for one in found]
    assert instants == sorted(set(instants))
    for one in found:
        is_opening = one.due_at == opens_at
        assert is_opening == (one.kind is ReminderKind.OPEN)
        assert is_opening or (one.due_at < opens_at and not is_unannounced)
        assert is_opening or quiet is None or not quiet.includes(one.due_at)
    asked_at_opening = 0 in ahead_s or (is_unannounced and bool(ahead_s))
    assert [one.kind for one in found].count(ReminderKind.OPEN) == asked_at_opening


@given(opens_at=INSTANTS, ahead_s=AHEAD_S, quiet=QUIET)
def test_one_is_moved_only_out_of_quiet_hours_and_only_to_just_before_them(
    opens_at: datetime, ahead_s: list[int], quiet: QuietHours
) -> None:
    asked = {opens_at - timedelta(seconds=one) for one in ahead_s}
    for one in reminders_of(opens_at, ahead_s, quiet, is_unannounced=False):
        if one.due_at not in asked:
            assert quiet.includes(one.due_at + BEFORE_QUIET)


@given(at=INSTANTS, quiet=QUIET)
def test_quiet_hours_begin_when_the_clocks_first_show_it(at: datetime, quiet: QuietHours) -> None:
    if quiet.includes(at):
        begun_at = quiet.begun_at(at)
        assert begun_at <= at
        assert quiet.includes(begun_at)
        assert not quiet.includes(begun_at - timedelta(microseconds=1))


OVERDUE = Overdue(State.OPEN, OPENS, OPENS + HOUR, is_newest=True, quiet=NIGHT)


@pytest.mark.parametrize(
    ("changed", "after", "helps"),
    [
        ({}, timedelta(0), True),
        ({}, HOUR - timedelta(microseconds=1), True),
        ({}, HOUR, False),
        ({"is_newest": False}, timedelta(0), False),
        ({"state": State.SCHEDULED}, timedelta(0), True),
        ({"state": State.SCHEDULED}, -timedelta(hours=8, minutes=1), True),
        ({"state": State.SCHEDULED}, -timedelta(hours=8), False),
        ({"state": State.SCHEDULED, "quiet": None}, -HOUR, True),
    ],
)
def test_a_late_one_helps_until_it_closes_and_before_it_opens_only_by_day(
    changed: dict[str, Any], after: timedelta, *, helps: bool
) -> None:
    assert has_sense(OVERDUE._replace(**changed), OPENS + after) is helps


@pytest.mark.parametrize("state", sorted(set(State) - {State.SCHEDULED, State.OPEN}))
def test_nobody_is_reminded_of_what_is_done_or_over(state: State) -> None:
    assert not has_sense(OVERDUE._replace(state=state), OPENS)

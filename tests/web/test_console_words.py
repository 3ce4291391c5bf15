from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.catalogue import AlertKind, Severity
from alerts.drilling import Outcome as DrillOutcome
from alerts.escalation import Post
from alerts.load import Level
from alerts.protocols import Medium, Outcome, Whom
from alerts.rules import Change, Disposition, Handling, Means
from alerts.untold import Untold
from geofence.drawing import ZoneShape
from geofence.rules.stays import Grade
from supervision.checkins.rules import Attempt, Attention, Method, Need, Purpose, State
from supervision.checkins.rules import Change as CheckinChange
from supervision.core.access import Role
from supervision.core.fixes import Source
from supervision.corridor.reminded import ReminderState
from supervision.web.console import checkin_words, reach_words, wording
from supervision.web.console.times import Times, age_words
from tests.web.console_visits import words_of

DENVER = ZoneInfo("America/Denver")
NOW = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (wording.KINDS, AlertKind),
        (wording.SEVERITIES, Severity),
        (wording.HANDLINGS, Handling),
        (wording.CHANGES, Change),
        (wording.DISPOSITIONS, Disposition),
        (wording.GRADES, Grade),
        (wording.SOURCES, Source),
        (wording.ROLES, Role),
        (wording.POSTS, Post),
        (reach_words.RUNGS, Post),
        (reach_words.DRILL_OUTCOMES, DrillOutcome),
        (wording.LEVELS, Level),
        (wording.OUTCOMES, Outcome),
        (wording.WHOM, Whom),
        (wording.MEDIA, Medium),
        (wording.MEANS, Means),
        (reach_words.FAILING_MEANS, Means),
        (reach_words.UNTOLD, Untold),
        (checkin_words.REMINDERS, ReminderState),
        (checkin_words.METHODS, Method),
        (checkin_words.PURPOSES, Purpose),
        (checkin_words.NEEDS, Need),
        (checkin_words.ATTENTIONS, Attention),
        (checkin_words.STATES, State),
        (checkin_words.CHANGES, CheckinChange),
        (checkin_words.ATTEMPTS, Attempt),
    ],
)
def test_everything_that_can_be_shown_has_words(words: Iterable[str], kinds: Iterable[str]) -> None:
    assert set(words) == set(kinds)


def test_every_shape_has_words() -> None:
    assert set(wording.SHAPES) == {*ZoneShape, "retired"}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h 00 min"),
        (86_399, "23 h 59 min"),
        (86_400, "1 d 0 h"),
        (200_000, "2 d 7 h"),
    ],
)
def test_an_age_is_told_in_two_units_at_most(seconds: float, words: str) -> None:
    assert age_words(seconds) == words


@pytest.mark.parametrize(
    ("metres", "words"),
    [(0.4, "0 m"), (84.6, "85 m"), (9_999, "9,999 m"), (12_345, "12.3 km")],
)
def test_a_distance_is_told_in_whole_metres_or_kilometres(metres: float, words: str) -> None:
    assert wording.metres(metres) == words
    assert wording.signed_metres(-metres) == f"{words} inside" if metres else "0 m outside"


def test_times_are_told_by_the_agencys_clock_with_the_date_where_it_is_another_day() -> None:
    times = Times(NOW, DENVER)
    assert words_of(times.short(NOW)) == "08:13"
    assert words_of(times.exact(NOW)) == "08:13:20 MDT"
    assert words_of(times.short(NOW - timedelta(hours=9))) == "20 Sep 23:13"
    assert words_of(times.short(NOW - timedelta(days=365))) == "21 Sep 2025 08:13"
    assert words_of(times.age(NOW - timedelta(minutes=5))) == "5 min"
    assert 'datetime="2026-09-21T14:13:20+00:00"' in times.short(NOW)


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    once = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    times = Times(once, DENVER)
    assert words_of(times.exact(once)) == "01:30:00 MDT"
    assert words_of(times.exact(once + timedelta(hours=1))) == "01:30:00 MST"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "none"), (900, "15 min"), (3_600, "1 h"), (5_400, "1 h 30 min"), (259_200, "3 d")],
)
def test_how_long_something_lasts_is_told_in_the_units_it_has(seconds: int, words: str) -> None:
    assert wording.span(seconds) == words


def test_a_time_zone_without_letters_is_told_by_its_offset() -> None:
    times = Times(NOW, DENVER)
    evening = NOW.replace(hour=18, minute=0)
    told = words_of(times.span(evening, evening + timedelta(hours=1), "America/Sao_Paulo"))
    assert told == "Mon 21 Sep 15:00 to 16:00 UTC-03 here 12:00 to 13:00 MDT"
    assert words_of(times.left(NOW + timedelta(minutes=5))) == "5 min"

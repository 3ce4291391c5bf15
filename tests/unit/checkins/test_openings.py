"""Which minutes are open to the draw, against somebody who reads the clock at each of them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervision.checkins.openings import instant, minute_at, open_minutes, ordinary_minutes
from supervision.checkins.timing import (
    WEEK_MIN,
    WEEKDAYS,
    Hours,
    Off,
    Pause,
    Quiet,
    Weekday,
    mondays,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NEW_YORK = ZoneInfo("America/New_York")
ALWAYS = (Hours(WEEKDAYS, time(0), time(0)),)
NIGHTS = (Hours((Weekday.SA, Weekday.SU), time(22), time(4)),)
# The weeks in which clocks change, and one in which they do not.
WEEKS = {
    "America/New_York": [date(2026, 3, 2), date(2026, 10, 26), date(2026, 6, 1)],
    "Australia/Lord_Howe": [date(2026, 3, 30), date(2026, 9, 28)],
    "Antarctica/Troll": [date(2026, 3, 23), date(2026, 10, 19)],
    "America/Havana": [date(2026, 3, 2), date(2026, 10, 26)],
    "Africa/Cairo": [date(2026, 4, 20), date(2026, 10, 26)],
}


def shows(at: datetime, hours: Hours) -> bool:
    """Whether a wall clock shows a time of these hours, of that day's or the day before's."""
    for begun in (at, at - DAY):
        if WEEKDAYS[begun.weekday()] in hours.weekdays:
            begins = datetime.combine(begun.date(), hours.since)
            ends = datetime.combine(begun.date(), hours.until)
            if begins <= at < (ends if ends > begins else ends + DAY):
                return True
    return False


def read_off_the_clock(monday: date, zone: ZoneInfo, hours: Hours) -> list[datetime]:
    found, now = [], datetime.combine(monday, time.min, UTC) - DAY
    while now < datetime.combine(monday, time.min, UTC) + 9 * DAY:
        wall = now.astimezone(zone).replace(tzinfo=None)
        if timedelta(0) <= wall.date() - monday < 7 * DAY and shows(wall, hours):
            found.append(now)
        now += MINUTE
    return found


@pytest.mark.parametrize(
    ("zone", "monday"), [(zone, monday) for zone, weeks in WEEKS.items() for monday in weeks]
)
@settings(max_examples=2, deadline=None)
@given(
    hours=st.builds(
        Hours,
        st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(tuple),
        st.integers(0, 23).map(time),
        st.integers(0, 23).map(time),
    )
)
def test_a_minute_is_open_when_a_clock_on_the_wall_shows_an_allowed_time(
    zone: str, monday: date, hours: Hours
) -> None:
    place = ZoneInfo(zone)
    found = [instant(minute) for minute in open_minutes(monday, place, [hours], None, Off())]
    assert found == read_off_the_clock(monday, place, hours)


@pytest.mark.parametrize(
    ("monday", "minutes"),
    [(date(2026, 3, 2), 60), (date(2026, 10, 26), 180), (date(2026, 6, 1), 120)],
    ids=["an hour less", "an hour twice", "as ever"],
)
def test_an_hour_that_clocks_show_twice_is_open_twice_and_one_they_jump_over_never(
    monday: date, minutes: int
) -> None:
    from_one_to_three = (Hours((Weekday.SU,), time(1), time(3)),)
    assert len(open_minutes(monday, NEW_YORK, from_one_to_three, None, Off())) == minutes


def test_nothing_is_open_in_quiet_hours_also_past_midnight() -> None:
    minutes = ordinary_minutes(ALWAYS, Quiet(time(22), time(7)))
    assert len(minutes) == 7 * 15 * 60
    assert {minute // 60 % 24 for minute in minutes} == set(range(7, 22))
    assert len(ordinary_minutes(ALWAYS, Quiet(time(12), time(13)))) == 7 * 23 * 60


def test_sundays_night_ends_on_the_monday_of_the_same_week_of_minutes() -> None:
    minutes = ordinary_minutes(NIGHTS, None)
    assert len(minutes) == 2 * 6 * 60
    assert (minutes[0], minutes[239], minutes[-1]) == (0, 239, WEEK_MIN - 1)


def test_exceptions_holidays_and_pauses_close_their_minutes() -> None:
    monday, noon = date(2026, 9, 21), datetime(2026, 9, 26, 12, tzinfo=UTC)
    off = Off(frozenset({date(2026, 9, 22)}), (Pause(noon, noon + DAY),))
    zone = ZoneInfo("UTC")
    closed = set(open_minutes(monday, zone, ALWAYS, None, Off())) - set(
        open_minutes(monday, zone, ALWAYS, None, off)
    )
    tuesday = minute_at(datetime(2026, 9, 22, tzinfo=UTC))
    assert closed == {
        *range(tuesday, tuesday + 1440),
        *range(minute_at(noon), minute_at(noon) + 1440),
    }
    endless = Off(pauses=(Pause(noon, None),))
    assert open_minutes(monday + 7 * DAY, zone, ALWAYS, None, endless) == []


def test_every_minute_belongs_to_one_week() -> None:
    for zone in map(ZoneInfo, WEEKS):
        weeks = mondays(date(2026, 2, 23), date(2026, 4, 26))
        found = [
            minute for monday in weeks for minute in open_minutes(monday, zone, ALWAYS, None, Off())
        ]
        assert found == list(range(found[0], found[-1] + 1))

"""Schedules against an oracle that looks at the clock on the wall in every minute."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geofence.rules.schedule import Schedule, Window, active_spans
from geofence.rules.spans import Span
from supervision.core.clock import to_us
from supervision.core.fixes import Bools, Ints

MINUTE_US = 60 * 1_000_000
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
NEW_YORK = "America/New_York"
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
PLACES = [
    (NEW_YORK, "2026-03-08"),
    (NEW_YORK, "2026-11-01"),
    (NEW_YORK, "2026-07-01"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Antarctica/Troll", "2026-03-29"),
    ("Antarctica/Troll", "2026-10-25"),
    ("America/Havana", "2025-03-09"),
    ("America/Havana", "2025-11-02"),
    ("America/Nuuk", "2026-03-28"),
    ("America/Nuuk", "2026-10-24"),
    ("Pacific/Chatham", "2026-09-27"),
    ("Pacific/Apia", "2026-09-27"),
]
MINUTES_PER_DAY = 1440
LOOKED_AT_DAYS = 8


def utc_us(text: str) -> int:
    return to_us(datetime.fromisoformat(text).replace(tzinfo=UTC))


@cache
def wall_minutes(zone: str, from_us: int) -> Ints:
    """What the clock shows in each UTC minute from then on, in minutes since 1970."""
    place = ZoneInfo(zone)
    first = from_us // MINUTE_US
    moments = range(first, first + LOOKED_AT_DAYS * MINUTES_PER_DAY)
    walls = (datetime.fromtimestamp(minute * 60, place).replace(tzinfo=UTC) for minute in moments)
    return np.array([to_us(wall) // MINUTE_US for wall in walls])


def falls_on(rule: str, starts_on: date, day: date) -> bool:
    """The rules of `rules`, asked about one date."""
    parts = dict(part.split("=") for part in rule.split(";"))
    if day < starts_on or f"{day:%Y%m%d}" > parts.get("UNTIL", "99991231"):
        return False
    interval = int(parts.get("INTERVAL", "1"))
    if parts["FREQ"] == "DAILY":
        return (day - starts_on).days % interval == 0
    if parts["FREQ"] == "WEEKLY":
        weeks = (
            (day - timedelta(day.weekday())) - (starts_on - timedelta(starts_on.weekday()))
        ).days
        is_week = weeks // 7 % interval == 0
        return is_week and WEEKDAYS[day.weekday()] in parts["BYDAY"]
    return day.day in [int(each) for each in parts["BYMONTHDAY"].split(",")]


def is_active(of: Schedule, from_us: int) -> Bools:
    """For each minute: has a window's beginning been shown, and may its end still be shown?"""
    wall = wall_minutes(of.time_zone, from_us)
    latest_yet = np.maximum.accumulate(wall)
    earliest_later = np.append(np.minimum.accumulate(wall[::-1])[::-1][1:], np.iinfo(np.int64).max)
    active = np.zeros(len(wall), np.bool_)
    first = date(1970, 1, 1) + timedelta(minutes=int(wall[0]))
    for each in of.windows:
        for day in (first + timedelta(days=number) for number in range(-1, LOOKED_AT_DAYS + 1)):
            if falls_on(each.rrule, each.starts_on, day):
                begins, ends = wall_minute(day, each.begins), wall_minute(day, each.ends)
                ends += MINUTES_PER_DAY if ends <= begins else 0
                is_over = (wall >= ends) & (earliest_later > ends)
                active |= (latest_yet >= begins) & ~is_over
    return active


def wall_minute(day: date, moment: time) -> int:
    return to_us(datetime.combine(day, moment, UTC)) // MINUTE_US


times = st.one_of(
    st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45])),
    st.builds(time, st.integers(0, 3), st.integers(0, 59)),
)
rules = st.one_of(
    st.builds("FREQ=DAILY;INTERVAL={}".format, st.integers(1, 3)),
    st.just("FREQ=DAILY;UNTIL=20261030"),
    st.builds(
        "FREQ=WEEKLY;INTERVAL={};BYDAY={}".format,
        st.integers(1, 2),
        st.sampled_from(["MO", "SA,SU", "MO,TU,WE,TH,FR", "SU,MO"]),
    ),
    st.just("FREQ=MONTHLY;BYMONTHDAY=1,2,8,25,28"),
)
starts = st.dates(date(2023, 1, 1), date(2026, 3, 27))
whole_days = st.builds(Window, rules, starts, begins=st.just(time(6)), ends=st.just(time(6)))
windows = st.builds(Window, rules, starts, begins=times, ends=times)
window_lists = st.lists(st.one_of(windows, whole_days), min_size=1, max_size=3).map(tuple)


@settings(max_examples=120, deadline=None)
@given(place=st.sampled_from(PLACES), windows=window_lists)
def test_a_schedule_is_active_in_the_minutes_that_the_clock_on_the_wall_says(
    place: tuple[str, str], windows: tuple[Window, ...]
) -> None:
    of = Schedule(place[0], windows)
    from_us = utc_us(place[1]) - 4 * DAY_US
    first, last = MINUTES_PER_DAY, (LOOKED_AT_DAYS - 2) * MINUTES_PER_DAY
    painted = np.zeros(LOOKED_AT_DAYS * MINUTES_PER_DAY, np.bool_)
    found = active_spans(of, from_us + first * MINUTE_US, from_us + last * MINUTE_US)
    for begin_us, end_us in found:
        painted[max(begin_us - from_us, 0) // MINUTE_US : (end_us - from_us) // MINUTE_US] = True
    assert painted[first:last].tolist() == is_active(of, from_us)[first:last].tolist()
    assert all(edge_us % MINUTE_US == 0 for span in found for edge_us in span)


@settings(max_examples=50, deadline=None)
@given(
    windows=window_lists,
    first_h=st.integers(0, 24 * 90),
    length_h=st.integers(1, 24 * 40),
    zone=st.sampled_from([NEW_YORK, "Antarctica/Troll"]),
)
def test_a_span_has_the_same_ends_from_whichever_range_it_is_found(
    windows: tuple[Window, ...], first_h: int, length_h: int, zone: str
) -> None:
    of = Schedule(zone, windows)
    whole = active_spans(of, utc_us("2026-01-01"), utc_us("2026-07-01"))
    from_us = utc_us("2026-02-01") + first_h * HOUR_US
    until_us = from_us + length_h * HOUR_US
    assert active_spans(of, from_us, until_us) == [
        span for span in whole if span[0] < until_us and from_us < span[1]
    ]
    assert are_apart(whole)


def are_apart(found: list[Span]) -> bool:
    """In order, with a pause between any two unless they are pieces of eight weeks or more."""
    pairs = pairwise(found)
    return all(
        first[1] < second[0] or (first[1] == second[0] and second[1] - first[0] >= 56 * DAY_US)
        for first, second in pairs
    )

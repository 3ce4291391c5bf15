"""Due times against a walker that looks at a clock on the wall, minute by minute."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.checkins.due import Recurring, due_times
from supervision.core.errors import Invalid

CHANGES = (
    Path(__file__).resolve().parents[4] / "shared" / "data" / "schedules" / "clock_changes.jsonl"
)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ZONES = [
    ZoneInfo(name)
    for name in (
        "America/New_York",
        "America/Havana",
        "America/Phoenix",
        "America/St_Johns",
        "Antarctica/Troll",
        "Asia/Gaza",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Europe/Lisbon",
        "Pacific/Chatham",
        "UTC",
    )
]


def daily(at: time, zone: ZoneInfo, first: date) -> Recurring:
    return Recurring("FREQ=DAILY", first, at, zone)


def walked(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first minute at which the clock shows this, or else has just jumped over it."""
    wanted = datetime.combine(day, at)
    instant = datetime.combine(day, at, UTC) - 20 * timedelta(hours=1)
    before = instant.astimezone(zone).replace(tzinfo=None)
    while True:
        instant += MINUTE
        shown = instant.astimezone(zone).replace(tzinfo=None)
        if shown == wanted or before < wanted < shown:
            return instant
        before = shown


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2020, 1, 1), date(2036, 12, 31)),
    at=st.integers(0, 1439),
)
def test_each_is_due_when_a_clock_on_the_wall_first_says_so(
    zone: ZoneInfo, day: date, at: int
) -> None:
    moment = time(*divmod(at, 60))
    (due,) = due_times(daily(moment, zone, day), day, day)
    assert due.local_date == day
    assert due.due_at == walked(day, moment, zone)


@pytest.mark.skipif(not CHANGES.exists(), reason="shared/data/schedules is not here")
def test_in_the_night_of_every_change_it_is_due_once_on_each_date_at_the_first_minute() -> None:
    for line in CHANGES.read_text().splitlines():
        change = json.loads(line)
        zone, wall = ZoneInfo(change["zone"]), datetime.fromisoformat(change["wall_from"])
        at, instant = wall.time(), datetime.fromisoformat(change["utc"])
        is_known = (instant - MINUTE).astimezone(zone).utcoffset() != instant.astimezone(
            zone
        ).utcoffset()
        if not is_known:
            continue
        days = [wall.date() - DAY, wall.date(), wall.date() + DAY]
        found = due_times(daily(at, zone, days[0]), days[0], days[-1])
        assert [one.local_date for one in found] == days, change
        before = timedelta(seconds=change["offset_before_s"])
        first = instant if change["kind"] == "gap" else (wall - before).replace(tzinfo=UTC)
        assert found[1].due_at == first, change


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_a_daily_check_in_is_due_exactly_once_on_each_local_date(zone: ZoneInfo) -> None:
    first, last = date(2024, 1, 1), date(2028, 12, 31)
    found = due_times(daily(time(2, 30), zone, first), first, last)
    assert [one.local_date for one in found] == [
        first + number * DAY for number in range((last - first).days + 1)
    ]
    instants = [one.due_at for one in found]
    assert instants == sorted(set(instants))
    assert all(one.local(zone).date() == one.local_date for one in found)


def test_where_a_date_was_left_out_its_check_in_is_due_when_the_next_begins() -> None:
    apia = ZoneInfo("Pacific/Apia")
    found = due_times(
        daily(time(9), apia, date(2011, 12, 29)), date(2011, 12, 29), date(2012, 1, 1)
    )
    assert [f"{one.local_date:%d} {one.local(apia):%d %H:%M}" for one in found] == [
        "29 29 09:00",
        "30 31 00:00",
        "31 31 09:00",
        "01 01 09:00",
    ]


def test_only_what_falls_between_the_two_dates_is_told_both_included() -> None:
    fridays = Recurring("FREQ=WEEKLY;BYDAY=TU,FR", date(2026, 9, 1), time(18), ZONES[0])
    found = due_times(fridays, date(2026, 9, 4), date(2026, 9, 8))
    assert [str(one.local_date) for one in found] == ["2026-09-04", "2026-09-08"]
    assert due_times(fridays, date(2026, 8, 1), date(2026, 8, 31)) == []


@pytest.mark.parametrize("rule", ["FREQ=HOURLY", "FREQ=YEARLY;BYWEEKNO=1", "FREQ=DAILY;BYHOUR=9"])
def test_a_rule_that_makes_no_sense_as_a_duty_is_refused(rule: str) -> None:
    with pytest.raises(Invalid):
        due_times(Recurring(rule, date(2026, 1, 5), time(9), ZONES[0]), date.min, date.max)

from datetime import date, time
from typing import Any

import pytest

from geofence.rules.schedule import Schedule, Window, read_schedule, to_json
from supervision.core.errors import Invalid

ZONE = "America/Denver"
CURFEW = {"rrule": "FREQ=DAILY", "starts_on": "2026-01-05", "begins": "21:00", "ends": "06:00"}


def of(*windows: object) -> dict[str, Any]:
    return {"windows": list(windows)}


def test_a_schedule_is_read_and_written_back() -> None:
    weekends = {**CURFEW, "rrule": "FREQ=WEEKLY;BYDAY=SA,SU", "begins": "00:00", "ends": "00:00"}
    schedule = read_schedule(of(CURFEW, weekends), ZONE)
    assert schedule == Schedule(
        ZONE,
        (
            Window("FREQ=DAILY", date(2026, 1, 5), time(21), time(6)),
            Window("FREQ=WEEKLY;BYDAY=SA,SU", date(2026, 1, 5), time(0), time(0)),
        ),
    )
    assert to_json(schedule) == of(CURFEW, weekends)
    assert read_schedule(to_json(schedule), ZONE) == schedule


def test_twenty_windows_are_enough() -> None:
    assert len(read_schedule(of(*[CURFEW] * 20), ZONE).windows) == 20


@pytest.mark.parametrize("day", ["1970-01-01", "2199-12-31"])
def test_a_start_may_be_as_early_or_late_as_is_said(day: str) -> None:
    (window,) = read_schedule(of({**CURFEW, "starts_on": day}), ZONE).windows
    assert window.starts_on == date.fromisoformat(day)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "America", "../etc/passwd", "a\0b", "/etc"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(Invalid, match="time zone must be a name"):
        read_schedule(of(CURFEW), zone)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (None, "object with windows"),
        ([CURFEW], "object with windows"),
        ({}, "object with windows"),
        ({**of(CURFEW), "time_zone": ZONE}, "object with windows"),
        ({"windows": CURFEW}, "from 1 to 20 windows"),
        (of(), "from 1 to 20 windows"),
        (of(*[CURFEW] * 21), "from 1 to 20 windows"),
        (of(CURFEW, "FREQ=DAILY"), "Window 2: It must be an object with rrule"),
        (of({**CURFEW, "name": "curfew"}), "Window 1: It must be an object with rrule"),
        (of({key: CURFEW[key] for key in ("rrule", "begins", "ends")}), "object with rrule"),
    ],
)
def test_a_form_that_is_no_schedule_is_refused(data: object, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        read_schedule(data, ZONE)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("rrule", None, "must be text"),
        ("rrule", "FREQ=HOURLY", "The rule must have FREQ"),
        ("rrule", "FREQ=DAILY;UNTIL=20260104", "never falls"),
        ("starts_on", 20260105, "must be text"),
        ("starts_on", "20260105", "start on a date"),
        ("starts_on", "2026-02-30", "start on a date"),
        ("starts_on", "2026-01-05T00:00", "start on a date"),
        ("starts_on", "1969-12-31", "from 1970 to 2199"),
        ("starts_on", "2200-01-01", "from 1970 to 2199"),
        ("begins", "9:00", "begin and end at times"),
        ("begins", "0900", "begin and end at times"),
        ("begins", "24:00", "begin and end at times"),
        ("begins", "21:00:30", "begin and end at times"),
        ("ends", "06:60", "begin and end at times"),
        ("ends", "06:00Z", "begin and end at times"),
        ("ends", "", "begin and end at times"),
        ("ends", 6, "must be text"),
    ],
)
def test_a_window_that_cannot_be_meant_is_refused(key: str, value: object, reason: str) -> None:
    with pytest.raises(Invalid, match=f"Window 2: .*{reason}"):
        read_schedule(of(CURFEW, {**CURFEW, key: value}), ZONE)

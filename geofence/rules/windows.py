"""The windows of a zone's schedule as an officer states them, and their JSON form."""

import re
from dataclasses import dataclass
from datetime import date, time

from supervision.core.errors import Invalid
from supervision.core.recurrence import Recurrence, read_recurrence, read_time_zone

MOST_WINDOWS = 20
FIRST_YEAR, LAST_YEAR = 1970, 2199
KEYS = {"rrule", "starts_on", "begins", "ends"}
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(r"[0-9]{2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Window:
    """When a zone counts, on each date of a rule, by the clocks of the person's time zone.

    Attributes:
        rrule: RFC 5545 RRULE without DTSTART, such as FREQ=WEEKLY;BYDAY=MO,TU.
        starts_on: The rule is counted from this local date.
        begins: Local time of day, in whole minutes.
        ends: Local time of day, in whole minutes; on the next local date unless it is later than
            `begins`, so that equal means 24 hours.
    """

    rrule: str
    starts_on: date
    begins: time
    ends: time

    @property
    def recurrence(self) -> Recurrence:
        """The local dates on which the window begins.

        Raises:
            Invalid: The rule cannot be used.
        """
        return read_recurrence(self.rrule, self.starts_on)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a zone counts: in any of its windows.

    Attributes:
        time_zone: IANA name of the zone whose clocks the windows go by.
        windows: At least one, at most `MOST_WINDOWS`, in any order; they may overlap.
    """

    time_zone: str
    windows: tuple[Window, ...]


def read_schedule(data: object, time_zone: str) -> Schedule:
    """The schedule of this JSON form, checked.

    Args:
        data: {"windows": [{"rrule": "FREQ=DAILY", "starts_on": "2026-01-05", "begins": "21:00",
            "ends": "06:00"}]}, nothing more and nothing less.
        time_zone: IANA name; the person's, which the form does not hold.

    Raises:
        Invalid: It is wrong, or there is no moment at which the schedule would be active.
    """
    read_time_zone(time_zone)
    if not isinstance(data, dict) or data.keys() != {"windows"}:
        raise Invalid("A schedule must be an object with windows, and nothing else.")
    windows = data["windows"]
    if not isinstance(windows, list) or not 1 <= len(windows) <= MOST_WINDOWS:
        raise Invalid(f"A schedule must have from 1 to {MOST_WINDOWS} windows.")
    return Schedule(
        time_zone, tuple(_numbered_window(number, one) for number, one in enumerate(windows, 1))
    )


def to_json(schedule: Schedule) -> dict[str, list[dict[str, str]]]:
    """The form that `read_schedule` reads; the time zone is kept elsewhere."""
    return {
        "windows": [
            {
                "rrule": window.rrule,
                "starts_on": window.starts_on.isoformat(),
                "begins": window.begins.isoformat("minutes"),
                "ends": window.ends.isoformat("minutes"),
            }
            for window in schedule.windows
        ]
    }


def _numbered_window(number: int, data: object) -> Window:
    try:
        return _window(data)
    except Invalid as error:
        raise Invalid(f"Window {number}: {error.message}") from error


def _window(data: object) -> Window:
    if not isinstance(data, dict) or data.keys() != KEYS:
        raise Invalid("It must be an object with rrule, starts_on, begins and ends, nothing else.")
    if not all(isinstance(value, str) for value in data.values()):
        raise Invalid("All that it has must be text.")
    starts_on = _date(data["starts_on"])
    window = Window(data["rrule"], starts_on, _time(data["begins"]), _time(data["ends"]))
    _ = window.recurrence
    return window


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text if DATE.fullmatch(text) else "")
    except ValueError:
        day = date.min
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(
            f"It must start on a date from {FIRST_YEAR} to {LAST_YEAR}, such as 2026-01-05."
        )
    return day


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text if TIME.fullmatch(text) else "")
    except ValueError as error:
        raise Invalid("It must begin and end at times from 00:00 to 23:59.") from error

"""Reads the times of an event: what clocks showed in a named time zone, or whole days."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar.prop import vDuration
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from supervision.checkins.ical.events import FileEvent, Line
from supervision.core.clock import from_us
from supervision.core.errors import Invalid
from supervision.core.recurrence import LAST_YEAR, instants_us, read_time_zone

FIRST_YEAR = 1970
_MOMENT = re.compile(r"([0-9]{8})(?:T([0-9]{6})(Z?))?")


class Moment(NamedTuple):
    """What clocks in a zone showed: naive, in whole seconds."""

    wall: datetime
    zone: ZoneInfo

    @property
    def instant(self) -> datetime:
        """When that was, aware UTC; in the night when clocks are put back, the first time."""
        return from_us(instants_us(self.wall, self.zone)[0])


def read_moments(line: Line) -> list[Moment | date]:
    """The times of a property that may have several.

    Raises:
        Invalid: One is no time, of no known zone, or so far away that it must be a mistake.
    """
    return [_read(word, line.params.get("TZID")) for word in line.value.split(",")]


def read_moment(event: FileEvent, name: str) -> Moment | date | None:
    """The time of a property, if the event has it; raises as `read_moments`."""
    line = event.one(name)
    if line is None:
        return None
    moments = read_moments(line)
    if len(moments) > 1:
        raise Invalid(f"Its {name} must be one time.")
    return moments[0]


def read_length(event: FileEvent, start: Moment | date) -> timedelta:
    """How long it lasts, by its end or its duration; no time at all where it says neither.

    Raises:
        Invalid: It says both, or one that does not go with its start.
    """
    end, duration = read_moment(event, "DTEND"), event.one("DURATION")
    if end is not None and duration is not None:
        raise Invalid("It must have an end or a duration, not both.")
    if isinstance(end, Moment) and isinstance(start, Moment):
        return end.instant - start.instant
    if isinstance(end, date) and isinstance(start, date):
        return end - start
    if end is not None:
        raise Invalid("Its start and its end must both be days, or both times.")
    return timedelta(0) if duration is None else _read_duration(duration.value)


def _read_duration(word: str) -> timedelta:
    try:
        length: timedelta = vDuration.from_ical(word)  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise Invalid("Its duration is none.") from error
    return length


def _read(word: str, zone_name: str | None) -> Moment | date:
    match = _MOMENT.fullmatch(word)
    try:
        day = date.fromisoformat(match[1] if match else "")
        if match is None or match[2] is None:
            return _in_reach(day)
        wall = datetime.combine(_in_reach(day), datetime.strptime(match[2], "%H%M%S").time())  # noqa: DTZ007
    except ValueError as error:
        raise Invalid("A date or time in it is none.") from error
    return Moment(wall, ZoneInfo("UTC") if match[3] else _zone(zone_name))


def _in_reach(day: date) -> date:
    if not FIRST_YEAR < day.year < LAST_YEAR:
        raise Invalid(f"A date in it must lie between {FIRST_YEAR} and {LAST_YEAR}.")
    return day


def _zone(name: str | None) -> ZoneInfo:
    if name is None:
        raise Invalid("Its time must name a time zone; a floating time is another one everywhere.")
    try:
        return read_time_zone(WINDOWS_TO_OLSON.get(name, name))
    except Invalid as error:
        raise Invalid(f"Its time zone {name[:60]!r} is not known by this name.") from error

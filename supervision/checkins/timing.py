"""When a plan asks: at regular times, or at unannounced ones; and when nothing is asked.

All hours are local, half-open and in whole minutes. Where `until` is not later than `since` they
end on the next day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

DAY_MIN = 24 * 60
WEEK_MIN = 7 * DAY_MIN
USUAL_GAP = timedelta(hours=4)


class Weekday(StrEnum):
    """A weekday by the letters of RFC 5545; a week begins on Monday."""

    MO = "MO"
    TU = "TU"
    WE = "WE"
    TH = "TH"
    FR = "FR"
    SA = "SA"
    SU = "SU"


WEEKDAYS = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class Hours:
    """From when until when on these weekdays, by the day on which they begin."""

    weekdays: tuple[Weekday, ...]
    since: time
    until: time

    def minutes(self) -> Iterator[int]:
        """Each as counted from the beginning of an ordinary week; Sunday's night ends in Monday."""
        begin, end = minute_of(self.since), minute_of(self.until)
        for weekday in self.weekdays:
            midnight = WEEKDAYS.index(weekday) * DAY_MIN
            for minute in range(begin, end if end > begin else end + DAY_MIN):
                yield (midnight + minute) % WEEK_MIN


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of every day in which nobody is disturbed; nothing opens then.

    Apart from `core.quiet_hours`, which say of an instant whether it falls into them by somebody's
    time zone: these say it of a minute of any day, before there is a date. Where both times are
    the same these are all day and those never; `sense` refuses that.
    """

    since: time
    until: time

    def covers(self, minute: int) -> bool:
        """Whether it is quiet at this minute of the day."""
        begin, end = minute_of(self.since), minute_of(self.until)
        return begin <= minute < end if begin < end else not end <= minute < begin


@dataclass(frozen=True, slots=True)
class Regular:
    """Once on each local date of a rule.

    Attributes:
        rrule: RFC 5545 RRULE without DTSTART, such as FREQ=WEEKLY;BYDAY=TU,FR.
        at: Local time of day, in whole minutes.
    """

    rrule: str
    at: time


@dataclass(frozen=True, slots=True)
class Unannounced:
    """So many times a week at minutes that nobody can foresee.

    Attributes:
        per_week: How many from Monday to Sunday of the person's calendar.
        allowed: Only in these hours.
        least_gap: From one to the next at least, in whole minutes.
    """

    per_week: int
    allowed: tuple[Hours, ...]
    least_gap: timedelta = USUAL_GAP

    @property
    def gap_min(self) -> int:
        """The least gap in minutes; the same minute is never drawn twice."""
        return max(1, self.least_gap // timedelta(minutes=1))


Timing = Regular | Unannounced


@dataclass(frozen=True, slots=True)
class Pause:
    """From `begins_at` until before `ends_at` (None: no end known), both aware."""

    begins_at: datetime
    ends_at: datetime | None

    def covers(self, at: datetime) -> bool:
        """Whether it is going on at that instant."""
        return self.begins_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True)
class Off:
    """When nothing is asked: local dates (exceptions, public holidays) and the person's pauses."""

    dates: frozenset[date] = frozenset()
    pauses: tuple[Pause, ...] = ()

    def covers(self, local_date: date, at: datetime) -> bool:
        """Whether a check-in of that date, which would open then, is not asked for."""
        return local_date in self.dates or any(pause.covers(at) for pause in self.pauses)


def minute_of(at: time) -> int:
    """How many minutes of a day have passed."""
    return at.hour * 60 + at.minute


def monday_of(day: date) -> date:
    """When the week of that day began."""
    return day - timedelta(days=day.weekday())


def mondays(first: date, last: date) -> list[date]:
    """When each of the weeks began that hold these dates, in order."""
    start = monday_of(first)
    weeks = (monday_of(last) - start).days // 7
    return [start + timedelta(days=7 * number) for number in range(weeks + 1)]

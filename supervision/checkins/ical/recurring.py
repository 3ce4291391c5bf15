"""On which dates an event of a file falls: its rule, its end and its exceptions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from supervision.checkins.ical.events import UNREAD, FileEvent, Line
from supervision.checkins.ical.moments import Moment, read_moments
from supervision.core.errors import Invalid
from supervision.core.recurrence import Recurrence, read_parts, read_recurrence

ONCE = "FREQ=DAILY;COUNT=1"
MOST_EXCEPTIONS = 366
CANNOT_BE_KEPT = {
    "RDATE": "It has dates beside its rule (RDATE): make them plans of their own.",
    "EXRULE": "It has a rule of exceptions (EXRULE), which programs read differently.",
    "RECURRENCE-ID": "It changes one date of another event: make that an exception and a plan.",
}


@dataclass(frozen=True, slots=True)
class Repeated:
    """The dates of an event, by the clocks of its own time zone.

    Attributes:
        rrule: As a plan takes it, without its end by date.
        rule: The same, read.
        ends_on: The last date that may count, if the rule ended by date.
        except_on: Dates of the rule on which it is not, in order.
        warnings: What of the file was left out.
    """

    rrule: str
    rule: Recurrence
    ends_on: date | None
    except_on: list[date]
    warnings: list[str]

    def dates(self, first: date, last: date) -> list[date]:
        """The dates of the rule from `first` to `last`, both included; exceptions too."""
        return self.rule.dates(first, last if self.ends_on is None else min(last, self.ends_on))

    def is_over(self, today: date) -> bool:
        """Whether no date of it is left."""
        ends = [end for end in (self.rule.until, self.ends_on) if end is not None]
        return bool(ends) and min(ends) < today


def read_repeated(event: FileEvent, start: Moment | date) -> Repeated:
    """The dates of an event.

    Args:
        event: Of a file.
        start: Its DTSTART.

    Raises:
        Invalid: It is cancelled, or its dates cannot be those of a plan (`core.recurrence`).
    """
    _require_kept(event)
    line = event.one("RRULE")
    parts = read_parts(line.value.strip().upper()) if line else {}
    until = parts.pop("UNTIL", None)
    rrule = ";".join(f"{name}={words}" for name, words in parts.items()) if line else ONCE
    starts_on = _day(start)
    rule = read_recurrence(rrule, starts_on)
    if until is not None and "COUNT" in parts:
        raise Invalid("The rule must not have both COUNT and UNTIL.")
    if rule.dates(starts_on, starts_on) != [starts_on]:
        raise Invalid(
            "Its first date does not follow its own rule; programs read that differently."
        )
    ends_on = None if until is None else _last_date(until, start)
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("Its rule ends before it begins.")
    except_on, warnings = _exceptions(event, start, rule)
    if rrule == ONCE and except_on:
        raise Invalid("Its only date is an exception.")
    return Repeated(rrule, rule, ends_on, except_on, warnings)


def _require_kept(event: FileEvent) -> None:
    for name, why in CANNOT_BE_KEPT.items():
        if name in event.lines:
            raise Invalid(why)
    if UNREAD in event.lines:
        raise Invalid("A line of it cannot be read.")
    if event.text("STATUS").upper() == "CANCELLED":
        raise Invalid("It is cancelled.")


def _day(moment: Moment | date) -> date:
    return moment.wall.date() if isinstance(moment, Moment) else moment


def _last_date(until: str, start: Moment | date) -> date:
    """The last date that an UNTIL lets through; programs write it in UTC, or as a date.

    Raises:
        Invalid: It is neither.
    """
    in_zone = {"TZID": start.zone.key} if isinstance(start, Moment) else {}
    [end] = read_moments(Line(in_zone, until))
    if not isinstance(end, Moment):
        return end
    if not isinstance(start, Moment):
        return end.wall.date()
    last = end.instant.astimezone(start.zone).date()
    is_included = _at(start, last).instant <= end.instant
    return last if is_included else last - timedelta(days=1)


def _exceptions(
    event: FileEvent, start: Moment | date, rule: Recurrence
) -> tuple[list[date], list[str]]:
    moments = [moment for line in event.lines.get("EXDATE", []) for moment in read_moments(line)]
    if len(moments) > MOST_EXCEPTIONS:
        raise Invalid(f"It must have at most {MOST_EXCEPTIONS} exceptions.")
    days = {_excepted(moment, start) for moment in moments}
    found = sorted(day for day in days if day is not None and rule.dates(day, day))
    others = ["Exceptions at another time than its own were left out."]
    return found, others if None in days else []


def _excepted(moment: Moment | date, start: Moment | date) -> date | None:
    """The date that an exception takes away, or None where it names another time of day."""
    if not isinstance(moment, Moment) or not isinstance(start, Moment):
        return _day(moment)
    day = moment.instant.astimezone(start.zone).date()
    return day if _at(start, day).instant == moment.instant else None


def _at(start: Moment, day: date) -> Moment:
    return Moment(datetime.combine(day, start.wall.time()), start.zone)

"""Says on which local dates something recurs, by its rule (RFC 5545, RRULE).

There is no time of day and no zone in here. A start on which the rule does not fall is no
occurrence, and COUNT does not count it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule

from supervision.core.errors import Invalid
from supervision.core.recurrence.parts import (
    Frequency,
    Parts,
    read_by_day,
    read_frequency,
    read_number,
    read_numbers,
    read_parts,
    read_weekday,
)

DAYS = {DAILY: 1, WEEKLY: 7}
MONTHS = {MONTHLY: 1, YEARLY: 12}
# Dates after this are of no use; a rule that falls seldom must not be followed for ages.
LAST_YEAR = 2299
# After so many years the calendar repeats itself, weekdays and leap days included.
CYCLE_YEARS = 400
UNTIL_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule that has been read.

    Attributes:
        starts_on: No date before it counts; INTERVAL and COUNT are counted from it.
        until: The last date that counts, also where the rule had a COUNT; None for no end.
        frequency: What one step is.
        interval: How many days, weeks, months or years each step goes.
        rule: The same for dateutil, without an end.
    """

    starts_on: date
    until: date | None
    frequency: Frequency
    interval: int
    rule: rrule

    def dates(self, first: date, last: date) -> list[date]:
        """The dates from `first` to `last`, both included, in order.

        The cost follows the number of dates between these two, not the age of the rule.
        """
        first = max(first, self.starts_on)
        last = last if self.until is None else min(last, self.until)
        if first > last:
            return []
        near = self.rule.replace(dtstart=self._step_before(first))
        return [each.date() for each in near.between(_midnight(first), _midnight(last), inc=True)]

    def _step_before(self, near: date) -> date:
        """The beginning of the rule's last step on or before that date."""
        if self.frequency in DAYS:
            step = self.interval * DAYS[self.frequency]
            return near - timedelta((near - self.starts_on).days % step)
        start = self.starts_on.year * 12 + self.starts_on.month - 1
        gone = near.year * 12 + near.month - 1 - start
        gone -= gone % (self.interval * MONTHS[self.frequency])
        year, month = divmod(start + gone, 12)
        return date(year, month + 1, 1)


@lru_cache(maxsize=2048)
def read_recurrence(text: str, starts_on: date) -> Recurrence:
    """The rule in these words, counted from that date.

    Args:
        text: RRULE without its name and without DTSTART, such as FREQ=WEEKLY;BYDAY=MO,TU.
        starts_on: Not after `LAST_YEAR`.

    Raises:
        Invalid: It is no such rule, or not one for whole days, or never falls on any date.
    """
    parts = read_parts(text)
    frequency = read_frequency(parts)
    interval = read_number("INTERVAL", parts.get("INTERVAL", "1"))
    rule = _endless_rule(parts, frequency, interval, starts_on)
    first = _first(rule, starts_on)
    until = _until(parts, rule) if first else None
    if first is None or (until is not None and until < first):
        raise Invalid("The rule never falls on any date.")
    return Recurrence(starts_on, until, frequency, interval, rule)


def _endless_rule(parts: Parts, frequency: Frequency, interval: int, starts_on: date) -> rrule:
    """The rule without its end, saying itself what it leaves to its start."""
    by_day = read_by_day(parts, frequency)
    by_month = read_numbers("BYMONTH", parts)
    by_month_day = read_numbers("BYMONTHDAY", parts)
    by_year_day = read_numbers("BYYEARDAY", parts)
    if frequency in MONTHS and not (by_day or by_month_day or by_year_day):
        by_month_day = [starts_on.day]
        if frequency == YEARLY:
            by_month = by_month or [starts_on.month]
    return rrule(
        frequency,
        dtstart=starts_on,
        interval=interval,
        wkst=read_weekday(parts.get("WKST", "MO")),
        byweekday=by_day,
        bymonth=by_month,
        bymonthday=by_month_day,
        byyearday=by_year_day,
    )


def _first(rule: rrule, starts_on: date) -> date | None:
    """The first date of a rule without an end, unless it comes after `LAST_YEAR` or never.

    dateutil looks until the last year there is, so the rule is tried in the calendar's last cycle.
    """
    later = (date.max.year - starts_on.year) // CYCLE_YEARS * CYCLE_YEARS
    start = starts_on.replace(year=starts_on.year + later)
    found = next(iter(rule.replace(dtstart=start)), None)
    if found is None or found.year - later > LAST_YEAR:
        return None
    return found.date().replace(year=found.year - later)


def _until(parts: Parts, rule: rrule) -> date | None:
    """The last date on which a rule that falls on some date may fall."""
    if "COUNT" in parts and "UNTIL" in parts:
        raise Invalid("The rule must not have both COUNT and UNTIL.")
    if "COUNT" in parts:
        counted = islice(rule, read_number("COUNT", parts["COUNT"]))
        return max(each.date() for each in takewhile(_is_of_use, counted))
    return _read_until(parts["UNTIL"]) if "UNTIL" in parts else None


def _is_of_use(moment: datetime) -> bool:
    return moment.year <= LAST_YEAR


def _read_until(word: str) -> date:
    """A date alone: RFC 5545 wants UNTIL to be one where the start is one."""
    try:
        return date.fromisoformat(word if len(word) == UNTIL_DIGITS and word.isdigit() else "")
    except ValueError as error:
        raise Invalid("The rule's UNTIL must be the last local date, such as 20261231.") from error


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)

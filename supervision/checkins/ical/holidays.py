"""Makes drafts of public holidays from the whole days of an iCalendar file."""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from supervision.checkins.ical.events import FileEvent, Refusal, read_events
from supervision.checkins.ical.moments import Moment, read_length, read_moment
from supervision.checkins.ical.recurring import read_repeated
from supervision.core.errors import Invalid

DAY = timedelta(days=1)
MOST_EVENTS = 500
MOST_DAYS = 31
LONGEST_NAME_CHARS = 200


class HolidayDraft(NamedTuple):
    """A day and what the file calls it."""

    on_date: date
    name: str


def read_holidays(text: str, first: date, last: date) -> tuple[list[HolidayDraft], list[Refusal]]:
    """The whole days of a file from `first` to `last`, both included, each once and in order.

    Days that have several names have them all; events outside that time are passed over.

    Args:
        text: An iCalendar file.
        first: Its earliest day of interest.
        last: Its latest.

    Raises:
        Invalid: It is no iCalendar file, holds no event, or is too large.
    """
    names: dict[date, list[str]] = defaultdict(list)
    refused = []
    for event in read_events(text, MOST_EVENTS):
        try:
            days = _days(event, first, last)
        except Invalid as why:
            refused.append(event.refused(why))
            continue
        for day in days:
            if event.title not in names[day]:
                names[day].append(event.title)
    drafts = [HolidayDraft(day, _joined(names[day])) for day in sorted(names)]
    return drafts, refused


def _days(event: FileEvent, first: date, last: date) -> list[date]:
    start = read_moment(event, "DTSTART")
    if start is None or isinstance(start, Moment):
        raise Invalid("It must be a whole day.")
    if not event.title:
        raise Invalid("It must have a name.")
    length = max(read_length(event, start).days, 1)
    if length > MOST_DAYS:
        raise Invalid(f"It must last at most {MOST_DAYS} days.")
    repeated = read_repeated(event, start)
    begun = set(repeated.dates(first - length * DAY, last)) - set(repeated.except_on)
    days = {day + nth * DAY for day in begun for nth in range(length)}
    return sorted(day for day in days if first <= day <= last)


def _joined(names: list[str]) -> str:
    return " / ".join(names)[:LONGEST_NAME_CHARS].strip()

"""The parts of a recurrence rule (RFC 5545, RRULE), each checked as far as it can be by itself.

A part that makes no sense for whole days, or that programs understand differently, is refused: a
court's words must have one meaning.
"""

import re
from typing import Literal

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, weekday, weekdays

from supervision.core.errors import Invalid

Frequency = Literal[0, 1, 2, 3]
Parts = dict[str, str]
"""What a rule says, by the name of each part."""

FREQUENCIES: dict[str, Frequency] = {
    "DAILY": DAILY,
    "WEEKLY": WEEKLY,
    "MONTHLY": MONTHLY,
    "YEARLY": YEARLY,
}
WEEKDAYS = {str(day): day for day in weekdays}
LONGEST_RULE = 500
MOST = {"INTERVAL": 366, "COUNT": 1_000, "BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366}
MOST_OF_MONTH, MOST_OF_YEAR = 5, 53
COUNTED_FROM_THE_END_TOO = {"BYDAY", "BYMONTHDAY", "BYYEARDAY"}
KNOWN = {"FREQ", "UNTIL", "WKST", "BYDAY", *MOST}
OF_THE_CLOCK = {"BYHOUR", "BYMINUTE", "BYSECOND"}
REFUSED_WITH = {"BYMONTHDAY": {WEEKLY}, "BYYEARDAY": {DAILY, WEEKLY, MONTHLY}}

PART = re.compile(r"([A-Z]+)=([A-Z0-9,+-]+)")
NUMBERED_DAY = re.compile(r"([+-]?[0-9]{1,2})?([A-Z]{2})")
NUMBER = re.compile(r"[+-]?[0-9]{1,4}")


def read_parts(text: str) -> Parts:
    """The parts of a rule by name; none twice, and none that is unknown here.

    Raises:
        Invalid: It is no rule, or has a part that cannot be used.
    """
    found = [PART.fullmatch(part) for part in text[: LONGEST_RULE + 1].split(";")]
    pairs = [(match[1], match[2]) for match in found if match]
    if len(pairs) < len(found) or len(text) > LONGEST_RULE:
        raise Invalid("The rule must be an RRULE without DTSTART, such as FREQ=WEEKLY;BYDAY=MO,TU.")
    parts = dict(pairs)
    if len(parts) < len(pairs):
        raise Invalid("The rule must not have the same part twice.")
    for name in parts:
        if name in OF_THE_CLOCK:
            raise Invalid(f"The rule must not have {name}: its window says when it begins.")
        if name not in KNOWN:
            raise Invalid(f"The rule must not have {name}: it is not understood in a schedule.")
    return parts


def read_frequency(parts: Parts) -> Frequency:
    """How often the rule takes a step.

    Raises:
        Invalid: It does not say so, takes steps of less than a day, or has a part that has no
            certain meaning with such steps.
    """
    frequency = FREQUENCIES.get(parts.get("FREQ", ""))
    if frequency is None:
        raise Invalid("The rule must have FREQ with DAILY, WEEKLY, MONTHLY or YEARLY.")
    for name, frequencies in REFUSED_WITH.items():
        if name in parts and frequency in frequencies:
            raise Invalid(f"The rule must not have {name} with FREQ={parts['FREQ']}.")
    # In all months, says dateutil; in the month of the start, says libical.
    if frequency == YEARLY and "BYMONTHDAY" in parts and "BYMONTH" not in parts:
        raise Invalid("The rule must have BYMONTH beside BYMONTHDAY when it is yearly.")
    return frequency


def read_number(name: str, word: str, most: int | None = None) -> int:
    """A whole number from 1 on, or from -1 down where the part is counted from the end too.

    Args:
        name: The part.
        word: The number as the rule has it.
        most: How far it may go; as far as is usual for the part when not given.

    Raises:
        Invalid: It is no such number.
    """
    most = MOST[name] if most is None else most
    number = int(word) if NUMBER.fullmatch(word) else 0
    is_signed = name in COUNTED_FROM_THE_END_TOO
    if not 1 <= (abs(number) if is_signed else number) <= most:
        ending = f", or from -1 to -{most}" if is_signed else ""
        raise Invalid(f"The rule's {name} must have numbers from 1 to {most}{ending}.")
    return number


def read_numbers(name: str, parts: Parts) -> list[int] | None:
    """The numbers of a part, if the rule has it.

    Raises:
        Invalid: One is too large, or no number.
    """
    return [read_number(name, word) for word in parts[name].split(",")] if name in parts else None


def read_weekday(name: str) -> weekday:
    """The weekday of these two letters.

    Raises:
        Invalid: There is none.
    """
    if name not in WEEKDAYS:
        raise Invalid("The rule's weekdays must be MO, TU, WE, TH, FR, SA or SU.")
    return WEEKDAYS[name]


def read_by_day(parts: Parts, frequency: Frequency) -> list[weekday] | None:
    """The weekdays of BYDAY, numbered or not, if the rule has it.

    Raises:
        Invalid: One is no weekday, or has a number that means nothing in this rule.
    """
    if "BYDAY" not in parts:
        return None
    days = [_numbered_weekday(word, parts, frequency) for word in parts["BYDAY"].split(",")]
    # dateutil would take a date only if it is both, not either.
    if len({day.n is None for day in days}) > 1:
        raise Invalid("The rule must number all weekdays or none.")
    return days


def _numbered_weekday(word: str, parts: Parts, frequency: Frequency) -> weekday:
    match = NUMBERED_DAY.fullmatch(word)
    day = read_weekday(match[2] if match else "")
    if match is None or match[1] is None:
        return day
    if frequency in (DAILY, WEEKLY):
        raise Invalid("The rule must not number weekdays unless it is monthly or yearly.")
    is_of_year = frequency == YEARLY and "BYMONTH" not in parts
    return day(read_number("BYDAY", match[1], MOST_OF_YEAR if is_of_year else MOST_OF_MONTH))

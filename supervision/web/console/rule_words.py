"""Says a recurrence rule in plain English, or the rule itself where the words would not be sure."""

from datetime import date, time

from supervision.core.recurrence.parts import NUMBERED_DAY, WEEKDAYS

_DAYS = dict(
    zip(
        ("MO", "TU", "WE", "TH", "FR", "SA", "SU"),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)
_WORKING_DAYS = ["MO", "TU", "WE", "TH", "FR"]
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_SAID = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "UNTIL", "COUNT"}


def rule_words(rrule: str, starts_on: date, at: time | None = None) -> str:
    """What a rule asks for, such as "Every Tuesday and Friday at 18:00, until 31 Dec 2026".

    Args:
        rrule: One that `core.recurrence` takes.
        starts_on: The rule is counted from this date, and takes from it what it does not say.
        at: Local time of day, if it is to be said.

    Returns:
        The words; the rule itself where it has a part that they do not tell.
    """
    parts = dict(part.split("=") for part in rrule.split(";"))
    # Where a week begins makes no difference to rules that take every week.
    if parts.get("INTERVAL", "1") == "1" or parts.get("WKST") == "MO":
        parts.pop("WKST", None)
    words = _words(parts, starts_on) if parts.keys() <= _SAID else None
    clock = "" if at is None else f" at {at:%H:%M}"
    return f"{rrule}{clock}" if words is None else f"{words}{clock}{_end(parts)}"


def _words(parts: dict[str, str], starts_on: date) -> str | None:
    frequency, every = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    days, of_month = parts.get("BYDAY"), parts.get("BYMONTHDAY")
    match frequency, bool(days), bool(of_month):
        case "DAILY" | "YEARLY", False, False:
            at = f" on {starts_on.day} {starts_on:%B}" if frequency == "YEARLY" else ""
            return f"Every {_steps(every, frequency)}{at}"
        case "DAILY", True, False if every == 1:
            return f"Every {_days(str(days))}"
        case "WEEKLY", _, False:
            named = _days(days or list(WEEKDAYS)[starts_on.weekday()])
            return f"Every {named}" if every == 1 else f"Every {every} weeks on {named}"
        case "MONTHLY", _, _ if not (days and of_month):
            named_day = _numbered(days) if days else _date(of_month or str(starts_on.day))
            return named_day and f"On the {named_day} of every {_steps(every, frequency)}"
    return None


def _steps(every: int, frequency: str) -> str:
    unit = _UNITS[frequency]
    return unit if every == 1 else f"{every} {unit}s"


def _days(names: str) -> str:
    days = sorted(set(names.split(",")), key=list(_DAYS).index)
    if days == _WORKING_DAYS:
        return "Monday to Friday"
    *others, last = [_DAYS[day] for day in days]
    return f"{', '.join(others)} and {last}" if others else last


def _numbered(names: str) -> str | None:
    """One weekday of a month, such as the last Friday; None for several, or for all of them."""
    match = NUMBERED_DAY.fullmatch(names)
    if match is None or match[1] is None or int(match[1]) not in _ORDINALS:
        return None
    return f"{_ORDINALS[int(match[1])]} {_DAYS[match[2]]}"


def _date(days: str) -> str | None:
    if days == "-1":
        return "last day"
    if not days.isdecimal():
        return None
    ending = "th" if int(days) in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(int(days) % 10)
    return f"{days}{ending or 'th'}"


def _end(parts: dict[str, str]) -> str:
    if "COUNT" in parts:
        times = int(parts["COUNT"])
        return ", once" if times == 1 else f", {times} times"
    if "UNTIL" in parts:
        last = date.fromisoformat(parts["UNTIL"])
        return f", until {last.day} {last:%b %Y}"
    return ""

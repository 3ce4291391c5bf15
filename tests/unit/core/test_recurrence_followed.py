"""Recurrence rules against an oracle that asks every single date whether the rule falls on it."""

from calendar import isleap, monthrange
from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from supervision.core.errors import Invalid
from supervision.core.recurrence import read_recurrence

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

weekday_lists = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3).map(",".join)
numbered_days = st.lists(
    st.builds("{}{}".format, st.sampled_from([1, 2, 4, -1, -2]), st.sampled_from(WEEKDAYS)),
    min_size=1,
    max_size=3,
).map(",".join)
month_days = st.lists(st.sampled_from([1, 2, 15, 29, 30, 31, -1, -31]), min_size=1, max_size=3).map(
    lambda days: ",".join(map(str, days))
)
steps = st.one_of(
    st.just("FREQ=DAILY"),
    st.builds("FREQ=DAILY;BYDAY={}".format, weekday_lists),
    st.builds("FREQ=DAILY;BYMONTH={};BYMONTHDAY={}".format, st.integers(1, 12), month_days),
    st.just("FREQ=WEEKLY"),
    st.builds("FREQ=WEEKLY;BYDAY={};WKST={}".format, weekday_lists, st.sampled_from(["MO", "TH"])),
    st.just("FREQ=MONTHLY"),
    st.builds("FREQ=MONTHLY;BYDAY={}".format, numbered_days),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, month_days),
    st.builds("FREQ=MONTHLY;BYDAY={};BYMONTHDAY={}".format, weekday_lists, month_days),
    st.just("FREQ=YEARLY"),
    st.builds("FREQ=YEARLY;BYMONTH={}".format, st.integers(1, 12)),
    st.builds("FREQ=YEARLY;BYDAY={}".format, numbered_days),
    st.builds("FREQ=YEARLY;BYDAY={}".format, weekday_lists),
    st.builds("FREQ=YEARLY;BYMONTH={};BYDAY={}".format, st.integers(1, 12), weekday_lists),
    st.builds("FREQ=YEARLY;BYMONTH={};BYDAY={}".format, st.integers(1, 12), numbered_days),
    st.builds("FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}".format, st.integers(1, 12), month_days),
    st.builds("FREQ=YEARLY;BYYEARDAY={}".format, st.sampled_from(["1,60", "-1", "366"])),
)
ends = st.sampled_from(["", ";COUNT=1", ";COUNT=30", ";UNTIL=20260315", ";UNTIL=20291231"])


def months_since(day: date, other: date) -> int:
    return (day.year - other.year) * 12 + day.month - other.month


def weeks_since(day: date, other: date, week_start: int) -> int:
    first, second = (each.toordinal() - 1 - week_start for each in (other, day))
    return second // 7 - first // 7


def numbers(word: str) -> list[int]:
    return [int(each) for each in word.split(",")]


def is_day_of_month(day: date, number: int) -> bool:
    return number in (day.day, day.day - monthrange(day.year, day.month)[1] - 1)


def is_numbered_day(day: date, word: str, parts: dict[str, str]) -> bool:
    """Whether it is such a weekday, by its place in the month or the year where it has a number."""
    number, name = word[:-2], word[-2:]
    place, length = day.day, monthrange(day.year, day.month)[1]
    if parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts:
        place, length = day.timetuple().tm_yday, 365 + isleap(day.year)
    is_weekday = WEEKDAYS[day.weekday()] == name
    places = ((place + 6) // 7, -((length - place) // 7 + 1))
    return is_weekday and (not number or int(number) in places)


def may_fall(parts: dict[str, str], starts_on: date, day: date) -> bool:
    """RFC 5545, section 3.3.10, as a question about one date, without an end."""
    week_start = WEEKDAYS.index(parts.get("WKST", "MO"))
    months = months_since(day, starts_on)
    gone = {
        "DAILY": (day - starts_on).days,
        "WEEKLY": weeks_since(day, starts_on, week_start),
        "MONTHLY": months,
        "YEARLY": day.year - starts_on.year,
    }[parts["FREQ"]]
    asked = dict(parts)
    if not parts.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} and parts["FREQ"] != "DAILY":
        if parts["FREQ"] == "WEEKLY":
            asked["BYDAY"] = WEEKDAYS[starts_on.weekday()]
        else:
            asked["BYMONTHDAY"] = str(starts_on.day)
        if parts["FREQ"] == "YEARLY":
            asked.setdefault("BYMONTH", str(starts_on.month))
    year_day, year_length = day.timetuple().tm_yday, 365 + isleap(day.year)
    checks: dict[str, Callable[[str], bool]] = {
        "BYDAY": lambda word: any(is_numbered_day(day, each, parts) for each in word.split(",")),
        "BYMONTH": lambda word: day.month in numbers(word),
        "BYMONTHDAY": lambda word: any(is_day_of_month(day, each) for each in numbers(word)),
        "BYYEARDAY": lambda word: bool({year_day, year_day - year_length - 1} & {*numbers(word)}),
    }
    is_step = day >= starts_on and gone % int(parts.get("INTERVAL", "1")) == 0
    return is_step and all(check(asked[name]) for name, check in checks.items() if name in asked)


def followed(text: str, starts_on: date, last: date) -> list[date]:
    """Every date of the rule, by asking each date from its start on."""
    parts = dict(part.split("=") for part in text.split(";"))
    days = (starts_on + timedelta(days=each) for each in range((last - starts_on).days + 1))
    dates = [day for day in days if may_fall(parts, starts_on, day)]
    until = parts.get("UNTIL", "99991231")
    return [day for day in dates[: int(parts.get("COUNT", "9999"))] if f"{day:%Y%m%d}" <= until]


@settings(max_examples=100, deadline=None)
@given(
    text=st.builds("{};INTERVAL={}{}".format, steps, st.integers(1, 13), ends),
    starts_on=st.dates(date(2022, 1, 1), date(2026, 6, 1)),
    first=st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    days=st.integers(0, 500),
)
def test_the_dates_are_those_of_the_rule_followed_from_its_start(
    text: str, starts_on: date, first: date, days: int
) -> None:
    last = first + timedelta(days=days)
    dates = followed(text, starts_on, last)
    try:
        assert read_recurrence(text, starts_on).dates(first, last) == [
            day for day in dates if day >= first
        ]
    except Invalid:
        assert dates == []

"""Generated plans against somebody who watches a clock on the wall through all the years.

He looks at it each minute, writes down when it first showed each time of each date, or jumped over
it, and counts the dates of a rule on his calendar; he knows nothing of how the software does it.
"""

from array import array
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from supervision.checkins.due import Recurring, due_times
from tests.unit.checkins.test_due import ZONES

DAY, DAY_MIN = timedelta(days=1), 1_440
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# One spring, in which nearly all of these zones change; or all years, and a million check-ins.
A_SPRING = (date(2026, 3, 1), date(2026, 4, 7), 1)
ALL_YEARS = (date(2020, 1, 1), date(2040, 12, 31), 1_000_000 // len(ZONES) + 1)

IsOn = Callable[[date], bool]


def first_shown(zone: ZoneInfo, first: date, last: date) -> "array[int]":
    """The minute since 1970 at which each minute of each date was first shown, or jumped over."""
    found = array("q", [-1]) * ((last - first).days * DAY_MIN + DAY_MIN)
    origin = first.toordinal() * DAY_MIN
    midnight = int(datetime.combine(first, time.min, UTC).timestamp()) // 60
    before = -2 * DAY_MIN
    for minute in range(midnight - DAY_MIN, midnight + len(found) + DAY_MIN):
        wall = datetime.fromtimestamp(minute * 60, zone)
        shown = wall.toordinal() * DAY_MIN + wall.hour * 60 + wall.minute - origin
        for each in range(min(before + 1, shown), shown + 1):
            if 0 <= each < len(found) and found[each] < 0:
                found[each] = minute
        before = shown
    return found


def a_rule(chance: Random, start: date) -> tuple[str, IsOn]:
    """A rule in words, and how one would tell a date of it from a calendar."""
    every, kind = chance.randint(1, 3), chance.choice(("daily", "weekly", "monthly", "nth"))
    if kind == "daily":
        return f"FREQ=DAILY;INTERVAL={every}", lambda day: (day - start).days % every == 0
    if kind == "weekly":
        days = chance.sample(range(7), chance.randint(1, 4))
        monday = start - start.weekday() * DAY
        words = ",".join(WEEKDAYS[day] for day in days)
        return (
            f"FREQ=WEEKLY;INTERVAL={every};BYDAY={words}",
            lambda day: day.weekday() in days and (day - monday).days // 7 % every == 0,
        )
    number, weekday = chance.randint(1, 4), chance.randrange(7)
    if kind == "nth":
        return (
            f"FREQ=MONTHLY;BYDAY={number}{WEEKDAYS[weekday]}",
            lambda day: day.weekday() == weekday and (day.day + 6) // 7 == number,
        )
    return f"FREQ=MONTHLY;BYMONTHDAY={number * 7}", lambda day: day.day == number * 7


def plans(
    chance: Random, zone: ZoneInfo, first: date, last: date
) -> Iterator[tuple[Recurring, IsOn]]:
    while True:
        start = first + chance.randrange((last - first).days) * DAY
        rule, is_on = a_rule(chance, start)
        # Half of them in the small hours, where clocks change.
        minute = chance.randrange(chance.choice((4 * 60, DAY_MIN)))
        yield Recurring(rule, start, time(*divmod(minute, 60)), zone), is_on


@pytest.mark.parametrize(
    "years", [A_SPRING, pytest.param(ALL_YEARS, marks=pytest.mark.heavy)], ids=["spring", "all"]
)
@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_each_check_in_is_due_when_the_watcher_of_the_clock_says_so(
    zone: ZoneInfo, years: tuple[date, date, int]
) -> None:
    first, last, least = years
    shown = first_shown(zone, first, last)
    checked, chance = 0, Random(str(zone))
    for number, (plan, is_on) in enumerate(plans(chance, zone, first, last)):
        if checked >= least and number >= 20:
            break
        minute = plan.at.hour * 60 + plan.at.minute
        days = [plan.starts_on + days * DAY for days in range((last - plan.starts_on).days + 1)]
        expected = [
            (day, shown[(day - first).days * DAY_MIN + minute]) for day in days if is_on(day)
        ]
        found = [
            (due.local_date, int(due.due_at.timestamp()) // 60)
            for due in (due_times(plan, first, last) if expected else ())
        ]
        assert found == expected, plan
        checked += len(found)

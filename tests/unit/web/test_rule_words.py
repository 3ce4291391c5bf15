from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.core.recurrence import read_recurrence
from supervision.web.console.rule_words import rule_words

MONDAY = date(2026, 9, 21)
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=TU,FR", "Every Tuesday and Friday"),
        ("FREQ=WEEKLY;BYDAY=FR,TU;WKST=SU", "Every Tuesday and Friday"),
        ("FREQ=WEEKLY", "Every Monday"),
        ("FREQ=DAILY", "Every day"),
        ("FREQ=DAILY;INTERVAL=3", "Every 3 days"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "Every Monday to Friday"),
        ("FREQ=WEEKLY;INTERVAL=2", "Every 2 weeks on Monday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO", "Every 2 weeks on Monday and Sunday"),
        ("FREQ=MONTHLY", "On the 21st of every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=12", "On the 12th of every month"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "On the last day of every 3 months"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "On the last Friday of every month"),
        ("FREQ=MONTHLY;BYDAY=+2TU", "On the second Tuesday of every month"),
        ("FREQ=YEARLY", "Every year on 21 September"),
        ("FREQ=DAILY;COUNT=1", "Every day, once"),
        ("FREQ=DAILY;COUNT=10", "Every day, 10 times"),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261231", "Every Tuesday, until 31 Dec 2026"),
    ],
)
def test_a_rule_is_said_in_plain_words(rule: str, words: str) -> None:
    assert rule_words(rule, MONDAY) == words


def test_the_time_of_day_comes_before_the_end() -> None:
    rule = "FREQ=WEEKLY;BYDAY=MO,TU,FR;UNTIL=20261231"
    words = "Every Monday, Tuesday and Friday at 18:00, until 31 Dec 2026"
    assert rule_words(rule, MONDAY, time(18)) == words


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU",
        "FREQ=DAILY;INTERVAL=2;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=FR",
        "FREQ=MONTHLY;BYDAY=1MO,3MO",
        "FREQ=MONTHLY;BYDAY=-2MO",
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1",
        "FREQ=YEARLY;BYDAY=1MO",
    ],
)
def test_a_rule_that_words_would_not_tell_surely_stands_as_it_is(rule: str) -> None:
    read_recurrence(rule, MONDAY)
    assert rule_words(rule, MONDAY) == rule


@given(
    days=st.sets(st.sampled_from(DAYS), min_size=1),
    every=st.integers(1, 4),
    begins=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)
def test_the_weekdays_that_are_said_are_those_on_which_it_falls(
    days: set[str], every: int, begins: date
) -> None:
    rule = f"FREQ=WEEKLY;INTERVAL={every};BYDAY={','.join(sorted(days))}"
    fallen = read_recurrence(rule, begins).dates(begins, begins + timedelta(days=7 * 2 * every))
    words = rule_words(rule, begins).replace(
        "Monday to Friday", "Monday Tuesday Wednesday Thursday Friday"
    )
    said = {name for name in words.replace(",", "").split() if name.endswith("day")}
    assert said == {f"{day:%A}" for day in fallen}

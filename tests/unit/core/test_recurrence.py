import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from supervision.core.errors import Invalid
from supervision.core.recurrence import read_recurrence

CASES = Path(__file__).resolve().parents[4] / "shared" / "data" / "schedules" / "rrule_cases.jsonl"
START = date(2026, 1, 5)
# Why a rule of daily to yearly steps among the cases may be refused.
EXOTIC = re.compile(
    r"BYWEEKNO|BYSETPOS|BYHOUR|BYMINUTE|BYSECOND|(HOUR|MINUTE|SECOND)LY|;$|YEARLY;BYMONTHDAY"
)

needs_data = pytest.mark.skipif(
    not CASES.exists(), reason="shared/data/schedules/rrule_cases.jsonl is not here"
)


def dates_of(text: str, count: int = 4) -> list[str]:
    found = read_recurrence(text, START).dates(START, date(2060, 1, 1))
    return [day.isoformat() for day in found[:count]]


def test_a_rule_falls_on_its_dates_from_its_start_on() -> None:
    assert dates_of("FREQ=DAILY;INTERVAL=3")[:2] == ["2026-01-05", "2026-01-08"]
    assert dates_of("FREQ=WEEKLY", 2) == ["2026-01-05", "2026-01-12"]
    assert dates_of("FREQ=WEEKLY;BYDAY=SU,TU", 2) == ["2026-01-06", "2026-01-11"]
    assert dates_of("FREQ=MONTHLY;BYDAY=-1FR", 2) == ["2026-01-30", "2026-02-27"]
    assert dates_of("FREQ=MONTHLY", 2) == ["2026-01-05", "2026-02-05"]
    assert dates_of("FREQ=YEARLY", 2) == ["2026-01-05", "2027-01-05"]
    assert dates_of("FREQ=YEARLY;BYMONTH=6", 2) == ["2026-06-05", "2027-06-05"]
    assert dates_of("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", 2) == ["2028-02-29", "2032-02-29"]


def test_count_and_until_end_it_both_included() -> None:
    assert dates_of("FREQ=DAILY;COUNT=2") == ["2026-01-05", "2026-01-06"]
    assert dates_of("FREQ=DAILY;UNTIL=20260106") == ["2026-01-05", "2026-01-06"]
    assert dates_of("FREQ=WEEKLY;BYDAY=TU;COUNT=1") == ["2026-01-06"]
    assert dates_of("FREQ=DAILY;UNTIL=20260105") == ["2026-01-05"]


def test_weeks_begin_on_monday_unless_the_rule_says_otherwise() -> None:
    every_other = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU"
    assert dates_of(every_other)[:3] == ["2026-01-06", "2026-01-11", "2026-01-20"]
    assert dates_of(every_other + ";WKST=SU")[:3] == ["2026-01-06", "2026-01-18", "2026-01-20"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "must be an RRULE"),
        ("every day", "must be an RRULE"),
        ("freq=daily", "must be an RRULE"),
        ("FREQ=DAILY;", "must be an RRULE"),
        ("RRULE:FREQ=DAILY", "must be an RRULE"),
        ("DTSTART:20260105T210000\nRRULE:FREQ=DAILY", "must be an RRULE"),
        ("FREQ=DAILY\nEXDATE:20260106", "must be an RRULE"),
        ("FREQ=WEEKLY;BYDAY=" + "MO," * 200 + "MO", "must be an RRULE"),
        ("DTSTART=20260105;FREQ=DAILY", "must not have DTSTART"),
        ("FREQ=DAILY;EXDATE=20260106", "must not have EXDATE"),
        ("FREQ=DAILY;FREQ=WEEKLY", "same part twice"),
        ("BYDAY=MO", "must have FREQ"),
        ("FREQ=HOURLY", "must have FREQ"),
        ("FREQ=SECONDLY;COUNT=3", "must have FREQ"),
        ("FREQ=DAILY;BYHOUR=9", "must not have BYHOUR"),
        ("FREQ=DAILY;BYMINUTE=0", "must not have BYMINUTE"),
        ("FREQ=DAILY;BYSECOND=0", "must not have BYSECOND"),
        ("FREQ=YEARLY;BYWEEKNO=20", "must not have BYWEEKNO"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "must not have BYSETPOS"),
        ("FREQ=YEARLY;BYEASTER=0", "must not have BYEASTER"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY with FREQ=WEEKLY"),
        ("FREQ=YEARLY;BYMONTHDAY=3", "BYMONTH beside BYMONTHDAY"),
        ("FREQ=MONTHLY;BYYEARDAY=3", "BYYEARDAY with FREQ=MONTHLY"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL must have numbers from 1 to 366"),
        ("FREQ=DAILY;INTERVAL=-2", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=367", "INTERVAL"),
        ("FREQ=DAILY;COUNT=0", "COUNT"),
        ("FREQ=DAILY;COUNT=1001", "COUNT"),
        ("FREQ=DAILY;COUNT=1;UNTIL=20260301", "both COUNT and UNTIL"),
        ("FREQ=DAILY;BYMONTH=13", "BYMONTH must have numbers from 1 to 12"),
        ("FREQ=DAILY;BYMONTH=-1", "BYMONTH"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY must have numbers from 1 to 31, or from -1"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,,2", "BYMONTHDAY"),
        ("FREQ=YEARLY;BYYEARDAY=-367", "BYYEARDAY"),
        ("FREQ=WEEKLY;BYDAY=MON", "weekdays must be"),
        ("FREQ=WEEKLY;BYDAY=XX", "weekdays must be"),
        ("FREQ=WEEKLY;WKST=XX", "weekdays must be"),
        ("FREQ=WEEKLY;BYDAY=2MO", "must not number weekdays"),
        ("FREQ=MONTHLY;BYDAY=-1SA,FR", "number all weekdays or none"),
        ("FREQ=MONTHLY;BYDAY=6MO", "BYDAY must have numbers from 1 to 5, or from -1 to -5"),
        ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY"),
        ("FREQ=YEARLY;BYDAY=54MO", "BYDAY must have numbers from 1 to 53"),
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=6MO", "BYDAY"),
        ("FREQ=DAILY;UNTIL=20261231T000000Z", "UNTIL must be the last local date"),
        ("FREQ=DAILY;UNTIL=20260230", "UNTIL"),
        ("FREQ=DAILY;UNTIL=2026W011", "UNTIL"),
        ("FREQ=DAILY;UNTIL=20260104", "never falls"),
        ("FREQ=WEEKLY;BYDAY=SU;UNTIL=20260110", "never falls"),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "never falls"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "never falls"),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29;COUNT=3", "never falls"),
    ],
)
def test_what_is_wrong_or_senseless_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        read_recurrence(text, START)


def test_a_seldom_rule_with_a_count_is_not_followed_for_ages() -> None:
    rule = read_recurrence("FREQ=YEARLY;INTERVAL=300;COUNT=9", START)
    assert rule.until == START


def as_dates(text: str, dtstart: str) -> str:
    """The rule with a moment in UNTIL made the last date that comes before it, on a floating clock.

    A start without a time of day comes at its date's beginning.
    """

    def to_date(match: re.Match[str]) -> str:
        day = date.fromisoformat(match[1])
        is_past = dtstart[9:15] > (match[2] or "235959")
        return f"UNTIL={day - timedelta(days=is_past):%Y%m%d}"

    return re.sub(r"UNTIL=(\d{8})(?:T(\d{6})Z?)?", to_date, text)


@needs_data
def test_published_cases_come_out_right_or_are_refused_for_what_is_exotic_in_them() -> None:
    right, wrong, refused = 0, [], 0
    for line in CASES.read_text().splitlines():
        case = json.loads(line)
        text, dtstart = case["rrule"], case["dtstart"]
        try:
            rule = read_recurrence(as_dates(text, dtstart), date.fromisoformat(dtstart[:8]))
        except Invalid:
            refused += 1
            assert EXOTIC.search(text), text
            continue
        instances = [date.fromisoformat(each[:8]) for each in case["instances"]]
        found = rule.dates(rule.starts_on, instances[-1] + timedelta(days=400))
        right += found == instances
        wrong += [text] if found != instances else []
    assert wrong == []
    assert (right, refused) == (73, 73)

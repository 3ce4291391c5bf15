from datetime import date

import pytest

from supervision.checkins.ical import HolidayDraft, read_holidays
from tests.unit.checkins.calendar_files import AN_HOUR, IN_NEW_YORK, calendar

FIRST, LAST = date(2026, 9, 21), date(2028, 9, 20)


def found(*events: list[str]) -> list[tuple[str, str]]:
    drafts, refused = read_holidays(calendar(*events), FIRST, LAST)
    assert refused == []
    return [(str(one.on_date), one.name) for one in drafts]


def refused(*lines: str) -> str:
    drafts, [why] = read_holidays(calendar(list(lines)), FIRST, LAST)
    assert drafts == []
    return why.reason


def test_whole_days_become_drafts_in_order_and_what_is_past_or_far_is_passed_over() -> None:
    day = "DTSTART;VALUE=DATE:{}".format
    assert found(
        ["SUMMARY:Christmas Day", day(20261225), "DTEND;VALUE=DATE:20261226"],
        ["SUMMARY:Thanksgiving Day", day(20261126)],
        ["SUMMARY:Labor Day", day(20260907)],
        ["SUMMARY:Labor Day", day(20301007)],
        ["SUMMARY:Today\\, already", day(20260921), "DURATION:P1D"],
    ) == [
        ("2026-09-21", "Today, already"),
        ("2026-11-26", "Thanksgiving Day"),
        ("2026-12-25", "Christmas Day"),
    ]


def test_a_day_that_comes_again_each_year_is_there_each_time_but_for_its_exceptions() -> None:
    thanksgiving = ["SUMMARY:T", "DTSTART;VALUE=DATE:20201126"]
    rule = "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"
    assert found([*thanksgiving, rule]) == [("2026-11-26", "T"), ("2027-11-25", "T")]
    without = "EXDATE;VALUE=DATE:20261126"
    assert found([*thanksgiving, rule, without]) == [("2027-11-25", "T")]
    assert found([*thanksgiving, f"{rule};UNTIL=20261126"]) == [("2026-11-26", "T")]
    assert found([*thanksgiving, f"{rule};UNTIL=20261125"]) == []


def test_an_event_of_several_days_is_each_of_them_also_where_it_has_begun() -> None:
    days = ["SUMMARY:Fair", "DTSTART;VALUE=DATE:20260919", "DTEND;VALUE=DATE:20260923"]
    assert found(days) == [("2026-09-21", "Fair"), ("2026-09-22", "Fair")]


def test_a_day_with_several_names_is_one_day() -> None:
    day = "DTSTART;VALUE=DATE:20261012"
    names = ["Columbus Day", "Indigenous Peoples' Day", "Columbus Day"]
    assert found(*([f"SUMMARY:{name}", day] for name in names)) == [
        ("2026-10-12", "Columbus Day / Indigenous Peoples' Day")
    ]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["SUMMARY:S"], "must be a whole day"),
        (["SUMMARY:S", IN_NEW_YORK, AN_HOUR], "must be a whole day"),
        (["DTSTART;VALUE=DATE:20261012"], "must have a name"),
        (["SUMMARY:S", "DTSTART;VALUE=DATE:20261012", "DTEND;VALUE=DATE:20261113"], "at most 31"),
        (["SUMMARY:S", "DTSTART;VALUE=DATE:20261012", "STATUS:CANCELLED"], "cancelled"),
        (["SUMMARY:S", "DTSTART;VALUE=DATE:20261012", "RDATE:20261013"], "RDATE"),
        (["SUMMARY:S", "DTSTART;VALUE=DATE:20261012", "RRULE:FREQ=HOURLY"], "must have FREQ"),
    ],
)
def test_what_is_no_whole_day_is_refused_with_the_reason(lines: list[str], why: str) -> None:
    assert why in refused(*lines)


def test_a_draft_is_a_date_and_a_name() -> None:
    text = calendar(["SUMMARY:" + "x" * 300, "DTSTART;VALUE=DATE:20261012"])
    assert read_holidays(text, FIRST, LAST) == ([HolidayDraft(date(2026, 10, 12), "x" * 200)], [])

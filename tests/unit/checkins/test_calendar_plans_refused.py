"""What cannot be a plan: an event for its reason, alone; or a file as a whole."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervision.checkins.ical import Refusal, read_plans
from supervision.checkins.ical.events import LONGEST_FILE_CHARS
from supervision.checkins.ical.plans import MOST_EVENTS
from supervision.core.errors import Invalid
from tests.unit.checkins.calendar_files import (
    AN_HOUR,
    IN_NEW_YORK,
    NEW_YORK,
    TODAY,
    TUESDAYS,
    calendar,
    refused,
)


@pytest.mark.parametrize(
    ("zone", "start", "rule", "why"),
    [
        ("America/Phoenix", IN_NEW_YORK, TUESDAYS, "not always be at one time"),
        ("America/New_York", "DTSTART:20260922T220000Z", TUESDAYS, "not always be at one time"),
        ("America/Phoenix", "DTSTART:20260923T010000Z", "RRULE:FREQ=DAILY", "on other dates"),
        # The second of two 01:30 in the night when clocks are put back; we are due at the first.
        ("America/New_York", "DTSTART:20261101T063000Z", "COMMENT:once", "not always be at one"),
    ],
)
def test_another_zone_is_refused_where_local_times_would_drift(
    zone: str, start: str, rule: str, why: str
) -> None:
    assert why in refused(start, AN_HOUR, rule, zone=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([], "a time of day"),
        ([AN_HOUR], "a time of day"),
        (["DTSTART;VALUE=DATE:20260922"], "a time of day"),
        (["DTSTART:20260922T180000", AN_HOUR], "must name a time zone"),
        (["DTSTART;TZID=Mars/Base:20260922T180000", AN_HOUR], "'Mars/Base' is not known"),
        (["DTSTART;TZID=../etc/passwd:20260922T180000", AN_HOUR], "is not known"),
        (["DTSTART:20260922T180030Z", AN_HOUR], "whole minute"),
        (["DTSTART:20269922T180000Z", AN_HOUR], "is none"),
        (["DTSTART:20260922T186000Z", AN_HOUR], "is none"),
        (["DTSTART:00010101T000000Z", AN_HOUR], "between 1970 and 2299"),
        (["DTSTART:99991231T235959Z", AN_HOUR], "between 1970 and 2299"),
        ([IN_NEW_YORK], "from 5 minutes to 7 days"),
        ([IN_NEW_YORK, "DURATION:PT4M59S"], "from 5 minutes to 7 days"),
        ([IN_NEW_YORK, "DURATION:P8D"], "from 5 minutes to 7 days"),
        ([IN_NEW_YORK, "DURATION:-PT1H"], "from 5 minutes to 7 days"),
        ([IN_NEW_YORK, "DURATION:an hour"], "duration is none"),
        ([IN_NEW_YORK, "DURATION:P99999999999D"], "duration is none"),
        ([IN_NEW_YORK, AN_HOUR, "DTEND:20260922T230000Z"], "not both"),
        ([IN_NEW_YORK, "DTEND;VALUE=DATE:20260923"], "both be days"),
        ([IN_NEW_YORK, IN_NEW_YORK, AN_HOUR], "more than one DTSTART"),
        ([IN_NEW_YORK, AN_HOUR, TUESDAYS, TUESDAYS], "more than one RRULE"),
        ([IN_NEW_YORK, AN_HOUR, TUESDAYS, "RDATE:20260923T180000Z"], "RDATE"),
        ([IN_NEW_YORK, AN_HOUR, TUESDAYS, "EXRULE:FREQ=MONTHLY"], "EXRULE"),
        ([IN_NEW_YORK, AN_HOUR, "RECURRENCE-ID:20260922T220000Z"], "one date of another"),
        ([IN_NEW_YORK, AN_HOUR, "STATUS:CANCELLED"], "cancelled"),
        ([IN_NEW_YORK, AN_HOUR, "no property at all"], "cannot be read"),
        ([IN_NEW_YORK, AN_HOUR, "RRULE:FREQ=HOURLY"], "must have FREQ"),
        ([IN_NEW_YORK, AN_HOUR, "RRULE:FREQ=YEARLY;BYWEEKNO=39"], "BYWEEKNO"),
        ([IN_NEW_YORK, AN_HOUR, "RRULE:FREQ=DAILY;BYHOUR=9,18"], "BYHOUR"),
        ([IN_NEW_YORK, AN_HOUR, "RRULE:every Tuesday"], "must be an RRULE"),
        ([IN_NEW_YORK, AN_HOUR, f"{TUESDAYS};COUNT=2;UNTIL=20261001"], "both COUNT and UNTIL"),
        ([IN_NEW_YORK, AN_HOUR, f"{TUESDAYS};UNTIL=20260901"], "ends before it begins"),
        ([IN_NEW_YORK, AN_HOUR, f"{TUESDAYS};UNTIL=soon"], "is none"),
        ([IN_NEW_YORK, AN_HOUR, "RRULE:FREQ=WEEKLY;BYDAY=MO"], "does not follow its own rule"),
        ([IN_NEW_YORK, AN_HOUR, "EXDATE;TZID=America/New_York:20260922T180000"], "only date"),
        ([IN_NEW_YORK, AN_HOUR, TUESDAYS, "EXDATE:" + ",".join(["20260922"] * 367)], "at most 366"),
    ],
)
def test_what_cannot_be_a_plan_is_refused_with_the_reason(lines: list[str], why: str) -> None:
    assert why in refused(*lines)


def test_one_bad_event_keeps_no_other_from_being_drafted() -> None:
    good = ["SUMMARY:Good", IN_NEW_YORK, AN_HOUR]
    drafts, refused = read_plans(calendar(good, ["SUMMARY:Bad"], good), NEW_YORK, TODAY)
    assert [(one.number, one.title) for one in drafts] == [(1, "Good"), (3, "Good")]
    assert refused == [Refusal(2, "Bad", "It must have a time of day at which it begins.")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "\x00",
        calendar(),
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT",
        "BEGIN:VCALENDAR\r\nEND:VEVENT",
        "END:VCALENDAR",
        "BEGIN:VEVENT\r\nEND:VEVENT",
        "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nEND:VTODO\r\nEND:VCALENDAR",
        calendar(*[[]] * (MOST_EVENTS + 1)),
        calendar([f"COMMENT:{'x' * LONGEST_FILE_CHARS}"]),
    ],
)
def test_what_is_no_calendar_file_or_too_large_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(Invalid):
        read_plans(text, NEW_YORK, TODAY)


def test_as_many_events_as_are_allowed_are_read() -> None:
    drafts, refused = read_plans(calendar(*[[]] * MOST_EVENTS), NEW_YORK, TODAY)
    assert (len(drafts), len(refused)) == (0, MOST_EVENTS)


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=60), cut=st.integers(0, 400), more=st.text(max_size=5))
def test_no_text_whatever_makes_it_fail(text: str, cut: int, more: str) -> None:
    whole = calendar(["SUMMARY:" + text, IN_NEW_YORK, AN_HOUR, TUESDAYS, "EXDATE:20260929"])
    for said in (text, calendar([text]), whole[:cut] + more + whole[cut:]):
        try:
            read_plans(said, NEW_YORK, TODAY)
        except Invalid:
            continue

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from supervision.checkins.due import Recurring, due_times
from supervision.checkins.ical import PlanDraft, Refusal, person_calendar, read_plans
from supervision.checkins.ical.events import LONGEST_FILE_CHARS
from supervision.checkins.ical.plans import MOST_EVENTS
from supervision.core.errors import Invalid
from supervision.core.recurrence import read_recurrence
from tests.unit.checkins.test_calendars import ENTRY, PLACES
from tests.unit.checkins.test_due import ZONES

NEW_YORK, CHICAGO = ZoneInfo("America/New_York"), ZoneInfo("America/Chicago")
TODAY = date(2026, 9, 21)
FIRST, LAST = date(2025, 1, 1), date(2031, 1, 1)
HOUR = timedelta(hours=1)
IN_NEW_YORK = "DTSTART;TZID=America/New_York:20260922T180000"
AN_HOUR = "DURATION:PT1H"
TUESDAYS = "RRULE:FREQ=WEEKLY;BYDAY=TU"


def calendar(*events: list[str]) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def drafted(*lines: str, zone: ZoneInfo = NEW_YORK) -> PlanDraft:
    drafts, refused = read_plans(calendar(list(lines)), zone, TODAY)
    assert refused == []
    [draft] = drafts
    return draft


def refused(*lines: str, zone: ZoneInfo = NEW_YORK) -> str:
    drafts, [why] = read_plans(calendar(list(lines)), zone, TODAY)
    assert drafts == []
    return why.reason


def asked(
    draft: PlanDraft, zone: ZoneInfo, first: date = FIRST, last: date = LAST
) -> list[datetime]:
    """When a plan with this draft's words would be due."""
    last = min(last, draft.ends_on or last)
    regular = Recurring(draft.rrule, draft.starts_on, draft.at, zone)
    return [
        due.due_at
        for due in due_times(regular, first, last)
        if due.local_date not in draft.except_on
    ]


def test_a_repeated_event_becomes_a_draft_by_the_persons_clocks() -> None:
    draft = drafted(
        "SUMMARY:Group\\, weekly",
        IN_NEW_YORK,
        "DTEND;TZID=America/New_York:20260922T193000",
        "RRULE:FREQ=WEEKLY;UNTIL=20261201T225959Z;BYDAY=TU,FR;WKST=SU",
        "EXDATE;TZID=America/New_York:20260925T180000,20260929T180000",
        "LOCATION:Room 3\\; 1 Main St\\nring twice",
        "BEGIN:VALARM",
        "TRIGGER:-PT15M",
        "END:VALARM",
    )
    assert draft == PlanDraft(
        number=1,
        title="Group, weekly",
        rrule="FREQ=WEEKLY;BYDAY=TU,FR;WKST=SU",
        starts_on=date(2026, 9, 22),
        at=time(18),
        window=timedelta(minutes=90),
        except_on=[date(2026, 9, 25), date(2026, 9, 29)],
        ends_on=date(2026, 11, 30),
        place="Room 3; 1 Main St ring twice",
        warnings=[],
    )


@pytest.mark.parametrize(
    ("until", "ends_on"),
    [
        ("20261201T230000Z", date(2026, 12, 1)),  # 18:00 in New York, which is the last
        ("20261201T225959Z", date(2026, 11, 30)),
        ("20261202T045959Z", date(2026, 12, 1)),
        ("20261201T180000", date(2026, 12, 1)),
        ("20261201", date(2026, 12, 1)),
    ],
)
def test_an_end_in_any_form_is_the_last_local_date(until: str, ends_on: date) -> None:
    assert drafted(IN_NEW_YORK, AN_HOUR, f"{TUESDAYS};UNTIL={until}").ends_on == ends_on


def test_an_event_that_is_not_repeated_is_a_plan_of_one_date() -> None:
    draft = drafted("DTSTART:20261008T133000Z", AN_HOUR)
    assert (draft.rrule, draft.starts_on, draft.at) == (
        "FREQ=DAILY;COUNT=1",
        date(2026, 10, 8),
        time(9, 30),
    )
    assert draft.warnings == ["The file has its time in UTC; here it is in America/New_York."]
    assert drafted("DTSTART:20261008T013000Z", AN_HOUR).starts_on == date(2026, 10, 7)


@pytest.mark.parametrize(
    ("end", "minutes"),
    [
        ("DTEND:20261101T053000Z", 60),
        ("DTEND;TZID=America/Chicago:20261101T003000", 60),
        ("DTEND;TZID=America/New_York:20261101T023000", 180),  # clocks are put back at two
    ],
)
def test_a_window_is_as_long_as_it_lasts_whatever_clocks_show(end: str, minutes: int) -> None:
    draft = drafted("DTSTART;TZID=America/New_York:20261101T003000", end)
    assert draft.window == timedelta(minutes=minutes)


def test_a_plan_that_begins_in_the_night_of_a_jump_keeps_its_time_afterwards() -> None:
    draft = drafted("DTSTART;TZID=America/New_York:20270314T023000", AN_HOUR, "RRULE:FREQ=DAILY")
    assert (draft.starts_on, draft.at) == (date(2027, 3, 14), time(2, 30))


def test_another_zone_is_taken_over_where_its_clocks_go_along() -> None:
    draft = drafted(IN_NEW_YORK, AN_HOUR, TUESDAYS, zone=CHICAGO)
    assert (draft.at, draft.starts_on) == (time(17), date(2026, 9, 22))
    assert asked(draft, CHICAGO) == asked(drafted(IN_NEW_YORK, AN_HOUR, TUESDAYS), NEW_YORK)
    windows = IN_NEW_YORK.replace("America/New_York", "Eastern Standard Time")
    assert drafted(windows, AN_HOUR, TUESDAYS).warnings == []


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


def test_an_officer_is_told_what_to_look_at() -> None:
    others = "EXDATE;TZID=America/New_York:20260929T190000"
    assert drafted(IN_NEW_YORK, AN_HOUR, TUESDAYS, others).warnings == [
        "Exceptions at another time than its own were left out."
    ]
    over = drafted(IN_NEW_YORK.replace("2026", "2025"), AN_HOUR, "RRULE:FREQ=DAILY;COUNT=5")
    assert over.warnings == ["It is over: it asks for nothing more."]
    long = drafted(IN_NEW_YORK, AN_HOUR, f"LOCATION:{'far ' * 80}")
    assert len(long.place or "") == 199
    assert long.warnings == ["Its place was cut: it is too long."]
    moved = ["UID:1", IN_NEW_YORK, AN_HOUR, "RECURRENCE-ID:20260929T220000Z"]
    whole = ["UID:1", IN_NEW_YORK, AN_HOUR, TUESDAYS]
    [draft], [_] = read_plans(calendar(whole, moved), NEW_YORK, TODAY)
    assert draft.warnings == ["The file changes single dates of it, which are not in here."]


def test_what_a_file_says_of_a_zone_does_not_move_it() -> None:
    lie = (
        "BEGIN:VTIMEZONE\r\nTZID:America/New_York\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT"
    )
    text = calendar([IN_NEW_YORK, AN_HOUR, TUESDAYS])
    told = text.replace("BEGIN:VEVENT", lie)
    assert read_plans(told, NEW_YORK, TODAY) == read_plans(text, NEW_YORK, TODAY)
    with pytest.raises(Invalid, match="not known"):
        raise Invalid(refused("DTSTART;TZID=Own:20260922T180000", AN_HOUR))


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


DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
WEEKDAYS = st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True).map(",".join)
EVERY = st.sampled_from(["", ";INTERVAL=2", ";INTERVAL=3"])
RULES = st.one_of(
    st.just("FREQ=DAILY"),
    st.builds("FREQ=WEEKLY;BYDAY={};WKST={}".format, WEEKDAYS, st.sampled_from(DAYS)),
    st.just("FREQ=WEEKLY"),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, st.integers(-28, 31).filter(bool)),
    st.builds(
        "FREQ=MONTHLY;BYDAY={}{}".format,
        st.integers(-4, 4).filter(bool),
        WEEKDAYS.map("{:.2}".format),
    ),
    st.just("FREQ=MONTHLY"),
    st.builds("FREQ=YEARLY;BYMONTH={}".format, st.integers(1, 12)),
    st.just("FREQ=YEARLY"),
)
ENDS = st.sampled_from(["", "COUNT", "UNTIL"])


@settings(max_examples=60, deadline=None)
@given(
    rule=st.builds("{}{}".format, RULES, EVERY),
    end=ENDS,
    near=st.dates(date(2025, 6, 1), date(2027, 6, 1)).filter(lambda day: day.day <= 28),
    minute=st.integers(0, 1439),
    zone=st.sampled_from(ZONES),
    window_min=st.integers(5, 7 * 1440),
    data=st.data(),
)
def test_a_plan_that_another_program_wrote_down_comes_back_with_the_same_due_times(
    rule: str,
    end: str,
    near: date,
    minute: int,
    zone: ZoneInfo,
    window_min: int,
    data: st.DataObject,
) -> None:
    starts_on = next(iter(read_recurrence(rule, near).dates(near, LAST)), None)
    assume(starts_on)
    assert starts_on is not None
    regular = Recurring(rule, starts_on, time(*divmod(minute, 60)), zone)
    dues = due_times(regular, starts_on, LAST)[:60]
    assume(dues)
    length = data.draw(st.integers(1, len(dues)))
    excepted = data.draw(st.sets(st.sampled_from(dues[:length]), max_size=length - 1))
    said = {
        "": "",
        "COUNT": f";COUNT={length}",
        "UNTIL": f";UNTIL={dues[length - 1].due_at:%Y%m%dT%H%M%SZ}",
    }
    lines = [
        f"DTSTART;TZID={zone.key}:{datetime.combine(starts_on, regular.at):%Y%m%dT%H%M%S}",
        f"DURATION:PT{window_min}M",
        f"RRULE:{rule}{said[end]}",
        *(f"EXDATE:{one.due_at:%Y%m%dT%H%M%SZ}" for one in excepted),
    ]
    draft = drafted(*lines, zone=zone)
    assert draft.window == timedelta(minutes=window_min)
    found = asked(draft, zone, last=dues[-1].local_date)
    expected = dues[:length] if end else dues
    assert found == [one.due_at for one in expected if one not in excepted]


@settings(max_examples=60, deadline=None)
@given(
    day=st.dates(date(2025, 1, 1), date(2030, 12, 31)),
    minute=st.integers(0, 1439),
    zone=st.sampled_from(ZONES),
    window_min=st.integers(5, 7 * 1440),
    place=PLACES,
)
def test_what_our_own_calendar_shows_is_due_again_at_the_same_time_when_it_is_read_back(
    day: date, minute: int, zone: ZoneInfo, window_min: int, place: str | None
) -> None:
    [due] = due_times(Recurring("FREQ=DAILY", day, time(*divmod(minute, 60)), zone), day, day)
    closes_at = due.due_at + timedelta(minutes=window_min)
    entry = replace(ENTRY, opens_at=due.due_at, closes_at=closes_at, place=place)
    text = person_calendar([entry], "en", ENTRY.changed_at).decode()
    [draft], refused = read_plans(text, zone, TODAY)
    assert refused == []
    assert asked(draft, zone, date(2024, 12, 31), date(2031, 1, 2)) == [due.due_at]
    assert draft.window == timedelta(minutes=window_min)
    assert draft.title == "Check-in"


REAL = sorted(Path(icalendar.__file__).parent.joinpath("tests").rglob("*.ics"))


@pytest.mark.skipif(not REAL, reason="icalendar is installed without its collection of files")
def test_files_that_other_programs_wrote_are_drafted_or_refused_never_failed_at() -> None:
    drafts, reasons = 0, set()
    for path in REAL:
        try:
            found, refused = read_plans(
                path.read_bytes().decode("utf-8", "replace"), NEW_YORK, TODAY
            )
        except Invalid as why:
            reasons.add(why.message)
            continue
        drafts += len(found)
        reasons |= {one.reason for one in refused}
    assert drafts >= 20
    assert len(reasons) >= 5


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=60), cut=st.integers(0, 400), more=st.text(max_size=5))
def test_no_text_whatever_makes_it_fail(text: str, cut: int, more: str) -> None:
    whole = calendar(["SUMMARY:" + text, IN_NEW_YORK, AN_HOUR, TUESDAYS, "EXDATE:20260929"])
    for said in (text, calendar([text]), whole[:cut] + more + whole[cut:]):
        try:
            read_plans(said, NEW_YORK, TODAY)
        except Invalid:
            continue

"""What an event in a file becomes: a draft of a plan, by the clocks of the person."""

from datetime import date, time, timedelta

import pytest

from supervision.checkins.ical import PlanDraft, read_plans
from supervision.core.errors import Invalid
from tests.unit.checkins.calendar_files import (
    AN_HOUR,
    CHICAGO,
    IN_NEW_YORK,
    NEW_YORK,
    TODAY,
    TUESDAYS,
    asked,
    calendar,
    drafted,
    refused,
)


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

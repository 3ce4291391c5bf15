import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervision.checkins.ical import Entry, officer_calendar, person_calendar
from supervision.checkins.rules import Method, Purpose, State
from tests import ics

NOW = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
URL = "https://supervision.example"
ENTRY = Entry(
    checkin_id=7,
    replaced=0,
    first_room="a-room",
    method=Method.VIDEO,
    purpose=Purpose.CHECKIN,
    state=State.SCHEDULED,
    is_unannounced=False,
    was_opened=False,
    opens_at=NOW + timedelta(hours=4),
    closes_at=NOW + timedelta(hours=5),
    place=None,
    changed_at=NOW,
)
UNANNOUNCED = replace(ENTRY, is_unannounced=True, first_room="another-room")
INSTANTS = st.integers(1_577_836_800, 2_208_988_800).map(lambda s: datetime.fromtimestamp(s, UTC))
HOSTILE = st.sampled_from(
    [
        "\r\nEND:VEVENT",
        "\nBEGIN:VALARM",
        "\x85DTSTART:1",
        "\u2028X:1",
        "\x0b",
        "\x00",
        "\\n",
        ",;:\\",
    ]
)
PLACES = st.none() | st.text(st.characters(exclude_categories=["Cs"])) | HOSTILE
ENTRIES = st.lists(
    st.builds(
        Entry,
        checkin_id=st.integers(1, 2**63 - 1),
        replaced=st.integers(0, 5),
        first_room=st.uuids().map(str),
        method=st.sampled_from(Method),
        purpose=st.sampled_from(Purpose),
        state=st.sampled_from(State),
        is_unannounced=st.booleans(),
        was_opened=st.booleans(),
        opens_at=INSTANTS,
        closes_at=INSTANTS,
        place=PLACES,
        changed_at=INSTANTS,
    ),
    max_size=5,
    unique_by=lambda entry: entry.first_room,
)


def persons(*entries: Entry, language: str = "en", now: datetime = NOW) -> ics.Read:
    return ics.read(person_calendar(entries, language, now))


def officers(*entries: Entry) -> ics.Read:
    return ics.read(officer_calendar(entries, URL))


def test_a_calendar_says_whose_it_is_not_and_when_to_be_read_again() -> None:
    assert persons(ENTRY).calendar == {
        "VERSION": "2.0",
        "PRODID": "-//Supervision//Check-ins//EN",
        "METHOD": "PUBLISH",
        "NAME": "Check-ins",
        "X-WR-CALNAME": "Check-ins",
        "REFRESH-INTERVAL;VALUE=DURATION": "PT15M",
        "X-PUBLISHED-TTL": "PT15M",
    }
    assert persons(language="es").calendar["X-WR-CALNAME"] == "Controles"


def test_a_persons_event_is_its_window_and_a_word() -> None:
    [event] = persons(ENTRY).events
    assert event == {
        "UID": event["UID"],
        "SUMMARY": "Check-in",
        "DTSTART": "20260921T181320Z",
        "DTEND": "20260921T191320Z",
        "STATUS": "CONFIRMED",
        "SEQUENCE": "0",
        "DTSTAMP": "20260921T141320Z",
        "LAST-MODIFIED": "20260921T141320Z",
        "CLASS": "PRIVATE",
        "TRANSP": "TRANSPARENT",
    }


def test_an_officers_event_says_how_and_links_to_whom_it_concerns() -> None:
    [mine], [his] = officers(ENTRY).events, persons(ENTRY).events
    link = f"{URL}/check-ins/7"
    assert mine == his | {"SUMMARY": "Check-in (video)", "URL": link, "DESCRIPTION": link}


@pytest.mark.parametrize(
    ("language", "purpose", "title"),
    [
        ("en", Purpose.CHECKIN, "Check-in"),
        ("en", Purpose.APPOINTMENT, "Appointment"),
        ("en", Purpose.COURT, "Court date"),
        ("es", Purpose.CHECKIN, "Control"),
        ("es", Purpose.APPOINTMENT, "Cita"),
        ("es", Purpose.COURT, "Fecha en la corte"),
    ],
)
def test_titles_are_in_his_language(language: str, purpose: Purpose, title: str) -> None:
    [event] = persons(replace(ENTRY, purpose=purpose), language=language).events
    assert event["SUMMARY"] == title
    is_free = purpose is Purpose.CHECKIN
    assert event["TRANSP"] == ("TRANSPARENT" if is_free else "OPAQUE")


def test_only_the_person_is_told_the_place() -> None:
    entry = replace(ENTRY, purpose=Purpose.COURT, place="Courtroom 3, 1 Main St; ring\ntwice")
    assert persons(entry).events[0]["LOCATION"] == "Courtroom 3, 1 Main St; ring twice"
    assert "LOCATION" not in officers(entry).events[0]


@pytest.mark.parametrize("state", list(State))
def test_what_is_asked_no_more_is_cancelled_and_nothing_says_what_became_of_the_rest(
    state: State,
) -> None:
    [event] = persons(replace(ENTRY, state=state)).events
    [asked] = persons(ENTRY).events
    gone = {"STATUS": "CANCELLED", "SEQUENCE": "1"}
    assert event == (asked | gone if state in {State.CANCELLED, State.REPLACED} else asked)


@pytest.mark.parametrize(
    ("opens_in_s", "was_opened", "is_shown"),
    [(1, False, False), (1, True, False), (0, False, False), (0, True, True), (-1, True, True)],
)
@pytest.mark.parametrize("state", list(State))
def test_an_unannounced_check_in_is_shown_once_it_has_opened(
    state: State, opens_in_s: int, *, was_opened: bool, is_shown: bool
) -> None:
    opens_at = NOW + timedelta(seconds=opens_in_s)
    entry = replace(UNANNOUNCED, state=state, was_opened=was_opened, opens_at=opens_at)
    assert bool(persons(entry).events) is is_shown
    assert len(officers(entry).events) == 1


@settings(max_examples=40, deadline=None)
@given(entries=ENTRIES, language=st.sampled_from(["en", "es"]), now=INSTANTS)
def test_nothing_in_a_persons_calendar_depends_on_what_he_may_not_know_yet(
    entries: list[Entry], language: str, now: datetime
) -> None:
    known = [
        one for one in entries if not one.is_unannounced or (one.was_opened and one.opens_at <= now)
    ]
    written = person_calendar(entries, language, now)
    assert written == person_calendar(known, language, now)
    assert len(ics.read(written).events) == len(known)


@settings(max_examples=40, deadline=None)
@given(entries=ENTRIES)
def test_whatever_a_place_holds_the_calendar_stays_whole_and_holds_the_rows_instants(
    entries: list[Entry],
) -> None:
    announced = [replace(one, is_unannounced=False) for one in entries]
    for written in (person_calendar(announced, "en", NOW), officer_calendar(announced, URL)):
        found = ics.read(written)
        library = icalendar.Calendar.from_ical(written)
        events: list[Any] = library.walk("VEVENT")
        assert len(found.events) == len(events) == len(announced)
        for entry, event, other in zip(announced, found.events, events, strict=True):
            times = (entry.opens_at, entry.closes_at)
            assert (ics.instant(event["DTSTART"]), ics.instant(event["DTEND"])) == times
            assert times == (other.DTSTART, other.DTEND)
            assert other.errors == []
            assert event.get("LOCATION", "") == str(other.get("LOCATION", ""))
            assert "\n" not in event.get("LOCATION", "")


STEPS = st.lists(st.sampled_from(["move", "drop"]), max_size=6)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS, read_after=st.sets(st.integers(0, 6)))
def test_a_program_that_puts_readings_together_shows_what_the_last_one_says(
    steps: list[str], read_after: set[int]
) -> None:
    """As RFC 5546 has it: the higher SEQUENCE of a UID holds, then the later DTSTAMP."""
    kept: dict[str, dict[str, str]] = {}
    entry, readings = ENTRY, [ENTRY]
    for minute, step in enumerate(steps, 1):
        at = NOW + timedelta(minutes=minute)
        if step == "drop":
            entry = replace(entry, state=State.REPLACED, changed_at=at)
        else:
            count, opens_at = entry.replaced + 1, entry.opens_at + timedelta(minutes=5)
            entry = replace(ENTRY, replaced=count, opens_at=opens_at, changed_at=at)
        readings.append(entry)
    seen = [one for number, one in enumerate(readings) if number in read_after]
    for one in [*seen, readings[-1]]:
        for uid, event in persons(one).by_uid().items():
            before = kept.get(uid, event)
            assert rank(event) >= rank(before), "never older than what was read before"
            kept[uid] = event
    assert ics.Read({}, list(kept.values())).asked() == persons(entry).asked()


def rank(event: dict[str, str]) -> tuple[int, str]:
    return int(event["SEQUENCE"]), event["DTSTAMP"]


def test_uids_are_one_for_a_slot_and_say_nothing_of_it() -> None:
    uids = [
        persons(replace(ENTRY, first_room=room, replaced=replaced)).events[0]["UID"]
        for room, replaced in itertools.product(["one", "two"], [0, 1])
    ]
    assert uids[0] == uids[1] != uids[2] == uids[3]
    assert "one" not in uids[0]
    other = replace(ENTRY, checkin_id=8, opens_at=NOW, state=State.MISSED, method=Method.PHONE)
    assert persons(other).events[0]["UID"] == persons(ENTRY).events[0]["UID"]
    assert officers(other).events[0]["UID"] == persons(ENTRY).events[0]["UID"]

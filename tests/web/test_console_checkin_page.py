"""One check-in's page: its facts and history in words, and what can be done now by plain forms."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from supervision.checkins.models import Checkin
from supervision.checkins.rules import Method, State
from supervision.core.errors import Invalid
from supervision.monitor import Monitor
from supervision.web.console.checkin_handling import read_local
from tests import factories
from tests.web.application import Web
from tests.web.console_visits import Browser, browser_of, words_of
from tests.web.offices import Office

NOW = factories.NOW  # 14:13:20 UTC
MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
NEW_YORK = ZoneInfo("America/New_York")
FORMS = ("attendance", "attempts", "sightings", "review", "excuse", "cancel")
SEEN = {"lon": "-104.98", "lat": "39.74", "accuracy": "12", "place": "From the car park"}


@pytest.fixture
def browser(web: Web, office: Office) -> Browser:
    return browser_of(web, office.officer)


def one(web: Web, office: Office, **values: Any) -> Checkin:
    opens_at = values.pop("opens_at", NOW - 10 * MINUTE)
    with web.behind() as session:
        chosen = {"state": State.OPEN} | values
        return factories.a_checkin_at(session, office.supervisee, opens_at, **chosen)


def state(web: Web, checkin: Checkin) -> str:
    with web.behind() as session:
        found: str = session.execute(
            text("SELECT state FROM checkin WHERE id = :id"), {"id": checkin.id}
        ).scalar_one()
    return found


def offered(browser: Browser, checkin: Checkin) -> set[str]:
    page = browser.get(f"/check-ins/{checkin.id}").text
    return {form for form in FORMS if f'action="/check-ins/{checkin.id}/{form}"' in page}


@pytest.mark.parametrize(
    ("values", "forms"),
    [
        ({"state": "scheduled", "opens_at": NOW + HOUR}, {"cancel"}),
        ({"state": "scheduled"}, {"attendance", "attempts", "cancel"}),
        ({"method": Method.PHONE_IN_SIGHT}, {"sightings", "attempts", "cancel"}),
        ({"state": "submitted", "submitted_at": NOW}, {"attempts", "review"}),
        (
            {"state": "missed", "opens_at": NOW - 5 * HOUR},
            {"attendance", "attempts", "review", "excuse"},
        ),
        (
            {"state": "missed", "opens_at": NOW - 5 * HOUR, "attended_at": NOW},
            {"attempts", "review", "excuse"},
        ),
        ({"state": "attended", "attended_at": NOW}, set()),
        ({"state": "cancelled"}, set()),
    ],
)
def test_what_can_be_done_now_is_offered_and_nothing_else(
    web: Web, office: Office, browser: Browser, values: dict[str, Any], forms: set[str]
) -> None:
    checkin = one(web, office, **values)
    assert offered(browser, checkin) == forms
    assert offered(browser_of(web, office.pretrial), checkin) == set()


def test_an_attendance_and_a_call_in_vain_are_logged_and_told_in_words(
    web: Web, office: Office, browser: Browser
) -> None:
    checkin = one(web, office)
    path = f"/check-ins/{checkin.id}"
    answer = browser.submit(f"{path}/attempts", {"why": "voicemail"})
    assert (answer.status_code, answer.headers["location"]) == (HTTPStatus.SEE_OTHER, path)
    browser.submit(f"{path}/attendance", {"at": "2026-09-21T14:05"})
    page = browser.page(path)
    name = office.officer.display_name
    assert f"14:13:20 UTC Call reached nobody {name}Voicemail" in page
    assert f"14:13:20 UTC Attended at 14:05:00 UTC {name}" in page
    assert state(web, checkin) == "attended"
    assert web.audited(office, "checkin:attempted") == [f"checkin:{checkin.id}"]
    assert web.audited(office, "checkin:attended") == [f"checkin:{checkin.id}"]


def test_a_call_within_sight_is_attested_with_place_and_position(
    web: Web, office: Office, browser: Browser
) -> None:
    checkin = one(web, office, method=Method.PHONE_IN_SIGHT)
    path = f"/check-ins/{checkin.id}"
    refused = browser.submit(f"{path}/attendance", {})
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "once you attest from where you saw the person" in words_of(refused.text)
    browser.submit(f"{path}/sightings", SEEN)
    assert web.audited(office, "checkin:viewed") == []
    page = browser.page(path)
    assert "From the car park 14:13:20 UTC" in page
    assert "-104.98000, 39.74000 (longitude, latitude), accuracy 12 m" in page
    assert "Seen from a distance" in page
    assert web.audited(office, "checkin:seen") == [f"checkin:{checkin.id}"]
    assert web.audited(office, "checkin:viewed") == [f"checkin:{checkin.id}"]


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"lon": "east"}, "The longitude must be a number."),
        ({"lat": ""}, "The latitude must be a number."),
        ({"lat": "nan"}, "The longitude lies from -180 to 180"),
        ({"accuracy": "near"}, "The accuracy must be a number."),
        ({"place": " "}, "Say in words from where you saw the person."),
        ({"at": "yesterday"}, "Write the time as a date and a time of day"),
        ({"at": "2026-09-21T13:00"}, "It must have been after the window opened"),
        ({"at": "2026-09-21T15:00"}, "It must have been after the window opened"),
    ],
    ids=str,
)
def test_what_is_refused_is_asked_for_again_with_all_that_was_written(
    web: Web, office: Office, browser: Browser, wrong: dict[str, str], complaint: str
) -> None:
    checkin = one(web, office, method=Method.PHONE_IN_SIGHT)
    typed = {**SEEN, "place": "By the gate of the depot", **wrong}
    answer = browser.submit(f"/check-ins/{checkin.id}/sightings", typed)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert complaint in words_of(answer.text)
    for value in typed.values():
        assert f'value="{value.strip()}"' in answer.text
    assert state(web, checkin) == "open"
    assert web.audited(office, "checkin:seen") == []


def test_a_miss_is_looked_at_with_a_note_and_excused_with_a_reason(
    web: Web, office: Office, browser: Browser
) -> None:
    checkin = one(web, office, opens_at=NOW - 5 * HOUR)
    Monitor(web.engine, web.clock, 5 * MINUTE).sweep_checkins()
    path = f"/check-ins/{checkin.id}"
    for act, complaint in (("review", "Write a note: a miss"), ("excuse", "Give a")):
        answer = browser.submit(f"{path}/{act}", {})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert complaint in words_of(answer.text)
    browser.submit(f"{path}/review", {"note": "The bus had broken down."})
    assert "Looked at" in browser.page(path)
    assert "The bus had broken down." in browser.page(path)
    assert "review" not in offered(browser, checkin)
    browser.submit(f"{path}/excuse", {"reason": "The bus company confirms it."})
    assert state(web, checkin) == "excused"
    assert web.audited(office, "checkin:reviewed") == [f"checkin:{checkin.id}"]


def test_what_the_person_told_is_shown_with_its_place_and_the_look_is_on_record(
    web: Web, office: Office, browser: Browser
) -> None:
    submitted = {"state": State.SUBMITTED, "submitted_at": NOW, "method": Method.SELF}
    checkin = one(web, office, **submitted)
    with web.behind() as session:
        factories.a_submission(
            session, checkin, concerns=["far_position"], distance_m=4_120.0, judged_at=NOW
        )
    page = browser.page(f"/check-ins/{checkin.id}")
    for words in (
        "To look at first: far position",
        "slept at home yes",
        "Have you moved? no",
        "-104.98000, 39.74000 longitude, latitude, accuracy 12 m",
        "To his tracker then 4,120 m",
    ):
        assert words in page
    assert web.audited(office, "checkin:viewed") == [f"checkin:{checkin.id}"]
    browser.get("/check-ins")
    assert len(web.audited(office, "checkin:viewed")) == 1, "lists tell no place"


@pytest.mark.parametrize(
    ("values", "has_room"),
    [
        ({}, True),
        ({"state": "scheduled", "opens_at": NOW + 15 * MINUTE}, True),
        ({"state": "scheduled", "opens_at": NOW + 16 * MINUTE}, False),
        ({"state": "missed", "opens_at": NOW - 25 * HOUR}, True),
        ({"state": "missed", "opens_at": NOW - 26 * HOUR}, False),
        ({"state": "attended", "attended_at": NOW}, False),
        ({"method": Method.PHONE}, False),
    ],
    ids=str,
)
def test_a_video_call_is_joined_while_that_makes_sense(
    web: Web, office: Office, browser: Browser, values: dict[str, Any], *, has_room: bool
) -> None:
    checkin = one(web, office, **{"method": Method.VIDEO, **values})
    link = f"https://meet.jit.si/{checkin.room}"
    assert (link in browser.get(f"/check-ins/{checkin.id}").text) == has_room
    shown = web.signed_in(office.officer).get(f"/api/v1/checkins/{checkin.id}").json()
    assert shown["video_url"] == (link if has_room else None)
    assert checkin.room not in str({**shown, "video_url": None})


@pytest.mark.parametrize("act", FORMS)
def test_nothing_is_done_without_the_pages_own_token_or_to_another_caseloads_check_in(
    web: Web, office: Office, other_office: Office, browser: Browser, act: str
) -> None:
    checkin = one(web, office)
    fields = {"why": "busy", "reason": "R", "note": "N", **SEEN}
    path = f"/check-ins/{checkin.id}/{act}"
    forged = browser.client.post(path, data={"csrf_token": "x", **fields})
    assert forged.status_code == HTTPStatus.FORBIDDEN
    assert browser_of(web, office.pretrial).submit(path, fields).status_code == HTTPStatus.FORBIDDEN
    for stranger in (office.colleague, other_office.supervisor):
        theirs = browser_of(web, stranger)
        assert theirs.submit(path, fields).status_code == HTTPStatus.NOT_FOUND
        assert theirs.get(f"/check-ins/{checkin.id}").status_code == HTTPStatus.NOT_FOUND
    assert state(web, checkin) == "open"


def test_only_a_check_ins_page_may_ask_where_this_device_is(
    office: Office, browser: Browser
) -> None:
    policies = {
        path: "geolocation=(self)" in browser.get(path).headers["permissions-policy"]
        for path in ("/", "/check-ins", f"/check-ins/{office.checkin.id}", "/help")
    }
    assert [path for path, may_ask in policies.items() if may_ask] == [
        f"/check-ins/{office.checkin.id}"
    ]


def test_a_persons_page_tells_plans_in_words_and_the_next_and_last_check_ins(
    web: Web, office: Office, browser: Browser
) -> None:
    with web.behind() as session:
        him = factories.a_supervisee(session, office.officer, time_zone="America/New_York")
        for days in range(1, 8):
            factories.a_checkin_at(session, him, NOW + days * 24 * HOUR)
        factories.a_checkin_at(session, him, NOW - 5 * HOUR, state=State.EXCUSED)
    page = browser.page(f"/supervisees/{him.id}")
    asked = "Every Tuesday and Friday at 18:00, telephone call, window 1 h, grace 15 min"
    assert f"{asked} by the clocks of America/New_York" in page
    assert page.count("Due later") == 5
    assert page.count("Excused") == 1
    assert (
        f"/check-ins?needs=awaiting&amp;person={him.id}"
        in browser.get(f"/supervisees/{him.id}").text
    )


@pytest.mark.parametrize(
    ("typed", "now", "instant"),
    [
        ("2026-09-21T18:05", "2026-09-21T23:00", "2026-09-21T22:05"),
        ("2026-11-01T01:40", "2026-11-01T05:45", "2026-11-01T05:40"),
        ("2026-11-01T01:40", "2026-11-01T06:45", "2026-11-01T06:40"),
        ("2026-03-08T02:30", "2026-03-08T09:00", "2026-03-08T07:00"),
    ],
)
def test_a_time_is_read_by_the_agencys_clock_and_of_two_the_later_that_has_been(
    typed: str, now: str, instant: str
) -> None:
    read = read_local(typed, NEW_YORK, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert read == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "typed", ["x", "2026-09-21T18:05Z", "0001-01-01T00:00", "9999-12-31T23:59"]
)
def test_what_is_no_local_time_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        read_local(typed, NEW_YORK, NOW)

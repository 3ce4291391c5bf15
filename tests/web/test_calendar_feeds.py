from datetime import timedelta
from typing import Any

import icalendar
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text

from supervision.checkins.models import CalendarFeed
from supervision.core.access import Role
from supervision.core.tokens import hash_token
from supervision.register.models import Officer, Supervisee
from tests import factories, ics
from tests.web.application import Web
from tests.web.office_rows import a_checkin
from tests.web.offices import Office

API = "/api/v1"
FEEDS = f"{API}/calendar-feeds"
PUBLIC_URL = "http://127.0.0.1:8080"


@pytest.fixture
def his_feeds(office: Office) -> str:
    return f"{API}/supervisees/{office.supervisee.id}/calendar-feeds"


def made(client: TestClient, path: str = FEEDS) -> tuple[int, str]:
    answer = client.post(path)
    assert answer.status_code == 201, answer.text
    url = answer.json()["url"]
    assert url.startswith(f"{PUBLIC_URL}/calendar/")
    return answer.json()["id"], url.removeprefix(PUBLIC_URL)


def read(web: Web, path: str) -> list[dict[str, str]]:
    """What a program without a sign-in finds there."""
    answer = web.anybody().get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return ics.read(answer.content).events


def change(web: Web, row: Officer | Supervisee, **values: Any) -> None:
    with web.behind() as session:
        kept = session.get_one(type(row), row.id)
        for name, value in values.items():
            setattr(kept, name, value)


def is_not_there(web: Web, path: str) -> bool:
    """Whether the answer is the one that an address gets which nobody ever gave out."""
    agency = path.rpartition("/")[2].partition(".")[0]
    found, unknown = (told(web.anybody().get(one)) for one in (path, f"/calendar/{agency}.x.ics"))
    assert unknown[0] == 404
    return found == unknown


def told(answer: Response) -> tuple[int, dict[str, str], dict[str, Any]]:
    body = answer.json() if answer.status_code == 404 else {}
    return answer.status_code, dict(answer.headers), body | {"instance": None}


def test_an_officers_program_reads_the_caseload_as_it_is_at_each_reading(
    web: Web, office: Office, officer: TestClient
) -> None:
    _, path = made(officer)
    [event] = read(web, path)
    assert event["SUMMARY"] == "Check-in (telephone)"
    assert event["URL"] == f"{PUBLIC_URL}/check-ins/{office.checkin.id}"
    assert ics.instant(event["DTSTART"]) == office.checkin.opens_at
    assert ics.instant(event["DTEND"]) == office.checkin.closes_at
    change(web, office.supervisee, supervising_officer_id=office.colleague.id)
    assert read(web, path) == []
    _, theirs = made(web.signed_in(office.colleague))
    assert read(web, theirs) == [event]


def test_a_persons_program_reads_his_own_check_ins_in_his_language(
    web: Web, office: Office, officer: TestClient, his_feeds: str
) -> None:
    with web.behind() as session:
        a_checkin(session, factories.a_supervisee(session, office.officer))
    _, path = made(officer, his_feeds)
    [event] = read(web, path)
    assert event["SUMMARY"] == "Check-in"
    change(web, office.supervisee, language="es")
    assert read(web, path) == [event | {"SUMMARY": "Control"}]


def test_neither_calendar_names_anybody_or_says_what_the_case_is(
    web: Web, office: Office, officer: TestClient, his_feeds: str
) -> None:
    secrets = [
        office.supervisee.full_name,
        office.supervisee.case_number,
        office.officer.display_name,
        office.order.court,
        office.clause.wording,
        "zone",
        "missed",
        office.checkin.room,
    ]
    for _, path in (made(officer), made(officer, his_feeds)):
        shown = web.anybody().get(path).text
        assert len(ics.read(shown.encode()).events) == 1
        assert [word for word in secrets if word.lower() in shown.lower()] == []


def test_only_the_hash_of_its_token_is_kept_and_no_list_tells_it(
    web: Web, officer: TestClient
) -> None:
    feed_id, path = made(officer)
    token = path.removesuffix(".ics").rpartition(".")[2]
    assert len(token) == 43, "256 bits"
    with web.behind() as session:
        assert session.get_one(CalendarFeed, feed_id).token_hash == hash_token(token)
    assert token not in officer.get(FEEDS).text
    assert made(officer)[1] != path


def test_feeds_are_listed_and_audited(
    web: Web, office: Office, officer: TestClient, his_feeds: str
) -> None:
    own, _ = made(officer)
    his, _ = made(officer, his_feeds)
    listed = officer.get(FEEDS).json()["items"]
    assert [one["id"] for one in listed] == [office.calendar_feed.id, own, his]
    assert listed[1] == {
        "id": own,
        "officer_id": office.officer.id,
        "supervisee_id": None,
        "made_by_id": office.officer.id,
        "made_at": "2026-09-21T14:13:20Z",
        "ended_at": None,
    }
    only_his = officer.get(FEEDS, params={"supervisee_id": office.supervisee.id}).json()["items"]
    assert [one["id"] for one in only_his] == [office.calendar_feed.id, his]
    first = officer.get(FEEDS, params={"limit": 1}).json()
    rest = officer.get(FEEDS, params={"cursor": first["next"]}).json()["items"]
    assert first["items"] + rest == listed
    assert officer.post(f"{FEEDS}/{own}/end").json()["ended_at"] == "2026-09-21T14:13:20Z"
    assert web.audited(office, "calendar_feed:made") == [
        f"calendar_feed:{one}" for one in (own, his)
    ]
    assert web.audited(office, "calendar_feed:ended") == [f"calendar_feed:{own}"]


def test_a_feed_that_was_ended_is_as_if_it_had_never_been(
    web: Web, officer: TestClient, his_feeds: str
) -> None:
    feeds = [made(officer), made(officer, his_feeds)]
    for feed_id, path in feeds:
        assert not is_not_there(web, path)
        assert officer.post(f"{FEEDS}/{feed_id}/end").status_code == 200
        assert is_not_there(web, path)
        assert officer.post(f"{FEEDS}/{feed_id}/end").status_code == 409


@pytest.mark.parametrize("values", [{"is_active": False}, {"role": "administrator"}])
def test_an_officer_who_left_or_does_other_work_takes_no_calendar_along(
    web: Web, office: Office, officer: TestClient, his_feeds: str, values: dict[str, Any]
) -> None:
    (_, own), (_, his) = made(officer), made(officer, his_feeds)
    change(web, office.officer, **values)
    assert is_not_there(web, own)
    assert not is_not_there(web, his), "the person's own stays"
    change(web, office.officer, is_active=True, role="officer")
    assert not is_not_there(web, own)


def test_an_address_opens_nothing_in_another_agency_and_nothing_that_is_no_address(
    web: Web, office: Office, other_office: Office, officer: TestClient
) -> None:
    _, path = made(officer)
    mine, other = str(office.agency.id), str(other_office.agency.id)
    wrong = [
        path.replace(f"/{mine}.", f"/{one}.") for one in (other, "0", "-1", "9" * 19, "9" * 30)
    ]
    wrong += [
        path.replace(f"/{mine}.", one) for one in ("/", "/.", f"/{mine}", "/%C2%B2.", "/%00.")
    ]
    wrong += [path.replace(".ics", end) for end in ("x.ics", "%00.ics", ".ics.ics", "")]
    for one in wrong:
        assert web.anybody().get(one).status_code == 404, one
    assert web.anybody().get(path).status_code == 200


def test_a_program_is_told_when_nothing_changed_and_stores_nothing_on_the_way(
    web: Web, office: Office, officer: TestClient
) -> None:
    _, path = made(officer)
    answer = web.anybody().get(path)
    assert answer.headers["cache-control"] == "no-store"
    tag = answer.headers["etag"]
    web.clock.forward(900)
    for sent in (tag, f"W/{tag}", f'"other", {tag}'):
        again = web.anybody().get(path, headers={"If-None-Match": sent})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    reason = {"reason": "The officer is ill."}
    cancelled = web.signed_in(office.officer).post(
        f"{API}/checkins/{office.checkin.id}/cancel", json=reason
    )
    assert cancelled.status_code == 200
    changed = web.anybody().get(path, headers={"If-None-Match": tag})
    [event] = ics.read(changed.content).events
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", "1")
    assert event["LAST-MODIFIED"] == "20260921T142820Z"


def test_who_sees_to_no_check_ins_makes_no_calendar_of_them(
    web: Web, office: Office, his_feeds: str
) -> None:
    for role, status in ((Role.PRETRIAL, 403), (Role.ADMINISTRATOR, 403), (Role.SUPERVISOR, 201)):
        client = web.signed_in(office.who(role))
        assert [client.post(path).status_code for path in (FEEDS, his_feeds)] == [status, status]


def test_a_colleague_neither_sees_nor_makes_nor_ends_another_caseloads_feeds(
    web: Web, office: Office, officer: TestClient, his_feeds: str
) -> None:
    own, path = made(officer)
    colleague = web.signed_in(office.colleague)
    assert colleague.get(FEEDS).json()["items"] == []
    assert colleague.post(his_feeds).status_code == 404
    for feed_id in (own, office.calendar_feed.id):
        assert colleague.post(f"{FEEDS}/{feed_id}/end").status_code == 404
    assert not is_not_there(web, path)
    supervisor = web.signed_in(office.supervisor)
    assert [one["id"] for one in supervisor.get(FEEDS).json()["items"]] == [
        office.calendar_feed.id,
        own,
    ]
    assert supervisor.post(f"{FEEDS}/{own}/end").status_code == 200


def test_the_calendar_program_of_a_library_finds_the_rows_instants(
    web: Web, office: Office, officer: TestClient
) -> None:
    daily = {"kind": "regular", "rrule": "FREQ=DAILY", "at": "02:30"}
    plan = {"method": "video", "timing": daily, "starts_on": "2026-09-21"}
    with web.behind() as session:
        person = factories.a_supervisee(session, office.officer, time_zone="America/New_York")
    plans = f"{API}/supervisees/{person.id}/checkin-plans"
    assert officer.post(plans, json=plan).status_code == 201
    _, path = made(officer, f"{API}/supervisees/{person.id}/calendar-feeds")
    events: list[Any] = icalendar.Calendar.from_ical(web.anybody().get(path).content).walk("VEVENT")
    with web.behind() as session:
        rows = session.execute(
            text("SELECT opens_at, closes_at FROM checkin WHERE supervisee_id = :id ORDER BY id"),
            {"id": person.id},
        ).all()
    horizon = web.clock.now + timedelta(days=28)
    assert [(one.DTSTART, one.DTEND) for one in events] == [
        tuple(row) for row in rows if row.opens_at < horizon
    ]
    assert len(events) == 28

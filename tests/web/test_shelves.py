"""Shelving by the API and in the console: made, counted, shown, taken back."""

import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from alerts.catalogue import AlertKind
from supervision.monitor import Monitor
from tests import factories
from tests.web.application import Web
from tests.web.console_visits import browser_of, words_of
from tests.web.offices import Office

API = "/api/v1/shelves"
WHY = "The charger is replaced tonight."


@pytest.fixture
def client(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.officer)


def asked(office: Office, hours: float = 8, kind: str = "battery_low") -> dict[str, Any]:
    ends_at = factories.NOW + timedelta(hours=hours)
    person = {"supervisee_id": office.supervisee.id}
    return person | {"kind": kind, "ends_at": ends_at.isoformat(), "reason": WHY}


def found(web: Web, office: Office, kind: AlertKind = AlertKind.BATTERY_LOW) -> int:
    with web.behind() as session:
        return factories.an_alert(session, office.supervisee, kind=kind).id


def messages(web: Web, alert_id: int) -> int:
    with web.behind() as session:
        query = text("SELECT count(*) FROM notification WHERE alert_id = :id")
        return int(session.execute(query, {"id": alert_id}).scalar_one())


def test_a_shelf_is_made_prolonged_listed_and_ended_by_the_api(
    web: Web, office: Office, client: TestClient
) -> None:
    made = client.post(API, json=asked(office)).json()
    assert (made["shelved_by"], made["is_in_force"]) == (office.officer.display_name, True)
    alert_id = found(web, office)
    longer = client.post(API, json=asked(office, hours=12)).json()
    assert (longer["prolongs_id"], longer["held_count"]) == (made["id"], 1)
    assert longer["stretch_began_at"] == made["begins_at"]
    listed = client.get(API).json()["items"]
    assert [one["id"] for one in listed] == [longer["id"], made["id"], office.shelf.id]
    now = client.get(API, params={"is_in_force": True}).json()["items"]
    assert [one["id"] for one in now] == [office.shelf.id, longer["id"]]
    ended = client.post(f"{API}/{longer['id']}/end").json()
    assert (ended["is_in_force"], ended["ended_by_id"]) == (False, office.officer.id)
    again = client.post(f"{API}/{longer['id']}/end")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")
    assert messages(web, alert_id) == 0
    Monitor(web.engine, web.clock, timedelta(minutes=5)).escalate()
    assert messages(web, alert_id) == 1
    assert web.audited(office, "shelf:made") == [f"shelf:{made['id']}", f"shelf:{longer['id']}"]
    assert web.audited(office, "shelf:ended") == [f"shelf:{longer['id']}"]


def test_the_list_of_shelves_comes_in_pages(office: Office, client: TestClient) -> None:
    client.post(API, json=asked(office))
    first = client.get(API, params={"limit": 1}).json()
    second = client.get(API, params={"limit": 1, "cursor": first["next"]}).json()
    assert second["items"][0]["id"] == office.shelf.id
    assert second["next"] is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "strap_tamper"}, "never shelved"),
        ({"kind": "zone_entry"}, "never shelved"),
        ({"ends_at": "2026-09-22T02:13:21Z"}, "12 hours"),
        ({"ends_at": "2026-09-21T14:13:20Z"}, "future"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_is_not_shelved_is_refused_with_the_reason(
    web: Web, office: Office, client: TestClient, change: dict[str, str], words: str
) -> None:
    web.clock.now = factories.NOW
    answer = client.post(API, json=asked(office) | change)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in answer.text


def test_another_caseload_is_not_shelved_nor_shown(web: Web, office: Office) -> None:
    colleague = web.signed_in(office.colleague)
    assert colleague.post(API, json=asked(office)).status_code == HTTPStatus.NOT_FOUND
    assert colleague.post(f"{API}/{office.shelf.id}/end").status_code == HTTPStatus.NOT_FOUND
    assert colleague.get(API).json()["items"] == []
    supervisor = web.signed_in(office.supervisor)
    assert supervisor.post(f"{API}/{office.shelf.id}/end").status_code == HTTPStatus.OK


def test_the_trail_of_a_shelf_names_nobody(web: Web, office: Office, client: TestClient) -> None:
    client.post(API, json=asked(office))
    with web.behind() as session:
        query = text("SELECT detail FROM audit_entry WHERE agency_id = :agency AND tag = :tag")
        values = {"agency": office.agency.id, "tag": "shelf:made"}
        (detail,) = session.scalars(query, values)
    assert set(detail) == {"supervisee_id", "kind", "ends_at", "prolongs_id"}


def test_an_officer_shelves_what_is_noise_on_an_alerts_page(web: Web, office: Office) -> None:
    before = found(web, office)
    browser = browser_of(web, office.officer)
    page = f"/alerts/{before}"
    assert "Shelve alerts of this kind about this person" in browser.page(page)
    answer = browser.submit(f"{page}/shelve", {"hours": 4, "reason": WHY})
    assert (answer.status_code, answer.headers["location"]) == (
        HTTPStatus.SEE_OTHER,
        f"{page}#shelf",
    )
    held = found(web, office)
    words = browser.page(f"/alerts/{held}")
    assert "New for " in words
    assert "Shelved until 18:13" in words
    assert "If nobody does anything: the officer responsible is told, 18:13:20 UTC" in words
    assert f"is shelved until 18:13:20 UTC: {WHY} {office.officer.display_name}" in words
    assert "Held, its source is shelved" in words
    offered = re.findall(r"<option value=\"(\d+)\">\d+ hour", browser.get(page).text)
    assert offered == ["8", "12"]
    assert "Shelved until" not in words_of(browser.get(f"{page}/row").text)
    assert "Shelved until 18:13" in words_of(browser.get(f"/alerts/{held}/row").text)


def test_nothing_critical_has_a_form_to_shelve_it(web: Web, office: Office) -> None:
    browser = browser_of(web, office.officer)
    page = f"/alerts/{office.alert.id}"
    assert "Shelv" not in browser.page(page)
    answer = browser.submit(f"{page}/shelve", {"hours": 1, "reason": WHY})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "never shelved" in words_of(answer.text)


def test_the_first_screen_lists_and_counts_what_is_shelved_until_it_is_taken_back(
    web: Web, office: Office, client: TestClient
) -> None:
    made = client.post(API, json=asked(office, hours=2)).json()
    found(web, office)
    for officer in (office.officer, office.supervisor):
        words = browser_of(web, officer).page("/")
        assert words.count("2 shelved") == 2
        assert f"Tracker battery low of {office.supervisee.full_name} until 16:13: {WHY}" in words
        assert f"{office.officer.display_name}, 14:13; 1 alert held" in words
    assert "shelved" not in browser_of(web, office.colleague).page("/")
    browser = browser_of(web, office.supervisor)
    answer = browser.submit(f"/shelves/{made['id']}/end", {})
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert "1 shelved" in browser.page("/")
    web.clock.forward(8 * 3600)
    assert "shelved" not in browser_of(web, office.officer).page("/")


def test_a_pretrial_officer_sees_but_does_not_take_back(web: Web, office: Office) -> None:
    page = browser_of(web, office.pretrial).get("/").text
    assert "1 shelved" in page
    assert f"/shelves/{office.shelf.id}/end" not in page

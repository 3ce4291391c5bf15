"""The response to an alert, by the API and in the console."""

from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient

from supervision.core.access import Role
from tests.web.application import Web
from tests.web.console_visits import browser_of, words_of
from tests.web.offices import Office

API = "/api/v1"


@pytest.fixture
def client(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.officer)


@pytest.fixture
def path(office: Office) -> str:
    return f"{API}/alerts/{office.alert.id}"


def test_an_alert_shows_its_two_axes_and_its_class(client: TestClient, path: str) -> None:
    alert = client.get(path).json()
    assert (alert["handling"], alert["condition"], alert["urgency"]) == ("new", "active", "alarm")
    taken = client.post(f"{path}/take").json()
    assert (taken["handling"], taken["condition"]) == ("in_hand", "active")
    assert client.get(f"{API}/alerts", params={"handling": "in_hand"}).json()["items"]


def test_steps_and_contacts_are_told_by_the_api(client: TestClient, path: str) -> None:
    done = {"step": "call_participant", "outcome": "in_vain", "note": "Voicemail."}
    assert client.post(f"{path}/steps", json=done).json()["handling"] == "in_hand"
    spoken = {"whom": "protected_person", "means": "phone", "was_reached": True}
    events = client.post(f"{path}/contacts", json=spoken).json()["events"]
    assert [event["kind"] for event in events] == [
        "raised",
        "taken_in_hand",
        "step_ticked",
        "contact_logged",
    ]
    unknown = client.post(f"{path}/steps", json=done | {"step": "pray"})
    assert (unknown.status_code, unknown.json()["type"]) == (422, "/problems/invalid")


def test_critical_alerts_are_not_closed_in_bulk(client: TestClient, office: Office) -> None:
    body = {"alert_ids": [office.alert.id], "disposition": "device_fault", "note": "Loose."}
    answer = client.post(f"{API}/alerts/close", json=body)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")
    assert str(office.alert.id) in answer.json()["detail"]


def test_an_agencys_response_is_set_by_a_supervisor(web: Web, office: Office) -> None:
    supervisor = web.signed_in(office.who(Role.SUPERVISOR))
    path = f"{API}/response-protocols/strap_tamper"
    asked = supervisor.get(path).json()
    own = {"steps": [*asked["steps"], {"key": "shelter", "wording": "Call the shelter"}]}
    assert supervisor.put(path, json=own).json() == own
    assert supervisor.get(path).json() == own
    assert supervisor.put(path, json={"steps": own["steps"][2:]}).status_code == 422
    assert web.signed_in(office.officer).put(path, json=own).status_code == 403


def test_an_officer_ticks_the_response_on_the_alerts_page(web: Web, office: Office) -> None:
    browser = browser_of(web, office.officer)
    page = f"/alerts/{office.alert.id}"
    answer = browser.submit(f"{page}/steps", {"step": "call_participant", "outcome": "done"})
    assert (answer.status_code, answer.headers["location"]) == (
        HTTPStatus.SEE_OTHER,
        f"{page}#response",
    )
    contact = {"whom": "police", "means": "radio", "was_reached": "no", "note": "Engaged."}
    browser.submit(f"{page}/contacts", contact)
    words = words_of(browser.client.get(page).text)
    assert f"Call the supervised person Done, {office.officer.display_name}" in words
    assert "Police by radio, not reached" in words
    assert f"In hand {office.officer.display_name}" in words
    assert "Take in hand" not in words

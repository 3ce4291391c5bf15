"""Where a protected person pressed: for whoever sees to the alert, and on record."""

import pytest
from fastapi.testclient import TestClient

from supervision.core.access import Role
from tests import factories
from tests.web.application import Web
from tests.web.console_visits import browser_of, words_of
from tests.web.offices import Office
from tests.web.presses import press_her_button

API = "/api/v1"


@pytest.fixture
def device_id(web: Web, office: Office) -> int:
    """Registered, and handed to the protected person of the office's order, by the API."""
    with web.behind() as session:
        device = factories.a_device(session, office.agency.id, uid=f"alarm-{office.agency.id}")
    body = {"protected_person_id": office.order.protected_person_id, "at": "2026-01-01T00:00:00Z"}
    client = web.signed_in(office.pretrial)
    had = client.post(f"{API}/devices/{device.id}/entrust", json=body)
    assert had.status_code == 200, had.text
    assert had.json()["supervisee_id"] is None
    assert had.json()["protected_person_id"] == office.order.protected_person_id
    return device.id


@pytest.fixture
def alert_id(web: Web, office: Office, device_id: int) -> int:  # noqa: ARG001 -- comes first
    """Raised by a press, half a minute after his tracker was a kilometre north-east of there."""
    return press_her_button(web.engine, web.clock, office, f"alarm-{office.agency.id}")


@pytest.fixture
def officer(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.officer)


def test_the_officer_sees_where_she_pressed_and_how_far_he_was(
    web: Web, office: Office, officer: TestClient, alert_id: int
) -> None:
    said = officer.get(f"{API}/alerts/{alert_id}/protected-alarm").json()
    (press,) = said["presses"]
    assert (press["lon"], press["lat"], press["accuracy_m"]) == (-100.5, 41.625, 12)
    assert press["apart_m"] == pytest.approx(1001.4, abs=0.5)
    assert said["is_order_in_force"]
    her = f"protected_person:{office.order.protected_person_id}"
    assert web.audited(office, "protected_person:viewed") == [her]
    assert web.audited(office, "positions:viewed") == [f"supervisee:{office.supervisee.id}"]


def test_the_alert_itself_and_its_page_tell_no_place_of_hers(
    web: Web, office: Office, officer: TestClient, alert_id: int
) -> None:
    said = officer.get(f"{API}/alerts/{alert_id}").text
    page = browser_of(web, office.officer).get(f"/alerts/{alert_id}").text
    assert "41.625" not in said
    assert "41.625" not in page
    assert f'href="/alerts/{alert_id}/protected-person"' in page


def test_her_page_tells_how_to_reach_her_and_where_she_was(
    web: Web, office: Office, alert_id: int
) -> None:
    browser = browser_of(web, office.officer)
    page = words_of(browser.get(f"/alerts/{alert_id}/protected-person").text)
    assert "latitude 41.62500, longitude -100.50000" in page
    assert "known to 12 m" in page
    assert "1,001 m from there" in page
    assert "Safe contact" in page
    assert len(web.audited(office, "protected_person:viewed")) == 1


def test_another_officer_or_agency_sees_nothing_of_it(
    web: Web, office: Office, other_office: Office, alert_id: int
) -> None:
    for stranger in (office.colleague, other_office.supervisor):
        answer = web.signed_in(stranger).get(f"{API}/alerts/{alert_id}/protected-alarm")
        assert answer.status_code == 404
        page = browser_of(web, stranger).get(f"/alerts/{alert_id}/protected-person")
        assert page.status_code == 404
    assert web.audited(office, "protected_person:viewed") == []


def test_an_alert_of_another_kind_has_no_such_page(
    web: Web, office: Office, officer: TestClient
) -> None:
    assert officer.get(f"{API}/alerts/{office.alert.id}/protected-alarm").status_code == 404
    browser = browser_of(web, office.officer)
    assert browser.get(f"/alerts/{office.alert.id}/protected-person").status_code == 404


def test_who_has_which_device_is_listed_for_the_caseload(
    web: Web, office: Office, officer: TestClient, device_id: int
) -> None:
    asked = {"protected_person_id": office.order.protected_person_id}
    listed = officer.get(f"{API}/device-assignments", params=asked).json()["items"]
    assert [one["device_id"] for one in listed] == [device_id]
    colleague = web.signed_in(office.colleague)
    assert colleague.get(f"{API}/device-assignments", params=asked).json()["items"] == []


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_only_who_sees_to_protected_persons_hands_them_devices(
    web: Web, office: Office, role: Role
) -> None:
    body = {"protected_person_id": office.order.protected_person_id}
    client = web.signed_in(office.who(role))
    path = f"{API}/devices/{office.device.id}/entrust"
    assert client.post(path, json=body).status_code == 403

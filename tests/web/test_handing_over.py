"""Who supervises whom changes hands, and nothing that is open is left with nobody."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from supervision.core.access import Role
from supervision.register.models import Officer
from tests.web.application import Web
from tests.web.console_visits import browser_of
from tests.web.offices import Office

API = "/api/v1"


@pytest.fixture
def administrator(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.administrator)


def leave(client: TestClient, officer: Officer, successor: Officer | None = None) -> Any:
    body = {"successor_id": None if successor is None else successor.id}
    return client.post(f"{API}/officers/{officer.id}/deactivate", json=body)


def alerts_of(client: TestClient) -> list[int]:
    return [one["id"] for one in client.get(f"{API}/alerts").json()["items"]]


def test_who_leaves_signs_in_no_more_and_leaves_nobody_and_no_alert_behind(
    web: Web, office: Office, administrator: TestClient
) -> None:
    his, successor = web.signed_in(office.officer), web.signed_in(office.colleague)
    assert alerts_of(successor) == []
    left = leave(administrator, office.officer, office.colleague)
    assert (left.status_code, left.json()["is_active"]) == (200, False)
    assert his.get(f"{API}/alerts").status_code == 401
    assert web.sign_in(office.officer).status_code == 401
    assert alerts_of(successor) == [office.alert.id]
    taken = successor.post(f"{API}/alerts/{office.alert.id}/take")
    assert taken.json()["handling"] == "in_hand"
    assert web.audited(office, "officer:deactivated") == [f"officer:{office.officer.id}"]


def messages(web: Web, officer: Officer) -> list[str]:
    with web.behind() as session:
        query = text("SELECT idempotency_key AS key FROM notification WHERE officer_id = :officer")
        return [row.key for row in session.execute(query, {"officer": officer.id})]


def test_whoever_takes_over_is_told_of_what_is_open_and_named_as_its_officer(
    web: Web, office: Office, administrator: TestClient
) -> None:
    leave(administrator, office.officer, office.colleague)
    (key,) = messages(web, office.colleague)
    assert key.startswith(f"alert:{office.alert.id}:handed_over.")
    page = browser_of(web, office.colleague).page(f"/alerts/{office.alert.id}")
    assert f"for {office.colleague.display_name}" in page
    assert "Given to another officer" in page


def test_people_are_given_to_nobody_who_has_left(
    web: Web, office: Office, administrator: TestClient
) -> None:
    leave(administrator, office.colleague)
    supervisor = web.signed_in(office.supervisor)
    path = f"{API}/supervisees/{office.supervisee.id}/supervising-officer"
    assert supervisor.put(path, json={"officer_id": office.colleague.id}).status_code == 422
    backup = f"{API}/officers/{office.officer.id}/backup"
    assert supervisor.put(backup, json={"backup_id": office.colleague.id}).status_code == 422
    new = {
        "case_number": "26-CR-77",
        "full_name": "Alex Sample",
        "time_zone": "UTC",
        "supervising_officer_id": office.colleague.id,
    }
    assert supervisor.post(f"{API}/supervisees", json=new).status_code == 422


def test_people_are_not_left_with_nobody(office: Office, administrator: TestClient) -> None:
    refused = leave(administrator, office.officer)
    assert refused.status_code == 409
    assert "name who takes over" in refused.json()["detail"]
    assert leave(administrator, office.colleague).status_code == 200


@pytest.mark.parametrize("unfit", [Role.OFFICER, Role.PRETRIAL, Role.ADMINISTRATOR])
def test_whoever_takes_over_must_supervise(
    office: Office, administrator: TestClient, unfit: Role
) -> None:
    assert leave(administrator, office.officer, office.who(unfit)).status_code == 422


def test_who_has_left_takes_nobody_over(office: Office, administrator: TestClient) -> None:
    leave(administrator, office.colleague)
    assert leave(administrator, office.officer, office.colleague).status_code == 422
    assert leave(administrator, office.colleague).status_code == 409


def test_nobody_takes_himself_off(office: Office, administrator: TestClient) -> None:
    assert leave(administrator, office.administrator).status_code == 409


def test_the_successor_stands_in_where_the_leaver_did_and_never_for_himself(
    web: Web, office: Office, administrator: TestClient
) -> None:
    with web.behind() as session:
        query = text("UPDATE officer SET backup_id = :leaver WHERE id = ANY(:ids)")
        ids = [office.colleague.id, office.supervisor.id]
        session.execute(query, {"leaver": office.officer.id, "ids": ids})
    leave(administrator, office.officer, office.colleague)

    def backup_of(officer: Officer) -> int | None:
        told: int | None = administrator.get(f"{API}/officers/{officer.id}").json()["backup_id"]
        return told

    assert backup_of(office.supervisor) == office.colleague.id
    assert backup_of(office.colleague) is None


def test_who_comes_back_signs_in_again_and_supervises_nobody_yet(
    web: Web, office: Office, administrator: TestClient
) -> None:
    back = f"{API}/officers/{office.officer.id}/reactivate"
    assert administrator.post(back).status_code == 409
    leave(administrator, office.officer, office.colleague)
    assert administrator.post(back).json()["is_active"]
    assert web.signed_in(office.officer).get(f"{API}/supervisees").json()["items"] == []


def test_one_person_is_handed_over_with_what_is_open_about_him(web: Web, office: Office) -> None:
    path = f"{API}/supervisees/{office.supervisee.id}/supervising-officer"
    supervisor, successor = web.signed_in(office.supervisor), web.signed_in(office.colleague)
    handed = supervisor.put(path, json={"officer_id": office.colleague.id})
    assert handed.json()["supervising_officer_id"] == office.colleague.id
    assert alerts_of(successor) == [office.alert.id]
    assert supervisor.put(path, json={"officer_id": office.pretrial.id}).status_code == 422
    assert web.signed_in(office.officer).put(path, json={"officer_id": 1}).status_code == 403


def test_another_agencys_officer_takes_nobody_over(
    web: Web, office: Office, other_office: Office, administrator: TestClient
) -> None:
    assert leave(administrator, office.officer, other_office.colleague).status_code == 404
    path = f"{API}/supervisees/{office.supervisee.id}/supervising-officer"
    body = {"officer_id": other_office.colleague.id}
    assert web.signed_in(office.supervisor).put(path, json=body).status_code == 404

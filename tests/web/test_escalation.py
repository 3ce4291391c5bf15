"""Ladders, rotas and backups by the API, and what an alert's page says of the next step."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from supervision.core.access import Role
from tests.web.application import Web
from tests.web.console_visits import browser_of
from tests.web.offices import Office

API = "/api/v1"
LADDER = f"{API}/escalation-ladders/strap_tamper"


@pytest.fixture
def supervisor(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.who(Role.SUPERVISOR))


def a_rota(office: Office) -> dict[str, Any]:
    return {
        "name": "Nights",
        "officer_ids": [office.officer.id, office.who(Role.SUPERVISOR).id],
        "starts_on": "2026-09-21",
        "handover": "08:00:00",
        "shift_days": 1,
    }


def test_a_supervisor_sets_a_ladder_and_an_officer_reads_it(
    web: Web, office: Office, supervisor: TestClient
) -> None:
    known = supervisor.get(LADDER).json()
    assert [rung["post"] for rung in known["rungs"]] == ["responsible", "backup", "supervisors"]
    rota = supervisor.post(f"{API}/rotas", json=a_rota(office)).json()
    on_call = {"after_s": 60, "post": "rota", "id": rota["id"]}
    own = known | {"rungs": [known["rungs"][0], on_call], "again_s": 300}
    assert supervisor.put(LADDER, json=own).json() == own
    officer = web.signed_in(office.officer)
    assert officer.get(LADDER).json() == own
    assert officer.put(LADDER, json=own).status_code == 403


def test_a_ladder_below_the_floor_or_to_nobody_is_refused(supervisor: TestClient) -> None:
    known = supervisor.get(LADDER).json()
    slow = known | {"again_s": 7200}
    assert supervisor.put(LADDER, json=slow).json()["detail"].endswith("within 30 minutes.")
    stranger = {"after_s": 60, "post": "officer", "id": 2**62}
    nobody = known | {"rungs": [known["rungs"][0], stranger]}
    assert supervisor.put(LADDER, json=nobody).status_code == 404
    assert supervisor.get(LADDER).json() == known


def test_a_rota_says_who_is_on_call_and_an_override_goes_before_it(
    office: Office, supervisor: TestClient
) -> None:
    rota = supervisor.post(f"{API}/rotas", json=a_rota(office)).json()
    assert supervisor.post(f"{API}/rotas", json=a_rota(office)).status_code == 409
    path, first = f"{API}/rotas/{rota['id']}", office.officer.id
    assert supervisor.get(f"{path}/on-call").json()["officer_id"] == first
    other = office.who(Role.SUPERVISOR).id
    span = {"begins_at": "2026-09-21T14:00:00Z", "ends_at": "2026-09-21T15:00:00Z"}
    override = {"officer_id": other, **span}
    made = supervisor.post(f"{path}/overrides", json=override).json()
    assert made == override | {"id": made["id"]}
    assert supervisor.get(f"{path}/on-call").json()["officer_id"] == other
    later = {"at": "2026-09-21T15:00:00Z"}
    assert supervisor.get(f"{path}/on-call", params=later).json()["officer_id"] == first
    for ends_at in (span["begins_at"], "2028-09-21T15:00:00Z"):
        wrong = override | {"ends_at": ends_at}
        assert supervisor.post(f"{path}/overrides", json=wrong).status_code == 422
    over = override | {"begins_at": "2026-09-20T00:00:00Z", "ends_at": "2026-09-21T00:00:00Z"}
    assert supervisor.post(f"{path}/overrides", json=over).json()["detail"] == "It is over already."


def test_an_override_typed_wrongly_is_taken_back(
    web: Web, office: Office, supervisor: TestClient
) -> None:
    path = f"{API}/rotas/{office.rota.id}"
    (known,) = supervisor.get(f"{path}/overrides").json()["items"]
    assert known["officer_id"] == office.supervisor.id
    days = [one["officer_id"] for one in supervisor.get(f"{path}/stints").json()["stints"]]
    assert days == [office.officer.id, office.supervisor.id, office.officer.id]
    override = f"{API}/rota-overrides/{known['id']}"
    assert supervisor.delete(override).status_code == 204
    assert supervisor.get(f"{path}/overrides").json()["items"] == []
    assert len(supervisor.get(f"{path}/stints").json()["stints"]) == 1
    assert supervisor.delete(override).status_code == 409
    assert web.audited(office, "rota_override:ended") == [f"rota_override:{known['id']}"]


def test_an_officer_who_leaves_is_taken_off_the_rota_from_the_next_hand_over_on(
    web: Web, office: Office, supervisor: TestClient
) -> None:
    rota = supervisor.post(f"{API}/rotas", json=a_rota(office)).json()
    path = f"{API}/rotas/{rota['id']}"
    shift = {"starts_on": "2026-09-22", "handover": "09:00:00", "shift_days": 7}
    turns = shift | {"officer_ids": [office.supervisor.id]}
    assert supervisor.put(path, json=turns).json()["officer_ids"] == [office.supervisor.id]
    (first, second) = supervisor.get(f"{path}/stints").json()["stints"]
    assert (first["officer_id"], first["ends_at"]) == (office.officer.id, "2026-09-22T08:00:00Z")
    assert second["officer_id"] == office.supervisor.id
    for wrong in ({"starts_on": "2062-09-22"}, {"handover": "09:00Z"}, {"shift_days": 0}):
        assert supervisor.put(path, json=turns | wrong).status_code == 422
    assert supervisor.put(path, json=turns | {"officer_ids": [2**62]}).status_code == 404
    assert web.audited(office, "rota:changed") == [f"rota:{rota['id']}"]


def test_a_rota_is_ended_once_no_ladder_leads_to_it_and_its_name_is_free(
    web: Web, office: Office, supervisor: TestClient
) -> None:
    known = supervisor.get(LADDER).json()
    rota = supervisor.post(f"{API}/rotas", json=a_rota(office)).json()
    path, on_call = f"{API}/rotas/{rota['id']}", {"after_s": 60, "post": "rota", "id": rota["id"]}
    own = known | {"rungs": [known["rungs"][0], on_call]}
    supervisor.put(LADDER, json=own)
    refused = supervisor.delete(path)
    said = "The ladder of strap tamper alerts leads there; change that ladder first."
    assert (refused.status_code, refused.json()["detail"]) == (409, said)
    assert supervisor.delete(LADDER).json() == known
    assert supervisor.delete(path).status_code == 204
    assert supervisor.get(f"{path}/on-call").status_code == 404
    assert supervisor.put(LADDER, json=own).json()["detail"] == "There is no such rota."
    assert supervisor.post(f"{API}/rotas", json=a_rota(office)).status_code == 201
    assert web.audited(office, "rota:ended") == [f"rota:{rota['id']}"]


def test_an_officer_has_a_backup_who_is_not_himself(office: Office, supervisor: TestClient) -> None:
    path = f"{API}/officers/{office.officer.id}/backup"
    backup = office.who(Role.SUPERVISOR).id
    assert supervisor.put(path, json={"backup_id": backup}).json()["backup_id"] == backup
    assert supervisor.put(path, json={"backup_id": office.officer.id}).status_code == 422
    assert supervisor.put(path, json={"backup_id": None}).json()["backup_id"] is None


def test_the_page_says_what_happens_next_if_nobody_does_anything(web: Web, office: Office) -> None:
    browser = browser_of(web, office.officer)
    page = f"/alerts/{office.alert.id}"
    assert "If nobody does anything: the backup is told" in browser.page(page)
    browser.submit(f"{page}/take", {})
    assert "If nobody does anything: the alert is new again" in browser.page(page)

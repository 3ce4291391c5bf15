from typing import Any

import pytest
from fastapi.testclient import TestClient

from supervision.core.access import Role
from tests.web.application import Web
from tests.web.offices import Office

API = "/api/v1"
HOLIDAYS = f"{API}/public-holidays"
FAIR = {"on_date": "2026-09-22", "name": "State fair"}
DAILY = {
    "method": "phone",
    "timing": {"kind": "regular", "rrule": "FREQ=DAILY", "at": "18:00"},
    "starts_on": "2026-09-22",
    "skips_holidays": True,
}


@pytest.fixture
def administrator(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.administrator)


def test_a_holiday_is_added_listed_for_all_and_removed(
    web: Web, office: Office, administrator: TestClient
) -> None:
    officer = web.signed_in(office.officer)
    plans = f"{API}/supervisees/{office.supervisee.id}/checkin-plans"
    plan = officer.post(plans, json=DAILY).json()
    answer = administrator.post(HOLIDAYS, json=FAIR)
    assert answer.status_code == 201, answer.text
    holiday = answer.json()
    assert holiday == FAIR | {
        "id": holiday["id"],
        "added_by_id": office.administrator.id,
        "added_at": "2026-09-21T14:13:20Z",
    }
    listed = officer.get(HOLIDAYS).json()["items"]
    assert [one["id"] for one in listed] == [office.holiday.id, holiday["id"]]

    def of_the_day() -> list[str]:
        day = "since=2026-09-22T00:00:00Z"
        rows = officer.get(f"{API}/checkins?{day}").json()["items"]
        return [row["state"] for row in rows if row["checkin_plan_id"] == plan["id"]]

    assert of_the_day() == ["replaced"]
    gone = administrator.delete(f"{HOLIDAYS}/{holiday['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert sorted(of_the_day()) == ["replaced", "scheduled"]
    assert administrator.delete(f"{HOLIDAYS}/{holiday['id']}").status_code == 404
    for tag in ("added", "removed"):
        assert web.audited(office, f"public_holiday:{tag}") == [f"public_holiday:{holiday['id']}"]


def test_a_date_is_a_holiday_once_in_each_agency(
    web: Web, office: Office, other_office: Office, administrator: TestClient
) -> None:
    assert administrator.post(HOLIDAYS, json=FAIR).status_code == 201
    again = administrator.post(HOLIDAYS, json=FAIR | {"name": "Other"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")
    theirs = web.signed_in(other_office.administrator)
    assert theirs.post(HOLIDAYS, json=FAIR).status_code == 201
    assert theirs.delete(f"{HOLIDAYS}/{office.holiday.id}").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"on_date": "1969-12-31"}, {"on_date": "2200-01-01"}, {"name": " "}, {"x": 1}]
)
def test_what_makes_no_sense_is_refused(administrator: TestClient, wrong: dict[str, Any]) -> None:
    answer = administrator.post(HOLIDAYS, json=FAIR | wrong)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.PRETRIAL])
def test_who_does_not_run_the_agency_adds_and_removes_none(
    web: Web, office: Office, role: Role
) -> None:
    client = web.signed_in(office.who(role))
    assert client.get(HOLIDAYS).status_code == 200
    assert client.post(HOLIDAYS, json=FAIR).status_code == 403
    assert client.delete(f"{HOLIDAYS}/{office.holiday.id}").status_code == 403

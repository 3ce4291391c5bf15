from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.web.application import Web
from tests.web.offices import Office
from tests.web.test_zones import CENTRE, CIRCLE, ZONES, armed, feature

SCHOOL_HOURS = {
    "rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "starts_on": "2026-09-01",
    "begins": "07:30",
    "ends": "16:00",
}
SCHEDULE = {"windows": [SCHOOL_HOURS]}
PREVIEW = f"{ZONES}/schedule-preview"


@pytest.fixture
def pretrial(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.pretrial)


def properties(client: TestClient, zone_id: int) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{ZONES}/{zone_id}").json()["properties"]
    return found


def test_what_the_order_says_goes_in_and_comes_out(office: Office, pretrial: TestClient) -> None:
    terms = {"kind": "inclusion", "warning_m": 300, "schedule": SCHEDULE}
    zone = armed(pretrial, office, CIRCLE, **terms).json()
    shown = properties(pretrial, zone["id"])
    assert {name: shown[name] for name in terms} == terms
    assert (shown["clause_id"], shown["order_id"]) == (office.clause.id, office.order.id)
    assert (shown["zone_set_id"], shown["time_zone"]) == (None, "UTC")


def test_a_zone_is_an_exclusion_zone_at_all_times_unless_told(
    office: Office, pretrial: TestClient
) -> None:
    shown = armed(pretrial, office, CIRCLE).json()["properties"]
    assert (shown["kind"], shown["warning_m"], shown["schedule"]) == ("exclusion", 0, None)


def test_an_amendment_changes_what_it_names_and_no_more(
    web: Web, office: Office, pretrial: TestClient
) -> None:
    zone_id = armed(pretrial, office, CIRCLE, warning_m=300, schedule=SCHEDULE).json()["id"]
    seen = []
    for change in ({}, {"warning_m": 0}, {"warning_m": None}, {"schedule": None}):
        web.clock.forward(60)
        body = {"geometry": feature("Point", CENTRE, radius_m=400)} | change
        assert pretrial.put(f"{ZONES}/{zone_id}/shape", json=body).status_code == 200
        shown = properties(pretrial, zone_id)
        seen.append((shown["warning_m"], shown["schedule"]))
    assert seen == [(300, SCHEDULE), (0, SCHEDULE), (0, SCHEDULE), (0, None)]


@pytest.mark.parametrize(
    "terms",
    [
        {"kind": "buffer"},
        {"warning_m": -1},
        {"warning_m": 20_001},
        {"warning_m": None},
        {"schedule": {}},
        {"schedule": {"windows": []}},
        {"schedule": {"windows": [SCHOOL_HOURS | {"ends": "24:00"}]}},
        {"schedule": {"windows": [SCHOOL_HOURS | {"rrule": "FREQ=HOURLY"}]}},
        {"schedule": "always"},
    ],
)
def test_terms_that_make_no_sense_are_refused(
    office: Office, pretrial: TestClient, terms: dict[str, Any]
) -> None:
    assert armed(pretrial, office, CIRCLE, **terms).status_code == 422


def test_a_clause_that_means_no_place_bears_no_zone(office: Office, pretrial: TestClient) -> None:
    body = {"condition_code": "07", "wording": "No firearm."}
    clause = pretrial.post(f"/api/v1/orders/{office.order.id}/clauses", json=body).json()
    answer = armed(pretrial, office, CIRCLE, clause_id=clause["id"])
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert "04" in answer.json()["detail"]


def test_a_schedule_can_be_tried_out(web: Web, office: Office) -> None:
    body = {"schedule": SCHEDULE, "time_zone": "America/Denver"}
    answer = web.signed_in(office.officer).post(PREVIEW, json=body)
    assert answer.status_code == 200, answer.text
    windows = answer.json()["windows"]
    assert len(windows) == 10
    assert windows[0] == {
        "begins_at": "2026-09-21T13:30:00Z",
        "ends_at": "2026-09-21T22:00:00Z",
        "begins_local": "2026-09-21T07:30:00-06:00",
        "ends_local": "2026-09-21T16:00:00-06:00",
    }
    assert [one["begins_at"][8:10] for one in windows[1:6]] == ["22", "23", "24", "25", "28"]


def test_a_schedule_that_seldom_counts_is_followed_for_years(pretrial: TestClient) -> None:
    birthday = SCHOOL_HOURS | {"rrule": "FREQ=YEARLY"}
    once = SCHOOL_HOURS | {"rrule": "FREQ=DAILY;COUNT=1", "starts_on": "2026-09-30"}
    for window, count in ((birthday, 10), (once, 1)):
        body = {"schedule": {"windows": [window]}, "time_zone": "UTC"}
        assert len(pretrial.post(PREVIEW, json=body).json()["windows"]) == count


@pytest.mark.parametrize(
    "body",
    [
        {"schedule": SCHEDULE, "time_zone": "Mars/Olympus"},
        {"schedule": {"windows": [SCHOOL_HOURS | {"rrule": "?"}]}, "time_zone": "UTC"},
    ],
)
def test_a_schedule_that_cannot_be_read_says_why(
    pretrial: TestClient, body: dict[str, Any]
) -> None:
    answer = pretrial.post(PREVIEW, json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert answer.json()["detail"].endswith(".")

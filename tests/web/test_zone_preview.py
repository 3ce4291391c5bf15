"""What a draft would have done, asked over the API: by whom, of whom, and what it leaves."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from supervision.core.access import Role
from tests import factories
from tests.web.application import Web
from tests.web.offices import Office
from tests.web.test_access import NOT_THERE

PREVIEW = "/api/v1/zones/preview"
CENTRE = [-104.98, 39.74]
CIRCLE = {
    "type": "Feature",
    "properties": {"radius_m": 250},
    "geometry": {"type": "Point", "coordinates": CENTRE},
}
OPEN_RING = [[-105.0, 39.70], [-104.99, 39.70], [-104.99, 39.71], [-105.0, 39.71]]


@pytest.fixture
def pretrial(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.pretrial)


def asked(client: TestClient, office: Office, **more: Any) -> Response:
    body = {"supervisee_id": office.supervisee.id, "geometry": CIRCLE} | more
    return client.post(PREVIEW, json={name: one for name, one in body.items() if one is not None})


def visited(web: Web, office: Office) -> None:
    """Into the circle for two minutes a quarter of an hour ago."""
    web.clock.forward(900)
    with web.behind() as session:
        for minute, lon in enumerate([-104.95, -104.98, -104.98, -104.95, -104.95], start=1):
            at = factories.NOW + timedelta(minutes=minute)
            values = {"fixed_at": at, "received_at": at, "lon": lon}
            factories.a_position(session, office.device, office.supervisee, **values)


def test_it_says_what_the_draft_would_have_done(
    web: Web, office: Office, pretrial: TestClient
) -> None:
    visited(web, office)
    answer = asked(pretrial, office, warning_m=300, days=1)
    assert answer.status_code == HTTPStatus.OK, answer.text
    found = answer.json()
    # The office's own fix lies there, too.
    assert [(one["entered_at"], one["left_at"]) for one in found["stays"]] == [
        ("2026-09-21T14:13:20Z", "2026-09-21T14:14:20Z"),
        ("2026-09-21T14:15:20Z", "2026-09-21T14:17:20Z"),
    ]
    last = found["stays"][1]
    assert (last["duration_s"], last["grade"], last["by"]) == (120, "confirmed", "fix")
    assert last["deepest_m"] == pytest.approx(250, abs=1)
    assert found["alerts"] == len(found["stays"]) + len(found["approaches"])
    assert found["fixes"] == {
        "replayed": 6,
        "judged": 6,
        "near_edge": 0,
        "usual_accuracy_m": 5.0,
    }
    assert found["ends_at"] == "2026-09-21T14:28:20Z"
    assert found["begins_at"] == "2026-09-20T14:28:20Z"
    assert found["time_zone"] == "UTC"
    assert found["nights"] == {"days": 0, "inside": 0, "in_ring": 0}
    assert {one["code"] for one in found["warnings"]} >= {"few_fixes", "many_alerts"}


def test_nothing_is_drawn_and_nobody_alerted(
    web: Web, office: Office, pretrial: TestClient
) -> None:
    visited(web, office)
    before = pretrial.get("/api/v1/zones").json(), pretrial.get("/api/v1/alerts").json()
    assert asked(pretrial, office).json()["alerts"] > 0
    assert (pretrial.get("/api/v1/zones").json(), pretrial.get("/api/v1/alerts").json()) == before


def test_a_clause_names_the_person_as_well(web: Web, office: Office, pretrial: TestClient) -> None:
    visited(web, office)
    by_clause = asked(pretrial, office, supervisee_id=None, clause_id=office.clause.id)
    assert by_clause.status_code == HTTPStatus.OK, by_clause.text
    assert by_clause.json() == asked(pretrial, office).json()
    assert web.audited(office, "zone:previewed") == [f"supervisee:{office.supervisee.id}"] * 2


def test_the_look_is_audited_also_as_one_at_the_persons_ways(
    web: Web, office: Office, pretrial: TestClient
) -> None:
    asked(pretrial, office)
    subject = f"supervisee:{office.supervisee.id}"
    assert web.audited(office, "zone:previewed") == [subject]
    assert web.audited(office, "positions:viewed") == [subject]


def test_a_schedule_goes_by_the_persons_clocks(
    web: Web, office: Office, pretrial: TestClient
) -> None:
    visited(web, office)
    window = {"rrule": "FREQ=DAILY", "starts_on": "2026-01-01", "begins": "01:00", "ends": "02:00"}
    found = asked(pretrial, office, schedule={"windows": [window]}).json()
    assert (found["stays"], found["fixes"]["judged"]) == ([], 0)
    window |= {"begins": "14:00", "ends": "15:00"}
    assert asked(pretrial, office, schedule={"windows": [window]}).json()["stays"]


def test_a_place_to_be_kept_in_finds_absences(
    web: Web, office: Office, pretrial: TestClient
) -> None:
    visited(web, office)
    found = asked(pretrial, office, kind="inclusion").json()
    assert [one["entered_at"] for one in found["stays"]] == [
        "2026-09-21T14:14:20Z",
        "2026-09-21T14:17:20Z",
    ]


def test_what_was_repaired_is_warned_of(office: Office, pretrial: TestClient) -> None:
    ring = {"type": "Polygon", "coordinates": [OPEN_RING]}
    found = asked(
        pretrial, office, geometry={"type": "Feature", "properties": {}, "geometry": ring}
    )
    (repaired,) = [one for one in found.json()["warnings"] if one["code"] == "repaired"]
    assert repaired["sentence"].endswith(".")


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"geometry": {}}, "zone_invalid"),
        ({"geometry": None}, "invalid"),
        ({"schedule": {"windows": []}}, "invalid"),
        ({"warning_m": -1}, "invalid"),
        ({"kind": "seclusion"}, "invalid"),
        ({"days": 0}, "invalid"),
        ({"days": 91}, "invalid"),
        ({"supervisee_id": None}, "invalid"),
        ({"clause_id": 1}, "invalid"),
    ],
)
def test_a_draft_that_makes_no_sense_is_refused_and_leaves_nothing(
    web: Web, office: Office, pretrial: TestClient, wrong: dict[str, Any], kind: str
) -> None:
    answer = asked(pretrial, office, **wrong)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, answer.text
    assert answer.json()["type"] == f"/problems/{kind}"
    assert web.audited(office, "zone:previewed") == []


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_only_who_may_draw_zones_may_try_them(web: Web, office: Office, role: Role) -> None:
    answer = asked(web.signed_in(office.who(role)), office)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert web.audited(office, "zone:previewed") == []


def test_another_agencys_people_and_clauses_are_not_there(
    web: Web, office: Office, other_office: Office, pretrial: TestClient
) -> None:
    for foreign in (
        {"supervisee_id": other_office.supervisee.id},
        {"supervisee_id": None, "clause_id": other_office.clause.id},
    ):
        answer = asked(pretrial, office, **foreign)
        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert answer.json()["detail"] == NOT_THERE
    assert web.audited(office, "zone:previewed") == []
    assert web.audited(other_office, "zone:previewed") == []

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from alerts.catalogue import AlertKind
from supervision.register.models import Supervisee
from tests import factories
from tests.web.application import Web
from tests.web.offices import Office

ALERTS = "/api/v1/alerts"


@pytest.fixture
def client(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.officer)


@pytest.fixture
def path(office: Office) -> str:
    return f"{ALERTS}/{office.alert.id}"


def test_an_alert_comes_with_its_history_and_its_version(client: TestClient, path: str) -> None:
    answer = client.get(path)
    alert = answer.json()
    assert (alert["kind"], alert["severity"], alert["handling"]) == (
        "strap_tamper",
        "critical",
        "new",
    )
    assert [event["kind"] for event in alert["events"]] == ["raised"]
    assert answer.headers["etag"] == f'"{alert["version"]}"'
    assert "dedup_key" not in alert


def test_a_look_at_an_alert_is_audited(
    web: Web, office: Office, client: TestClient, path: str
) -> None:
    client.get(path)
    assert web.audited(office, "alert:viewed") == [f"alert:{office.alert.id}"]


def test_an_officer_takes_an_alert_in_hand_and_closes_it(
    web: Web, office: Office, client: TestClient, path: str
) -> None:
    web.clock.forward(60)
    taken = client.post(f"{path}/acknowledge").json()
    assert (taken["handling"], taken["acknowledged_by_id"]) == ("acknowledged", office.officer.id)
    assert taken["acknowledged_at"] == "2026-09-21T14:14:20Z"
    judgement = {"disposition": "device_fault", "note": "The strap was loose; replaced."}
    closed = client.post(f"{path}/close", json=judgement).json()
    assert (closed["handling"], closed["closed_by_id"]) == ("closed", office.officer.id)
    assert closed["note"] == judgement["note"]
    kinds = [(event["kind"], event["actor_id"]) for event in closed["events"]]
    me = office.officer.id
    assert kinds == [("raised", None), ("acknowledged", me), ("closed", me)]
    assert web.audited(office, "alert:closed") == [f"alert:{office.alert.id}"]


def test_a_person_who_changes_officers_leaves_no_alert_with_nobody(
    web: Web, office: Office, path: str
) -> None:
    successor = office.colleague
    assert web.signed_in(successor).get(path).status_code == 404
    with web.behind() as session:
        person = session.get_one(Supervisee, office.supervisee.id)
        person.supervising_officer_id = successor.id
    for officer in (office.officer, successor):
        assert web.signed_in(officer).get(path).status_code == 200
    taken = web.signed_in(successor).post(f"{path}/acknowledge")
    assert taken.json()["acknowledged_by_id"] == successor.id


def test_who_saw_an_old_version_changes_nothing(client: TestClient, path: str) -> None:
    seen = client.get(path).headers["etag"]
    assert client.post(f"{path}/acknowledge", headers={"If-Match": seen}).status_code == 200
    late = client.post(
        f"{path}/close",
        json={"disposition": "other", "note": "Too late."},
        headers={"If-Match": seen},
    )
    assert (late.status_code, late.json()["type"]) == (412, "/problems/stale_version")
    assert client.get(path).json()["handling"] == "acknowledged"


@pytest.mark.parametrize("tag", ["x", '"x"', "-1", '"1", "2"', "\u00b2"])
def test_an_etag_that_is_none_of_ours_never_matches(
    client: TestClient, path: str, tag: str
) -> None:
    headers = {b"If-Match": tag.encode("latin-1")}
    assert client.post(f"{path}/acknowledge", headers=headers).status_code == 412


@pytest.mark.parametrize("tag", ["*", 'W/"1"', '"1"'])
def test_an_etag_that_matches_lets_the_change_through(
    client: TestClient, path: str, tag: str
) -> None:
    answer = client.post(f"{path}/acknowledge", headers={"If-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'


def test_an_alert_is_acknowledged_once(client: TestClient, path: str) -> None:
    assert client.post(f"{path}/acknowledge").status_code == 200
    again = client.post(f"{path}/acknowledge")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")


def test_a_critical_alert_is_not_closed_without_a_note(client: TestClient, path: str) -> None:
    answer = client.post(f"{path}/close", json={"disposition": "gps_drift", "note": "  "})
    assert answer.status_code == 409
    assert "note" in answer.json()["detail"]
    assert client.get(path).json()["handling"] == "new"


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"disposition": "no idea"},
        {"disposition": "other", "note": "x" * 4001},
        {"disposition": "other", "note": "\x00"},
        {"disposition": "other", "handling": "new"},
    ],
)
def test_a_wrong_judgement_is_refused(client: TestClient, path: str, body: object) -> None:
    assert client.post(f"{path}/close", json=body).status_code == 422


def test_alerts_can_be_asked_by_state_severity_and_person(
    web: Web, office: Office, client: TestClient
) -> None:
    with web.behind() as session:
        other = factories.a_supervisee(session, office.officer)
        mild = factories.an_alert(session, other, kind=AlertKind.BATTERY_LOW)
    client.post(f"{ALERTS}/{mild.id}/acknowledge")
    questions = [
        {"handling": "acknowledged"},
        {"severity": "medium"},
        {"supervisee_id": str(other.id)},
        {"handling": "acknowledged", "severity": "medium", "supervisee_id": str(other.id)},
    ]
    for question in questions:
        rows = client.get(ALERTS, params=question).json()["items"]
        assert [row["id"] for row in rows] == [mild.id], question
    assert len(client.get(ALERTS).json()["items"]) == 2
    assert client.get(ALERTS, params={"handling": "lost"}).status_code == 422


def test_a_late_alert_tells_both_times(web: Web, office: Office, client: TestClient) -> None:
    occurred_at = factories.NOW - timedelta(hours=3)
    with web.behind() as session:
        late = factories.an_alert(session, office.supervisee, occurred_at=occurred_at, is_late=True)
    alert = client.get(f"{ALERTS}/{late.id}").json()
    assert alert["is_late"] is True
    assert alert["occurred_at"] == "2026-09-21T11:13:20Z"
    assert alert["found_at"] == "2026-09-21T14:13:20Z"

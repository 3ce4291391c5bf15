"""Ways to reach officers and others by the API."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from supervision.core.access import Role
from tests.web.application import Web
from tests.web.offices import Office

OWN, OUTSIDE = "/api/v1/contact-points", "/api/v1/outside-contact-points"


@pytest.fixture
def supervisor(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.who(Role.SUPERVISOR))


def mail(**other: object) -> dict[str, Any]:
    return {
        "name": "At home",
        "means": "email",
        "address": "me@example.org",
        "severities": ["critical", "high"],
    } | other


def hook(**other: object) -> dict[str, Any]:
    address = "https://dispatch.example.org/hooks"
    return mail(name="Dispatch", means="webhook", address=address) | other


def test_an_officer_adds_a_way_of_his_own_sees_it_and_ends_it(
    web: Web, office: Office, officer: TestClient
) -> None:
    asked = mail(quiet_from="22:00:00", quiet_until="07:00:00", after_s=120)
    answer = officer.post(OWN, json=asked)
    assert answer.status_code == 201
    added = answer.json()
    assert added | {"severities": sorted(added["severities"])} == asked | {"id": added["id"]}
    assert [one["id"] for one in officer.get(OWN).json()["items"]] == [added["id"]]
    assert officer.delete(f"{OWN}/{added['id']}").status_code == 204
    assert officer.get(OWN).json()["items"] == []
    assert officer.delete(f"{OWN}/{added['id']}").status_code == 404
    subject = f"contact_point:{added['id']}"
    for tag in ("contact_point:added", "contact_point:ended"):
        assert subject in web.audited(office, tag)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"address": "nowhere"}, 422),
        ({"severities": []}, 422),
        ({"severities": ["grave"]}, 422),
        ({"after_s": 3601}, 422),
        ({"quiet_from": "22:00:00"}, 422),
        ({"quiet_from": "22:00:00", "quiet_until": "22:00:00"}, 422),
        ({"means": "webhook", "address": "https://example.org/"}, 422),
        ({"means": "log", "address": "x"}, 409),
        ({"means": "sms", "address": "+13035550142"}, 409),
    ],
)
def test_a_way_that_could_never_work_is_refused(
    officer: TestClient, wrong: dict[str, Any], status: int
) -> None:
    answer = officer.post(OWN, json=mail(**wrong))
    assert answer.status_code == status, answer.json()
    assert officer.get(OWN).json()["items"] == []


def test_an_officers_app_is_addressed_by_its_own_account_whatever_is_asked(
    office: Office, officer: TestClient
) -> None:
    asked = {"name": "My phone", "means": "app", "severities": ["critical"]}
    for address in ({}, {"address": "officer-1"}):
        added = officer.post(OWN, json=asked | address)
        assert added.status_code == 201, added.text
        assert added.json()["address"] == f"officer-{office.officer.id}"


def test_outside_the_agency_there_is_no_app(supervisor: TestClient) -> None:
    assert supervisor.post(OUTSIDE, json=mail(means="app")).status_code == 422


def test_ten_ways_are_enough(officer: TestClient) -> None:
    answers = [officer.post(OWN, json=mail()).status_code for _ in range(11)]
    assert answers == [201] * 10 + [409]


def test_nobody_sees_or_ends_anothers_ways(
    web: Web, office: Office, officer: TestClient, supervisor: TestClient
) -> None:
    added = officer.post(OWN, json=mail()).json()
    for other in (supervisor, web.signed_in(office.colleague)):
        assert added["id"] not in {one["id"] for one in other.get(OWN).json()["items"]}
        assert other.delete(f"{OWN}/{added['id']}").status_code == 404


def test_a_webhook_has_its_secret_shown_once_and_exchanged(
    officer: TestClient, supervisor: TestClient
) -> None:
    added = supervisor.post(OUTSIDE, json=hook()).json()
    assert added["secret"].startswith("whsec_")
    listed = officer.get(OUTSIDE).json()["items"]
    assert listed[1:] == [{name: value for name, value in added.items() if name != "secret"}]
    fresh = supervisor.post(f"{OUTSIDE}/{added['id']}/secrets").json()["secret"]
    assert fresh.startswith("whsec_")
    assert fresh != added["secret"]
    assert supervisor.post(f"{OUTSIDE}/{2**40}/secrets").status_code == 404


def test_only_who_sets_responses_reaches_outside(
    officer: TestClient, supervisor: TestClient
) -> None:
    assert officer.post(OUTSIDE, json=hook()).status_code == 403
    added = supervisor.post(OUTSIDE, json=mail(name="Duty desk")).json()
    assert added["secret"] is None
    assert supervisor.post(f"{OUTSIDE}/{added['id']}/secrets").status_code == 404
    assert officer.delete(f"{OWN}/{added['id']}").status_code == 404
    assert supervisor.delete(f"{OWN}/{added['id']}").status_code == 204


def test_a_ladder_may_lead_outside_but_not_to_somebodys_own(
    officer: TestClient, supervisor: TestClient
) -> None:
    path = "/api/v1/escalation-ladders/zone_entry"
    known = supervisor.get(path).json()
    desk = supervisor.post(OUTSIDE, json=mail(name="Duty desk")).json()
    own = officer.post(OWN, json=mail()).json()

    def to(point_id: int) -> dict[str, Any]:
        outside = {"after_s": 120, "post": "outside", "id": point_id}
        return dict(known, rungs=[known["rungs"][0], outside])

    assert supervisor.put(path, json=to(own["id"])).status_code == 404
    assert supervisor.put(path, json=to(desk["id"])).json()["rungs"][1]["id"] == desk["id"]

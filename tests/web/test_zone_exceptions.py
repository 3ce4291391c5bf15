from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests import factories
from tests.web.application import Web
from tests.web.offices import Office

SOON = {"begins_at": "2026-09-21T18:00:00Z", "ends_at": "2026-09-21T20:00:00Z"}
REASON = "Hearing in the courthouse next door."


@pytest.fixture
def pretrial(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.pretrial)


def path(office: Office) -> str:
    return f"/api/v1/zones/{office.zone.id}/exceptions"


def granted(client: TestClient, office: Office, **more: Any) -> Response:
    body = {"supervisee_id": office.supervisee.id, "kind": "court_hearing", "reason": REASON}
    return client.post(path(office), json=body | SOON | more)


def test_an_exception_goes_in_and_comes_out(office: Office, pretrial: TestClient) -> None:
    answer = granted(pretrial, office)
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert (shown["zone_id"], shown["supervisee_id"]) == (office.zone.id, office.supervisee.id)
    assert (shown["kind"], shown["reason"]) == ("court_hearing", REASON)
    assert (shown["begins_at"], shown["ends_at"]) == tuple(SOON.values())
    assert (shown["granted_by_id"], shown["withdrawn_at"]) == (office.pretrial.id, None)
    assert pretrial.get(path(office)).json()["items"][-1] == shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {"kind": "holiday"},
        {"begins_at": "2026-09-21T13:13:19Z"},
        {"ends_at": "2026-09-21T18:00:00Z"},
        {"begins_at": "2026-09-21T13:30:00Z", "ends_at": "2026-09-21T14:00:00Z"},
        {"begins_at": None},
    ],
)
def test_an_exception_that_makes_no_sense_is_refused(
    office: Office, pretrial: TestClient, wrong: dict[str, Any]
) -> None:
    assert granted(pretrial, office, **wrong).status_code == 422


def test_an_exception_is_taken_back_once(web: Web, office: Office, pretrial: TestClient) -> None:
    where = f"/api/v1/zone-exceptions/{granted(pretrial, office).json()['id']}/withdraw"
    web.clock.forward(60)
    withdrawn = pretrial.post(where)
    assert withdrawn.status_code == 200
    assert withdrawn.json()["withdrawn_at"] == "2026-09-21T14:14:20Z"
    assert withdrawn.json()["withdrawn_by_id"] == office.pretrial.id
    again = pretrial.post(where)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")


def test_every_look_at_an_exception_is_audited(web: Web, office: Office) -> None:
    assert web.signed_in(office.officer).get(path(office)).status_code == 200
    assert web.audited(office, "zone_exception:viewed") == [f"zone:{office.zone.id}"]


def test_a_zone_without_exceptions_leaves_no_line(web: Web, office: Office) -> None:
    with web.behind() as session:
        zone = factories.a_zone(session, office.order)
    answer = web.signed_in(office.officer).get(f"/api/v1/zones/{zone.id}/exceptions")
    assert answer.json()["items"] == []
    assert web.audited(office, "zone_exception:viewed") == []


def test_of_a_sets_zone_an_officer_sees_the_own_peoples_exceptions_only(
    web: Web, office: Office
) -> None:
    with web.behind() as session:
        colleagues = factories.a_supervisee(session, office.colleague)
        clause = factories.a_clause(session, factories.an_order(session, colleagues))
        factories.a_set_member(session, office.zone_set, clause)
        zone = factories.set_zone(session, office.zone_set)
        for person in (office.supervisee, colleagues):
            factories.an_exception(session, zone, person, office.pretrial)
    where = f"/api/v1/zones/{zone.id}/exceptions"
    for officer, people in (
        (office.officer, [office.supervisee.id]),
        (office.colleague, [colleagues.id]),
        (office.supervisor, [office.supervisee.id, colleagues.id]),
    ):
        shown = web.signed_in(officer).get(where).json()["items"]
        assert [one["supervisee_id"] for one in shown] == people

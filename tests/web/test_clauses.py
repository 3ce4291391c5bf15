import pytest
from fastapi.testclient import TestClient

from tests.web.application import Web
from tests.web.offices import Office

API = "/api/v1"
CLAUSE = {"condition_code": "03", "wording": "She has the house to herself."}
WAIVER = {"reason": "The house is empty until May.", "ends_at": "2026-10-01T00:00:00Z"}
ORDER = {"court": "County Court", "court_case_number": "C-2", "begins_at": "2026-09-21T00:00:00Z"}


@pytest.fixture
def pretrial(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.pretrial)


@pytest.fixture
def clauses(office: Office) -> str:
    return f"{API}/orders/{office.order.id}/clauses"


@pytest.fixture
def waivers(office: Office) -> str:
    return f"{API}/clauses/{office.clause.id}/waivers"


def test_a_clause_is_entered_and_listed_with_its_meaning(
    office: Office, pretrial: TestClient, clauses: str
) -> None:
    answer = pretrial.post(clauses, json=CLAUSE)
    assert answer.status_code == 201
    assert answer.json() == {
        "id": answer.json()["id"],
        "order_id": office.order.id,
        "condition_code": "03",
        "meaning": "The protected person has exclusive possession of the residence",
        "needs_zone": True,
        "wording": CLAUSE["wording"],
        "created_at": "2026-09-21T14:13:20Z",
    }
    listed = pretrial.get(clauses).json()["items"]
    assert [one["id"] for one in listed] == [office.clause.id, answer.json()["id"]]


def test_an_order_is_entered_with_its_clauses_at_once(office: Office, pretrial: TestClient) -> None:
    persons = {
        "supervisee_id": office.supervisee.id,
        "protected_person_id": office.order.protected_person_id,
    }
    firearm = {"condition_code": "07", "wording": "No firearm."}
    order = pretrial.post(f"{API}/orders", json=ORDER | persons | {"clauses": [CLAUSE, firearm]})
    assert order.status_code == 201, order.text
    listed = pretrial.get(f"{API}/orders/{order.json()['id']}/clauses").json()["items"]
    asked = [(one["condition_code"], one["needs_zone"]) for one in listed]
    assert asked == [("03", True), ("07", False)]


def test_what_is_entered_signed_and_withdrawn_is_audited(
    web: Web, office: Office, pretrial: TestClient, clauses: str, waivers: str
) -> None:
    clause_id = pretrial.post(clauses, json=CLAUSE).json()["id"]
    waiver_id = pretrial.post(waivers, json=WAIVER).json()["id"]
    pretrial.post(f"{API}/waivers/{waiver_id}/withdraw")
    assert web.audited(office, "clause:added") == [f"clause:{clause_id}"]
    assert web.audited(office, "waiver:signed") == [f"waiver:{waiver_id}"]
    assert web.audited(office, "waiver:withdrawn") == [f"waiver:{waiver_id}"]


def test_the_courts_words_are_for_those_who_may_see_her_and_the_look_is_audited(
    web: Web, office: Office, clauses: str
) -> None:
    seen = web.signed_in(office.administrator).get(clauses).json()["items"]
    assert [one["wording"] for one in seen] == [None]
    assert web.audited(office, "clause:viewed") == []
    seen = web.signed_in(office.officer).get(clauses).json()["items"]
    assert [one["wording"] for one in seen] == [office.clause.wording]
    assert web.audited(office, "clause:viewed") == [f"order:{office.order.id}"]


@pytest.mark.parametrize(
    "clause",
    [
        CLAUSE | {"condition_code": "10"},
        CLAUSE | {"condition_code": "4"},
        CLAUSE | {"wording": " "},
        {"condition_code": "04"},
    ],
)
def test_a_clause_without_a_known_code_or_without_words_is_refused(
    pretrial: TestClient, clauses: str, clause: dict[str, str]
) -> None:
    assert pretrial.post(clauses, json=clause).status_code == 422


def test_a_waiver_is_signed_by_name_and_listed(web: Web, office: Office, waivers: str) -> None:
    signed = web.signed_in(office.supervisor).post(waivers, json=WAIVER)
    assert signed.status_code == 201, signed.text
    assert signed.json() == WAIVER | {
        "id": signed.json()["id"],
        "order_clause_id": office.clause.id,
        "signed_by_id": office.supervisor.id,
        "signed_at": "2026-09-21T14:13:20Z",
        "withdrawn_at": None,
        "withdrawn_by_id": None,
    }
    listed = web.signed_in(office.officer).get(waivers).json()["items"]
    assert [one["id"] for one in listed] == [office.waiver.id, signed.json()["id"]]


@pytest.mark.parametrize(
    ("waiver", "says"),
    [
        ({"reason": ""}, None),
        ({}, None),
        ({"reason": "R", "ends_at": "2026-09-21T14:13:20Z"}, "A waiver ends after it is signed."),
    ],
)
def test_a_waiver_without_a_reason_or_over_already_is_refused(
    pretrial: TestClient, waivers: str, waiver: dict[str, str], says: str | None
) -> None:
    answer = pretrial.post(waivers, json=waiver)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert says is None or answer.json()["detail"] == says


def test_what_needs_no_zone_is_not_waived(pretrial: TestClient, clauses: str) -> None:
    firearm = {"condition_code": "07", "wording": "No firearm."}
    clause_id = pretrial.post(clauses, json=firearm).json()["id"]
    answer = pretrial.post(f"{API}/clauses/{clause_id}/waivers", json=WAIVER)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")


def test_a_waiver_is_withdrawn_once_and_says_by_whom(
    web: Web, office: Office, pretrial: TestClient
) -> None:
    web.clock.forward(60)
    path = f"{API}/waivers/{office.waiver.id}/withdraw"
    withdrawn = web.signed_in(office.supervisor).post(path).json()
    assert withdrawn["withdrawn_at"] == "2026-09-21T14:14:20Z"
    assert withdrawn["withdrawn_by_id"] == office.supervisor.id
    again = pretrial.post(path)
    assert (again.status_code, again.json()["detail"]) == (409, "This waiver is over already.")


def test_a_waiver_that_has_ended_is_not_withdrawn(
    web: Web, pretrial: TestClient, waivers: str
) -> None:
    soon = WAIVER | {"ends_at": "2026-09-21T14:20:00Z"}
    waiver_id = pretrial.post(waivers, json=soon).json()["id"]
    web.clock.forward(600)
    assert pretrial.post(f"{API}/waivers/{waiver_id}/withdraw").status_code == 409

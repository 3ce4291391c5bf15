from collections.abc import Callable
from typing import Any

import pytest

from supervision.core.access import Role
from tests import factories
from tests.web.application import Web
from tests.web.offices import Office

API = "/api/v1"


def of(office: Office) -> dict[str, tuple[Role, dict[str, Any]]]:
    """For each noun who may create one, and with what."""
    number = office.agency.id
    return {
        "officers": (
            Role.ADMINISTRATOR,
            {
                "email": f"new{number}@example.org",
                "display_name": "New Officer",
                "role": "pretrial",
                "password": factories.PASSWORD,
            },
        ),
        "supervisees": (
            Role.PRETRIAL,
            {
                "case_number": "NEW-1",
                "full_name": "New Supervisee",
                "time_zone": "America/Denver",
                "supervising_officer_id": office.officer.id,
            },
        ),
        "protected-persons": (Role.PRETRIAL, {"full_name": "New Person", "safe_contact": ""}),
        "orders": (
            Role.PRETRIAL,
            {
                "supervisee_id": office.supervisee.id,
                "protected_person_id": office.order.protected_person_id,
                "court": "County Court",
                "court_case_number": "C-1",
                "begins_at": "2026-09-21T00:00:00-06:00",
                "ends_at": "2027-09-21T00:00:00-06:00",
            },
        ),
        "devices": (Role.ADMINISTRATOR, {"uid": f"new-{number}", "model": "Bracelet"}),
    }


NOUNS = ["officers", "supervisees", "protected-persons", "orders", "devices"]


@pytest.mark.parametrize("noun", NOUNS)
def test_what_is_created_is_there_afterwards(web: Web, office: Office, noun: str) -> None:
    role, body = of(office)[noun]
    client = web.signed_in(office.who(role))
    created = client.post(f"{API}/{noun}", json=body)
    assert created.status_code == 201, created.text
    found = client.get(f"{API}/{noun}/{created.json()['id']}")
    assert found.json() == created.json()
    assert created.json()["created_at"] == "2026-09-21T14:13:20Z"
    assert "password" not in created.text


@pytest.mark.parametrize(
    ("noun", "tag"),
    [
        ("officers", "officer:added"),
        ("supervisees", "supervisee:enrolled"),
        ("protected-persons", "protected_person:added"),
        ("orders", "order:added"),
        ("devices", "device:added"),
    ],
)
def test_what_is_created_is_audited(web: Web, office: Office, noun: str, tag: str) -> None:
    role, body = of(office)[noun]
    before = len(web.audited(office, tag))
    created = web.signed_in(office.who(role)).post(f"{API}/{noun}", json=body)
    subject = f"{tag.partition(':')[0]}:{created.json()['id']}"
    assert web.audited(office, tag)[before:] == [subject]


def test_an_instant_is_told_in_utc(web: Web, office: Office) -> None:
    role, body = of(office)["orders"]
    order = web.signed_in(office.who(role)).post(f"{API}/orders", json=body).json()
    assert order["begins_at"] == "2026-09-21T06:00:00Z"


@pytest.mark.parametrize("noun", ["officers", "supervisees", "devices"])
def test_what_must_be_unique_is_a_conflict_the_second_time(
    web: Web, office: Office, noun: str
) -> None:
    role, body = of(office)[noun]
    client = web.signed_in(office.who(role))
    assert client.post(f"{API}/{noun}", json=body).status_code == 201
    again = client.post(f"{API}/{noun}", json=body)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")


def test_two_agencies_may_use_the_same_case_number(
    web: Web, office: Office, other_office: Office
) -> None:
    for one in (office, other_office):
        role, body = of(one)["supervisees"]
        answer = web.signed_in(one.who(role)).post(f"{API}/supervisees", json=body)
        assert answer.status_code == 201


WRONG: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("supervisees", lambda body: body | {"time_zone": "Mars/Olympus"}),
    ("supervisees", lambda body: body | {"time_zone": "../../etc/passwd"}),
    ("supervisees", lambda body: body | {"time_zone": "America"}),
    ("supervisees", lambda body: body | {"full_name": "   "}),
    ("supervisees", lambda body: body | {"full_name": "a\x00b"}),
    ("supervisees", lambda body: body | {"full_name": "x" * 201}),
    ("supervisees", lambda body: body | {"supervising_officer_id": "1"}),
    ("supervisees", lambda body: body | {"supervising_officer_id": 2**63}),
    ("supervisees", lambda body: body | {"agency_id": 1}),
    ("orders", lambda body: body | {"ends_at": body["begins_at"]}),
    ("orders", lambda body: body | {"begins_at": "2026-09-21T00:00:00"}),
    ("orders", lambda body: body | {"begins_at": "9999-12-31T23:59:59-12:00"}),
    ("orders", lambda body: body | {"begins_at": 1e300}),
    ("devices", lambda body: body | {"uid": "a/b/c"}),
    ("devices", lambda body: body | {"uid": "+"}),
    ("devices", lambda body: body | {"uid": "new\n"}),
    ("officers", lambda body: body | {"email": "nobody"}),
    ("officers", lambda body: body | {"role": "owner"}),
    ("officers", lambda body: body | {"password": "short"}),
    ("protected-persons", lambda body: [body]),
]


@pytest.mark.parametrize(("noun", "spoil"), WRONG)
def test_what_makes_no_sense_is_refused(
    web: Web, office: Office, noun: str, spoil: Callable[[dict[str, Any]], object]
) -> None:
    role, body = of(office)[noun]
    answer = web.signed_in(office.who(role)).post(f"{API}/{noun}", json=spoil(body))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid"), answer.text


def test_a_new_officer_can_sign_in(web: Web, office: Office) -> None:
    _, body = of(office)["officers"]
    assert web.signed_in(office.administrator).post(f"{API}/officers", json=body).is_success
    known = {"email": body["email"], "password": body["password"]}
    opened = web.anybody().post(f"{API}/session", json=known)
    assert (opened.status_code, opened.json()["officer"]["role"]) == (201, "pretrial")


def test_every_officer_sees_the_own_agency(web: Web, office: Office) -> None:
    agency = web.signed_in(office.officer).get(f"{API}/agency").json()
    assert (agency["id"], agency["name"]) == (office.agency.id, office.agency.name)


def test_a_device_is_handed_out_and_taken_back(web: Web, office: Office) -> None:
    client = web.signed_in(office.pretrial)
    path = f"{API}/devices/{office.device.id}"
    wearer = {"supervisee_id": office.supervisee.id}
    worn = client.post(f"{path}/assign", json=wearer)
    assert (worn.status_code, worn.json()["type"]) == (409, "/problems/conflict")
    back = client.post(f"{path}/return", json={})
    assert back.json()["returned_at"] == "2026-09-21T14:13:20Z"
    assert client.post(f"{path}/return", json={}).status_code == 409
    web.clock.forward(60)
    again = client.post(f"{path}/assign", json=wearer)
    assert again.json()["assigned_at"] == "2026-09-21T14:14:20Z"
    asked = {"device_id": str(office.device.id), "supervisee_id": str(office.supervisee.id)}
    history = client.get(f"{API}/device-assignments", params=asked).json()["items"]
    assert history == [back.json(), again.json()]
    device = f"device:{office.device.id}"
    assert web.audited(office, "device:returned") == [device]
    assert web.audited(office, "device:assigned") == [device]


def test_a_device_is_not_handed_out_in_the_future(web: Web, office: Office) -> None:
    client = web.signed_in(office.pretrial)
    body = {"at": "2026-09-21T14:13:21Z"}
    answer = client.post(f"{API}/devices/{office.device.id}/return", json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")


def test_a_device_is_not_returned_before_it_was_handed_out(web: Web, office: Office) -> None:
    client = web.signed_in(office.pretrial)
    body = {"at": "1999-01-01T00:00:00Z"}
    answer = client.post(f"{API}/devices/{office.device.id}/return", json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")


def test_a_look_at_protected_persons_is_audited(web: Web, office: Office) -> None:
    client, person_id = web.signed_in(office.officer), office.order.protected_person_id
    client.get(f"{API}/protected-persons")
    client.get(f"{API}/protected-persons/{person_id}")
    subjects = [f"agency:{office.agency.id}", f"protected_person:{person_id}"]
    assert web.audited(office, "protected_person:viewed") == subjects


def test_rejected_messages_are_listed_without_what_was_ignored(web: Web, office: Office) -> None:
    with web.behind() as session:
        ignored = factories.a_rejected_message(session, office.agency.id, is_ignored=True)
        factories.a_rejected_message(session, None)
    client, path = web.signed_in(office.supervisor), f"{API}/rejected-messages"
    assert [row["id"] for row in client.get(path).json()["items"]] == [office.rejected.id]
    everything = client.get(path, params={"include_ignored": "true"}).json()["items"]
    assert [row["id"] for row in everything] == [ignored.id, office.rejected.id]
    named = client.get(path, params={"device_uid": office.device.uid}).json()["items"]
    assert [row["id"] for row in named] == [office.rejected.id]


def test_what_was_sent_is_shown_only_to_who_may_see_positions(web: Web, office: Office) -> None:
    path = f"{API}/rejected-messages/{office.rejected.id}"
    assert web.signed_in(office.supervisor).get(path).json()["payload"] == "\\xff{"
    assert web.signed_in(office.administrator).get(path).json()["payload"] is None

"""How somebody is reached: given on enrolment, changed by whoever supervises him, never leaked."""

from typing import Any

import pytest
from sqlalchemy import text

from supervision.core.access import Role
from tests.web.application import Web
from tests.web.offices import Office
from tests.web.test_register import of

PEOPLE = "/api/v1/supervisees"
CONTACT = {"phone": "+13035550142", "email": "alex@example.org", "language": "es"}
NONE = {"phone": None, "email": None, "language": "en"}


def test_a_contact_may_be_given_on_enrolment(web: Web, office: Office) -> None:
    role, body = of(office)["supervisees"]
    client = web.signed_in(office.who(role))
    contact = CONTACT | {"phone": "+1 (303) 555-0142"}
    created = client.post(PEOPLE, json=body | {"contact": contact}).json()
    assert created["contact"] == CONTACT
    assert client.get(f"{PEOPLE}/{created['id']}").json() == created


def test_the_supervising_officer_changes_it_and_what_is_left_out_is_gone(
    web: Web, office: Office
) -> None:
    client, path = web.signed_in(office.officer), f"{PEOPLE}/{office.supervisee.id}"
    assert client.get(path).json()["contact"] == NONE
    changed = client.put(f"{path}/contact", json=CONTACT)
    assert (changed.status_code, changed.json()["contact"]) == (200, CONTACT)
    assert client.get(path).json() == changed.json()
    fewer = client.put(f"{path}/contact", json={"email": "alex@example.org"}).json()["contact"]
    assert fewer == NONE | {"email": "alex@example.org"}


def test_the_trail_says_what_kind_of_contact_changed_and_no_value(web: Web, office: Office) -> None:
    client, path = web.signed_in(office.officer), f"{PEOPLE}/{office.supervisee.id}/contact"
    for body in (CONTACT, CONTACT, CONTACT | {"phone": None}):
        assert client.put(path, json=body).is_success
    with web.behind() as session:
        details = session.scalars(
            text(
                "SELECT detail FROM audit_entry WHERE tag = 'supervisee:contact_changed'"
                " AND agency_id = :agency ORDER BY seq"
            ),
            {"agency": office.agency.id},
        ).all()
    assert details == [{"changed": ["phone", "email", "language"]}, {"changed": ["phone"]}]
    subject = f"supervisee:{office.supervisee.id}"
    assert web.audited(office, "supervisee:contact_changed") == [subject, subject]


@pytest.mark.parametrize(
    "wrong", [{"phone": "3035550142"}, {"email": "nobody"}, {"language": "fr"}, {"fax": "1"}]
)
def test_what_no_message_can_be_sent_to_is_refused(
    web: Web, office: Office, wrong: dict[str, Any]
) -> None:
    client, path = web.signed_in(office.officer), f"{PEOPLE}/{office.supervisee.id}"
    answer = client.put(f"{path}/contact", json=CONTACT | wrong)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert client.get(path).json()["contact"] == NONE
    role, body = of(office)["supervisees"]
    enrolled = web.signed_in(office.who(role)).post(PEOPLE, json=body | {"contact": wrong})
    assert enrolled.status_code == 422


def test_only_those_who_see_the_case_change_it(
    web: Web, office: Office, other_office: Office
) -> None:
    path = f"{PEOPLE}/{office.supervisee.id}/contact"
    for officer in (office.colleague, other_office.officer, other_office.who(Role.SUPERVISOR)):
        assert web.signed_in(officer).put(path, json=CONTACT).status_code == 404

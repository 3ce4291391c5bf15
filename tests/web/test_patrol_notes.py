"""What a patrol must know of a person: written by officers, on record without its words."""

from typing import Any

import pytest
from sqlalchemy import text

from supervision.core.access import Role
from tests.web.application import Web
from tests.web.console_visits import browser_of
from tests.web.offices import Office

API = "/api/v1"
NOTES = {"description": "Male, 41", "vehicle": "Grey van", "safety_notes": "Keeps\na dog."}
NOTHING: dict[str, Any] = dict.fromkeys(NOTES)


def details(web: Web, office: Office) -> list[Any]:
    with web.behind() as session:
        rows = session.scalars(
            text(
                "SELECT detail FROM audit_entry WHERE tag = 'supervisee:patrol_notes_changed'"
                " AND agency_id = :agency ORDER BY seq"
            ),
            {"agency": office.agency.id},
        )
        return list(rows)


def test_an_officer_writes_them_and_the_trail_has_no_word_of_them(web: Web, office: Office) -> None:
    client, path = web.signed_in(office.officer), f"{API}/supervisees/{office.supervisee.id}"
    assert client.get(path).json()["patrol_notes"] == NOTHING
    for body in (NOTES, NOTES, {"vehicle": "Grey van"}):
        told = client.put(f"{path}/patrol-notes", json=body).json()["patrol_notes"]
        assert told == NOTHING | body
    assert client.get(path).json()["patrol_notes"] == NOTHING | {"vehicle": "Grey van"}
    gone = {"changed": ["description", "safety_notes"]}
    assert details(web, office) == [{"changed": list(NOTES)}, gone]


def test_they_are_written_in_the_console_too(web: Web, office: Office) -> None:
    browser, page = browser_of(web, office.officer), f"/supervisees/{office.supervisee.id}"
    answer = browser.submit(f"{page}/patrol-notes", NOTES | {"vehicle": " "})
    assert answer.headers["location"] == f"{page}#patrol-notes"
    words = browser.page(page)
    assert "Male, 41 Vehicle not known Officer safety Keeps a dog." in words
    assert details(web, office) == [{"changed": ["description", "safety_notes"]}]


@pytest.mark.parametrize(
    "wrong", [{"description": "x" * 401}, {"safety_notes": "x" * 1_001}, {"vehicle": " "}]
)
def test_what_fits_no_sheet_is_refused(web: Web, office: Office, wrong: dict[str, Any]) -> None:
    path = f"{API}/supervisees/{office.supervisee.id}/patrol-notes"
    assert web.signed_in(office.officer).put(path, json=wrong).status_code == 422


def test_only_those_who_see_the_case_write_them(
    web: Web, office: Office, other_office: Office
) -> None:
    path = f"{API}/supervisees/{office.supervisee.id}/patrol-notes"
    for officer in (office.colleague, other_office.officer):
        assert web.signed_in(officer).put(path, json=NOTES).status_code == 404
    administrator = web.signed_in(office.who(Role.ADMINISTRATOR))
    assert administrator.put(path, json=NOTES).status_code == 403


def test_a_supervisor_sets_at_which_number_police_reach_an_officer(
    web: Web, office: Office
) -> None:
    client, path = web.signed_in(office.supervisor), f"{API}/officers/{office.officer.id}"
    told = client.put(f"{path}/duty-phone", json={"phone": "+1 (303) 555-0142"})
    assert told.json()["duty_phone"] == "+13035550142"
    assert client.put(f"{path}/duty-phone", json={"phone": "911"}).status_code == 422
    assert client.get(path).json()["duty_phone"] == "+13035550142"
    assert client.put(f"{path}/duty-phone", json={"phone": None}).json()["duty_phone"] is None
    subject = f"officer:{office.officer.id}"
    assert web.audited(office, "officer:duty_phone_set") == [subject, subject]
    own = web.signed_in(office.officer)
    assert own.put(f"{path}/duty-phone", json={"phone": None}).status_code == 403

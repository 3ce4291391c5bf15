import json
from http import HTTPStatus
from typing import Any

import pytest
from sqlalchemy import Row, text

from alerts.catalogue import AlertKind
from tests import factories
from tests.web.application import Web
from tests.web.console_visits import Browser, browser_of, words_of
from tests.web.offices import Office

SCRIPT = {"hx-request": "true", "accept": "*/*"}


@pytest.fixture
def browser(web: Web, office: Office) -> Browser:
    return browser_of(web, office.officer)


def alert(web: Web, alert_id: int) -> Row[Any]:
    with web.behind() as session:
        return session.execute(text("SELECT * FROM alert WHERE id = :id"), {"id": alert_id}).one()


def test_acknowledging_without_scripts_goes_back_to_the_page_it_came_from(
    web: Web, office: Office, browser: Browser
) -> None:
    path = f"/alerts/{office.alert.id}/acknowledge"
    answer = browser.submit(path, {})
    assert answer.headers["location"] == f"/#alert-{office.alert.id}"
    kept = alert(web, office.alert.id)
    assert (kept.handling, kept.acknowledged_by_id) == ("acknowledged", office.officer.id)
    again = browser.submit(path, {"origin": "alert"})
    assert again.status_code == HTTPStatus.CONFLICT
    assert "An alert that is acknowledged cannot be acknowledged." in words_of(again.text)


def test_a_script_that_acknowledges_gets_the_changed_row(office: Office, browser: Browser) -> None:
    answer = browser.submit(f"/alerts/{office.alert.id}/acknowledge", {}, **SCRIPT)
    assert f"Acknowledged {office.officer.display_name}" in words_of(answer.text)
    assert 'data-handling="acknowledged"' in answer.text


@pytest.mark.parametrize("action", ["acknowledge", "close"])
def test_nothing_is_handled_without_the_pages_own_token(
    web: Web, office: Office, browser: Browser, action: str
) -> None:
    fields = {"csrf_token": "x", "version": "1", "disposition": "other", "note": "n"}
    path = f"/alerts/{office.alert.id}/{action}"
    assert browser.client.post(path, data=fields).status_code == HTTPStatus.FORBIDDEN
    assert alert(web, office.alert.id).handling == "new"


@pytest.mark.parametrize("action", ["acknowledge", "close"])
def test_another_caseloads_alert_is_not_there(
    web: Web, office: Office, other_office: Office, action: str
) -> None:
    fields = {"version": "1", "disposition": "other", "note": "n"}
    for stranger in (office.colleague, other_office.supervisor):
        answer = browser_of(web, stranger).submit(f"/alerts/{office.alert.id}/{action}", fields)
        assert answer.status_code == HTTPStatus.NOT_FOUND
    assert alert(web, office.alert.id).handling == "new"


def test_closing_without_scripts_keeps_judgement_and_note(office: Office, browser: Browser) -> None:
    path = f"/alerts/{office.alert.id}/close"
    form = browser.page(f"{path}?origin=alert")
    assert "What did it turn out to be?" in form
    assert "required: the alert is critical" in form
    fields = {
        "version": "1",
        "disposition": "device_fault",
        "note": "Seen in person: whole.",
        "origin": "alert",
    }
    answer = browser.submit(path, fields)
    assert answer.headers["location"] == f"/alerts/{office.alert.id}"
    page = browser.page(f"/alerts/{office.alert.id}")
    assert f"Closed as Device fault by {office.officer.display_name}" in page
    assert "Seen in person: whole." in page
    assert "Closed Device fault" not in browser.page("/")
    assert browser.get(path).headers["location"] == f"/alerts/{office.alert.id}"


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"note": "I was there"}, "Choose what it turned out to be."),
        ({"disposition": "gps_drift", "note": " "}, "Write a note"),
    ],
)
def test_a_judgement_that_lacks_something_is_asked_for_again_with_what_was_written(
    web: Web, office: Office, browser: Browser, fields: dict[str, str], complaint: str
) -> None:
    path = f"/alerts/{office.alert.id}/close"
    answer = browser.submit(path, {"version": "1", **fields})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert complaint in words_of(answer.text)
    assert fields["note"] in answer.text
    if "disposition" in fields:
        assert 'value="gps_drift" required checked' in answer.text
    assert alert(web, office.alert.id).handling == "new"


def test_a_judgement_on_an_alert_that_changed_meanwhile_is_asked_for_again(
    web: Web, office: Office, browser: Browser
) -> None:
    browser.submit(f"/alerts/{office.alert.id}/acknowledge", {})
    path = f"/alerts/{office.alert.id}/close"
    fields = {"disposition": "authorised", "note": "The court allowed it."}
    stale = browser.submit(path, {"version": "1", **fields})
    assert "Somebody else changed this meanwhile" in words_of(stale.text)
    assert "The court allowed it." in stale.text
    assert 'name="version" value="2"' in stale.text
    assert browser.submit(path, {"version": "2", **fields}).status_code == HTTPStatus.SEE_OTHER
    assert alert(web, office.alert.id).disposition == "authorised"


def test_a_script_that_closes_is_told_which_row_to_take_away(
    office: Office, browser: Browser
) -> None:
    path = f"/alerts/{office.alert.id}/close"
    form = browser.get(path, **SCRIPT).text
    assert "<html" not in form
    assert 'hx-post="' in form
    fields = {"version": "1", "disposition": "duplicate", "note": "Same cut."}
    answer = browser.submit(path, fields, **SCRIPT)
    assert answer.status_code == HTTPStatus.NO_CONTENT
    assert json.loads(answer.headers["hx-trigger"]) == {"alert-closed": {"id": office.alert.id}}


def test_a_pretrial_officer_sees_alerts_and_is_offered_no_handling(
    web: Web, office: Office
) -> None:
    with web.behind() as session:
        factories.an_alert(session, office.supervisee, kind=AlertKind.BUTTON)
    browser = browser_of(web, office.pretrial)
    for path in ("/", f"/alerts/{office.alert.id}"):
        page = browser.get(path).text
        assert office.supervisee.full_name in page
        assert "/acknowledge" not in page
        assert "/close" not in page
    answer = browser.submit(f"/alerts/{office.alert.id}/acknowledge", {})
    assert answer.status_code == HTTPStatus.FORBIDDEN

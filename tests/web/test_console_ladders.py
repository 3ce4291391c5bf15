"""The pages on which a supervisor says how alerts climb, and everybody reads it."""

import re
from http import HTTPStatus
from typing import Any

import pytest
from sqlalchemy import text

from tests.web.application import Web
from tests.web.console_visits import Browser, browser_of, words_of
from tests.web.offices import Office

PAGE = "/ladders/strap_tamper"
API = "/api/v1/escalation-ladders/strap_tamper"
RETIRED = "UPDATE officer SET is_active = false WHERE id = :id"


@pytest.fixture
def browser(web: Web, office: Office) -> Browser:
    return browser_of(web, office.supervisor)


def typed(*posts: str, **other: str) -> dict[str, Any]:
    """The form with these on the rungs above the first, a minute after each other."""
    fields = {"rows": "4", "act": "save", "again_min": "10", "untouched_min": "30"}
    for number, post in enumerate(posts, 1):
        fields |= {f"post_{number}": post, f"after_{number}_min": str(number)}
    return fields | other


def test_every_kinds_ladder_is_told_in_words(browser: Browser) -> None:
    page = browser.page("/ladders")
    assert "Strap reported cut or opened: change the ladder may become critical" in page
    assert (
        "at once the officer responsible after 3 min the backup after 5 min the supervisors"
        " 10 min after the last 30 min As the catalogue has it"
    ) in page
    assert "after 4 h the backup after 1 d the supervisors" in page


def test_a_supervisor_changes_a_ladder_to_people_by_name_and_goes_back(
    web: Web, office: Office, browser: Browser
) -> None:
    named = (f"rota:{office.rota.id}", f"officer:{office.colleague.id}")
    outside = f"outside:{office.outside_point.id}"
    answer = browser.submit(PAGE, typed(*named, outside, after_2_s="30"))
    assert (answer.status_code, answer.headers["location"]) == (HTTPStatus.SEE_OTHER, PAGE)
    page = browser.page(PAGE)
    assert (
        "at once the officer responsible after 1 min whoever is on call: Days"
        f" after 2 min 30 s {office.colleague.display_name} after 3 min Duty desk"
    ) in page
    assert f"The agency\u2019s own {office.supervisor.display_name}" in page
    kept = web.signed_in(office.officer).get(API).json()
    assert [rung["after_s"] for rung in kept["rungs"]] == [0, 60, 150, 180]
    assert browser.submit(f"{PAGE}/restore", {}).status_code == HTTPStatus.SEE_OTHER
    page = browser.page(PAGE)
    assert f"As the catalogue has it {office.supervisor.display_name}" in page
    assert "Go back to the catalogue" not in page
    assert len(web.audited(office, "escalation_ladder:set")) == 2


def test_a_rung_more_is_asked_for_without_losing_what_was_typed(browser: Browser) -> None:
    answer = browser.submit(PAGE, typed("supervisors", act="more"))
    assert answer.status_code == HTTPStatus.OK
    assert 'name="post_5"' in answer.text
    assert '<option value="supervisors" selected>' in answer.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (typed("backup"), "Within 5 minutes this kind must reach more than the officer"),
        (typed("supervisors", again_min="31"), "This kind must begin again, and be new again,"),
        (typed("supervisors", "backup", after_2_min="0"), "times must not fall"),
        (typed(f"officer:{2**62}"), "No such officer in the agency."),
        (typed(f"rota:{2**62}"), "There is no such rota."),
        (typed(f"outside:{2**62}"), "No such contact point outside the agency."),
        (typed("supervisors", again_min="soon"), "Write after how long it begins again"),
    ],
)
def test_what_makes_no_sense_is_said_and_what_was_typed_is_kept(
    web: Web, office: Office, browser: Browser, wrong: dict[str, str], said: str
) -> None:
    answer = browser.submit(PAGE, wrong)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in words_of(answer.text)
    assert f'value="{wrong["again_min"]}"' in answer.text
    assert web.audited(office, "escalation_ladder:set") == []


@pytest.mark.parametrize("page", [PAGE, "/rotas", "/rotas/{rota}"])
def test_the_enter_key_saves_and_adds_nothing(office: Office, browser: Browser, page: str) -> None:
    written = browser.get(page.format(rota=office.rota.id)).text
    _, _, form = written.partition('class="plan" aria-labelledby=')
    pressed = re.search(r'<button name="act" value="(\w+)"', form)
    assert pressed is not None
    assert pressed[1] == "save", "a browser takes the first button of a form"


def test_an_officer_reads_ladders_and_changes_none(web: Web, office: Office) -> None:
    browser = browser_of(web, office.officer)
    assert "see the ladder" in browser.page("/ladders")
    assert "Save the ladder" not in browser.page(PAGE)
    for path in (PAGE, f"{PAGE}/restore"):
        refused = browser.submit(path, typed("supervisors"))
        assert refused.status_code == HTTPStatus.FORBIDDEN
    assert browser_of(web, office.administrator).get("/ladders").status_code == 403


def test_a_rung_of_an_officer_who_left_stays_in_the_form_and_is_refused(
    web: Web, office: Office, browser: Browser
) -> None:
    leaver = f"officer:{office.colleague.id}"
    browser.submit(PAGE, typed("supervisors", leaver))
    with web.behind() as session:
        session.execute(text(RETIRED), {"id": office.colleague.id})
    page = browser.get(PAGE).text
    name = office.colleague.display_name
    assert f'<option value="{leaver}" selected>{name}, who cannot be told' in page
    answer = browser.submit(PAGE, typed("supervisors", leaver))
    assert "No such officer in the agency." in words_of(answer.text)


def test_a_supervisor_says_who_stands_in_for_an_officer(
    web: Web, office: Office, browser: Browser
) -> None:
    path, colleague = f"/officers/{office.officer.id}/backup", office.colleague
    answer = browser.submit(path, {"backup": str(colleague.id)})
    assert answer.headers["location"] == "/ladders#backups"
    officer = browser_of(web, office.officer)
    said = f"{office.officer.display_name}: {colleague.display_name}"
    assert said in officer.page("/ladders")
    assert browser.submit(path, {}).status_code == HTTPStatus.SEE_OTHER
    assert f"{office.officer.display_name}: nobody" in officer.page("/ladders")
    himself = {"backup": str(office.officer.id)}
    assert browser.submit(path, himself).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert officer.submit(path, {"backup": ""}).status_code == HTTPStatus.FORBIDDEN
    assert len(web.audited(office, "officer:backup_set")) == 2

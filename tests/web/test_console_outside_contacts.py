"""The page of contacts outside the agency: listed, added, their secrets exchanged, ended."""

import re
from http import HTTPStatus
from typing import Any

import pytest

from supervision.core.access import Role
from tests.web.application import Web
from tests.web.console_visits import Browser, browser_of, words_of
from tests.web.offices import Office

PAGE = "/outside-contacts"


@pytest.fixture
def browser(web: Web, office: Office) -> Browser:
    return browser_of(web, office.supervisor)


def typed(**other: object) -> dict[str, Any]:
    asked = {"means": "email", "name": "Monitoring centre", "address": "centre@example.org"}
    return asked | other


def hook() -> dict[str, Any]:
    return typed(means="webhook", address="https://dispatch.example.org/hooks")


def contacts(web: Web, office: Office) -> list[dict[str, Any]]:
    answer = web.signed_in(office.supervisor).get("/api/v1/outside-contact-points").json()
    found: list[dict[str, Any]] = answer["items"]
    return found


def secret_on(page: str) -> str:
    found = re.search(r'value="(whsec_[^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_supervisor_adds_a_contact_sees_it_and_ends_it(
    web: Web, office: Office, browser: Browser
) -> None:
    answer = browser.submit(PAGE, typed(severities=["high", "critical"]))
    assert answer.headers["location"] == PAGE
    said = "Monitoring centre: by e-mail, centre@example.org at once of critical, high"
    assert said in browser.page(PAGE)
    added = contacts(web, office)[1]
    assert browser.submit(f"{PAGE}/{added['id']}/end", {}).headers["location"] == PAGE
    assert "Monitoring centre:" not in browser.page(PAGE)
    subject = f"contact_point:{added['id']}"
    for tag in ("contact_point:added", "contact_point:ended"):
        assert web.audited(office, tag) == [subject]


def test_a_webhooks_secret_is_shown_once_and_exchanged(
    web: Web, office: Office, browser: Browser
) -> None:
    first = secret_on(browser.submit(PAGE, hook()).text)
    page = browser.get(PAGE).text
    assert "whsec_" not in page
    assert "by webhook, https://dispatch.example.org/hooks by ladders alone" in words_of(page)
    path = f"{PAGE}/{contacts(web, office)[1]['id']}/secrets"
    assert secret_on(browser.submit(path, {}).text) != first
    assert "whsec_" not in browser.get(PAGE).text
    no_webhook = f"{PAGE}/{office.outside_point.id}/secrets"
    assert browser.submit(no_webhook, {}).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": "nowhere"}, "This is no e-mail address."),
        ({"name": " "}, "Give the contact a name: ladders show it."),
        ({"means": "sms", "address": "+13035550142"}, "This installation has no such means."),
        ({"means": "webhook", "address": "ftp://x"}, "A webhook is a URL of http or https"),
    ],
)
def test_what_cannot_work_is_said_and_what_was_typed_is_kept(
    web: Web, office: Office, browser: Browser, wrong: dict[str, str], said: str
) -> None:
    answer = browser.submit(PAGE, typed(**wrong))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in words_of(answer.text)
    assert typed(**wrong)["address"] in answer.text
    assert len(contacts(web, office)) == 1


def test_a_contact_to_which_a_ladder_leads_is_not_ended(office: Office, browser: Browser) -> None:
    ladder = {"rows": "2", "again_min": "10", "untouched_min": "30", "after_1_min": "5"}
    browser.submit("/ladders/jamming", ladder | {"post_1": f"outside:{office.outside_point.id}"})
    refused = browser.submit(f"{PAGE}/{office.outside_point.id}/end", {})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "The ladder of jamming alerts leads there" in words_of(refused.text)
    assert "Duty desk: by e-mail" in words_of(refused.text)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.PRETRIAL, Role.ADMINISTRATOR])
def test_everybody_reads_the_contacts_and_only_who_may_changes_them(
    web: Web, office: Office, role: Role
) -> None:
    browser = browser_of(web, office.who(role))
    assert "Duty desk: by e-mail, desk@example.org at once of low" in browser.page(PAGE)
    for path in (PAGE, f"{PAGE}/{office.outside_point.id}/end", f"{PAGE}/1/secrets"):
        assert browser.submit(path, typed()).status_code == HTTPStatus.FORBIDDEN

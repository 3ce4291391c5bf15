"""Where each role lands, and where the navigation leads it: only to what it may open."""

import re
from http import HTTPStatus

import pytest

from supervision.core.access import Role
from supervision.web.console.navigation import SECTIONS
from tests.web.application import Web
from tests.web.console_visits import Browser, browser_of
from tests.web.offices import Office

LANDS_ON = {
    Role.OFFICER: "/",
    Role.SUPERVISOR: "/",
    Role.PRETRIAL: "/",
    Role.ADMINISTRATOR: "/numbers",
}


@pytest.fixture(params=list(Role))
def role(request: pytest.FixtureRequest) -> Role:
    return Role(request.param)


@pytest.fixture
def browser(web: Web, office: Office, role: Role) -> Browser:
    return browser_of(web, office.who(role))


def test_whoever_signs_in_lands_on_a_page_he_may_see(browser: Browser, role: Role) -> None:
    path = "/"
    while (answer := browser.get(path)).status_code == HTTPStatus.SEE_OTHER:
        path = answer.headers["location"]
    assert (answer.status_code, path) == (HTTPStatus.OK, LANDS_ON[role])


def test_the_navigation_leads_to_every_section_that_the_role_may_open_and_to_no_other(
    browser: Browser,
) -> None:
    page = browser.get("/help").text
    (navigation,) = re.findall(r'<nav aria-label="Main">(.*?)</nav>', page, re.DOTALL)
    shown = set(re.findall(r'href="([^"]+)"', navigation))
    statuses = {one.path: browser.get(one.path).status_code for one in SECTIONS}
    assert shown <= statuses.keys()
    for path, status in statuses.items():
        assert status == HTTPStatus.OK if path in shown else status != HTTPStatus.OK, path


def test_each_section_says_where_one_is(browser: Browser) -> None:
    for one in SECTIONS:
        answer = browser.get(one.path)
        if answer.status_code == HTTPStatus.OK:
            assert f'<a href="{one.path}" aria-current="page">{one.name}</a>' in answer.text

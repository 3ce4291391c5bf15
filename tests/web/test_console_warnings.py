"""Whoever stands on a ladder or a rota and would be told nothing is named where they are set."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from supervision.web.deps import get_runtime
from tests.web.application import Web
from tests.web.console_visits import Browser, browser_of
from tests.web.offices import Office
from tests.web.test_console_ladders import typed
from tests.web.test_console_rotas import turns
from tests.web.test_failing_means import tried

pytestmark = pytest.mark.usefixtures("smtp_host")

PAGES = ("/ladders", "/ladders/strap_tamper", "/rotas")
LEFT = "UPDATE officer SET is_active = false WHERE id = :id"


@pytest.fixture(params=["mail.example.org"])
def smtp_host(web: Web, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A mail server or none; without one nobody is reached by e-mail."""
    settings = web.runtime.settings.model_copy(update={"smtp_host": request.param})
    runtime = replace(web.runtime, settings=settings)
    monkeypatch.setitem(web.app.dependency_overrides, get_runtime, lambda: runtime)


@pytest.fixture
def browser(web: Web, office: Office) -> Browser:
    return browser_of(web, office.supervisor)


def warned(browser: Browser, path: str) -> str:
    return browser.page(path).partition("Somebody would be told nothing:")[2]


def leave(web: Web, officer_id: int) -> None:
    with web.behind() as session:
        session.execute(text(LEFT), {"id": officer_id})


def test_where_everybody_can_be_told_nobody_is_named(browser: Browser, office: Office) -> None:
    for path in (*PAGES, f"/rotas/{office.rota.id}"):
        assert warned(browser, path) == ""


@pytest.mark.parametrize("smtp_host", [None], indirect=True)
def test_without_a_mail_server_whoever_has_no_other_way_is_named(
    office: Office, browser: Browser
) -> None:
    names = sorted([office.officer.display_name, office.supervisor.display_name])
    said = f"{', '.join(names)}: can be reached by no way that is set up here."
    for path in (*PAGES, f"/rotas/{office.rota.id}"):
        assert said in warned(browser, path)


def test_an_officer_who_left_and_still_stands_there_is_named(
    web: Web, office: Office, browser: Browser
) -> None:
    browser.submit(PAGES[1], typed("supervisors", f"officer:{office.colleague.id}"))
    leave(web, office.officer.id)
    leave(web, office.colleague.id)
    said = "may not sign in any more, and nobody is told instead."
    assert f"{office.officer.display_name}: {said}" in warned(browser, "/rotas")
    names = sorted([office.officer.display_name, office.colleague.display_name])
    for path in PAGES[:2]:
        assert f"{', '.join(names)}: {said}" in warned(browser, path)


def test_an_officer_whom_no_message_reaches_is_named(
    web: Web, office: Office, browser: Browser
) -> None:
    for minute in range(3):
        at = web.clock() - timedelta(hours=30, minutes=minute)
        tried(web, office, "email", "refused", at)
    said = f"{office.officer.display_name}: was reached by none of the last messages."
    assert said in warned(browser, "/rotas")
    tried(web, office, "email", "sent", web.clock())
    assert warned(browser, "/rotas") == ""


def test_a_rung_on_which_nobody_stands_is_named(office: Office, browser: Browser) -> None:
    browser.submit("/rotas", turns(office.colleague.id))
    assert "whoever is on call: Nights: there is nobody now." in warned(browser, "/rotas")

"""Ladders, rotas and outside contacts as a supervisor sets them: no barriers, no script needed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from supervision.core.clock import system_clock
from tests.browser.conftest import Desk
from tests.browser.test_pages import NARROW, check

pytestmark = pytest.mark.browser

LADDER = "/ladders/strap_tamper"
WITHOUT_SCRIPTS: dict[str, Any] = {"java_script_enabled": False}
DOWN = (
    "WITH failed AS (INSERT INTO notification"
    " (agency_id, alert_id, officer_id, channel, idempotency_key, due_at, created_at)"
    " SELECT :agency, id, officer_id, 'email', concat('down:', id), now(), now() FROM alert"
    " WHERE agency_id = :agency LIMIT 1 RETURNING id)"
    " INSERT INTO notification_attempt"
    " (agency_id, notification_id, number, began_at, ended_at, outcome, reason)"
    " SELECT :agency, id, number, now(), now(), 'failed', 'away' FROM failed, generate_series(1, 3)"
    " AS number"
)


def looks_well(page: Page, what: str) -> None:
    check(page, what)
    screen = page.viewport_size
    assert screen is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"], what


def not_looked_at(_page: Page, _what: str) -> None:
    """What looks for barriers is a script itself."""


def make_a_rota(page: Page, first: str, second: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Rotas").click()
    page.get_by_label("What it is called").fill("Nights")
    page.get_by_label("Turn 1").select_option(first)
    page.get_by_label("Turn 2").select_option(second)
    page.get_by_role("button", name="Make the rota").click()
    expect(page.get_by_role("heading", name="Nights")).to_be_visible()


def put_in(page: Page, who: str, begins: str, ends: str) -> None:
    form = page.get_by_role("form", name="Put somebody else on call")
    form.get_by_label("Who").select_option(who)
    page.get_by_label("From, by the clock of").fill(begins)
    page.get_by_label("Until before").fill(ends)
    page.get_by_role("button", name="Put on call").click()


def add_a_contact(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Rotas").click()
    page.get_by_role("link", name="contacts outside the agency").click()
    page.get_by_label("What it is called").fill("County dispatch")
    page.get_by_label("Means").select_option("webhook")
    page.get_by_label("Number or address").fill("https://dispatch.example.org/hooks")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_label("Secret")).to_have_value(re.compile("^whsec_"))


@pytest.mark.parametrize("options", [{}, NARROW, WITHOUT_SCRIPTS], ids=["wide", "narrow", "plain"])
def test_a_supervisor_says_who_is_told(desk: Desk, options: dict[str, Any]) -> None:
    looks = not_looked_at if options is WITHOUT_SCRIPTS else looks_well
    desk.watch.expect("422")
    office, tomorrow = desk.office, system_clock().date() + timedelta(days=1)
    with desk.browsing(office.supervisor, **options) as page:
        make_a_rota(page, office.officer.display_name, office.colleague.display_name)
        looks(page, "a rota")
        put_in(page, office.colleague.display_name, f"{tomorrow}T22:00", f"{tomorrow}T18:00")
        expect(page.get_by_role("alert")).to_have_text("It must begin before it ends.")
        looks(page, "an override refused")
        put_in(page, office.colleague.display_name, f"{tomorrow}T18:00", f"{tomorrow}T22:00")
        expect(page.get_by_role("button", name="Take back")).to_be_visible()
        looks(page, "an override")
        add_a_contact(page)
        looks(page, "a secret")
        page.goto(LADDER)
        looks(page, "a ladder")
        page.get_by_label("Who is told on rung 2").select_option("whoever is on call: Nights")
        page.get_by_role("button", name="Add a rung").click()
        expect(page.get_by_label("Who is told on rung 6")).to_be_visible()
        page.get_by_label("Who is told on rung 4").select_option("County dispatch")
        page.get_by_role("button", name="Save the ladder").click()
        expect(page.get_by_role("alert")).to_contain_text("Say after how long rung 4 is told.")
        looks(page, "a ladder refused")
        rung = page.get_by_role("group", name="After, on rung 4")
        rung.get_by_label("Minutes").fill("7")
        page.get_by_role("button", name="Save the ladder").click()
        expect(page.get_by_role("region", name="How it climbs now")).to_contain_text(
            "after 7 min County dispatch"
        )
        looks(page, "a ladder saved")
        for path in ("/ladders", "/rotas"):
            page.goto(path)
            looks(page, path)


def test_that_a_means_fails_appears_on_the_first_screen_and_goes_by_itself(
    desk: Desk, page: Page
) -> None:
    failing = page.locator("#failing")
    expect(failing).to_be_empty()
    desk.change(DOWN)
    page.reload()
    page.locator("#strip[data-state=live]").wait_for()
    expect(failing).to_contain_text("E-mail has failed 3 times since")
    looks_well(page, "a means fails")
    desk.change(
        "UPDATE notification_attempt SET outcome = 'sent', reason = NULL WHERE agency_id = :agency"
    )
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(failing).to_be_empty()

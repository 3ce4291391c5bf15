import pytest
from playwright.sync_api import Page, expect

from alerts.catalogue import AlertKind
from supervision.core.clock import system_clock
from supervision.core.db import transaction
from tests import factories
from tests.browser.conftest import Desk
from tests.browser.test_pages import check

pytestmark = pytest.mark.browser


def find(desk: Desk) -> int:
    now, him = system_clock(), desk.office.supervisee
    with transaction(desk.engine) as session:
        return factories.an_alert(session, him, kind=AlertKind.BATTERY_LOW, now=now).id


def test_noise_is_shelved_on_an_alerts_page_and_taken_back_on_the_first(
    desk: Desk, page: Page
) -> None:
    page.goto(f"/alerts/{find(desk)}")
    page.get_by_text("Shelve alerts of this kind").click()
    page.get_by_label("For how long").select_option("4 hours")
    page.get_by_label("Reason").fill("The charger is replaced tonight.")
    check(page, "the form")
    page.get_by_role("button", name="Shelve").click()
    expect(page.get_by_text("is shelved until")).to_be_visible()
    check(page, "shelved")
    page.goto("/")
    page.locator("#strip[data-state=live]").wait_for()
    row = page.locator(f"#alert-{find(desk)}")
    expect(row).to_contain_text("Shelved until")
    page.get_by_role("link", name="1 shelved").click()
    shelf = page.get_by_role("region", name="1 shelved")
    expect(shelf).to_contain_text("The charger is replaced tonight.")
    check(page, "the first screen")
    shelf.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("link", name="1 shelved", exact=True)).to_have_count(0)

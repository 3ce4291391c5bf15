import pytest
from playwright.sync_api import Page, expect

from alerts.catalogue import AlertKind
from tests.browser.conftest import Desk

pytestmark = pytest.mark.browser


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def held(page: Page) -> str | None:
    """The row that the focus is in."""
    row: str | None = page.evaluate("document.activeElement.closest('.alert')?.id ?? null")
    return row


def test_an_alert_is_found_acknowledged_and_closed_by_keyboard_alone(
    desk: Desk, page: Page
) -> None:
    first = f"alert-{desk.office.alert.id}"
    second = f"alert-{desk.raise_one(AlertKind.JAMMING)}"
    expect(page.locator(f"#{second}")).to_be_visible()
    press(page, "j")
    assert held(page) == first
    press(page, "j", "j", "k")
    assert held(page) == first
    press(page, "a")
    expect(page.locator(f"#{first}")).to_contain_text("Acknowledged")
    page.wait_for_function("id => document.activeElement.closest('.alert')?.id === id", arg=first)
    press(page, "c")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("radio", name="Confirmed violation")).to_be_focused()
    press(page, "ArrowDown", "ArrowDown", "Tab")
    page.keyboard.type("jack was here; the fix was wrong?")
    assert held(page) is None, "what is typed is not taken for commands"
    press(page, "Tab", "Enter")
    expect(page.locator(f"#{first}")).to_have_count(0)
    page.wait_for_function("id => document.activeElement.closest('.alert')?.id === id", arg=second)
    assert desk.alert_closed() == ("gps_drift", "jack was here; the fix was wrong?")


def test_the_next_row_is_held_when_a_colleague_closed_the_alert_under_the_dialog(
    desk: Desk, page: Page
) -> None:
    first = f"alert-{desk.office.alert.id}"
    second = f"alert-{desk.raise_one(AlertKind.JAMMING)}"
    expect(page.locator(f"#{second}")).to_be_visible()
    press(page, "j", "c")
    expect(page.get_by_role("dialog")).to_be_visible()
    desk.close_as_supervisor(desk.office.alert.id)
    expect(page.locator(f"#{first}")).to_have_count(0)
    press(page, "Escape")
    page.wait_for_function("id => document.activeElement.closest('.alert')?.id === id", arg=second)


def test_enter_opens_the_alert_and_escape_leaves_the_dialog_where_one_was(
    desk: Desk, page: Page
) -> None:
    press(page, "j", "c")
    expect(page.get_by_role("dialog")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert held(page) == f"alert-{desk.office.alert.id}"
    press(page, "Enter")
    page.wait_for_url(f"**/alerts/{desk.office.alert.id}")


def test_the_keys_are_explained_and_can_be_switched_off(page: Page) -> None:
    press(page, "?")
    dialog = page.get_by_role("dialog", name="Keys on the alert list")
    dialog.get_by_label("Single keys are on").uncheck()
    dialog.get_by_role("button", name="Done").click()
    page.locator("#main").focus()
    press(page, "j", "?")
    assert held(page) is None
    expect(dialog).to_be_hidden()
    page.reload()
    press(page, "j")
    assert held(page) is None, "they stay off"


def test_keys_with_a_modifier_are_left_to_the_browser(page: Page) -> None:
    press(page, "Control+j", "Alt+j")
    assert held(page) is None


def test_the_focus_stays_where_it_was_when_its_row_changes(desk: Desk, page: Page) -> None:
    row = page.locator(f"#alert-{desk.office.alert.id}")
    row.get_by_role("link", name="Close").focus()
    desk.acknowledge_as_supervisor(desk.office.alert.id)
    expect(row).to_contain_text("Acknowledged")
    expect(row.get_by_role("link", name="Close")).to_be_focused()

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from alerts.catalogue import AlertKind
from supervision.core.clock import system_clock
from supervision.core.db import transaction
from tests import factories
from tests.browser.conftest import Desk, sign_in
from tests.web.console_visits import walk_through_the_zone
from tests.web.presses import a_button, press_her_button

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROW: dict[str, Any] = {"viewport": {"width": 320, "height": 640}}
MATTERS = {"runOnly": RULES, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


@pytest.fixture
def stay(desk: Desk) -> int:
    """The alert of a walk through the zone that has just ended."""
    return walk_through_the_zone(desk.engine, system_clock, desk.office)


@pytest.fixture
def held(desk: Desk) -> int:
    """An alert that a shelf holds."""
    now, him = system_clock(), desk.office.supervisee
    with transaction(desk.engine) as session:
        factories.a_shelf(session, him, begins_at=now)
        return factories.an_alert(session, him, kind=AlertKind.BATTERY_LOW, now=now).id


@pytest.fixture
def pressed(desk: Desk) -> int:
    """The alert of a protected person's button."""
    with transaction(desk.engine) as session:
        uid = a_button(session, desk.office).uid
    return press_her_button(desk.engine, system_clock, desk.office, uid)


@pytest.fixture
def pages(desk: Desk, stay: int, held: int, pressed: int) -> list[str]:
    return [
        "/",
        "/?state=acknowledged",
        "/help",
        "/contact-points",
        "/calendar-feeds",
        "/numbers",
        "/ladders",
        "/ladders/strap_tamper",
        "/rotas",
        f"/rotas/{desk.office.rota.id}",
        "/outside-contacts",
        "/drills",
        f"/drills/{desk.office.drill.id}",
        f"/alerts/{stay}",
        f"/alerts/{held}",
        "/alerts/of-kind/battery_low",
        f"/alerts/{pressed}",
        f"/alerts/{pressed}/protected-person",
        f"/alerts/{desk.office.alert.id}",
        f"/alerts/{stay}/close",
        f"/supervisees/{desk.office.supervisee.id}",
        "/alerts/999999",
    ]


def check(page: Page, what: str) -> None:
    page.wait_for_load_state()  # without its stylesheet it has other colours
    results = Axe().run(page, options=MATTERS)
    assert results.violations_count == 0, f"{what}: {results.generate_report()}"


def check_by_day_and_night(page: Page, what: str) -> None:
    """In the dark only the colours are others."""
    check(page, what)
    page.emulate_media(color_scheme="dark")
    results = Axe().run(page, options=COLOURS)
    assert results.violations_count == 0, f"{what}, dark: {results.generate_report()}"
    page.emulate_media(color_scheme="light")


def test_no_page_in_any_state_has_a_barrier_that_axe_can_find(desk: Desk, pages: list[str]) -> None:
    desk.watch.expect("404|401")
    with desk.browsing(None, color_scheme="light") as page:
        page.goto("/sign-in")
        check_by_day_and_night(page, "sign-in")
        page.get_by_label("E-mail address").fill("nobody@example.org")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("the password is wrong")).to_be_visible()
        check_by_day_and_night(page, "sign-in refused")
        sign_in(page, desk.office.officer)
        page.locator("#strip[data-state=live]").wait_for()
        for path in pages:
            page.goto(path)
            check_by_day_and_night(page, path)


@pytest.mark.parametrize("options", [{}, NARROW], ids=["wide", "narrow"])
def test_no_state_of_the_list_has_a_barrier(desk: Desk, stay: int, options: dict[str, Any]) -> None:
    desk.watch.expect("ERR_|422")
    with desk.browsing(desk.office.officer, **options) as page:
        page.locator("#strip[data-state=live]").wait_for()
        page.get_by_role("button", name="Keys").click()
        check(page, "keys")
        page.keyboard.press("Escape")
        row = page.locator(f"#alert-{stay}")
        row.get_by_role("link", name="Close").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("radio", name="Device fault").check()
        check(page, "close")
        dialog.get_by_role("textbox", name="Note").fill(" ")
        dialog.get_by_role("button", name="Close the alert").click()
        expect(dialog.get_by_role("alert")).to_contain_text("Write a note")
        check(page, "close refused")
        page.keyboard.press("Escape")
        desk.server.stop()
        expect(page.locator("#strip-state")).to_have_text("DISCONNECTED")
        check(page, "disconnected")
        desk.server.start()


def test_every_page_fits_a_screen_of_320_pixels(desk: Desk, pages: list[str]) -> None:
    desk.watch.expect("404")
    with desk.browsing(desk.office.officer, **NARROW) as page:
        for path in pages:
            page.goto(path)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= 320, path


def test_everything_can_be_done_without_scripts(desk: Desk) -> None:
    with desk.browsing(desk.office.officer, java_script_enabled=False) as page:
        expect(page.get_by_text("Live alerts need JavaScript")).to_be_visible()
        row = page.locator(f"#alert-{desk.office.alert.id}")
        row.get_by_role("button", name="Acknowledge").click()
        expect(row).to_contain_text("Acknowledged")
        row.get_by_role("link", name="Close").click()
        page.get_by_role("radio", name="Authorised").check()
        page.get_by_role("textbox", name="Note").fill("The court allowed it.")
        page.get_by_role("button", name="Close the alert").click()
        expect(page.get_by_text("No alert waits here.")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_map_draws_zone_track_and_gap_and_asks_nobody_for_tiles(page: Page, stay: int) -> None:
    page.goto(f"/alerts/{stay}")
    drawn = page.locator("#map path")
    expect(page.locator("#map path.zone")).to_have_count(1)
    expect(page.locator("#map path.way")).to_have_count(5)
    expect(page.locator("#map path.way.gap")).to_have_count(1)
    expect(page.locator("#map path.accuracy")).to_have_count(6)
    expect(page.locator("#map path.point")).to_have_count(6)
    assert page.locator("#map path.point.entry, #map path.point.deepest").count() == 2
    assert drawn.count() > 6
    expect(page.locator("#map .leaflet-control-scale-line").first).to_be_visible()
    expect(page.locator("#map .grid-label").first).to_be_attached()
    expect(page.locator("#map img")).to_have_count(0)
    page.locator("#map path.point.entry").hover()
    expect(page.locator("#map .leaflet-tooltip")).to_contain_text("accuracy 8 m")


def test_an_alert_that_changes_while_it_is_read_says_so(desk: Desk, page: Page, stay: int) -> None:
    page.goto(f"/alerts/{stay}")
    page.locator("#strip[data-state=live]").wait_for()
    desk.acknowledge_as_supervisor(stay)
    page.get_by_role("link", name="Load it again").click()
    expect(page.locator(".alert-head")).to_contain_text(desk.office.supervisor.display_name)


def test_a_refusal_is_told_above_the_list(desk: Desk, page: Page) -> None:
    desk.watch.expect("404")
    for reassign in (
        "UPDATE alert SET officer_id = :other WHERE agency_id = :agency",
        "UPDATE supervisee SET supervising_officer_id = :other WHERE agency_id = :agency",
        "UPDATE notification SET officer_id = :other WHERE agency_id = :agency",
    ):
        desk.change(reassign, other=desk.office.colleague.id)
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator("#toast")).to_contain_text("There is no such thing here")

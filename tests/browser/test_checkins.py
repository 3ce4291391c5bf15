"""The check-ins' pages in a real browser: kept current, worked by keyboard, without barriers."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from supervision.checkins.models import Checkin
from supervision.checkins.rules import Method, State
from supervision.core.clock import system_clock
from supervision.core.db import transaction
from tests import factories
from tests.browser.conftest import Desk
from tests.browser.test_pages import NARROW, check

pytestmark = pytest.mark.browser

MINUTE = timedelta(minutes=1)
HERE = {"longitude": -104.97123, "latitude": 39.72123, "accuracy": 11.2}
ROWS = "#lists tbody .row"


def one(desk: Desk, ago: timedelta, **values: Any) -> Checkin:
    with transaction(desk.engine) as session:
        opens_at = system_clock() - ago
        return factories.a_checkin_at(session, desk.office.supervisee, opens_at, **values)


def told(desk: Desk) -> Checkin:
    ago = {"state": State.SUBMITTED, "submitted_at": system_clock(), "method": Method.SELF}
    made = one(desk, 10 * MINUTE, **ago)
    with transaction(desk.engine) as session:
        factories.a_submission(session, made, concerns=["far_position"], distance_m=4_120.0)
    return made


def ask_again(page: Page) -> None:
    """What happens by itself each 15 s."""
    page.evaluate(
        "() => new Promise((done) => { document.addEventListener('htmx:afterRequest', done,"
        " { once: true }); htmx.trigger('#board', 'refresh'); })"
    )


@pytest.mark.parametrize("options", [{}, NARROW], ids=["wide", "narrow"])
def test_no_check_ins_page_has_a_barrier_or_is_wider_than_its_screen(
    desk: Desk, options: dict[str, Any]
) -> None:
    in_sight = one(desk, MINUTE, state=State.OPEN, method=Method.PHONE_IN_SIGHT)
    video = one(desk, 35 * MINUTE, state=State.OPEN, method=Method.VIDEO)
    one(desk, -MINUTE, is_unannounced=True, method=Method.SELF)
    numbers = [in_sight.id, video.id, told(desk).id, desk.office.checkin.id]
    paths = ["/check-ins", "/check-ins?needs=awaiting", "/check-ins?needs=reviewed"]
    paths += [f"/check-ins/{number}" for number in numbers]
    with desk.browsing(desk.office.officer, **options) as page:
        for path in paths:
            page.goto(path)
            check(page, path)
            screen = page.viewport_size
            assert screen is not None
            assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"], path


def test_the_list_keeps_itself_current_and_leaves_alone_what_has_not_changed(
    desk: Desk, page: Page
) -> None:
    first = one(desk, 35 * MINUTE, state=State.OPEN)
    page.goto("/check-ins")
    expect(page.locator("#strip-state")).to_have_text("LIVE")
    ask_again(page)
    row = page.locator(f"#checkin-{first.id}")
    expect(row).to_contain_text("Nobody has called yet")
    see = page.locator(f"#see-{first.id}")
    see.focus()
    row.evaluate("row => (row.isTheSame = true)")
    ask_again(page)
    assert row.evaluate("row => row.isTheSame")
    expect(see).to_be_focused()
    second = one(desk, 5 * MINUTE, state=State.OPEN, call_asked_at=system_clock())
    ask_again(page)
    expect(page.locator(f"#checkin-{second.id}")).to_be_visible()
    expect(see).to_be_focused()
    expect(page).to_have_title("(4) Needs attention: check-ins – Supervision")  # noqa: RUF001 -- as the title has it


def test_who_works_in_a_row_that_goes_works_on_in_the_next(desk: Desk, page: Page) -> None:
    first = one(desk, 35 * MINUTE, state=State.OPEN)
    second = one(desk, 34 * MINUTE, state=State.OPEN)
    page.goto("/check-ins")
    page.locator(f"#see-{first.id}").focus()
    gone = "UPDATE checkin SET state = 'attended', attended_at = now() WHERE id = :id"
    desk.change(gone, id=first.id)
    ask_again(page)
    expect(page.locator(f"#checkin-{first.id}")).to_have_count(0)
    expect(page.locator(f"#see-{second.id}")).to_be_focused()


def test_a_list_that_is_not_kept_current_says_so(desk: Desk, page: Page) -> None:
    desk.watch.expect("ERR_CONNECTION_REFUSED|401|htmx:")
    page.goto("/check-ins")
    desk.server.stop()
    ask_again(page)
    expect(page.locator("#strip-state")).to_have_text("DISCONNECTED")
    desk.server.start()
    ask_again(page)
    expect(page.locator("#strip-state")).to_have_text("LIVE")
    desk.change("DELETE FROM web_session WHERE agency_id = :agency")
    ask_again(page)
    expect(page.locator("#strip-state")).to_have_text("SIGNED OUT")
    expect(page.locator("main")).to_be_hidden()


def test_an_officer_attests_with_this_devices_position(desk: Desk) -> None:
    checkin = one(desk, MINUTE, state=State.OPEN, method=Method.PHONE_IN_SIGHT)
    allowed = {"geolocation": HERE, "permissions": ["geolocation"]}
    with desk.browsing(desk.office.officer, **allowed) as page:
        page.goto(f"/check-ins/{checkin.id}")
        page.get_by_label("Where you were and what you saw").fill("From the car park")
        page.get_by_role("button", name="Use this device").click()
        expect(page.locator("#located")).to_have_text("Filled in, known to 12 m.")
        page.get_by_role("button", name="Attest").click()
        expect(page.locator(".alert-head")).to_contain_text("Attended")
        expect(page.get_by_text("-104.97123, 39.72123")).to_be_visible()
    kept = desk.row(
        "SELECT lon, lat, accuracy_m, place FROM checkin_sighting WHERE agency_id = :agency"
    )
    assert kept == (-104.97123, 39.72123, 12.0, "From the car park")


def test_without_leave_to_ask_the_position_is_typed_in(desk: Desk, page: Page) -> None:
    checkin = one(desk, MINUTE, state=State.OPEN, method=Method.PHONE_IN_SIGHT)
    page.goto(f"/check-ins/{checkin.id}")
    page.get_by_role("button", name="Use this device").click()
    expect(page.locator("#located")).to_contain_text("type it in")


def test_a_day_is_worked_through_without_scripts(desk: Desk) -> None:
    missed = one(desk, 180 * MINUTE, state=State.MISSED)
    one(desk, MINUTE, state=State.OPEN)
    with desk.browsing(desk.office.officer, java_script_enabled=False) as page:
        page.get_by_role("link", name="Check-ins").click()
        expect(page.locator("#strip")).to_contain_text("NOT LIVE Last fetched")
        page.locator(f"#see-{missed.id}").click()
        page.get_by_label("What you made of it").fill("The bus had broken down.")
        page.get_by_role("button", name="Mark as looked at").click()
        expect(page.locator(".history")).to_contain_text("The bus had broken down.")
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Check-ins").click()
        page.get_by_role("link", name="Reviewed").click()
        expect(page.locator(f"#checkin-{missed.id}")).to_contain_text("looked at")


@pytest.mark.heavy
def test_five_hundred_rows_are_a_page_that_can_be_worked_with(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        for number in range(500):
            opens_at = system_clock() - timedelta(hours=3, minutes=number)
            factories.a_checkin_at(session, desk.office.supervisee, opens_at, state=State.MISSED)
    with desk.browsing(desk.office.officer, **NARROW) as page:
        page.set_default_timeout(30_000)
        page.goto("/check-ins")
        expect(page.locator(ROWS)).to_have_count(500)
        expect(page.locator("#lists .notice")).to_contain_text("500 of 501 are shown")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        last = page.locator(ROWS).last.locator(".see")
        last.focus()
        ask_again(page)
        expect(page.locator(ROWS)).to_have_count(500)
        expect(last).to_be_focused()

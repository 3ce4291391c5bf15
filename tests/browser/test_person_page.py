"""A person's check-in on his phone: with and without his position, and without scripts."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from supervision.checkins.rules import Method
from supervision.core.clock import system_clock
from supervision.core.db import transaction
from supervision.core.links import CheckinLinks
from tests.browser.conftest import Desk
from tests.browser.test_pages import check
from tests.duties import a_duty

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
}
HERE = {"geolocation": {"longitude": -104.98, "latitude": 39.74, "accuracy": 14}}
ALLOWED = PHONE | HERE | {"permissions": ["geolocation"]}
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def link_to(desk: Desk, ago: timedelta = 10 * MINUTE, **values: Any) -> str:
    """The link to a new check-in that opened some time ago."""
    with transaction(desk.engine) as session:
        one = a_duty(session, desk.office.supervisee.id, system_clock() - ago, **values)
    key = desk.server.app.state.runtime.settings.link_key.get_secret_value()
    return f"/c/{CheckinLinks('', key).token(desk.office.agency.id, one.id)}"


def told(desk: Desk) -> tuple[Any, ...]:
    return desk.row(
        "SELECT language, answers ->> 'news', lon, lat, accuracy_m, no_position_reason, wants_call"
        " FROM checkin_submission WHERE agency_id = :agency AND checkin_id <> "
        f"{desk.office.told.id}"
    )


def fits(page: Page) -> None:
    widest = page.evaluate("document.documentElement.scrollWidth")
    assert widest <= page.viewport_size["width"]  # type: ignore[index]


def test_he_checks_in_in_spanish_with_his_position(desk: Desk) -> None:
    desk.watch.expect("422")
    with desk.browsing(None, **ALLOWED) as page:
        page.goto(link_to(desk))
        page.get_by_role("link", name="Español").click()
        expect(page.get_by_role("heading", name="Su control")).to_be_visible()
        page.get_by_label("¿Alguna novedad?").fill("Un trabajo nuevo")
        page.get_by_role("button", name="Enviar").click()
        expect(page.get_by_role("alert")).to_contain_text("¿Se ha mudado?")
        check(page, "what is missing")
        expect(page.get_by_label("¿Alguna novedad?")).to_have_value("Un trabajo nuevo")
        page.get_by_label("No", exact=True).check()
        page.get_by_role("button", name="Compartir mi ubicación").click()
        expect(
            page.get_by_text("Se conoce su ubicación, con un margen de (metros): 14")
        ).to_be_visible()
        check(page, "the filled form")
        page.get_by_role("button", name="Enviar").dblclick()
        expect(page.get_by_role("heading", name="Recibido")).to_be_visible()
        expect(page.get_by_text("Con su ubicación")).to_be_visible()
        check(page, "received")
        fits(page)
    assert told(desk) == ("es", "Un trabajo nuevo", -104.98, 39.74, 14.0, None, False)


def test_he_checks_in_in_english_though_his_phone_shares_no_position(desk: Desk) -> None:
    with desk.browsing(None, **PHONE, color_scheme="dark") as page:
        page.goto(link_to(desk))
        page.get_by_label("No", exact=True).check()
        page.get_by_label("Anything new?").fill("Nothing")
        page.get_by_label("Please call me back").check()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("does not let this page use your position")).to_be_visible()
        check(page, "refused position")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("your phone did not allow it")).to_be_visible()
        expect(page.get_by_text("You asked to be called back:")).to_be_visible()
    assert told(desk) == ("en", "Nothing", None, None, None, "denied", True)


def test_he_checks_in_without_scripts(desk: Desk) -> None:
    with desk.browsing(None, **PHONE, java_script_enabled=False) as page:
        page.goto(link_to(desk))
        expect(page.get_by_text("This browser cannot share your position here.")).to_be_visible()
        expect(page.get_by_role("button", name="Share my position")).to_be_hidden()
        page.get_by_label("Yes", exact=True).check()
        page.get_by_label("Anything new?").fill("A flat")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="Received")).to_be_visible()
    assert told(desk) == ("en", "A flat", None, None, None, "no_script", False)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_of_the_page_has_a_barrier_and_each_fits_a_small_screen(
    desk: Desk, scheme: str
) -> None:
    desk.watch.expect("404")
    small = PHONE | {"viewport": {"width": 320, "height": 568}, "color_scheme": scheme}
    states: list[dict[str, Any]] = [
        {"ago": -DAY},
        {"ago": 10 * MINUTE},
        {"ago": 10 * MINUTE, "method": Method.VIDEO, "purpose": "court"},
        {"ago": 10 * MINUTE, "method": Method.PHONE_IN_SIGHT, "place": "At the gate"},
        {"ago": 65 * MINUTE, "method": Method.PHONE},
        {"ago": 80 * MINUTE},
        {"ago": -DAY, "is_unannounced": True},
        {"ago": 10 * MINUTE, "state": "cancelled"},
        {"ago": 3 * DAY},
    ]
    with desk.browsing(None, **small) as page:
        for values in states:
            page.goto(link_to(desk, **values))
            check(page, str(values))
            fits(page)

"""A patrol's packet in a real browser: on a phone in the dark, and printed on one sheet."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from supervision.core.clock import system_clock
from supervision.core.db import transaction
from tests import factories
from tests.browser.conftest import Desk
from tests.browser.test_pages import check
from tests.browser.test_person_page import PHONE, fits
from tests.web.console_visits import walk_through_the_zone

pytestmark = pytest.mark.browser

KNOWN = (
    "UPDATE supervisee SET description = :description, vehicle = :vehicle, safety_notes = :notes"
    " WHERE agency_id = :agency"
)
DARK: dict[str, Any] = PHONE | {"color_scheme": "dark"}
LONG = "Owned a rifle until 2025, said to be sold. Keeps a dog. Has fought officers before. "


@pytest.fixture
def alert_id(desk: Desk) -> int:
    """Of a walk through the zone that has just ended; of somebody of whom much is known."""
    known = {"description": "Male, 41, 185 cm, beard" * 5, "vehicle": "Grey Ford F-150, ABC-D12"}
    desk.change(KNOWN, **known, notes=LONG * 7)
    return walk_through_the_zone(desk.engine, system_clock, desk.office)


def share(page: Page, alert_id: int) -> str:
    """Share the packet in the console as an officer does; returns the link's path."""
    page.goto(f"/alerts/{alert_id}")
    page.get_by_role("link", name="Share with a patrol").click()
    page.get_by_label("Show it to the patrol.").check()
    check(page, "the form")
    page.get_by_role("button", name="Make the link").click()
    url = page.get_by_label("The page, for a phone").input_value()
    check(page, "the link")
    return "/" + url.split("/", 3)[3]


def made(desk: Desk, alert_id: int) -> str:
    """The path of a link made behind the console's back."""
    ends = {"made_at": system_clock(), "expires_at": system_clock() + timedelta(hours=4)}
    with transaction(desk.engine) as session:
        alert = session.get_one(type(desk.office.alert), alert_id)
        _, token = factories.a_dispatch_link(session, alert, **ends)
    return f"/dispatch/{desk.office.agency.id}.{token}"


def test_an_officer_shares_a_packet_and_sees_that_it_was_opened(desk: Desk, alert_id: int) -> None:
    with desk.browsing(desk.office.officer) as page, desk.browsing(None, **PHONE) as phone:
        path = share(page, alert_id)
        phone.goto(path)
        expect(phone.get_by_role("heading", name="Where now")).to_be_visible()
        expect(phone.get_by_text("through the advocate")).to_be_visible()
        phone.get_by_role("link", name="Load again").click()
        page.get_by_role("link", name="Back to the alert").click()
        expect(page.get_by_text("opened 2 times")).to_be_visible()
        check(page, "the alert")
        page.get_by_role("button", name="Withdraw").click()
        desk.watch.expect("404")
        phone.get_by_role("link", name="Load again").click()
        expect(phone.get_by_role("heading", name="This link opens nothing.")).to_be_visible()
        check(phone, "withdrawn")
        fits(phone)


@pytest.mark.parametrize("options", [PHONE, DARK], ids=["light", "dark"])
def test_it_reads_on_a_phone_without_scripts_or_barriers(
    desk: Desk, alert_id: int, options: dict[str, Any]
) -> None:
    path = made(desk, alert_id)
    with desk.browsing(None, **options | {"java_script_enabled": False}) as page:
        page.goto(path)
        expect(page.get_by_role("heading", name=desk.office.supervisee.full_name)).to_be_visible()
        assert page.locator("script").count() == 0
    with desk.browsing(None, **options) as page:
        page.goto(path)
        check(page, "the packet")
        fits(page)
        desk.close_as_supervisor(alert_id)
        page.reload()
        expect(page.get_by_role("status")).to_contain_text("The alert is closed")
        check(page, "the packet of a closed alert")


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_it_is_printed_on_one_sheet(desk: Desk, alert_id: int, paper: str, tmp_path: Path) -> None:
    with desk.browsing(None, color_scheme="dark") as page:
        page.goto(made(desk, alert_id))
        printed = page.pdf(path=tmp_path / "packet.pdf", format=paper, prefer_css_page_size=False)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1

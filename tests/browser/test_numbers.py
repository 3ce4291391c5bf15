"""The page of numbers as a supervisor meets it: without barriers, on a desk and on a telephone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from alerts.catalogue import AlertKind
from supervision.core.db import transaction
from tests import factories
from tests.browser.conftest import Desk
from tests.browser.test_pages import NARROW, check

pytestmark = pytest.mark.browser


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Yesterday the colleague was flooded."""
    with transaction(desk.engine) as session:
        person = factories.a_supervisee(session, desk.office.colleague)
        for _ in range(15):
            factories.an_alert(session, person, kind=AlertKind.JAMMING)
    desk.change(
        "UPDATE alert SET found_at = now() - interval '1 day', handling = 'closed',"
        " closed_at = now(), closed_by_id = officer_id, disposition = 'gps_drift'"
        " WHERE agency_id = :agency AND kind = 'jamming'"
    )
    return desk


@pytest.mark.parametrize(
    "options",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, NARROW],
    ids=["light", "dark", "narrow"],
)
def test_the_numbers_have_no_barrier_and_fit_the_screen(
    busy: Desk, options: dict[str, Any]
) -> None:
    with busy.browsing(busy.office.supervisor, **options) as page:
        page.get_by_role("link", name="Numbers").click()
        expect(page.get_by_role("heading", name="Each officer")).to_be_visible()
        expect(page.locator("svg.days rect")).to_have_count(31)
        page.get_by_text("The same as a table").click()
        check(page, "numbers")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"]  # type: ignore[index]

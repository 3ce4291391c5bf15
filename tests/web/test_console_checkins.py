"""What the console shows of a missed check-in."""

from datetime import timedelta

from sqlalchemy import text

from supervision.monitor import Monitor
from tests.web.application import Web
from tests.web.console_visits import browser_of
from tests.web.offices import Office


def test_the_alert_page_tells_what_was_asked_for_and_what_became_of_it(
    web: Web, office: Office
) -> None:
    path = f"/api/v1/checkins/{office.checkin.id}"
    web.clock.now = office.checkin.opens_at
    client = web.signed_in(office.officer)
    assert client.post(f"{path}/attempts", json={"why": "busy"}).is_success
    web.clock.now = office.checkin.missed_at
    Monitor(web.engine, web.clock, timedelta(minutes=5)).sweep_checkins()
    with web.behind() as session:
        (alert_id,) = session.execute(
            text("SELECT id FROM alert WHERE kind = 'checkin_missed' AND agency_id = :agency"),
            {"agency": office.agency.id},
        ).scalars()
    client = web.signed_in(office.officer)
    browser = browser_of(web, office.officer)
    page = browser.page(f"/alerts/{alert_id}")
    for words in (
        "Finding Missed check-in",
        "Asked for Telephone call, from",
        "Calls that reached nobody 1",
        "Missed in 30 days 1, this one included",
    ):
        assert words in page
    assert "by the tracker" not in page
    assert client.post(f"{path}/excuse", json={"reason": "In hospital."}).is_success
    assert "Excused" in browser.page(f"/alerts/{alert_id}")

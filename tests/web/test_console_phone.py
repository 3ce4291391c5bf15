"""What the console shows of a phone's position at a check-in."""

from datetime import timedelta

from sqlalchemy import text

from supervision.monitor import Monitor
from tests import factories
from tests.web.application import Web
from tests.web.console_visits import browser_of
from tests.web.offices import Office
from tests.web.person_visits import FILLED, phone_with


def test_what_a_phone_shows_is_named_as_such_in_the_list_and_on_the_alerts_page(
    web: Web, office: Office
) -> None:
    opened = factories.NOW - timedelta(minutes=10)
    phone_with(web, office, opened).send(FILLED)
    phone_with(web, office, opened).send(FILLED | {"lon": "-100"})
    Monitor(web.engine, web.clock, timedelta(minutes=5)).judge_submissions()
    browser = browser_of(web, office.officer)
    listed = browser.page("/")
    assert "Exclusion zone entered, by the phone at a check-in 14:13" in listed
    assert "Phone at a check-in 426.7 km from the tracker" in listed
    with web.behind() as session:
        phones = "SELECT id FROM alert WHERE evidence ->> 'source' = 'phone' AND agency_id = :id"
        ids = session.execute(text(phones), {"id": office.agency.id}).scalars().all()
    for alert_id in ids:
        page = browser.page(f"/alerts/{alert_id}")
        assert "by our time, a phone" in page
        assert "by the tracker" not in page
    assert len(ids) == 2

"""What Prometheus scrapes: only with the token; every agency by its id, as things are now."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import ValidationError
from sqlalchemy import text

from supervision.core.db import make_engine, transaction
from supervision.core.health import beat
from supervision.stack.postgres import DatabaseUrls
from supervision.web.app import create_app
from supervision.web.runtime import WebRuntime
from tests import factories
from tests.harness import settings_for
from tests.web.application import Web
from tests.web.offices import Office

TOKEN = factories.PASSWORD
BEARER = {"Authorization": f"Bearer {TOKEN}"}
Samples = dict[tuple[str, ...], float]


@pytest.fixture
def scraped(web: Web, shared_database: DatabaseUrls) -> Iterator[TestClient]:
    """The application of an installation that lets whoever brings the token scrape."""
    settings = settings_for(shared_database, metrics_token=TOKEN)
    made = WebRuntime(settings, web.runtime.engine, web.clock, web.runtime.monitor)
    yield TestClient(create_app(made), base_url="http://testserver")
    with web.behind() as session:
        session.execute(text("DELETE FROM process_heartbeat"))


def scrape(client: TestClient) -> Samples:
    answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == HTTPStatus.OK, answer.text
    return {
        (sample.name, *(str(one) for one in sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_every_agency_is_counted_with_what_waits_and_for_how_long(
    web: Web, office: Office, other_office: Office, scraped: TestClient
) -> None:
    with web.behind() as session:
        beat(session, "deliver", web.clock.now)
    web.clock.forward(90)
    samples = scrape(scraped)
    for one in (office, other_office):
        agency = str(one.agency.id)
        assert samples["supervision_alerts_raised_total", agency] == 1
        assert samples["supervision_alerts_open", agency, "new", "critical"] == 1
        assert samples["supervision_alerts_open", agency, "in_hand", "high"] == 0
        assert samples["supervision_alerts_oldest_new_age_seconds", agency] == 90
        assert samples["supervision_outbox_pending", agency] >= 1
        assert samples["supervision_outbox_oldest_pending_age_seconds", agency] == 90
    assert samples["supervision_process_heartbeat_age_seconds", "deliver"] == 90


def test_what_is_closed_and_sent_waits_no_more(
    web: Web, office: Office, scraped: TestClient
) -> None:
    judgement = {"disposition": "device_fault", "note": "The strap's sensor is worn."}
    officer = web.signed_in(office.officer)
    officer.post(f"/api/v1/alerts/{office.alert.id}/close", json=judgement)
    with web.behind() as session:
        session.execute(
            text(
                "UPDATE notification SET state = 'sent', sent_at = :now WHERE agency_id = :agency"
            ),
            {"now": web.clock.now, "agency": office.agency.id},
        )
    web.clock.forward(90)
    samples, agency = scrape(scraped), str(office.agency.id)
    assert samples["supervision_alerts_raised_total", agency] == 1
    assert samples["supervision_alerts_open", agency, "new", "critical"] == 0
    assert samples["supervision_alerts_oldest_new_age_seconds", agency] == 0
    assert samples["supervision_outbox_pending", agency] == 0
    assert samples["supervision_outbox_oldest_pending_age_seconds", agency] == 0


def test_nobodys_name_is_in_it(office: Office, scraped: TestClient) -> None:
    told = scraped.get("/metrics", headers=BEARER).text
    names = (
        office.agency.name,
        office.officer.display_name,
        office.officer.email,
        office.supervisee.full_name,
        office.supervisee.case_number,
        office.device.uid,
        office.zone.name,
    )
    assert [name for name in names if name in told] == []


def test_nobody_scrapes_without_the_token(web: Web, office: Office, scraped: TestClient) -> None:
    signed_in = web.signed_in(office.supervisor).headers["Authorization"]
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": signed_in}):
        answer = scraped.get("/metrics", headers=headers)
        assert answer.status_code == HTTPStatus.UNAUTHORIZED
        assert "supervision_" not in answer.text


def test_nobody_scrapes_where_no_token_is_set(web: Web) -> None:
    answer = web.anybody().get("/metrics", headers=BEARER)
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_a_token_that_can_be_guessed_is_refused(shared_database: DatabaseUrls) -> None:
    with pytest.raises(ValidationError):
        settings_for(shared_database, metrics_token=TOKEN[:15])


def test_openmetrics_is_spoken_to_who_asks_for_it(scraped: TestClient) -> None:
    wants = BEARER | {"Accept": "application/openmetrics-text;version=1.0.0"}
    answer = scraped.get("/metrics", headers=wants)
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")


def test_a_database_that_is_away_is_503_and_no_empty_scrape(
    web: Web, shared_database: DatabaseUrls
) -> None:
    settings = settings_for(shared_database, metrics_token=TOKEN)
    gone = make_engine("postgresql+psycopg2://nobody@127.0.0.1:1/gone")
    app = create_app(WebRuntime(settings, gone, web.clock, web.runtime.monitor))
    answer = TestClient(app, base_url="http://testserver").get("/metrics", headers=BEARER)
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE


def test_the_web_role_still_sees_no_row_of_another_agency(web: Web, office: Office) -> None:
    with transaction(web.runtime.engine) as session:
        counted = session.execute(text("SELECT * FROM count_open_alerts()")).all()
        assert session.execute(text("SELECT count(*) FROM alert")).scalar_one() == 0
    assert office.agency.id in {row.agency_id for row in counted}

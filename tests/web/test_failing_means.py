"""That a means of sending fails, on each role's first screen and by the API."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from supervision.core.access import Role
from tests.web.application import Web
from tests.web.console_visits import browser_of, words_of
from tests.web.offices import Office

ATTEMPT = text(
    "WITH sent AS (INSERT INTO notification"
    "  (agency_id, alert_id, officer_id, channel, idempotency_key, due_at, created_at)"
    "  VALUES (:agency, :alert, :officer, :means, :key, :at, :at) RETURNING id)"
    " INSERT INTO notification_attempt"
    "  (agency_id, notification_id, number, began_at, ended_at, outcome, reason)"
    " SELECT :agency, id, 1, :at, :at, :outcome, :reason FROM sent"
)


def tried(web: Web, office: Office, means: str, outcome: str, at: datetime) -> None:
    of = {"agency": office.agency.id, "alert": office.alert.id, "officer": office.officer.id}
    reason = None if outcome == "sent" else "The mail server is down."
    key = f"{office.alert.id}:{means}:{at}"
    with web.behind() as session:
        values = {"means": means, "outcome": outcome, "reason": reason, "key": key, "at": at}
        session.execute(ATTEMPT, of | values)


@pytest.fixture
def down(web: Web, office: Office) -> datetime:
    """Since when the mail server is down; text messages go out."""
    since = web.clock() - timedelta(minutes=10)
    for place, outcome in enumerate(("failed", "refused", "failed")):
        tried(web, office, "email", outcome, since + timedelta(minutes=place))
    tried(web, office, "sms", "sent", since + timedelta(minutes=1))
    return since


@pytest.mark.parametrize("role", list(Role))
def test_every_officer_sees_on_the_first_screen_that_a_means_fails_until_one_goes_out(
    web: Web, office: Office, down: datetime, role: Role
) -> None:
    browser = browser_of(web, office.who(role))
    first = browser.get("/").headers.get("location", "/")
    said = f"E-mail has failed 3 times since {down:%H:%M}; messages go around by text message."
    assert said in browser.page(first)
    assert said in words_of(browser.get("/failing-means").text)
    tried(web, office, "email", "sent", web.clock())
    assert "E-mail has failed" not in browser.page(first)
    assert browser.get("/failing-means").text.strip() == ""


def test_the_api_tells_it_to_the_agency_alone(
    web: Web, office: Office, other_office: Office, down: datetime
) -> None:
    path = "/api/v1/delivery"
    told = web.signed_in(office.officer).get(path).json()
    assert told["failing"] == [
        {
            "means": "email",
            "failures": 3,
            "since": f"{down:%Y-%m-%dT%H:%M:%S}Z",
            "around": ["sms"],
        }
    ]
    assert web.signed_in(other_office.officer).get(path).json()["failing"] == []


@pytest.mark.usefixtures("down")
def test_where_nothing_goes_out_at_all_that_is_said(web: Web, office: Office) -> None:
    for minute in range(3):
        at = web.clock() - timedelta(minutes=3 - minute)
        tried(web, office, "sms", "failed", at)
    page = browser_of(web, office.officer).page("/")
    assert "Text messages have failed 3 times since" in page
    assert page.count("since then no message has gone out by another means.") == 2

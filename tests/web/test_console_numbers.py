"""The page of numbers: who sees what on it, and which times may be asked for."""

from http import HTTPStatus

import pytest

from alerts.catalogue import AlertKind
from supervision.core.access import Role
from tests import factories
from tests.web.application import Web
from tests.web.console_visits import browser_of
from tests.web.offices import Office


@pytest.fixture
def later(web: Web, office: Office) -> Office:
    """An hour on; the colleague had eleven alerts at once."""
    with web.behind() as session:
        person = factories.a_supervisee(session, office.colleague, full_name="Ada Quill")
        for _ in range(11):
            factories.an_alert(session, person, kind=AlertKind.JAMMING)
    web.clock.forward(3_600)
    return office


def test_a_supervisor_finds_the_agency_each_officer_and_the_sources(
    web: Web, later: Office
) -> None:
    page = browser_of(web, later.supervisor).page("/numbers")
    for words in (
        "Alerts found 12 In ten minutes 0.00 on average Acceptable",
        "Worst ten minutes 12 Not met at most 10",
        "Open now 12, 12 overdue",
        f"{later.colleague.display_name} 11 0.00 Acceptable 11 1, 0.0% of the time",
        "Ada Quill",
        "Jamming of the tracker reported 11 91.7%",
        "2026-09-21: 12",
    ):
        assert words in page, words


def test_an_officer_finds_the_agency_and_oneself_and_nobody_elses_people(
    web: Web, later: Office
) -> None:
    page = browser_of(web, later.officer).page("/numbers")
    assert "Alerts raised for you Alerts found 1 " in page
    assert "Ada Quill" not in page
    assert later.supervisee.full_name in page
    assert "Each officer" not in page


def test_an_administrator_finds_officers_and_no_people(web: Web, later: Office) -> None:
    page = browser_of(web, later.administrator).page("/numbers")
    assert "Each officer" in page
    assert "Ada Quill" not in page
    assert "Where most come from" not in page


@pytest.mark.parametrize("role", list(Role))
def test_the_page_is_in_the_navigation_of_whoever_may_see_it(
    web: Web, later: Office, role: Role
) -> None:
    answer = browser_of(web, later.who(role)).get("/help")
    assert 'href="/numbers"' in answer.text


def test_days_and_dates_are_by_the_agencys_clock(web: Web, later: Office) -> None:
    browser = browser_of(web, later.supervisor)
    assert "from 14 Sep 15:13:20 UTC until 15:13:20 UTC" in browser.page("/numbers?days=7")
    page = browser.page("/numbers?since=2026-09-20&until=2026-09-21")
    assert "from 20 Sep 00:00:00 UTC until 00:00:00 UTC" in page
    assert "Alerts found 0 " in page
    assert "There was none." in page


@pytest.mark.parametrize(
    "query", ["days=0", "days=367", "since=2026-09-22", "until=2026-09-30", "since=x", "days=x"]
)
def test_a_time_without_sense_is_a_page_that_says_so(web: Web, later: Office, query: str) -> None:
    answer = browser_of(web, later.supervisor).get(f"/numbers?{query}")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "<html" in answer.text

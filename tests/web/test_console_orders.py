from http import HTTPStatus

import pytest

from supervision.core.access import Role
from supervision.register.models import OrderClause
from tests import factories
from tests.web.application import Web
from tests.web.console_visits import browser_of
from tests.web.offices import Office


@pytest.fixture
def bare(web: Web, office: Office) -> OrderClause:
    """A clause of the office's order that nobody has drawn, a quarter of an hour ago."""
    with web.behind() as session:
        clause = factories.a_clause(
            session, office.order, condition_code="03", wording="The house in Elm Street."
        )
    web.clock.forward(900)
    return clause


@pytest.fixture
def alert_id(web: Web, office: Office, bare: OrderClause) -> int:
    with web.behind() as session:
        web.runtime.monitor.tell_of_coverage(session, [bare.supervisee_id])
    path = "/api/v1/alerts"
    (found,) = [
        one["id"]
        for one in web.signed_in(office.pretrial).get(path).json()["items"]
        if one["order_clause_id"] == bare.id
    ]
    return int(found)


def test_a_persons_page_lists_the_clauses_of_his_orders_with_their_cover(
    web: Web, office: Office, bare: OrderClause
) -> None:
    page = browser_of(web, office.officer).page(f"/supervisees/{office.supervisee.id}")
    assert f"Orders {office.order.court}, {office.order.court_case_number}" in page
    assert f"Covered by {office.zone.name}, a waiver, a set of zones" in page
    told = "03 The protected person has exclusive possession of the residence"
    assert f"{told} No zone and no waiver for 15 min {bare.wording}" in page


def test_the_courts_words_on_a_persons_page_are_for_those_who_may_see_her(
    web: Web, office: Office, bare: OrderClause
) -> None:
    path = f"/supervisees/{office.supervisee.id}"
    page = browser_of(web, office.administrator).page(path)
    assert "No zone and no waiver" in page
    assert bare.wording not in page
    assert web.audited(office, "clause:viewed") == []
    browser_of(web, office.officer).page(path)
    assert web.audited(office, "clause:viewed") == [f"supervisee:{office.supervisee.id}"]


def test_the_alert_about_a_clause_says_what_is_missing_and_shows_no_place(
    web: Web, office: Office, bare: OrderClause, alert_id: int
) -> None:
    page = browser_of(web, office.officer).page(f"/alerts/{alert_id}")
    for words in (
        "No zone for a clause of the order",
        "Without cover since 14:13:20 UTC",
        f"Court case {office.order.court_case_number}",
        "Clause 03: The protected person has exclusive possession of the residence",
        "Arm a zone for this clause, or sign a waiver",
    ):
        assert words in page
    for words in (bare.wording, "by the tracker\u2019s time", "Where", "Longitude"):
        assert words not in page
    assert web.audited(office, "positions:viewed") == []


@pytest.mark.parametrize("role", [Role.PRETRIAL, Role.OFFICER, Role.SUPERVISOR])
def test_whoever_it_is_for_is_offered_the_handling(
    web: Web, office: Office, alert_id: int, role: Role
) -> None:
    browser = browser_of(web, office.who(role))
    for path in ("/", f"/alerts/{alert_id}"):
        assert f"/alerts/{alert_id}/acknowledge" in browser.get(path).text
    done = browser.submit(f"/alerts/{alert_id}/acknowledge", {"origin": "alert"})
    assert done.status_code == HTTPStatus.SEE_OTHER


def test_pretrial_is_not_asked_to_judge_what_is_not_theirs(web: Web, office: Office) -> None:
    answer = browser_of(web, office.pretrial).get(f"/alerts/{office.alert.id}/close")
    assert answer.status_code == HTTPStatus.FORBIDDEN

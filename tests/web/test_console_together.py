"""Many alerts of one kind seen to together, and nothing critical among them."""

import re

import pytest
from sqlalchemy import text

from alerts.catalogue import AlertKind
from tests import factories
from tests.web.application import Web
from tests.web.console_visits import Browser, browser_of, words_of
from tests.web.offices import Office

JAMMING = "/alerts/of-kind/jamming"


def raise_many(
    web: Web, office: Office, count: int, kind: AlertKind = AlertKind.JAMMING
) -> list[int]:
    with web.behind() as session:
        people = [factories.a_supervisee(session, office.officer) for _ in range(count)]
        return [factories.an_alert(session, one, kind=kind).id for one in people]


def handlings(web: Web, ids: list[int]) -> list[str]:
    with web.behind() as session:
        query = text("SELECT handling FROM alert WHERE id = ANY(:ids) ORDER BY id")
        return [row.handling for row in session.execute(query, {"ids": ids})]


def ticked(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'name="alert_ids" value="(\d+)" checked', page)]


@pytest.fixture
def browser(web: Web, office: Office) -> Browser:
    return browser_of(web, office.officer)


def test_the_first_screen_says_of_which_kind_many_are_new(
    web: Web, office: Office, browser: Browser
) -> None:
    raise_many(web, office, 4)
    assert "together" not in browser.page("/")
    raise_many(web, office, 2)
    page = browser.get("/").text
    assert "6 new of one kind, about 6 people" in words_of(page)
    assert f'href="{JAMMING}"' in page


def test_all_are_chosen_at_first_and_acknowledged_together(
    web: Web, office: Office, browser: Browser
) -> None:
    ids = raise_many(web, office, 6)
    assert ticked(browser.get(JAMMING).text) == ids
    done = browser.submit(f"{JAMMING}/acknowledge", {"alert_ids": ids[:5]})
    assert (done.status_code, done.headers["location"]) == (303, JAMMING)
    assert handlings(web, ids) == ["acknowledged"] * 5 + ["new"]


def test_what_came_after_the_page_was_shown_is_not_taken_as_seen(
    web: Web, office: Office, browser: Browser
) -> None:
    shown = raise_many(web, office, 5)
    chosen = ticked(browser.get(JAMMING).text)
    later = raise_many(web, office, 1)
    browser.submit(f"{JAMMING}/acknowledge", {"alert_ids": chosen})
    assert handlings(web, shown + later) == ["acknowledged"] * 5 + ["new"]


def test_they_are_closed_with_one_judgement(web: Web, office: Office, browser: Browser) -> None:
    ids = raise_many(web, office, 5)
    judged = {"disposition": "device_fault", "note": "The carrier was down."}
    done = browser.submit(f"{JAMMING}/close", {"alert_ids": ids} | judged)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert handlings(web, ids) == ["closed"] * 5
    assert "No alert of this kind waits here." in browser.page(JAMMING)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose at least one of them."),
        ({"alert_ids": "all"}, "Choose what they turned out to be."),
        ({"alert_ids": "all", "disposition": "other"}, "without one"),
    ],
)
def test_what_is_missing_is_said_and_what_was_chosen_is_kept(
    web: Web, office: Office, browser: Browser, fields: dict[str, object], words: str
) -> None:
    ids = raise_many(web, office, 5)
    chosen = ids[1:] if "alert_ids" in fields else []
    refused = browser.submit(f"{JAMMING}/close", fields | {"alert_ids": chosen})
    assert refused.status_code == 422
    assert words in words_of(refused.text)
    assert ticked(refused.text) == chosen
    assert handlings(web, ids) == ["new"] * 5


def test_nothing_critical_is_seen_to_together(web: Web, office: Office, browser: Browser) -> None:
    ids = raise_many(web, office, 5, AlertKind.STRAP_TAMPER)
    assert "together" not in browser.page("/")
    page = "/alerts/of-kind/strap_tamper"
    assert ticked(browser.get(page).text) == []
    assert browser.submit(f"{page}/acknowledge", {"alert_ids": ids}).status_code == 409
    client = web.signed_in(office.officer)
    assert client.post("/api/v1/alerts/acknowledge", json={"alert_ids": ids}).status_code == 409
    assert handlings(web, ids) == ["new"] * 5


def test_a_program_acknowledges_several_that_are_still_new(web: Web, office: Office) -> None:
    ids = raise_many(web, office, 3)
    client = web.signed_in(office.officer)
    client.post(f"/api/v1/alerts/{ids[0]}/take")
    done = client.post("/api/v1/alerts/acknowledge", json={"alert_ids": ids})
    assert [one["id"] for one in done.json()] == ids[1:]
    assert handlings(web, ids) == ["in_hand", "acknowledged", "acknowledged"]


def test_nobody_sees_to_another_officers_many(web: Web, office: Office) -> None:
    ids = raise_many(web, office, 5)
    colleague = browser_of(web, office.colleague)
    assert ticked(colleague.get(JAMMING).text) == []
    assert colleague.submit(f"{JAMMING}/acknowledge", {"alert_ids": ids}).status_code == 404
    assert handlings(web, ids) == ["new"] * 5

"""The plan editor: tried out with dates in both time zones, saved, changed, ended, paused."""

from http import HTTPStatus
from typing import Any

import pytest
from sqlalchemy import text

from supervision.core.access import Role
from tests.web.application import Web
from tests.web.console_visits import Browser, browser_of, words_of
from tests.web.offices import Office

WEEKLY = {
    "purpose": "checkin",
    "method": "video",
    "kind": "regular",
    "pattern": "weekly",
    "interval": "1",
    "weekdays": ["TU", "FR"],
    "at": "18:00",
    "starts_on": "2026-09-22",
    "window_min": "60",
    "grace_min": "15",
}
DRAWN = WEEKLY | {
    "kind": "unannounced",
    "per_week": "2",
    "gap_min": "240",
    "weekdays_1": ["MO", "TU", "WE", "TH", "FR"],
    "from_1": "08:00",
    "until_1": "20:00",
}


@pytest.fixture
def browser(web: Web, office: Office) -> Browser:
    return browser_of(web, office.officer)


@pytest.fixture
def person(office: Office) -> str:
    return f"/supervisees/{office.supervisee.id}"


def plans_of(web: Web, office: Office) -> list[Any]:
    with web.behind() as session:
        rows = session.execute(
            text(
                "SELECT p.id, v.version, v.rrule, v.per_week, p.ended_at FROM checkin_plan p"
                " JOIN checkin_plan_version v ON v.checkin_plan_id = p.id AND v.is_current"
                " WHERE p.supervisee_id = :person ORDER BY p.id OFFSET 1"
            ),
            {"person": office.supervisee.id},
        )
        return [tuple(row) for row in rows]


def test_a_plan_is_tried_out_in_both_time_zones_before_it_is_saved(
    web: Web, office: Office, browser: Browser, person: str
) -> None:
    assert "Plan check-ins" in browser.page(f"{person}/check-in-plans/new")
    tried = browser.submit(f"{person}/check-in-plans", WEEKLY | {"act": "preview"})
    words = words_of(tried.text)
    assert "Tue 22 Sep 2026, 18:00" in words
    assert f"There ({office.supervisee.time_zone})" in words
    assert f"Here ({office.agency.time_zone})" in words
    assert plans_of(web, office) == []
    saved = browser.submit(f"{person}/check-in-plans", WEEKLY | {"act": "save"})
    assert saved.headers["location"] == f"{person}#checkins"
    [(plan_id, version, rrule, _, _)] = plans_of(web, office)
    assert (version, rrule) == (1, "FREQ=WEEKLY;BYDAY=TU,FR")
    assert "Every Tuesday and Friday at 18:00" in browser.page(person)
    changed = browser.submit(f"/check-in-plans/{plan_id}", WEEKLY | {"at": "19:00", "act": "save"})
    assert changed.status_code == HTTPStatus.SEE_OTHER
    assert plans_of(web, office)[0][1] == 2
    browser.submit(f"/check-in-plans/{plan_id}/end", {})
    assert plans_of(web, office)[0][4] is not None
    assert browser.get(f"/check-in-plans/{plan_id}").status_code == HTTPStatus.NOT_FOUND


def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
    web: Web, office: Office, browser: Browser, person: str
) -> None:
    wrong = WEEKLY | {"at": "23:30", "quiet_from": "22:00", "quiet_until": "07:00", "act": "save"}
    answer = browser.submit(f"{person}/check-in-plans", wrong)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "The time lies within the quiet hours." in words_of(answer.text)
    assert 'value="23:30"' in answer.text
    for name, value in (("starts_on", "soon"), ("window_min", "long"), ("method", "telepathy")):
        answer = browser.submit(f"{person}/check-in-plans", WEEKLY | {name: value, "act": "save"})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, name
    assert plans_of(web, office) == []


def test_unannounced_times_are_drawn_only_when_they_are_saved_and_never_previewed(
    web: Web, office: Office, browser: Browser, person: str
) -> None:
    tried = words_of(browser.submit(f"{person}/check-in-plans", DRAWN | {"act": "preview"}).text)
    assert "drawn only when the plan is saved" in tried
    assert "3,600" in tried
    browser.submit(f"{person}/check-in-plans", DRAWN | {"act": "save"})
    assert [row[3] for row in plans_of(web, office)] == [2]


def test_a_pause_is_made_and_ended_on_the_persons_page(
    web: Web, browser: Browser, person: str
) -> None:
    browser.submit(f"{person}/check-in-pauses", {"reason": "In hospital, ward 5."})
    page = browser.get(person)
    assert "In hospital, ward 5." in words_of(page.text)
    with web.behind() as session:
        pause_id = session.scalar(text("SELECT max(id) FROM checkin_pause"))
    browser.submit(f"/check-in-pauses/{pause_id}/end", {})
    assert "In hospital, ward 5." not in browser.page(person)
    assert browser.submit(f"{person}/check-in-pauses", {"reason": " "}).status_code == 422


def test_who_does_not_plan_sees_no_editor_and_reaches_none(
    web: Web, office: Office, person: str
) -> None:
    pretrial = browser_of(web, office.who(Role.PRETRIAL))
    assert "Plan check-ins" not in pretrial.page(person)
    assert pretrial.get(f"{person}/check-in-plans/new").status_code == HTTPStatus.FORBIDDEN
    stranger = browser_of(web, office.colleague)
    assert stranger.get(f"{person}/check-in-plans/new").status_code == HTTPStatus.NOT_FOUND
    saved = stranger.submit(f"{person}/check-in-plans", WEEKLY | {"act": "save"})
    assert saved.status_code == HTTPStatus.NOT_FOUND

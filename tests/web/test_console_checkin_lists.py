"""The officer's day: three lists of check-ins, complete, in order, and his own people's only."""

import re
from datetime import datetime, timedelta
from http import HTTPStatus

import pytest

from supervision.checkins.models import Checkin
from supervision.checkins.rules import Method, State
from supervision.web.console import checkin_lists
from tests import factories
from tests.web.application import Web
from tests.web.console_visits import browser_of, words_of
from tests.web.offices import Office

pytestmark = pytest.mark.usefixtures("told_is_reviewed")

NOW = factories.NOW  # Monday, 21 September 2026, 14:13:20 UTC
MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
DAY = 24 * HOUR
BOARD = "/check-ins"
AWAITING, REVIEWED = f"{BOARD}?needs=awaiting", f"{BOARD}?needs=reviewed"
SCRIPT = {"hx-request": "true", "x-background": "1"}


def listed(page: str) -> list[int]:
    """The check-ins on a page, from top to bottom."""
    return [int(number) for number in re.findall(r'<tr role="row" id="checkin-(\d+)"', page)]


def counts(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="count">(\d+)<', page)]


def one(web: Web, office: Office, opens_at: datetime, **values: object) -> Checkin:
    with web.behind() as session:
        return factories.a_checkin_at(session, office.supervisee, opens_at, **values)


def told(web: Web, office: Office, opens_at: datetime, *concerns: str) -> Checkin:
    with web.behind() as session:
        submitted = {"state": State.SUBMITTED, "submitted_at": opens_at, "method": Method.SELF}
        made = factories.a_checkin_at(session, office.supervisee, opens_at, **submitted)
        factories.a_submission(session, made, concerns=list(concerns))
        return made


def test_what_can_still_be_saved_comes_first_then_what_waits_longest(
    web: Web, office: Office
) -> None:
    plain = told(web, office, NOW - 5 * HOUR)
    missed = one(web, office, NOW - 4 * HOUR, state=State.MISSED)
    earlier = one(web, office, NOW - 6 * HOUR, state=State.MISSED)
    concerning = told(web, office, NOW - 2 * HOUR, "no_position")
    asking = one(web, office, NOW, state=State.OPEN, call_asked_at=NOW)
    closing = one(web, office, NOW - 40 * MINUTE, state=State.OPEN)
    one(web, office, NOW - 10 * MINUTE, state=State.OPEN)
    page = browser_of(web, office.officer).get(BOARD).text
    expected = [closing, asking, concerning, earlier, missed, plain]
    assert listed(page) == [row.id for row in expected]
    for words in ("Nobody has called yet", "Asks to be called", "Concerns", "no position"):
        assert words in words_of(page)
    assert counts(page) == [6, 4, 0]


def test_open_ones_are_awaited_before_those_due_later_today_and_the_days_are_apart(
    web: Web, office: Office
) -> None:
    later = office.checkin.id  # today at 18:00
    last = one(web, office, NOW.replace(hour=23, minute=59))
    tomorrow = one(web, office, NOW.replace(day=22, hour=0, minute=0, second=0))
    opened = one(web, office, NOW - 10 * MINUTE, state=State.OPEN, is_unannounced=True)
    closing = one(web, office, NOW - 30 * MINUTE)  # no scheduler came by
    browser = browser_of(web, office.officer)
    page = browser.get(AWAITING).text
    assert listed(page) == [closing.id, opened.id, later, last.id]
    assert "Unannounced" in words_of(page)
    assert "closes in 30 min" in words_of(page)
    assert listed(browser.get(f"{AWAITING}&on=2026-09-22").text) == [tomorrow.id]
    assert listed(browser.get(f"{AWAITING}&on=2026-09-23").text) == []


def test_what_is_settled_is_listed_newest_first_a_page_at_a_time_and_counted(
    web: Web, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkin_lists, "REVIEWED_ROWS", 2)
    by = {"reviewed_at": NOW, "reviewed_by_id": office.officer.id}
    made = [
        one(web, office, NOW - hours * HOUR, **values)
        for hours, values in (
            (2, {"state": State.ATTENDED, "attended_at": NOW}),
            (3, {"state": State.MISSED, **by}),
            (4, {"state": State.EXCUSED}),
            (5, {"state": State.CANCELLED}),
            (6, {"state": State.REVIEWED, "submitted_at": NOW, **by}),
        )
    ]
    longer_ago = one(web, office, NOW - 9 * DAY, state=State.EXCUSED)
    browser = browser_of(web, office.officer)
    seen: list[int] = []
    path: str | None = REVIEWED
    while path:
        page = browser.get(path).text
        assert counts(page)[2] == 5
        assert "of 5 are shown" in words_of(page)
        seen += listed(page)
        older = re.search(r'id="older"[^>]*href="([^"]+)"', page)
        path = older and older[1].replace("&amp;", "&")
    assert seen == [row.id for row in made]
    since = browser.get(f"{REVIEWED}&since=2026-09-01").text
    assert counts(since)[2] == 6
    monkeypatch.setattr(checkin_lists, "REVIEWED_ROWS", 100)
    assert listed(browser.get(f"{REVIEWED}&since=2026-09-01").text)[-1] == longer_ago.id


def test_a_list_too_long_to_show_says_how_long_it_is(
    web: Web, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkin_lists, "MOST_ROWS", 2)
    for hours in (3, 4, 5):
        one(web, office, NOW - hours * HOUR, state=State.MISSED)
    page = browser_of(web, office.officer).get(BOARD).text
    assert len(listed(page)) == 2
    assert "2 of 3 are shown, the most urgent ones" in words_of(page)


def test_an_officer_sees_his_own_people_a_supervisor_all_and_no_agency_anothers(
    web: Web, office: Office, other_office: Office
) -> None:
    mine, theirs = office.checkin.id, other_office.checkin.id
    for officer, expected in (
        (office.officer, [mine]),
        (office.colleague, []),
        (office.supervisor, [mine]),
        (office.pretrial, [mine]),
        (other_office.supervisor, [theirs]),
    ):
        page = browser_of(web, officer).get(AWAITING).text
        assert listed(page) == expected
        assert counts(page)[1] == len(expected)
    browser = browser_of(web, office.administrator)
    assert browser.get(BOARD).status_code == HTTPStatus.FORBIDDEN
    assert 'href="/check-ins"' not in browser.get("/help").text


def test_one_persons_check_ins_can_be_looked_at_alone_and_all_that_are_ahead(
    web: Web, office: Office
) -> None:
    next_week = one(web, office, NOW + 7 * DAY)
    with web.behind() as session:
        other = factories.a_supervisee(session, office.officer)
        factories.a_checkin_at(session, other, NOW + HOUR)
    browser = browser_of(web, office.officer)
    assert len(listed(browser.get(AWAITING).text)) == 2
    path = f"{AWAITING}&person={office.supervisee.id}"
    page = browser.get(path).text
    assert listed(page) == [office.checkin.id, next_week.id]
    assert f"Only those of {office.supervisee.full_name}" in words_of(page)
    stranger = browser_of(web, office.colleague).get(path)
    assert stranger.status_code == HTTPStatus.NOT_FOUND


def test_each_time_is_told_by_the_persons_clock_and_by_the_agencys(
    web: Web, office: Office
) -> None:
    with web.behind() as session:
        far = factories.a_supervisee(session, office.officer, time_zone="Pacific/Auckland")
        factories.a_checkin_at(session, far, NOW.replace(hour=23, minute=0, second=0))
        near = factories.a_supervisee(session, office.officer, time_zone="America/New_York")
        factories.a_checkin_at(session, near, NOW.replace(hour=22, minute=0, second=0))
    page = browser_of(web, office.officer).page(AWAITING)
    assert "Tue 22 Sep 11:00 to 12:00 NZST here Mon 21 Sep 23:00 to Tue 22 Sep 00:00 UTC" in page
    assert "Mon 21 Sep 18:00 to 19:00 EDT here 22:00 to 23:00 UTC" in page
    assert "Mon 21 Sep 18:00 to 19:00 UTC Due later" in page


def test_a_script_gets_the_lists_alone_and_when_they_were_fetched(web: Web, office: Office) -> None:
    browser = browser_of(web, office.officer)
    page = browser.get(AWAITING, **SCRIPT).text
    assert listed(page) == [office.checkin.id]
    assert "<html" not in page
    assert 'data-fetched="14:13:20 UTC"' in page
    assert "Last fetched 14:13:20 UTC" in browser.page(AWAITING)
    web.clock.forward(1_801)
    answer = browser.client.get(AWAITING, headers={"accept": "*/*", **SCRIPT})
    assert answer.status_code == HTTPStatus.UNAUTHORIZED, "what a page asks by itself is no use"


@pytest.mark.parametrize(
    "query", ["needs=sleep", "person=0", "on=soon", "on=0001-01-01", "since=9999-12-31", "before=x"]
)
def test_a_question_that_makes_no_sense_is_refused(web: Web, office: Office, query: str) -> None:
    answer = browser_of(web, office.officer).get(f"{BOARD}?{query}")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY

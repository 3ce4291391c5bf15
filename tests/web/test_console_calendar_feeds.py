"""The page on which officers make and end calendars that programs outside read."""

import re
from urllib.parse import urlsplit

from tests.web.application import Web
from tests.web.console_visits import browser_of
from tests.web.offices import Office

PAGE = "/calendar-feeds"


def address_in(page: str) -> str:
    found = re.search(r'value="([^"]+\.ics)"', page)
    assert found is not None
    return urlsplit(found[1]).path


def test_an_officer_makes_his_calendar_reads_it_and_ends_it(web: Web, office: Office) -> None:
    browser = browser_of(web, office.officer)
    made = browser.submit(PAGE, {})
    path = address_in(made.text)
    assert web.anybody().get(path).text.startswith("BEGIN:VCALENDAR")
    again = browser.get(PAGE).text
    assert ".ics" not in again, "it is shown once"
    (feed,) = [
        one["id"]
        for one in web.signed_in(office.officer).get("/api/v1/calendar-feeds").json()["items"]
        if one["officer_id"] == office.officer.id
    ]
    assert browser.submit(f"{PAGE}/{feed}/end", {}).status_code == 303
    assert web.anybody().get(path).status_code == 404


def test_an_officer_makes_a_persons_calendar_to_hand_over(web: Web, office: Office) -> None:
    browser = browser_of(web, office.officer)
    page = browser.submit(f"/supervisees/{office.supervisee.id}/calendar-feeds", {}).text
    assert web.anybody().get(address_in(page)).status_code == 200
    assert office.supervisee.full_name in page


def test_a_colleagues_person_has_no_calendar_by_me(web: Web, office: Office) -> None:
    browser = browser_of(web, office.colleague)
    path = f"/supervisees/{office.supervisee.id}/calendar-feeds"
    assert browser.submit(path, {}).status_code == 404
    assert office.supervisee.full_name not in browser.get(PAGE).text

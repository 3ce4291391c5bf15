from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from supervision.checkins.ical import LONGEST_FILE_CHARS
from supervision.core.access import Role
from tests import factories
from tests.unit.checkins.calendar_files import AN_HOUR, IN_NEW_YORK, TUESDAYS, calendar
from tests.web.application import Web
from tests.web.offices import Office

API = "/api/v1"
HOLIDAYS = f"{API}/public-holidays/import"
GROUP = ["SUMMARY:Group", IN_NEW_YORK, AN_HOUR, TUESDAYS, "LOCATION:Room 3"]


@pytest.fixture
def plans(web: Web, office: Office) -> str:
    with web.behind() as session:
        person = factories.a_supervisee(session, office.officer, time_zone="America/New_York")
    return f"{API}/supervisees/{person.id}/checkin-plans"


def imported(client: TestClient, path: str, *events: list[str]) -> dict[str, Any]:
    answer = client.post(path, json={"ics": calendar(*events)})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_file_becomes_drafts_and_nothing_is_kept(officer: TestClient, plans: str) -> None:
    found = imported(officer, f"{plans}/import", GROUP, ["SUMMARY:Bad"])
    assert found == {
        "drafts": [
            {
                "number": 1,
                "title": "Group",
                "timing": {"kind": "regular", "rrule": "FREQ=WEEKLY;BYDAY=TU", "at": "18:00"},
                "starts_on": "2026-09-22",
                "window_s": 3600,
                "except_on": [],
                "ends_on": None,
                "place": "Room 3",
                "warnings": [],
            }
        ],
        "refused": [
            {
                "number": 2,
                "title": "Bad",
                "reason": "It must have a time of day at which it begins.",
            }
        ],
    }
    assert officer.get(plans).json()["items"] == []


def test_a_draft_makes_a_plan_of_the_same_times(officer: TestClient, plans: str) -> None:
    [draft] = imported(officer, f"{plans}/import", GROUP)["drafts"]
    asked = {name: draft[name] for name in ("timing", "starts_on", "window_s")}
    shown = officer.post(f"{plans}/preview", json=asked | {"method": "video", "grace_s": 0})
    due = [one["due_at"] for one in shown.json()["dates"]]
    assert due[:2] == ["2026-09-22T22:00:00Z", "2026-09-29T22:00:00Z"]
    assert due[-1] == "2026-11-24T23:00:00Z"


def holidays_of(web: Web, office: Office) -> int:
    statement = "SELECT count(*) FROM public_holiday WHERE agency_id = :id"
    with web.behind() as session:
        return int(session.execute(text(statement), {"id": office.agency.id}).scalar_one())


def test_whole_days_become_drafts_of_holidays(
    web: Web, office: Office, officer: TestClient
) -> None:
    before = holidays_of(web, office)
    christmas = ["SUMMARY:Christmas Day", "DTSTART;VALUE=DATE:20261225"]
    found = imported(officer, HOLIDAYS, christmas, GROUP)
    assert found["drafts"] == [{"on_date": "2026-12-25", "name": "Christmas Day"}]
    assert [one["reason"] for one in found["refused"]] == ["It must be a whole day."]
    assert holidays_of(web, office) == before


@pytest.mark.parametrize(
    "body",
    [{"ics": ""}, {"ics": "hello"}, {"ics": "x" * (LONGEST_FILE_CHARS + 1)}, {}, {"ics": None}],
)
def test_what_is_no_calendar_file_is_refused(
    officer: TestClient, plans: str, body: dict[str, Any]
) -> None:
    for path in (f"{plans}/import", HOLIDAYS):
        answer = officer.post(path, json=body)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")


def test_only_who_plans_imports_and_only_for_the_own_caseload(
    web: Web, office: Office, plans: str
) -> None:
    body = {"ics": calendar(GROUP)}
    for role, status in ((Role.PRETRIAL, 403), (Role.ADMINISTRATOR, 403), (Role.SUPERVISOR, 200)):
        client = web.signed_in(office.who(role))
        for path in (f"{plans}/import", HOLIDAYS):
            assert client.post(path, json=body).status_code == status
    colleague = web.signed_in(office.colleague)
    assert colleague.post(f"{plans}/import", json=body).status_code == 404

"""Drills by the API and in the console: begun, answered, ended, reported."""

import re

import pytest
from fastapi.testclient import TestClient

from supervision.core.access import Role
from supervision.register.models import Officer
from tests.web.application import Web
from tests.web.console_visits import browser_of
from tests.web.offices import Office

API = "/api/v1/drills"
NOTICE = "told you something"


@pytest.fixture
def client(web: Web, office: Office) -> TestClient:
    return web.signed_in(office.supervisor)


def begun(client: TestClient, officer: Officer) -> int:
    answer = client.post(API, json={"officer_id": officer.id})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_a_drill_is_begun_shown_answered_and_ended_by_the_api(
    web: Web, office: Office, client: TestClient
) -> None:
    drill_id = begun(client, office.officer)
    shown = client.get(f"{API}/{drill_id}").json()
    assert (shown["officer"], shown["severity"]) == (office.officer.display_name, "critical")
    assert [(one["post"], one["outcome"]) for one in shown["steps"]] == [
        ("responsible", "under_way"),
        ("backup", "ahead"),
        ("supervisors", "ahead"),
    ]
    (told,) = shown["steps"][0]["told"]
    assert (told["officer_id"], told["messages"][0]["state"]) == (office.officer.id, "pending")
    answer = web.signed_in(office.officer).post(f"{API}/{drill_id}/answer")
    assert [one["officer_id"] for one in answer.json()["answers"]] == [office.officer.id]
    ended = client.post(f"{API}/{drill_id}/end").json()
    assert (ended["is_settled"], ended["has_passed"]) == (True, False)
    assert client.post(f"{API}/{drill_id}/end").status_code == 409
    assert client.get(API).json()["items"][0] == ended
    for tag in ("drill:started", "drill:answered", "drill:ended"):
        assert f"drill:{drill_id}" in web.audited(office, tag)


def test_an_administrators_account_and_an_ended_one_are_no_beginning(
    office: Office, client: TestClient
) -> None:
    assert client.post(API, json={"officer_id": 2**62}).status_code == 404
    begun(client, office.officer)
    answer = client.post(API, json={})
    assert (answer.status_code, "under way" in answer.json()["detail"]) == (409, True)


def test_a_drills_alert_is_nobodys_alert(web: Web, office: Office, client: TestClient) -> None:
    before = client.get("/api/v1/alerts").json()["items"]
    begun(client, office.officer)
    assert client.get("/api/v1/alerts").json()["items"] == before
    newest = 1 + max(one["id"] for one in before)
    for path in (f"{newest}", f"{newest + 1}"):
        for who in (office.supervisor, office.officer):
            signed_in = web.signed_in(who)
            assert signed_in.get(f"/api/v1/alerts/{path}").status_code == 404
            assert signed_in.post(f"/api/v1/alerts/{path}/acknowledge").status_code == 404


def test_the_first_screen_asks_whoever_was_told_until_he_answers(
    web: Web, office: Office, client: TestClient
) -> None:
    officer = browser_of(web, office.officer)
    assert NOTICE not in officer.page("/")
    drill_id = begun(client, office.officer)
    assert f"Drill {drill_id} {NOTICE}" in officer.page("/")
    assert NOTICE not in browser_of(web, office.colleague).page("/")
    assert "It reached me" in officer.page(f"/drills/{drill_id}")
    assert officer.submit(f"/drills/{drill_id}/answer", {}).status_code == 303
    assert NOTICE not in officer.page("/")
    page = officer.page(f"/drills/{drill_id}")
    assert "It reached me" not in page
    assert re.search(f"Who answered {re.escape(office.officer.display_name)}", page)


def test_a_supervisor_begins_a_drill_in_the_console_and_ends_it(web: Web, office: Office) -> None:
    supervisor = browser_of(web, office.supervisor)
    assert "Begin a drill" in supervisor.page("/drills")
    typed = {"kind": "jamming", "officer_id": str(office.colleague.id), "is_at_once": "true"}
    answer = supervisor.submit("/drills", typed)
    assert answer.status_code == 303
    page = supervisor.page(answer.headers["location"])
    assert office.colleague.display_name in page
    assert "every rung was to be told at once" in page
    refused = supervisor.submit("/drills", typed)
    assert (refused.status_code, "is under way" in refused.text) == (422, True)
    assert supervisor.submit(f"{answer.headers['location']}/end", {}).status_code == 303
    assert "not sent before the end" in supervisor.page(answer.headers["location"])
    assert "Something failed" in supervisor.page("/drills")


def test_a_part_of_the_page_is_fetched_only_while_the_drill_is_under_way(
    web: Web, office: Office, client: TestClient
) -> None:
    drill_id = begun(client, office.officer)
    officer = browser_of(web, office.officer)
    part = officer.get(f"/drills/{drill_id}", **{"hx-request": "true"}).text
    assert "hx-get" in part
    assert "<html" not in part
    client.post(f"{API}/{drill_id}/end")
    assert "hx-get" not in officer.get(f"/drills/{drill_id}", **{"hx-request": "true"}).text


def test_an_officer_sees_drills_and_begins_none(web: Web, office: Office) -> None:
    officer = browser_of(web, office.officer)
    assert "Begin a drill" not in officer.page("/drills")
    assert officer.submit("/drills", {"kind": "jamming"}).status_code == 403
    administrator = web.signed_in(office.who(Role.ADMINISTRATOR))
    assert administrator.get(API).status_code == 403

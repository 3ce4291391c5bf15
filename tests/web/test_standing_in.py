"""Whoever a ladder has told of an alert can see to it, though the person is not his."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from supervision.monitor import Monitor
from tests.web.application import Web
from tests.web.console_visits import browser_of
from tests.web.offices import Office


@pytest.fixture
def alert(office: Office) -> str:
    return f"/api/v1/alerts/{office.alert.id}"


@pytest.fixture
def backup(web: Web, office: Office) -> TestClient:
    """Of the officer responsible; he supervises nobody himself."""
    with web.behind() as session:
        query = text("UPDATE officer SET backup_id = :backup WHERE id = :officer")
        who = {"backup": office.colleague.id, "officer": office.officer.id}
        session.execute(query, who)
    return web.signed_in(office.colleague)


def wait_for_the_backup(web: Web, office: Office) -> None:
    """Let the ladder's second rung be told; other tests' offices share the database, and wait."""
    others = "UPDATE alert_climb SET due_at = 'infinity' WHERE agency_id <> :agency"
    with web.behind() as session:
        session.execute(text(others), {"agency": office.agency.id})
    web.clock.forward(181)
    Monitor(web.engine, web.clock, timedelta(minutes=5)).escalate()


def test_a_backup_sees_nothing_before_he_is_told(backup: TestClient, alert: str) -> None:
    assert backup.get(alert).status_code == 404
    assert backup.post(f"{alert}/acknowledge").status_code == 404
    assert backup.get("/api/v1/alerts").json()["items"] == []


def test_a_backup_who_was_told_sees_the_alert_and_takes_it(
    web: Web, office: Office, backup: TestClient, alert: str
) -> None:
    wait_for_the_backup(web, office)
    assert [one["handling"] for one in backup.get("/api/v1/alerts").json()["items"]] == ["new"]
    assert backup.post(f"{alert}/take").json()["handling"] == "in_hand"
    closed = backup.post(f"{alert}/close", json={"disposition": "authorised", "note": "Court."})
    assert closed.status_code == 200
    assert backup.get(alert).json()["handling"] == "closed"


def test_what_somebody_else_closed_is_nothing_to_him_any_more(
    web: Web, office: Office, backup: TestClient, alert: str
) -> None:
    wait_for_the_backup(web, office)
    judged = {"disposition": "authorised", "note": "Court."}
    own = web.signed_in(office.officer)
    assert own.post(f"{alert}/close", json=judged).status_code == 200
    assert backup.get(alert).status_code == 404
    assert backup.get("/api/v1/alerts").json()["items"] == []


@pytest.mark.usefixtures("backup")
def test_his_console_lists_and_opens_it_with_whom_to_call(web: Web, office: Office) -> None:
    with web.behind() as session:
        query = text("UPDATE supervisee SET phone = '+13035550199' WHERE id = :id")
        session.execute(query, {"id": office.supervisee.id})
    wait_for_the_backup(web, office)
    browser = browser_of(web, office.colleague)
    assert office.supervisee.full_name in browser.page("/")
    page = browser.get(f"/alerts/{office.alert.id}").text
    assert "tel:+13035550199" in page
    assert f'href="/supervisees/{office.supervisee.id}"' not in page
    assert browser.get(f"/supervisees/{office.supervisee.id}").status_code == 404
    own = browser_of(web, office.officer).get(f"/alerts/{office.alert.id}").text
    assert f'href="/supervisees/{office.supervisee.id}"' in own


def test_an_alert_can_be_opened_though_nobody_stands_on_a_rung_of_its_ladder(
    web: Web, office: Office
) -> None:
    wait_for_the_backup(web, office)
    page = browser_of(web, office.officer).page(f"/alerts/{office.alert.id}")
    assert "the backup is told, but there is nobody" in page

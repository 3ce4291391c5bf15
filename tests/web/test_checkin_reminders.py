"""What an officer sees of the reminders of a check-in: by API, and on the alert of a miss."""

from datetime import timedelta

from sqlalchemy import text

from alerts.rules import Means
from supervision.monitor import Monitor
from tests.web.application import Web
from tests.web.console_visits import browser_of
from tests.web.offices import Office

HOUR = timedelta(hours=1)


def plan_reminders(web: Web, office: Office) -> None:
    """An hour ahead, and at the opening."""
    with web.behind() as session:
        for kind, due_at in (
            ("ahead", office.checkin.opens_at - HOUR),
            ("open", office.checkin.opens_at),
        ):
            session.execute(
                text(
                    "INSERT INTO checkin_reminder (agency_id, checkin_id, kind, due_at)"
                    " VALUES (:agency, :checkin, :kind, :due_at)"
                ),
                {
                    "agency": office.agency.id,
                    "checkin": office.checkin.id,
                    "kind": kind,
                    "due_at": due_at,
                },
            )


def send_ahead_and_lose_the_address(web: Web, office: Office) -> Monitor:
    """The first goes to the outbox and out; before the second the person's address is lost."""
    monitor = Monitor(web.engine, web.clock, timedelta(minutes=5), means=frozenset({Means.EMAIL}))
    path = f"/api/v1/supervisees/{office.supervisee.id}/contact"
    client = web.signed_in(office.officer)
    assert client.put(path, json={"email": "alex@example.org"}).is_success
    plan_reminders(web, office)
    web.clock.now = office.checkin.opens_at - HOUR
    monitor.send_reminders()
    with web.behind() as session:
        session.execute(
            text(
                "UPDATE notification SET state = 'sent', sent_at = :now WHERE checkin_id = :checkin"
            ),
            {"now": web.clock.now, "checkin": office.checkin.id},
        )
    assert web.signed_in(office.officer).put(path, json={}).is_success
    web.clock.now = office.checkin.opens_at
    monitor.send_reminders()
    return monitor


def test_an_officer_sees_what_is_planned(web: Web, office: Office) -> None:
    path = f"/api/v1/checkins/{office.checkin.id}"
    plan_reminders(web, office)
    shown = web.signed_in(office.officer).get(path).json()["reminders"]
    assert [(one["kind"], one["state"], one["at"]) for one in shown] == [
        ("ahead", "planned", None),
        ("open", "planned", None),
    ]


def test_an_officer_sees_what_was_sent_and_that_somebody_was_not_reached(
    web: Web, office: Office
) -> None:
    send_ahead_and_lose_the_address(web, office)
    shown = web.signed_in(office.officer).get(f"/api/v1/checkins/{office.checkin.id}").json()
    assert shown["reminders"] == [
        {
            "kind": "ahead",
            "due_at": "2026-09-21T17:00:00Z",
            "state": "sent",
            "means": "email",
            "at": "2026-09-21T17:00:00Z",
        },
        {
            "kind": "open",
            "due_at": "2026-09-21T18:00:00Z",
            "state": "not_reached",
            "means": None,
            "at": "2026-09-21T18:00:00Z",
        },
    ]
    (line,) = shown["events"]
    assert (line["kind"], line["detail"]) == ("not_reached", {"reminder": "open"})


def test_the_alert_of_a_miss_shows_the_reminders(web: Web, office: Office) -> None:
    monitor = send_ahead_and_lose_the_address(web, office)
    web.clock.now = office.checkin.missed_at
    monitor.sweep_checkins()
    with web.behind() as session:
        alert_id = session.scalar(
            text("SELECT id FROM alert WHERE kind = 'checkin_missed' AND agency_id = :agency"),
            {"agency": office.agency.id},
        )
    page = browser_of(web, office.officer).page(f"/alerts/{alert_id}")
    assert "Reminders Sent by e-mail, 17:00:00 UTC" in page
    assert "Not sent, for no number or address of the person is known, 18:00:00 UTC" in page
    assert "alex@example.org" not in page

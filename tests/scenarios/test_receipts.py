"""Promises about what gateways say later of messages that they had taken."""

import pytest

from alerts.catalogue import Severity
from alerts.rules import Means
from alerts.service import take_receipt
from supervision.core.db import transaction
from supervision.core.errors import NotFound
from tests.reaching import Office

CRITICAL = frozenset({Severity.CRITICAL})


def hear(office: Office, status: str, message_id: int | None = None) -> None:
    """The gateway says what became of a text message, and the scheduler comes by."""
    world = office.world
    if message_id is None:
        query = "SELECT min(id) FROM notification WHERE channel = 'sms'"
        message_id = int(world.one(query))
    with transaction(world.engine) as session:
        take_receipt(session, world.agency_id, message_id, status, world.clock.now)
    world.monitor.settle_receipts()


def texted(office: Office) -> str:
    return str(office.world.one("SELECT state FROM notification WHERE channel = 'sms'"))


@pytest.fixture
def phone(office: Office) -> int:
    """He is told by text message, and the gateway has taken one about an alert; the alert's id."""
    office.reach_by(Means.SMS)
    (alert,) = office.find(["confirmed"])
    office.deliver()
    assert texted(office) == "sent"
    return alert


def test_a_text_message_that_did_not_arrive_is_gone_around(office: Office, phone: int) -> None:
    hear(office, "undelivered")
    office.deliver()
    assert texted(office) == "failed"
    (unreached,) = office.history(phone, "unreached")
    assert (unreached["means"], unreached["around"]) == ("sms", ["email"])
    assert office.sent(Means.EMAIL) == [f"Critical alert {phone}"]
    attempts = office.world.rows("SELECT outcome, reason FROM notification_attempt ORDER BY id")
    assert tuple(attempts[0]) == ("undelivered", "The network could not deliver it.")


def test_a_message_that_arrived_is_delivered_and_stays_so(office: Office, phone: int) -> None:
    for status in ("queued", "sent", "delivered", "delivered", "failed"):
        hear(office, status)
    assert texted(office) == "delivered"
    assert office.history(phone, "unreached") == []


def test_the_first_final_word_counts(office: Office, phone: int) -> None:
    for status in ("failed", "undelivered", "delivered"):
        hear(office, status)
    assert texted(office) == "failed"
    assert len(office.history(phone, "unreached")) == 1


def test_a_gateway_that_is_faster_than_our_note_is_heard_afterwards(office: Office) -> None:
    office.reach_by(Means.SMS)
    office.find(["confirmed"])
    hear(office, "delivered")
    assert texted(office) == "pending"
    office.deliver()
    office.world.monitor.settle_receipts()
    assert texted(office) == "delivered"


def test_a_whole_bundle_that_did_not_arrive_is_gone_around(office: Office) -> None:
    office.reach_by(Means.SMS, severities=frozenset(Severity))
    alerts = office.find(["possible"] * 5)
    office.deliver()
    bundle = office.world.one("SELECT max(bundle_id) FROM notification")
    hear(office, "failed", bundle)
    assert all(len(office.history(alert, "unreached")) == 1 for alert in alerts)
    assert office.world.one("SELECT count(*) FROM notification WHERE state = 'failed'") == 5


def test_a_message_of_nobody_is_not_found(office: Office, phone: int) -> None:
    with transaction(office.world.engine) as session, pytest.raises(NotFound):
        take_receipt(
            session, office.world.agency_id, phone + 10**6, "delivered", office.world.clock.now
        )

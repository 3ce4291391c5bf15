"""Promises about reaching officers: by their own ways, and around what fails."""

from datetime import time, timedelta
from typing import ClassVar

from alerts.catalogue import Severity
from alerts.channels import Channel, Message
from alerts.delivery import Delivery
from alerts.rules import Disposition, Means
from alerts.service import acknowledge, close, confirm
from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.errors import Undeliverable
from tests.harness import T0, World
from tests.outbox import LINKS, FakeChannel, drain
from tests.reaching import GRAVE, Office


def test_an_officer_is_told_by_the_ways_he_chose(office: Office) -> None:
    office.reach_by(Means.EMAIL, "me@example.org")
    office.reach_by(Means.SMS, severities=GRAVE)
    office.find(["confirmed", None])
    office.deliver()
    assert office.sent(Means.EMAIL) == ["Critical alert 1", "Medium alert 2"]
    assert office.sent(Means.SMS) == ["Critical alert 1"]
    assert {one.address for one in office.ways[Means.EMAIL].sent} == {"me@example.org"}


def test_quiet_hours_hold_back_all_but_what_is_critical(office: Office, world: World) -> None:
    assert world.clock.now == T0  # 14:13 by the agency's clocks
    office.reach_by(Means.SMS, quiet=(time(14), time(16)))
    office.find(["possible", "confirmed"])
    office.deliver()
    assert office.sent(Means.SMS) == ["Critical alert 2"]
    office.deliver(after_s=7200)
    assert office.sent(Means.SMS) == ["Critical alert 2", "High alert 1"]


def test_nobody_is_called_about_what_he_has_seen(office: Office, world: World) -> None:
    office.reach_by(Means.SMS)
    office.reach_by(Means.VOICE, after_s=120)
    seen, unseen = office.find(["confirmed", "confirmed"])
    office.deliver()
    with transaction(world.engine) as session:
        acknowledge(session, world.actor(), seen, world.clock.now)
    office.deliver(after_s=120)
    assert office.sent(Means.VOICE) == [f"Critical alert {unseen}"]
    states = world.rows("SELECT state FROM notification WHERE channel = 'voice' ORDER BY id")
    assert [row.state for row in states] == ["expired", "sent"]


def test_a_message_about_a_closed_alert_is_not_sent_any_more(office: Office, world: World) -> None:
    (alert,) = office.find(["possible"])
    with transaction(world.engine) as session:
        close(session, world.actor(), alert, Disposition.OTHER, "Seen to.", world.clock.now)
    office.deliver()
    assert office.sent(Means.EMAIL) == []


def test_a_channel_that_fails_is_gone_around(office: Office) -> None:
    office.reach_by(Means.EMAIL, "me@example.org")
    office.reach_by(Means.SMS, severities=frozenset({Severity.CRITICAL}))
    office.ways[Means.EMAIL].is_away = True
    (alert,) = office.find(["possible"])
    office.deliver()
    assert office.sent(Means.SMS) == []
    office.deliver(after_s=5)
    assert office.sent(Means.SMS) == [f"High alert {alert}"]
    (unreached,) = office.history(alert, "unreached")
    assert unreached["means"] == "email"
    assert unreached["around"] == ["email", "sms"]
    office.ways[Means.EMAIL].is_away = False
    office.deliver(after_s=3600)
    assert f"High alert {alert}" in office.sent(Means.EMAIL), "tried on, none the less"
    assert len(office.sent(Means.SMS)) == 1


def test_where_no_way_is_left_the_next_rung_is_told_at_once(office: Office, world: World) -> None:
    supervisor = world.officer(Role.SUPERVISOR)
    office.ways[Means.EMAIL].is_away = True
    (alert,) = office.find(["confirmed"])
    office.deliver()
    office.deliver(after_s=5)
    assert world.monitor.escalate() == 1
    world.monitor.escalate()
    assert office.history(alert, "unreached") != []
    assert office.history(alert, "escalated") != []
    world.clock.now = T0 + timedelta(minutes=5)
    world.monitor.escalate()
    assert supervisor in {
        row.officer_id for row in world.rows("SELECT officer_id FROM notification")
    }


class Refusing:
    """Says for good that nobody can be reached."""

    is_read: ClassVar[bool] = True

    def send(self, message: Message) -> None:
        assert message.address
        raise Undeliverable("No such mailbox.")


def test_an_address_that_is_none_is_gone_around_at_once_and_not_tried_again(
    office: Office, world: World
) -> None:
    office.reach_by(Means.SMS, severities=frozenset({Severity.CRITICAL}))
    office.reach_by(Means.EMAIL, "wrong@example.org")
    ways: dict[Means, Channel] = {**office.ways, Means.EMAIL: Refusing()}
    one = Delivery(world.engine, ways, world.clock, LINKS)
    office.find(["possible"])
    drain(one)
    assert office.sent(Means.SMS) == ["High alert 1"]
    world.clock.forward(3600)
    assert drain(one) == 0
    rows = world.rows(
        "SELECT state, last_error, attempts FROM notification WHERE channel = 'email'"
    )
    assert {tuple(row) for row in rows} == {("failed", "No such mailbox.", 1)}


def test_a_mail_server_that_hangs_holds_up_no_text_message(office: Office, world: World) -> None:
    office.reach_by(Means.EMAIL, "me@example.org")
    office.reach_by(Means.SMS)
    office.find(["confirmed"])

    def meanwhile() -> None:
        assert office.delivery.deliver_due(Means.SMS) == 1
        assert office.sent(Means.SMS) == ["Critical alert 1"]

    slow: dict[Means, Channel] = {Means.EMAIL: FakeChannel(then=meanwhile)}
    assert Delivery(world.engine, slow, world.clock, LINKS).deliver_due(Means.EMAIL) == 1


def test_every_attempt_is_kept(office: Office, world: World) -> None:
    office.ways[Means.EMAIL].failures = 2
    office.find(["possible"])
    for wait_s in (0, 5, 10):
        office.deliver(after_s=wait_s)
    rows = world.rows("SELECT number, outcome, reason FROM notification_attempt ORDER BY number")
    away = "The channel is away."
    assert [tuple(row) for row in rows] == [
        (1, "failed", away),
        (2, "failed", away),
        (3, "sent", None),
    ]


def test_nothing_goes_to_the_phone_of_an_officer_who_has_left(office: Office, world: World) -> None:
    successor = world.officer()
    office.reach_by(Means.SMS)
    (alert,) = office.find(["possible"])
    with transaction(world.engine) as session:
        administrator = world.actor(Role.ADMINISTRATOR, world.officer(Role.ADMINISTRATOR))
        world.monitor.deactivate_officer(session, administrator, world.officer_id, successor)
    office.deliver()
    assert office.sent(Means.SMS) == []
    assert office.sent(Means.EMAIL) == [f"High alert {alert}"]
    assert {one.address for one in office.ways[Means.EMAIL].sent} == {
        world.one("SELECT email FROM officer WHERE id = :id", id=successor)
    }


def test_what_is_confirmed_after_a_handing_over_is_told_to_who_supervises_now(
    office: Office, world: World
) -> None:
    successor = world.officer()
    (alert,) = office.find(["possible"])
    office.deliver()
    with transaction(world.engine) as session:
        supervisor = world.actor(Role.SUPERVISOR, world.officer(Role.SUPERVISOR))
        whose = (office.him.supervisee_id, successor)
        world.monitor.hand_over(session, supervisor, *whose)
        confirm(session, world.agency_id, "k1", {}, world.clock.now)
    query = (
        "SELECT officer_id FROM notification WHERE alert_id = :id"
        " AND idempotency_key LIKE '%:confirmed:%'"
    )
    assert [row.officer_id for row in world.rows(query, id=alert)] == [successor]

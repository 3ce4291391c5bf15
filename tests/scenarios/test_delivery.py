"""Promises about messages to officers: every alert goes out, and gives nothing away."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from alerts.channels import Message
from supervision.core.fixes import EventKind
from tests.harness import T0, Person, World, a_fix, an_event, circle
from tests.outbox import FakeChannel, delivery, drain

LON, LAT = -122.08, 37.4


@pytest.fixture
def him(world: World) -> Person:
    person = world.person()
    world.zone(person, circle(LON, LAT, 200))
    return person


@pytest.fixture
def mailbox() -> FakeChannel:
    return FakeChannel()


def deliver(world: World, mailbox: FakeChannel) -> Sequence[Message]:
    drain(delivery(world, mailbox))
    return mailbox.sent


def severities(mailbox: FakeChannel) -> list[str]:
    return [message.subject.split()[0] for message in mailbox.sent]


def ping(world: World, him: Person, minute: float, accuracy_m: float = 8.0) -> None:
    fixed_at = T0 + timedelta(minutes=minute)
    world.send([a_fix(him.device_uid, fixed_at, LON, LAT, accuracy_m)])


def test_an_hour_in_the_zone_is_one_message(
    world: World, him: Person, mailbox: FakeChannel
) -> None:
    for minute in range(60):
        ping(world, him, minute)
        world.clock.forward(60)
        deliver(world, mailbox)
    assert severities(mailbox) == ["Critical"]


def test_a_possible_entry_that_is_confirmed_is_told_twice(
    world: World, him: Person, mailbox: FakeChannel
) -> None:
    ping(world, him, 0, accuracy_m=400)
    deliver(world, mailbox)
    ping(world, him, 1)
    deliver(world, mailbox)
    assert severities(mailbox) == ["High", "Critical"]
    assert len({message.key for message in mailbox.sent}) == 2


def test_a_mail_server_that_was_away_for_a_day_delivers_afterwards(
    world: World, him: Person, mailbox: FakeChannel
) -> None:
    ping(world, him, 0)
    mailbox.is_away = True
    for _ in range(24 * 12):
        deliver(world, mailbox)
        world.clock.forward(300)
    mailbox.is_away = False
    (message,) = deliver(world, mailbox)
    (alert,) = world.alerts()
    assert message.subject == f"Critical alert {alert.id}"


def test_the_worst_news_of_a_batch_goes_out_first(
    world: World, him: Person, mailbox: FakeChannel
) -> None:
    battery = an_event(him.device_uid, EventKind.BATTERY_LOW, T0)
    cut = an_event(him.device_uid, EventKind.STRAP_CUT, T0)
    world.send(events=[battery])
    world.clock.forward(1)
    world.send(events=[cut])
    deliver(world, mailbox)
    assert severities(mailbox) == ["Critical", "Medium"]


def test_the_message_goes_to_the_supervising_officer_alone(
    world: World, mailbox: FakeChannel
) -> None:
    dana = world.officer()
    hers = world.person(officer_id=dana)
    world.zone(hers, circle(LON, LAT, 200))
    ping(world, hers, 0)
    (message,) = deliver(world, mailbox)
    assert message.address == world.one("SELECT email FROM officer WHERE id = :id", id=dana)


def test_a_message_names_no_person_and_no_place(
    world: World, him: Person, mailbox: FakeChannel
) -> None:
    ping(world, him, 0)
    (message,) = deliver(world, mailbox)
    (alert,) = world.alerts()
    assert message == Message(
        key=f"alert:{alert.id}:raised:email:{him.officer_id}",
        notification_id=message.notification_id,
        address=message.address,
        subject=f"Critical alert {alert.id}",
        text=(
            "A critical alert (zone entry) waits for you.\n\n"
            f"Open it: https://console.example/alerts/{alert.id}\n"
        ),
        alert_ids=(alert.id,),
    )

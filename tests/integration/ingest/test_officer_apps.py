"""What an officer's app hears from the broker, and what becomes of a message that none hears."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from alerts.channels import Channel, Message
from alerts.delivery import Delivery
from alerts.rules import Means
from ingest.officer_apps import AppChannel
from supervision.core.errors import Unavailable, Undeliverable
from supervision.core.officer_apps import TOPIC
from supervision.stack.mosquitto import PrivateMosquitto
from tests.broker_members import WAIT_S, Member, member
from tests.harness import World
from tests.ingest_rig import address_of
from tests.outbox import LINKS, FakeChannel, drain
from tests.reaching import Office

# Each test is about an officer of its own: the broker is shared.
officers = count(1_000)


@contextmanager
def a_channel(
    broker: PrivateMosquitto, protocol: str = "5", patience_s: float = WAIT_S
) -> Iterator[AppChannel]:
    channel = AppChannel(address_of(broker, protocol=protocol), patience_s)
    yield channel
    channel.close()


@pytest.fixture
def channel(broker: PrivateMosquitto) -> Iterator[AppChannel]:
    with a_channel(broker) as made:
        yield made


def to_app(account: str, key: str = "alert:7:raised:point:3") -> Message:
    return Message(key, 9, account, "Critical alert 7", "A critical alert waits.", (7,))


@contextmanager
def an_app(broker: PrivateMosquitto, officer_id: int, *topics: str) -> Iterator[Member]:
    account, password = broker.add_app(officer_id)
    with member(broker, account, password) as app:
        app.subscribe(*(topics or (TOPIC.format(account=account),)))
        yield app


def test_an_app_hears_of_the_alerts_of_its_officer(
    broker: PrivateMosquitto, channel: AppChannel
) -> None:
    officer_id = next(officers)
    with an_app(broker, officer_id) as app:
        channel.send(to_app(f"officer-{officer_id}"))
        topic, body = app.heard.get(timeout=WAIT_S)
    assert topic == f"supervision/v1/officers/officer-{officer_id}/alerts"
    assert json.loads(body) == {
        "key": "alert:7:raised:point:3",
        "subject": "Critical alert 7",
        "text": "A critical alert waits.",
        "alert_ids": [7],
        "is_drill": False,
        "receipt_url": None,
    }


def test_nobody_else_hears_it(broker: PrivateMosquitto, channel: AppChannel) -> None:
    officer_id = next(officers)
    device = f"curious-{officer_id}"
    everything = "supervision/v1/officers/+/alerts"
    with (
        an_app(broker, officer_id) as app,
        an_app(broker, next(officers), everything) as other,
        member(broker, device, broker.add_user(device)) as tracker,
    ):
        tracker.subscribe(everything)
        channel.send(to_app(f"officer-{officer_id}"))
        app.heard.get(timeout=WAIT_S)
        assert other.heard.empty()
        assert tracker.heard.empty()


def test_a_device_or_app_tells_no_app_anything(broker: PrivateMosquitto) -> None:
    officer_id = next(officers)
    device, topic = f"forger-{officer_id}", TOPIC.format(account=f"officer-{officer_id}")
    with (
        an_app(broker, officer_id) as app,
        an_app(broker, next(officers)) as other,
        member(broker, device, broker.add_user(device)) as tracker,
        member(broker, "ingest") as ours,
    ):
        for forger in (app, other, tracker):
            forger.publish(topic, b"forged")
        ours.publish(topic, b"ours")
        assert app.heard.get(timeout=WAIT_S) == (topic, b"ours")


def test_where_no_app_listens_the_message_is_given_up_at_once(channel: AppChannel) -> None:
    with pytest.raises(Undeliverable, match="No app of this officer"):
        channel.send(to_app(f"officer-{next(officers)}"))


def test_by_the_older_protocol_nothing_counts_as_told(broker: PrivateMosquitto) -> None:
    with a_channel(broker, "3.1.1") as channel, pytest.raises(Undeliverable, match="protocol"):
        channel.send(to_app(f"officer-{next(officers)}"))


def test_an_app_that_keeps_its_session_hears_later_what_came_meanwhile(
    broker: PrivateMosquitto, channel: AppChannel
) -> None:
    account, password = broker.add_app(next(officers))
    old = MQTTProtocolVersion.MQTTv311
    for is_first in (True, False):
        app = Member(broker, account, password, old, keeps_session=True)
        assert app.connect() == "Success"
        if is_first:
            app.subscribe(TOPIC.format(account=account))
            app.leave()
            channel.send(to_app(account))
            continue
        assert json.loads(app.heard.get(timeout=WAIT_S)[1])["alert_ids"] == [7]
        app.leave()


def test_while_the_broker_is_away_the_message_waits(broker_of_its_own: PrivateMosquitto) -> None:
    broker, officer_id = broker_of_its_own, next(officers)
    with a_channel(broker, patience_s=0.1) as impatient, a_channel(broker) as channel:
        with an_app(broker, officer_id):
            channel.send(to_app(f"officer-{officer_id}"))
        broker.stop()
        with pytest.raises(Unavailable):
            impatient.send(to_app(f"officer-{officer_id}"))
        broker.start()
        with an_app(broker, officer_id) as app:
            channel.send(to_app(f"officer-{officer_id}", "second"))
            assert json.loads(app.heard.get(timeout=WAIT_S)[1])["key"] == "second"


def test_an_officer_whose_app_is_not_signed_in_is_told_by_e_mail_at_once(
    world: World, channel: AppChannel
) -> None:
    office, mail = Office(world), FakeChannel()
    office.reach_by(Means.APP)
    ways: dict[Means, Channel] = {Means.APP: channel, Means.EMAIL: mail}
    (alert_id,) = office.find(["possible"])
    assert drain(Delivery(world.engine, ways, world.clock, LINKS)) == 2
    assert [one.subject for one in mail.sent] == [f"High alert {alert_id}"]
    (unreached,) = office.history(alert_id, "unreached")
    assert (unreached["means"], unreached["around"]) == ("app", ["email"])
    rows = world.rows("SELECT channel, state FROM notification ORDER BY id")
    assert [tuple(row) for row in rows] == [("app", "failed"), ("email", "sent")]

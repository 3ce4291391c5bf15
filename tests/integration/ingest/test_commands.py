"""Commands on their way: from the outbox through a real broker to a device, and back to the row."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from threading import Event
from typing import Any

import pytest
from paho.mqtt.client import Client, ConnectFlags
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from sqlalchemy.exc import ProgrammingError

from ingest import delivery as delivery_module
from ingest.delivery import CommandDelivery, write
from ingest.mqtt import HANDED_OVER_MOST, MqttFeed
from ingest.store import (
    CommandKind,
    DueCommand,
    NewCommand,
    Outcome,
    request_interval,
    request_locate,
)
from ingest.worker import BatchSize, Worker
from supervision.core.db import transaction
from supervision.core.errors import Unavailable
from supervision.stack.mosquitto import PrivateMosquitto
from tests.harness import Person, World
from tests.ingest_rig import (
    ACCEPT_ALL,
    PROTOCOLS,
    WAIT_S,
    Publisher,
    address_of,
    feeding,
    fixes_message,
    joining,
    until,
)

PROTOCOL = pytest.mark.parametrize("protocol", PROTOCOLS)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_module, "EVERY_S", 0.0)


@pytest.fixture
def him(world: World) -> Person:
    return world.person()


def wish(world: World, him: Person, key: str, lasts_s: int, **other: Any) -> NewCommand:
    return NewCommand(
        world.agency_id,
        him.device_id,
        him.supervisee_id,
        key,
        "zone_approach:123",
        world.clock() + timedelta(seconds=lasts_s),
        **other,
    )


def locate(world: World, him: Person, key: str = "locate", lasts_s: int = 600) -> int:
    with transaction(world.engine) as session:
        written = request_locate(session, wish(world, him, key, lasts_s), world.clock())
    assert written
    return written


def ask(world: World, him: Person, interval_s: int, **other: Any) -> int:
    new = wish(world, him, f"every {interval_s} s", 600, interval_s=interval_s, **other)
    with transaction(world.engine) as session:
        written = request_interval(session, new, world.clock())
    assert written
    return written


def state(world: World, command_id: int) -> tuple[str, int, str | None]:
    (row,) = world.rows(
        "SELECT state, attempts, last_error FROM device_command WHERE id = :id", id=command_id
    )
    return (row.state, row.attempts, row.last_error)


def settle(deliver: CommandDelivery, is_so: Callable[[], bool]) -> None:
    """Go round as the worker does until something is so."""

    def once() -> bool:
        deliver()
        return is_so()

    until(once)


class Tracker:
    """A device with a session at the broker that outlasts its connections."""

    def __init__(self, broker: PrivateMosquitto, uid: str, password: str, protocol: str) -> None:
        self.heard: SimpleQueue[tuple[bytes, bool]] = SimpleQueue()
        self.is_known = False
        self._broker = broker
        self._uid = uid
        self._password = password
        self._is_v5 = protocol == "5"

    @contextmanager
    def awake(self) -> Iterator[None]:
        ready = Event()
        client = self._make_client()
        client.on_subscribe = lambda *_: ready.set()
        lasting = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        lasting.SessionExpiryInterval = 3600
        extra: dict[str, Any] = {"clean_start": False, "properties": lasting} if self._is_v5 else {}
        client.connect(self._broker.host, self._broker.port, **extra)
        client.loop_start()
        assert ready.wait(WAIT_S)
        yield
        client.disconnect()
        client.loop_stop()

    def hear(self) -> bytes:
        payload, is_retained = self.heard.get(timeout=WAIT_S)
        assert not is_retained
        return payload

    def _make_client(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            f"tracker-{self._uid}",
            clean_session=None if self._is_v5 else False,
            protocol=MQTTProtocolVersion.MQTTv5 if self._is_v5 else MQTTProtocolVersion.MQTTv311,
        )
        client.username_pw_set(self._uid, self._password)
        client.on_connect = self._on_connect
        client.on_message = lambda *args: self.heard.put((bytes(args[2].payload), args[2].retain))
        return client

    def _on_connect(self, client: Client, _u: object, flags: ConnectFlags, *_: object) -> None:
        self.is_known = flags.session_present
        client.subscribe(f"supervision/v1/{self._uid}/commands", qos=1)


def tracker_of(him: Person, broker: PrivateMosquitto, protocol: str) -> Tracker:
    return Tracker(broker, him.device_uid, broker.add_user(him.device_uid), protocol)


@contextmanager
def delivering(
    world: World, broker: PrivateMosquitto, protocol: str
) -> Iterator[tuple[CommandDelivery, MqttFeed]]:
    with feeding(address_of(broker, protocol=protocol)) as feed:
        yield CommandDelivery(feed, world.monitor.exchange_commands), feed


@PROTOCOL
def test_a_device_hears_what_it_is_to_do_and_nothing_else(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    ends_at = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    tracker = tracker_of(him, broker_of_its_own, protocol)
    with tracker.awake(), delivering(world, broker_of_its_own, protocol) as (deliver, _):
        asked = [ask(world, him, 15, ends_at=ends_at)]
        deliver()
        asked += [ask(world, him, 60)]
        deliver()
        asked += [locate(world, him)]
        settle(deliver, lambda: {state(world, one) for one in asked} == {("sent", 1, None)})
        fast, slow, place = asked
        assert [tracker.hear() for _ in range(3)] == [
            b'{"command":"set_interval","id":%d,"interval_s":15,"until":"2030-01-02T03:04:05Z"}'
            % fast,
            b'{"command":"set_interval","id":%d,"interval_s":60}' % slow,
            b'{"command":"locate","id":%d}' % place,
        ]
        assert tracker.heard.empty()


@PROTOCOL
def test_a_device_that_is_away_hears_it_when_it_is_back(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    tracker = tracker_of(him, broker_of_its_own, protocol)
    with tracker.awake():
        assert not tracker.is_known
    with delivering(world, broker_of_its_own, protocol) as (deliver, _):
        command_id = locate(world, him)
        settle(deliver, lambda: state(world, command_id)[0] == "sent")
    broker_of_its_own.restart()
    with tracker.awake():
        assert tracker.is_known
        assert b"locate" in tracker.hear()


def test_by_mqtt_5_a_device_that_is_away_too_long_does_not_hear_it(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto
) -> None:
    tracker = tracker_of(him, broker_of_its_own, "5")
    with tracker.awake():
        pass
    with delivering(world, broker_of_its_own, "5") as (deliver, _):
        brief = locate(world, him, "brief", lasts_s=2)
        settle(deliver, lambda: state(world, brief)[0] == "sent")
        lasting = locate(world, him, "lasting")
        settle(deliver, lambda: state(world, lasting)[0] == "sent")
        Event().wait(3.0)
    with tracker.awake():
        assert tracker.hear() == b'{"command":"locate","id":%d}' % lasting
        assert tracker.heard.empty()


def test_by_mqtt_5_one_that_nobody_listens_for_is_tried_again_until_somebody_does(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto
) -> None:
    tracker = tracker_of(him, broker_of_its_own, "5")
    with delivering(world, broker_of_its_own, "5") as (deliver, _):
        command_id = locate(world, him)
        nobody = "No matching subscribers"
        settle(deliver, lambda: state(world, command_id) == ("pending", 1, nobody))
        with tracker.awake():
            world.clock.forward(6)
            settle(deliver, lambda: state(world, command_id) == ("sent", 2, nobody))
            assert b"locate" in tracker.hear()


@PROTOCOL
def test_while_the_broker_is_away_nothing_is_taken_on_and_then_all_is_sent(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    tracker = tracker_of(him, broker_of_its_own, protocol)
    with delivering(world, broker_of_its_own, protocol) as (deliver, feed):
        with tracker.awake():
            pass
        with joining(feed):
            broker_of_its_own.stop()
            until(lambda: not feed.is_connected)
            command_id = locate(world, him)
            deliver()
            assert state(world, command_id) == ("pending", 0, None)
            broker_of_its_own.start()
        settle(deliver, lambda: state(world, command_id)[0] == "sent")
    with tracker.awake():
        assert b"locate" in tracker.hear()


@PROTOCOL
def test_a_broker_that_dies_with_a_command_in_hand_gets_it_again(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    tracker = tracker_of(him, broker_of_its_own, protocol)
    with delivering(world, broker_of_its_own, protocol) as (deliver, feed):
        with tracker.awake():
            pass
        with joining(feed):
            # Not looked at again before the broker has gone: whatever it said is not noted yet.
            command_id = locate(world, him)
            deliver()
            broker_of_its_own.stop()
            until(lambda: not feed.is_connected)
            assert state(world, command_id)[0] == "sending"
            broker_of_its_own.start()
        settle(deliver, lambda: state(world, command_id)[0] == "sent")
    with tracker.awake():
        assert b"locate" in tracker.hear()


def test_what_is_known_while_the_database_is_away_is_noted_when_it_is_back(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto
) -> None:
    failures: list[Exception] = []

    def exchange(outcomes: Sequence[Outcome], most: int) -> list[DueCommand]:
        if failures:
            raise failures[0]
        due: list[DueCommand] = world.monitor.exchange_commands(outcomes, most)
        return due

    tracker = tracker_of(him, broker_of_its_own, "5")
    with tracker.awake(), feeding(address_of(broker_of_its_own)) as feed:
        deliver = CommandDelivery(feed, exchange)
        command_id = locate(world, him)
        deliver()
        assert tracker.hear()
        for failure in (Unavailable(), ProgrammingError("SELECT", None, Exception())):
            failures[:] = [failure]
            for _ in range(3):
                deliver()
        assert state(world, command_id)[0] == "sending"
        failures.clear()
        settle(deliver, lambda: state(world, command_id) == ("sent", 1, None))


def test_a_thousand_commands_are_handed_over_a_window_at_a_time(
    him: Person, broker_of_its_own: PrivateMosquitto
) -> None:
    asked: list[int] = []

    def exchange(_outcomes: Sequence[Outcome], most: int) -> list[DueCommand]:
        asked.append(most)
        first = sum(asked[:-1])
        return [
            DueCommand(number + 1, him.device_uid, CommandKind.LOCATE, None, None, 600)
            for number in range(first, min(first + most, 1000))
        ]

    tracker = tracker_of(him, broker_of_its_own, "5")
    with tracker.awake(), feeding(address_of(broker_of_its_own)) as feed:
        deliver = CommandDelivery(feed, exchange)
        settle(deliver, lambda: tracker.heard.qsize() == 1000)
    assert max(asked) == HANDED_OVER_MOST
    assert [tracker.hear() for _ in range(1000)] == [
        b'{"command":"locate","id":%d}' % number for number in range(1, 1001)
    ]


def test_pings_and_their_acks_go_on_beside_commands(
    world: World, him: Person, broker_of_its_own: PrivateMosquitto
) -> None:
    tracker, stop = tracker_of(him, broker_of_its_own, "5"), Event()
    began_s = round(world.clock().timestamp()) - 1000
    with (
        tracker.awake(),
        delivering(world, broker_of_its_own, "5") as (deliver, feed),
        Publisher(broker_of_its_own) as trackers,
        ThreadPoolExecutor(1) as thread,
    ):
        worker = Worker(feed, world.monitor.on_messages, ACCEPT_ALL, BatchSize(50, 0.02))
        working = thread.submit(worker.run, stop, deliver)
        trackers.listen(f"supervision/v1/{him.device_uid}/ack")
        asked = []
        for seq in range(1, 301):
            fix = {"t": began_s + seq, "lat": 1.0, "lon": 2.0, "accuracy_m": 5}
            body = {"session": "s", "seq": seq, "ack": True, "fixes": [fix]}
            trackers.send(*fixes_message(him.device_uid, body))
            if seq % 15 == 0:
                asked.append(locate(world, him, f"k{seq}"))
        while trackers.hear()["stored_up_to"] < 300:
            pass
        until(lambda: {state(world, one) for one in asked} == {("sent", 1, None)})
        stop.set()
        working.result(WAIT_S)
    assert [tracker.hear() for _ in asked] == [
        b'{"command":"locate","id":%d}' % one for one in asked
    ]
    assert worker.stored_messages == 300


def due(uid: str, interval_s: int | None) -> DueCommand:
    kind = CommandKind.LOCATE if interval_s is None else CommandKind.SET_INTERVAL
    return DueCommand(7, uid, kind, interval_s, None, 600)


def test_a_phone_with_owntracks_can_be_located_and_told_no_interval() -> None:
    topic, payload = write(due("ann/phone", None)) or ("", b"")
    assert (topic, payload) == (
        "owntracks/ann/phone/cmd",
        b'{"_type":"cmd","action":"reportLocation"}',
    )
    assert write(due("ann/phone", 15)) is None


def test_an_interval_for_a_phone_is_put_back_with_the_reason(
    world: World, broker_of_its_own: PrivateMosquitto
) -> None:
    ann = world.person("ann/phone")
    with delivering(world, broker_of_its_own, "5") as (deliver, _):
        command_id = ask(world, ann, 15)
        settle(deliver, lambda: state(world, command_id) == ("pending", 1, "not_understood"))

"""The line to a real broker: what is taken, what an acknowledgement takes away, what ends it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from time import monotonic

import pytest

from ingest.mqtt import TOPICS, BrokerAddress, MqttFeed, Received
from supervision.core.clock import system_clock
from supervision.core.errors import Broken
from supervision.stack.mosquitto import PrivateMosquitto
from tests.ingest_rig import PROTOCOLS, WAIT_S, Publisher, address_of, feeding, joining, until

TOPIC = "supervision/v1/dev-1/fixes"

pytestmark = pytest.mark.parametrize("protocol", PROTOCOLS)


def publish(broker: PrivateMosquitto, *payloads: bytes) -> None:
    with Publisher(broker) as trackers:
        trackers.send_all([(TOPIC, payload) for payload in payloads])


def numbered(count: int, start: int = 0) -> list[bytes]:
    return [str(number).encode() for number in range(start, start + count)]


def take(feed: MqttFeed, count: int) -> list[Received]:
    """Exactly so many messages, and then none for a while."""
    taken: list[Received] = []
    while len(taken) < count:
        batch = feed.take(count - len(taken), WAIT_S, 0.1)
        assert batch, f"only {len(taken)} of {count} came"
        taken += batch
    assert feed.take(1, 0.2, 0.0) == []
    return taken


def come_again(feed: MqttFeed) -> set[bytes]:
    """What a kept session brings until it is silent; a broker may send one twice."""
    came: set[bytes] = set()
    while batch := feed.take(500, 0.5, 0.1):
        came |= set(payloads(batch))
    return came


def payloads(batch: list[Received]) -> list[bytes]:
    return [one.raw.payload for one in batch]


@contextmanager
def refusing_broker(protocol: str) -> Iterator[int]:
    """One that lets everybody in and grants no subscription; Mosquitto grants all, in silence."""
    properties = b"\0" if protocol == "5" else b""

    def serve() -> None:
        line, _ = server.accept()
        with line:
            assert line.recv(4096)
            line.sendall(bytes([0x20, 2 + len(properties), 0, 0]) + properties)
            asked = line.recv(4096)
            mid = asked[asked.index(b"$share") - 4 - len(properties) :][:2]
            codes = properties + bytes([0x80] * len(TOPICS))
            line.sendall(bytes([0x90, 2 + len(codes)]) + mid + codes)
            assert line.recv(4096), "it says goodbye"

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(WAIT_S)
        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(WAIT_S)


def lose_and_find(feed: MqttFeed, broker: PrivateMosquitto) -> None:
    """The broker dies with its sessions, and the feed finds the new one by itself."""
    with joining(feed):
        broker.kill()
        until(lambda: not feed.is_connected)
        broker.start()


def test_messages_come_in_order_with_topic_and_time(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    with feeding(address_of(broker_of_its_own, protocol=protocol)) as feed:
        publish(broker_of_its_own, *numbered(50))
        batch = take(feed, 50)
    assert payloads(batch) == numbered(50)
    assert {one.raw.topic for one in batch} == {TOPIC}
    assert all(one.raw.received_at_us > 0 and not one.raw.is_retained for one in batch)


def test_what_is_acknowledged_never_comes_again_and_the_rest_does(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    address = address_of(broker_of_its_own, protocol=protocol)
    with feeding(address) as feed:
        publish(broker_of_its_own, *numbered(10))
        feed.acknowledge(take(feed, 10)[:4])
    # Else the same client, back at once, takes its line over before its last words are read.
    until(lambda: "Client w1 disconnected" in broker_of_its_own.log.read_text())
    with feeding(address) as feed:
        assert come_again(feed) == set(numbered(6, start=4))


def test_a_late_ack_of_a_lost_session_takes_no_message_of_the_new_one(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    address = address_of(broker_of_its_own, protocol=protocol)
    with feeding(address) as feed:
        publish(broker_of_its_own, *numbered(5))
        old = take(feed, 5)
        lose_and_find(feed, broker_of_its_own)
        publish(broker_of_its_own, *numbered(5, start=5))
        new = take(feed, 5)
        assert {one.mid for one in new} == {one.mid for one in old}, "the numbers begin anew"
        feed.acknowledge(old)
    with feeding(address) as feed:
        assert come_again(feed) == set(payloads(new))


def test_messages_of_a_lost_session_are_still_handed_over(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    with feeding(address_of(broker_of_its_own, protocol=protocol)) as feed:
        publish(broker_of_its_own, *numbered(5))
        until(lambda: feed._queue.qsize() == 5)
        lose_and_find(feed, broker_of_its_own)
        assert payloads(take(feed, 5)) == numbered(5)


def test_acknowledging_while_the_broker_dies_never_hangs(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    with feeding(address_of(broker_of_its_own, protocol=protocol)) as feed:
        for _ in range(3):
            publish(broker_of_its_own, *numbered(1000))
            batch = take(feed, 1000)
            worker = threading.Thread(target=feed.acknowledge, args=(batch * 20,), daemon=True)
            worker.start()
            lose_and_find(feed, broker_of_its_own)
            worker.join(WAIT_S)
            assert not worker.is_alive()


def test_a_batch_larger_than_the_brokers_window_is_not_waited_for(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    address = address_of(broker_of_its_own, protocol=protocol, window=10)
    began_s, came = monotonic(), list[bytes]()
    with feeding(address) as feed:
        publish(broker_of_its_own, *numbered(100))
        while len(came) < 100:
            batch = feed.take(500, WAIT_S, 60.0)
            assert len(batch) == 10
            feed.acknowledge(batch)
            came += payloads(batch)
    assert came == numbered(100)
    assert monotonic() - began_s < 30.0, "no batch waited for messages that could not come"


def test_a_full_queue_stops_the_reading_and_loses_nothing(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    address = address_of(broker_of_its_own, protocol=protocol, window=5)
    with feeding(address) as feed:
        publish(broker_of_its_own, *numbered(100))
        until(lambda: feed._queue.qsize() >= 5)
        assert feed._queue.qsize() <= 10
        came: list[bytes] = []
        while len(came) < 100:
            batch = feed.take(500, WAIT_S, 0.0)
            feed.acknowledge(batch)
            came += payloads(batch)
    assert came == numbered(100)


def test_of_a_huge_message_only_so_much_is_kept_that_it_is_seen_to_be_huge(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    address = replace(address_of(broker_of_its_own, protocol=protocol), most_bytes=1000)
    with feeding(address) as feed:
        publish(broker_of_its_own, b"x" * 1_000_000, b"x" * 1000)
        assert [len(payload) for payload in payloads(take(feed, 2))] == [1000, 1000]


def test_a_callback_that_raises_is_noticed_by_the_next_take(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    def broken_clock() -> datetime:
        raise ZeroDivisionError

    with feeding(address_of(broker_of_its_own, protocol=protocol), broken_clock) as feed:
        publish(broker_of_its_own, b"1")
        until(lambda: not feed.is_connected)
        with pytest.raises(Broken, match="died") as caught:
            feed.take(1, 0.1, 0.0)
        assert isinstance(caught.value.__cause__, ZeroDivisionError)
    with feeding(address_of(broker_of_its_own, protocol=protocol)) as feed:
        assert payloads(take(feed, 1)) == [b"1"]


def test_a_refused_subscription_is_noticed_by_the_next_take(protocol: str) -> None:
    with refusing_broker(protocol) as port:
        feed = MqttFeed(BrokerAddress("127.0.0.1", port, "u", None, "w1", protocol), system_clock)
        feed.start()
        until(lambda: feed._client.has_ended)
        with pytest.raises(Broken, match="died") as caught:
            feed.take(1, 0.1, 0.0)
        feed.stop()
    assert "refused a subscription" in str(caught.value.__cause__)


def test_a_wrong_password_is_tried_again_until_it_is_right(
    broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    address = replace(
        address_of(broker_of_its_own, protocol=protocol), password="wrong-" + protocol
    )
    feed = MqttFeed(address, system_clock)
    refused = threading.Event()
    feed._client.on_log = lambda *args: refused.set() if "CONNACK" in args[3] else None
    feed.start()
    assert refused.wait(WAIT_S)
    assert feed.take(1, 0.1, 0.0) == []
    assert not feed.is_connected
    feed._client.username_pw_set("ingest", broker_of_its_own.password("ingest"))
    until(lambda: feed.is_connected)
    feed.stop()


def test_stopping_needs_no_broker(broker_of_its_own: PrivateMosquitto, protocol: str) -> None:
    address = address_of(broker_of_its_own, protocol=protocol)
    broker_of_its_own.stop()
    feed = MqttFeed(address, system_clock)
    feed.start()
    assert feed.take(1, 0.2, 0.0) == []
    began_s = monotonic()
    feed.stop()
    assert monotonic() - began_s < 5.0

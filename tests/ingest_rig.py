"""What the tests of ingest stand on: a trackers' side, and workers in threads and processes."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from typing import Any, Self

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from ingest.mqtt import BrokerAddress, MqttFeed
from ingest.payload import Limits
from ingest.store import DeviceAck
from ingest.worker import BatchSize, Handler, Worker
from supervision.core.clock import Clock, system_clock
from supervision.core.errors import Unavailable
from supervision.core.fixes import Decoded
from supervision.stack.mosquitto import PrivateMosquitto
from supervision.stack.postgres import DatabaseUrls
from tests.service_process import ServiceProcess

WAIT_S = 60.0
POLL_S = 0.02
PROTOCOLS = ("5", "3.1.1")
ACCEPT_ALL = Limits(262_144, 20_000 * 86_400_000_000, 120_000_000)


def until(is_so: Callable[[], bool], within_s: float = WAIT_S) -> None:
    """Wait until something is so, and fail if it is not in time."""
    deadline_s = monotonic() + within_s
    pause = threading.Event()
    while not is_so():
        assert monotonic() < deadline_s, "it did not become so in time"
        pause.wait(POLL_S)


class Publisher:
    """Trackers' side of the line: QoS 1, so many messages under way at most."""

    def __init__(
        self,
        broker: PrivateMosquitto,
        user: str = "simulator",
        password: str | None = None,
        protocol: str = "5",
        in_flight: int = 500,
    ) -> None:
        self.refused = 0
        self.heard: SimpleQueue[tuple[str, bytes]] = SimpleQueue()
        self._granted = threading.Event()
        self._room = threading.Semaphore(in_flight)
        self._in_flight = in_flight
        version = MQTTProtocolVersion.MQTTv5 if protocol == "5" else MQTTProtocolVersion.MQTTv311
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=version)
        self._client.max_inflight_messages_set(in_flight)
        self._client.reconnect_delay_set(1, 1)
        self._client.username_pw_set(user, password or broker.password(user))
        self._client.on_publish = self._on_publish
        self._client.on_subscribe = lambda *_: self._granted.set()
        self._client.on_message = lambda *args: self.heard.put(
            (args[2].topic, bytes(args[2].payload))
        )
        self._client.connect(broker.host, broker.port)

    def __enter__(self) -> Self:
        self._client.loop_start()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def send(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Hand one message over, when there is room for it."""
        assert self._room.acquire(timeout=WAIT_S)
        self._client.publish(topic, payload, qos=1, retain=retain)

    def listen(self, topic: str) -> None:
        """From now on keep what is said on this topic in `heard`."""
        self._client.subscribe(topic, qos=1)
        assert self._granted.wait(WAIT_S)

    def hear(self) -> dict[str, Any]:
        """The next thing heard, read as JSON."""
        said: dict[str, Any] = json.loads(self.heard.get(timeout=WAIT_S)[1])
        return said

    def flush(self) -> None:
        """Wait until the broker has taken everything."""
        for _ in range(self._in_flight):
            assert self._room.acquire(timeout=WAIT_S)
        self._room.release(self._in_flight)

    def send_all(self, messages: Iterable[tuple[str, bytes]]) -> None:
        for topic, payload in messages:
            self.send(topic, payload)
        self.flush()

    def _on_publish(
        self, _client: Client, _data: object, _mid: int, reason: ReasonCode, _: object
    ) -> None:
        self.refused += reason.is_failure
        self._room.release()


def fixes_message(device_uid: str, body: dict[str, Any]) -> tuple[str, bytes]:
    return f"supervision/v1/{device_uid}/fixes", json.dumps(body).encode()


def publish_numbered(broker: PrivateMosquitto, first: int, last: int) -> None:
    """One device's messages of one session, each with one fix."""
    fix = {"t": 1.79e9, "lat": 1.0, "lon": 2.0}
    with Publisher(broker) as trackers:
        trackers.send_all(
            fixes_message("dev-1", {"session": "s", "seq": number, "fixes": [fix]})
            for number in range(first, last + 1)
        )


@dataclass
class Keeper:
    """A store in memory that counts what it keeps, and can be away or choke on some numbers.

    Attributes:
        away_for: So many times it is away.
        chokes_on: Sequence numbers that it cannot store.
        hiccups: How often each of these fails before it can.
        is_away_to_rejections: It is away once when something is to be set aside.
        kept: How often it has kept each number.
        rejected: How often it has kept something for this reason.
        payloads: What it has kept as rejected.
        batches: How many fixes each batch had.
    """

    away_for: int = 0
    chokes_on: frozenset[int] = frozenset()
    hiccups: Counter[int] = field(default_factory=Counter)
    is_away_to_rejections: bool = False
    kept: Counter[int] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    payloads: list[bytes] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)

    def __call__(self, decoded: Decoded) -> list[DeviceAck]:
        if decoded.rejected and self.is_away_to_rejections:
            self.is_away_to_rejections, self.away_for = False, 1
        if self.away_for:
            self.away_for -= 1
            raise Unavailable
        numbers = [fix.seq or 0 for fix in decoded.fixes]
        self._fail_for(numbers)
        self.batches.append(len(numbers))
        self.kept.update(numbers)
        self.rejected.update(one.reason for one in decoded.rejected)
        self.payloads += [one.payload for one in decoded.rejected]
        return []

    def _fail_for(self, numbers: list[int]) -> None:
        if self.chokes_on.intersection(numbers):
            raise ZeroDivisionError
        for number in numbers:
            if self.hiccups[number]:
                self.hiccups[number] -= 1
                raise ConnectionResetError


def once_each(first: int, last: int) -> Counter[int]:
    return Counter(range(first, last + 1))


def address_of(
    broker: PrivateMosquitto, client_id: str = "w1", protocol: str = "5", window: int = 1000
) -> BrokerAddress:
    return BrokerAddress(
        broker.host, broker.port, "ingest", broker.password("ingest"), client_id, protocol, window
    )


@contextmanager
def joining(feed: MqttFeed) -> Iterator[None]:
    """After the block the feed has subscribed (anew): what is published then reaches it."""
    joined = threading.Event()
    feed._client.on_log = lambda *args: joined.set() if "SUBACK" in args[3] else None
    yield
    assert joined.wait(WAIT_S)


@contextmanager
def feeding(address: BrokerAddress, clock: Clock = system_clock) -> Iterator[MqttFeed]:
    """A feed that has joined the broker."""
    feed = MqttFeed(address, clock)
    try:
        with joining(feed):
            feed.start()
        yield feed
    finally:
        feed.stop()


@contextmanager
def working(
    feed: MqttFeed, handle: Handler, most: int = 500, limits: Limits = ACCEPT_ALL
) -> Iterator[Worker]:
    """A worker at work in a thread; its loop's end by an error is the test's failure."""
    worker = Worker(feed, handle, limits, BatchSize(most, 0.02))
    stop = threading.Event()
    died: list[BaseException] = []

    def run() -> None:
        try:
            worker.run(stop, lambda: None)
        except Exception as error:
            died.append(error)
            raise

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield worker
    finally:
        stop.set()
        thread.join(WAIT_S)
    assert not died
    assert not thread.is_alive()


class IngestProcess(ServiceProcess):
    """`supervision ingest`, reading from this broker."""

    def __init__(
        self, broker: PrivateMosquitto, database: DatabaseUrls, log: Path, **settings: object
    ) -> None:
        line = {"broker_port": broker.port, "broker_password": broker.password("ingest")}
        super().__init__("ingest", database, log, **(line | settings))

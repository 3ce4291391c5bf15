"""A small backend for fleets to send to: it stores, acks, and loses what a test wants lost."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from uuid import uuid4

import msgspec
from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from ingest.simulator.link import Broker
from ingest.simulator.pings import Ping, Writer
from supervision.stack.mosquitto import PrivateMosquitto

DEADLINE_S = 30.0
Key = tuple[str, int]


class Backend:
    """Stores what arrives and acks it, but for what a test tells it to lose or keep quiet on."""

    def __init__(self, server: PrivateMosquitto, loses: Callable[[str, int, int], bool]) -> None:
        """`loses` is asked with device, seq and how often that ping came."""
        self.arrivals: Counter[Key] = Counter()
        self.unreadable = 0
        self.is_acking = True
        self._loses = loses
        self._stored: dict[str, set[int]] = defaultdict(set)
        self._changed = Condition()
        self._is_ready = False
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.username_pw_set("ingest", server.password("ingest"))
        self._client.reconnect_delay_set(1, 1)
        self._client.max_inflight_messages_set(1000)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.connect(server.host, server.port)
        self._client.loop_start()
        self.wait_for(lambda: self._is_ready)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(is_so, DEADLINE_S)

    def stored(self) -> set[Key]:
        return {(device, seq) for device, seqs in self._stored.items() for seq in seqs}

    def forget(self) -> None:
        with self._changed:
            self._stored.clear()

    def publish(self, topic: str, payload: bytes) -> None:
        self._client.publish(topic, payload, qos=1)

    def _on_connect(
        self, client: Client, _u: object, _f: ConnectFlags, _r: ReasonCode, _p: Properties | None
    ) -> None:
        client.subscribe([("supervision/v1/+/fixes", 1), ("supervision/v1/+/events", 1)])

    def _on_subscribe(
        self, _c: Client, _u: object, _m: int, _r: list[ReasonCode], _p: Properties | None
    ) -> None:
        with self._changed:
            self._is_ready = True
            self._changed.notify_all()

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        with self._changed:
            self._take(message.topic.split("/")[2], bytes(message.payload))
            self._changed.notify_all()

    def _take(self, device: str, payload: bytes) -> None:
        try:
            body = msgspec.json.decode(payload)
            session, seq = body["session"], body["seq"]
        except (msgspec.DecodeError, UnicodeDecodeError, KeyError):
            self.unreadable += 1
            return
        self.arrivals[device, seq] += 1
        if self._loses(device, seq, self.arrivals[device, seq]):
            return
        self._stored[device].add(seq)
        if self.is_acking and body["ack"]:
            ack = {"session": session, **coverage(self._stored[device])}
            self.publish(f"supervision/v1/{device}/ack", msgspec.json.encode(ack))


def coverage(stored: set[int]) -> dict[str, object]:
    up_to = next(seq for seq in range(len(stored) + 1) if seq + 1 not in stored)
    missing = [[seq, seq] for seq in range(up_to + 1, max(stored)) if seq not in stored]
    return {"stored_up_to": up_to, "missing": missing}


def nothing_lost(_device: str, _seq: int, _times: int) -> bool:
    return False


@contextmanager
def a_backend(
    server: PrivateMosquitto, loses: Callable[[str, int, int], bool] = nothing_lost
) -> Iterator[Backend]:
    backend = Backend(server, loses)
    try:
        yield backend
    finally:
        backend.close()


def way_to(server: PrivateMosquitto, protocol: str = "5") -> Broker:
    password = server.password("simulator")
    return Broker(server.host, server.port, "simulator", password, protocol)


def some_pings(count: int, devices: int = 3, every_s: float = 1.0) -> dict[str, list[Ping]]:
    run = uuid4().hex[:8]
    writers = [Writer(f"fleet-{run}-{number}", "s") for number in range(devices)]
    return {
        writer.device_uid: [
            writer.event(number * every_s, "button", float(number)) for number in range(count)
        ]
        for writer in writers
    }


def keys(streams: dict[str, list[Ping]]) -> set[Key]:
    return {(p.device_uid, p.seq) for pings in streams.values() for p in pings if p.seq}

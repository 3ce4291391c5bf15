"""What tests of delivery stand on: wishes in the outbox, a device to hear them, and the way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from queue import SimpleQueue
from threading import Event
from typing import Any

import pytest
from paho.mqtt.client import Client, ConnectFlags
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from ingest.delivery import CommandDelivery
from ingest.mqtt import MqttFeed
from ingest.store import NewCommand, request_interval, request_locate
from supervision.core.db import transaction
from supervision.stack.mosquitto import PrivateMosquitto
from tests.harness import Person, World
from tests.ingest_rig import PROTOCOLS, WAIT_S, address_of, feeding, until

PROTOCOL = pytest.mark.parametrize("protocol", PROTOCOLS)


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

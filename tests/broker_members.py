"""Clients of the private broker, which remember what happened to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from supervision.stack.mosquitto import PrivateMosquitto

WAIT_S = 10.0


class Member:
    """A client of the broker that remembers what happened to it."""

    def __init__(
        self,
        broker: PrivateMosquitto,
        user: str,
        password: str,
        protocol: MQTTProtocolVersion = MQTTProtocolVersion.MQTTv5,
        *,
        keeps_session: bool = False,
    ) -> None:
        self.answers: SimpleQueue[ReasonCode] = SimpleQueue()
        self.heard: SimpleQueue[tuple[str, bytes | bytearray]] = SimpleQueue()
        self.granted: SimpleQueue[int] = SimpleQueue()
        self.client = Client(
            CallbackAPIVersion.VERSION2,
            f"client-{user}",
            clean_session=None if protocol == MQTTProtocolVersion.MQTTv5 else not keeps_session,
            protocol=protocol,
        )
        self.client.username_pw_set(user, password)
        self.client.on_connect = lambda *args: self.answers.put(args[3])
        self.client.on_message = self._on_message
        self.client.on_subscribe = lambda *args: self.granted.put(args[2])
        self._broker = broker

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.heard.put((message.topic, message.payload))

    def connect(self) -> str:
        """The broker's answer, in words."""
        self.client.connect(self._broker.host, self._broker.port)
        self.client.loop_start()
        return str(self.answers.get(timeout=WAIT_S))

    def subscribe(self, *topics: str) -> None:
        for topic in topics:
            self.client.subscribe(topic, qos=1)
            self.granted.get(timeout=WAIT_S)

    def publish(self, topic: str, payload: bytes = b"1") -> None:
        self.client.publish(topic, payload, qos=1).wait_for_publish(WAIT_S)

    def leave(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@contextmanager
def member(
    broker: PrivateMosquitto,
    user: str,
    password: str | None = None,
    protocol: MQTTProtocolVersion = MQTTProtocolVersion.MQTTv5,
) -> Iterator[Member]:
    one = Member(broker, user, password or broker.password(user), protocol)
    assert one.connect() == "Success"
    yield one
    one.leave()

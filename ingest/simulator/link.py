"""One connection to the message broker, kept up by the thread that uses it."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from time import monotonic

from paho.mqtt.client import (
    Client,
    ConnectFlags,
    DisconnectFlags,
    MQTTMessage,
)
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from supervision.core.errors import Unavailable

Heard = Callable[[str, bytes], None]
"""Takes a message's topic and payload; must not raise."""

PROTOCOLS = {"5": MQTTProtocolVersion.MQTTv5, "3.1.1": MQTTProtocolVersion.MQTTv311}
ANSWER_WITHIN_S = 10.0
"""A broker that leaves a request unanswered for longer is connected to anew."""

WINDOW = 20
"""Messages in flight, at most: what a broker accepts that has not been told otherwise."""

FIRST_RETRY_S = 0.25
LAST_RETRY_S = 5.0
TURN_S = 0.1


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is, and who we are to it. `protocol` is `5` or `3.1.1`."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    protocol: str = "5"


class Link:
    """A connection that one thread at a time drives by calling `turn` often.

    No other thread serves the network, so nothing can die unnoticed behind our back: what
    goes wrong comes out of `turn`, or is mended there.

    Attributes:
        is_up: Whether the broker has accepted us, and our subscription if there is one.
        times_up: How often that happened; a new number means that a connection was lost.
        in_flight: Messages handed over and not yet acknowledged by the broker.
        refused: Messages that the broker acknowledged with a refusal (MQTT 5 only).
    """

    def __init__(
        self,
        broker: Broker,
        name: str,
        over: Event,
        topic: str | tuple[str, ...] = (),
        heard: Heard | None = None,
    ) -> None:
        """Prepare; nothing is sent before `open`.

        Args:
            broker: Whom to connect to.
            name: What the broker's log shall call us; made unique.
            over: Set when waiting for a lost broker has no more sense.
            topic: What to subscribe to, if anything.
            heard: Gets the messages of these topics.
        """
        self._broker = broker
        self._over = over
        self._topics = (topic,) if isinstance(topic, str) else topic
        self._heard = heard
        self._retry_s = FIRST_RETRY_S
        self._retry_at_s = 0.0
        self._asked_at_s = 0.0
        self._refusal = ""
        self.is_up = False
        self.times_up = 0
        self.in_flight = 0
        self.refused = 0
        self._client = self._make_client(f"{name}-{secrets.token_hex(4)}")

    def open(self) -> None:
        """Connect, and subscribe.

        Raises:
            Unavailable: Nobody listens there, or the broker refuses us.
        """
        self._asked_at_s = monotonic()
        try:
            self._client.connect(self._broker.host, self._broker.port, keepalive=30)
        except OSError as error:
            raise Unavailable(
                f"The broker cannot be reached: {error.strerror or error}."
            ) from error
        while not self.is_up:
            rc = self._client.loop(TURN_S)
            is_overdue = monotonic() - self._asked_at_s > ANSWER_WITHIN_S
            if rc != MQTTErrorCode.MQTT_ERR_SUCCESS or self._refusal or is_overdue:
                self.close()
                raise Unavailable(f"The broker refuses us: {self._refusal or 'no answer'}.")

    @property
    def has_room(self) -> bool:
        """Whether a message can be handed over now without piling up."""
        return self.is_up and self.in_flight < WINDOW

    def publish(self, topic: str, payload: bytes) -> None:
        """Hand over one message at QoS 1; it survives a reconnection."""
        if not self.in_flight:
            self._asked_at_s = monotonic()
        self.in_flight += 1
        self._client.publish(topic, payload, qos=1)

    def turn(self, wait_s: float) -> None:
        """Serve the network for up to `wait_s`, and connect again when the broker was lost."""
        if self._client.socket() is None or self._is_stuck():
            self._reconnect(wait_s)
        elif self._client.loop(wait_s) != MQTTErrorCode.MQTT_ERR_SUCCESS:
            self.is_up = False

    def close(self) -> None:
        """Say goodbye and let go of the connection."""
        self.is_up = False
        self._client.disconnect()
        while self._client.socket() is not None:
            if self._client.loop(TURN_S) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                break

    def _make_client(self, client_id: str) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=PROTOCOLS[self._broker.protocol],
            reconnect_on_failure=False,
        )
        client.max_inflight_messages_set(WINDOW)
        client.username_pw_set(self._broker.username, self._broker.password)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        return client

    def _is_stuck(self) -> bool:
        is_waiting = self.in_flight > 0 or not self.is_up
        return is_waiting and monotonic() - self._asked_at_s > ANSWER_WITHIN_S

    def _reconnect(self, wait_s: float) -> None:
        self.is_up = False
        now_s = monotonic()
        if now_s < self._retry_at_s:
            self._over.wait(min(wait_s, self._retry_at_s - now_s))
            return
        self._asked_at_s = now_s
        self._retry_at_s = now_s + self._retry_s
        self._retry_s = min(2.0 * self._retry_s, LAST_RETRY_S)
        with suppress(OSError):  # the next turn tries again
            self._client.reconnect()

    def _come_up(self) -> None:
        self._retry_s = FIRST_RETRY_S
        self._asked_at_s = monotonic()
        self.is_up = True
        self.times_up += 1

    def _on_connect(
        self,
        client: Client,
        _userdata: object,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._refusal = str(reason)
        elif self._topics:
            client.subscribe([(topic, 1) for topic in self._topics])
        else:
            self._come_up()

    def _on_subscribe(
        self,
        _client: Client,
        _userdata: object,
        _mid: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self._refusal = "no reading of acknowledgements"
        else:
            self._come_up()

    def _on_disconnect(
        self,
        _client: Client,
        _userdata: object,
        _flags: DisconnectFlags,
        _reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self.is_up = False

    def _on_publish(
        self,
        _client: Client,
        _userdata: object,
        _mid: int,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self.in_flight -= 1
        self._asked_at_s = monotonic()
        self.refused += reason.is_failure

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        if self._heard:
            self._heard(message.topic, bytes(message.payload))

"""The line to the broker: messages in, acknowledged only when the caller says they are safe.

The network thread parses nothing and never waits for the database. What it receives waits in a
bounded queue; while that is full it stops reading, and the broker holds the rest.
"""

import json
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, NamedTuple

import paho.mqtt.client as paho
import structlog
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from ingest.payload import RawMessage
from ingest.store import DeviceAck
from supervision.core.clock import Clock, to_us
from supervision.core.errors import Broken

log = structlog.get_logger()

TOPICS = (
    "supervision/v1/+/fixes",
    "supervision/v1/+/events",
    "supervision/v1/+/status",
    "owntracks/#",
    "positions",
    "events",
    "traccar/#",
)
SHARED = "$share/ingest/"
SESSION_EXPIRES_S = 24 * 3600
KEEPALIVE_S = 20
RECONNECT_MOST_S = 5
REFUSED_FROM = 0x80
HANDED_OVER_MOST = 200


class Received(NamedTuple):
    """A message, and what is needed to acknowledge it on the connection that brought it."""

    raw: RawMessage
    generation: int
    mid: int
    qos: int


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where the broker is, who we are to it, and how much we take at once.

    Attributes:
        host: Its name or address.
        port: TCP.
        username: Our account.
        password: Its password; None where the broker asks for none.
        client_id: Names our session; no other process may use it, and a restarted one must.
        protocol: "5" or "3.1.1".
        window: Unacknowledged messages at most; by 3.1.1 the broker's own figure counts.
        most_bytes: No more of a message's payload is kept. Must be more than is accepted, so
            that a message cut here is still seen to be too large.
    """

    host: str
    port: int
    username: str
    password: str | None = field(repr=False)
    client_id: str
    protocol: str = "5"
    window: int = 1000
    most_bytes: int = 1 << 20


class MqttFeed:
    """One persistent session with the broker, shared with the other ingest processes.

    Started once; all but `start` and `stop` belong to one worker thread.
    """

    def __init__(self, address: BrokerAddress, clock: Clock) -> None:
        self._address = address
        self._clock = clock
        # Twice the window: what an old connection brought may still wait when a new one begins.
        self._queue: queue.Queue[Received] = queue.Queue(maxsize=2 * address.window)
        # Reentrant: with its thread dead paho writes in ours, and tells us there of a lost line.
        self._lock = threading.RLock()
        self._generation = 0
        self._stopping = threading.Event()
        self._client = self._make_client()

    def start(self) -> None:
        """Connect in a thread of its own, and again whenever the line breaks."""
        self._client.connect_async(
            self._address.host, self._address.port, KEEPALIVE_S, **self._connect_arguments()
        )
        self._client.loop_start()

    def stop(self) -> None:
        """Leave the broker; what is not acknowledged comes again to whoever is next."""
        self._stopping.set()
        self._client.disconnect()
        self._client.loop_stop()

    def take(self, most: int, first_wait_s: float, fill_wait_s: float) -> list[Received]:
        """The next messages, in order of arrival.

        Args:
            most: Messages at most. A whole window is never waited for in vain: the broker
                sends no more before those are acknowledged.
            first_wait_s: How long to wait for the first one.
            fill_wait_s: How long to wait for more once there is one.

        Raises:
            Broken: The network thread has died; the process must end and be started anew.
        """
        self._check_thread()
        try:
            batch = [self._queue.get(timeout=first_wait_s)]
        except queue.Empty:
            return []
        deadline_s = monotonic() + fill_wait_s
        try:
            while len(batch) < min(most, self._address.window):
                batch.append(self._queue.get(timeout=max(0.0, deadline_s - monotonic())))
        except queue.Empty:
            pass
        return batch

    def acknowledge(self, batch: Sequence[Received]) -> None:
        """Tell the broker that these are safe, in order of receipt.

        An acknowledgement belongs to the connection that brought the message: a late one would
        take away an unread message of the new connection, so it is dropped; the broker delivers
        the message again, and it is known then.
        """
        with self._lock:
            for one in batch:
                if one.qos > 0 and one.generation == self._generation:
                    self._client.ack(one.mid, one.qos)

    def answer(self, acks: Sequence[DeviceAck]) -> None:
        """Tell devices how far they are stored; call only after the commit.

        Sent at most once: a device that hears nothing sends its ping again, and is told again.
        Anything surer would wait for the broker's word behind all that it has for us to read.
        """
        for ack in acks:
            body = {
                "session": ack.session,
                "stored_up_to": ack.stored_up_to,
                "missing": ack.missing,
            }
            self._client.publish(
                f"supervision/v1/{ack.device_uid}/ack", json.dumps(body), qos=0, retain=False
            )

    def hand_over(self, topic: str, payload: bytes, expires_in_s: int) -> paho.MQTTMessageInfo:
        """Publish at QoS 1, not retained, and return at once.

        By MQTT 5 the broker drops what a device has not fetched within `expires_in_s`.
        """
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.MessageExpiryInterval = expires_in_s
        return self._client.publish(topic, payload, qos=1, properties=properties)

    def refusal(self, mid: int) -> str | None:
        """Why a confirmed message went nowhere, asked once; by 3.1.1 no broker tells."""
        return self._client.refusals.pop(mid, None)

    @property
    def is_connected(self) -> bool:
        """Whether the line is up, as far as the network thread knows and while it lives."""
        return not self._client.has_ended and self._client.is_connected()

    def _make_client(self) -> "_Client":
        is_v5 = self._address.protocol == "5"
        client = _Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._address.client_id,
            protocol=paho.MQTTv5 if is_v5 else paho.MQTTv311,
            clean_session=None if is_v5 else False,
            manual_ack=True,
        )
        client.refusals = {}
        client.username_pw_set(self._address.username, self._address.password)
        client.reconnect_delay_set(1, RECONNECT_MOST_S)
        client.max_inflight_messages_set(HANDED_OVER_MOST)
        client.on_pre_connect = self._on_pre_connect
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        return client

    def _connect_arguments(self) -> dict[str, Any]:
        if self._address.protocol != "5":
            return {}
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION_EXPIRES_S
        properties.ReceiveMaximum = self._address.window
        return {"clean_start": False, "properties": properties}

    def _check_thread(self) -> None:
        if self._client.has_ended and not self._stopping.is_set():
            message = "The thread that listens to the broker has died."
            raise Broken(message) from self._client.failure

    def _on_pre_connect(self, _client: paho.Client, _user: object) -> None:
        self._begin_generation()

    def _on_connect(
        self,
        client: paho.Client,
        _user: object,
        flags: paho.ConnectFlags,
        code: ReasonCode,
        _: object,
    ) -> None:
        if code.is_failure:
            log.error("broker_refused", reason=str(code))
            return
        log.info("broker_connected", session_present=flags.session_present)
        client.subscribe([(SHARED + topic, 1) for topic in TOPICS])

    def _on_disconnect(
        self, _client: paho.Client, _user: object, _flags: object, code: ReasonCode, _: object
    ) -> None:
        self._begin_generation()
        if not self._stopping.is_set():
            log.warning("broker_lost", reason=str(code))

    def _begin_generation(self) -> None:
        with self._lock:
            self._generation += 1

    def _on_subscribe(
        self, _client: paho.Client, _user: object, _mid: int, codes: list[ReasonCode], _: object
    ) -> None:
        if any(code.value >= REFUSED_FROM for code in codes):
            message = "The broker refused a subscription; look at its access rules."
            raise Broken(message)

    def _on_message(self, _client: paho.Client, _user: object, message: paho.MQTTMessage) -> None:
        payload = bytes(message.payload[: self._address.most_bytes])
        raw = RawMessage(_topic(message), payload, to_us(self._clock()), bool(message.retain))
        received = Received(raw, self._generation, message.mid, message.qos)
        while not self._stopping.is_set():
            try:
                self._queue.put(received, timeout=1.0)
            except queue.Full:
                continue
            return


class _Client(paho.Client):
    """A client that only its own network thread writes for, and that tells when that has died.

    Paho's own thread (`loop_start`) must run the loop: with any other, acknowledgements would be
    written by the thread that gives them, between the bytes of the network thread.
    """

    has_ended = False
    failure: BaseException | None = None
    refusals: dict[int, str]

    def _do_on_publish(
        self, mid: int, reason_code: ReasonCode, properties: Properties
    ) -> MQTTErrorCode:
        # Only confirmations come by here; `on_publish` is called for every answer too, at 10 us.
        if reason_code.value:
            self.refusals[mid] = str(reason_code)
        return super()._do_on_publish(mid, reason_code, properties)

    def loop_forever(
        self,
        timeout: float = 1.0,
        retry_first_connection: bool = False,  # noqa: FBT001, FBT002 -- paho's signature
    ) -> MQTTErrorCode:
        """Serve the network until told to stop; never raises, see `failure`."""
        try:
            return super().loop_forever(timeout, retry_first_connection)
        except BaseException as error:  # noqa: BLE001 -- the worker raises it, see _check_thread
            self.failure = error
            return MQTTErrorCode.MQTT_ERR_UNKNOWN
        finally:
            self.has_ended = True


def _topic(message: paho.MQTTMessage) -> str:
    try:
        return message.topic
    except UnicodeDecodeError:
        return "\ufffd"

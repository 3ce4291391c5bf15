"""The line to the broker: messages in, acknowledged only when the caller says they are safe.

The network thread parses nothing and never waits for the database. What it receives waits in a
bounded queue; while that is full it stops reading, and the broker holds the rest.
"""

import json
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, NamedTuple

import paho.mqtt.client as paho
import structlog
from paho.mqtt.enums import CallbackAPIVersion
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


class Received(NamedTuple):
    """A message, and what is needed to acknowledge it on the connection that brought it."""

    raw: RawMessage
    generation: int
    mid: int
    qos: int


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where the broker is and who we are to it; `protocol` is "5" or "3.1.1"."""

    host: str
    port: int
    username: str
    password: str | None
    client_id: str
    protocol: str = "5"
    window: int = 1000


class MqttFeed:
    """One persistent session with the broker, shared with the other ingest processes.

    Started once; `take`, `acknowledge` and `answer` belong to one worker thread.
    """

    def __init__(self, address: BrokerAddress, clock: Clock) -> None:
        self._address = address
        self._clock = clock
        # Twice the window: what an old connection brought may still wait when a new one begins.
        self._queue: queue.Queue[Received] = queue.Queue(maxsize=2 * address.window)
        self._lock = threading.Lock()
        self._generation = 0
        self._stopping = threading.Event()
        self._failure: BaseException | None = None
        self._client = self._make_client()
        self._thread = threading.Thread(target=self._run, name="mqtt", daemon=True)

    def start(self) -> None:
        """Connect in a thread of its own, and again whenever the line breaks."""
        self._thread.start()

    def stop(self) -> None:
        """Leave the broker; what is not acknowledged comes again to whoever is next."""
        self._stopping.set()
        self._client.disconnect()
        self._thread.join(timeout=KEEPALIVE_S)

    def take(self, most: int, first_wait_s: float, fill_wait_s: float) -> list[Received]:
        """The next messages, in order of arrival.

        Args:
            most: Messages at most.
            first_wait_s: How long to wait for the first one.
            fill_wait_s: How long to wait for more once there is one.

        Raises:
            Broken: The network thread has died; the process must end and be started anew.
        """
        self._check_thread()
        batch: list[Received] = []
        deadline = Deadline(fill_wait_s)
        try:
            batch.append(self._queue.get(timeout=first_wait_s))
            deadline = Deadline(fill_wait_s)
            while len(batch) < most:
                batch.append(self._queue.get(timeout=deadline.left_s()))
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
        """Tell devices how far they are stored; call only after the commit."""
        for ack in acks:
            body = {
                "session": ack.session,
                "stored_up_to": ack.stored_up_to,
                "missing": ack.missing,
            }
            self._client.publish(
                f"supervision/v1/{ack.device_uid}/ack", json.dumps(body), qos=1, retain=False
            )

    @property
    def is_connected(self) -> bool:
        """Whether the line is up, as far as the network thread knows and while it lives."""
        return self._thread.is_alive() and self._client.is_connected()

    def _make_client(self) -> paho.Client:
        is_v5 = self._address.protocol == "5"
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._address.client_id,
            protocol=paho.MQTTv5 if is_v5 else paho.MQTTv311,
            clean_session=None if is_v5 else False,
            manual_ack=True,
        )
        client.username_pw_set(self._address.username, self._address.password)
        client.reconnect_delay_set(1, RECONNECT_MOST_S)
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

    def _run(self) -> None:
        try:
            self._client.connect_async(
                self._address.host, self._address.port, KEEPALIVE_S, **self._connect_arguments()
            )
            self._client.loop_forever(retry_first_connection=True)
        except BaseException as error:  # noqa: BLE001 -- the worker raises it, see _check_thread
            self._failure = error

    def _check_thread(self) -> None:
        if not self._thread.is_alive() and not self._stopping.is_set():
            message = "The thread that listens to the broker has died."
            raise Broken(message) from self._failure

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
        with self._lock:
            self._generation += 1
        log.info("broker_connected", session_present=flags.session_present)
        client.subscribe([(SHARED + topic, 1) for topic in TOPICS])

    def _on_disconnect(
        self, _client: paho.Client, _user: object, _flags: object, code: ReasonCode, _: object
    ) -> None:
        with self._lock:
            self._generation += 1
        if not self._stopping.is_set():
            log.warning("broker_lost", reason=str(code))

    def _on_subscribe(
        self, _client: paho.Client, _user: object, _mid: int, codes: list[ReasonCode], _: object
    ) -> None:
        if any(code.value >= REFUSED_FROM for code in codes):
            message = "The broker refused a subscription; look at its access rules."
            raise Broken(message)

    def _on_message(self, _client: paho.Client, _user: object, message: paho.MQTTMessage) -> None:
        raw = RawMessage(
            _topic(message), bytes(message.payload), to_us(self._clock()), bool(message.retain)
        )
        received = Received(raw, self._generation, message.mid, message.qos)
        while not self._stopping.is_set():
            try:
                self._queue.put(received, timeout=1.0)
            except queue.Full:
                continue
            return


class Deadline:
    """A moment on the monotonic clock."""

    def __init__(self, wait_s: float) -> None:
        self._at_s = monotonic() + wait_s

    def left_s(self) -> float:
        """Seconds until then; a hair above zero once it has passed."""
        return max(1e-6, self._at_s - monotonic())


def _topic(message: paho.MQTTMessage) -> str:
    try:
        return message.topic
    except UnicodeDecodeError:
        return "\ufffd"

"""Tells officers' apps of alerts by the broker, at QoS 1, each by a topic that it alone may read.

By MQTT 5 the broker says when nobody listens: such a message is given up at once, and the officer
is told by his other ways. An app that keeps its session (clean start off, always the same client
id) hears on its return what came meanwhile, for as long as it is worth hearing.
"""

from threading import Event, Lock
from typing import Any, ClassVar, Protocol

import msgspec
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from ingest.mqtt import KEEPALIVE_S, RECONNECT_MOST_S, REFUSED_FROM, BrokerAddress
from ingest.payload.contract import OfficerAlert
from supervision.core.errors import Unavailable, Undeliverable
from supervision.core.officer_apps import TOPIC

# Together less than a claim on a message lasts (`alerts.claims`).
CONNECTED_WITHIN_S = 5.0
CONFIRMED_WITHIN_S = 10.0
WORTH_HEARING_S = 3600
NOBODY_LISTENS = 0x10


class Letter(Protocol):
    """What an app is told; `address` is its account."""

    @property
    def key(self) -> str: ...  # noqa: D102 -- as `alerts.channels.Message`, which fits
    @property
    def address(self) -> str: ...  # noqa: D102
    @property
    def subject(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def alert_ids(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def is_drill(self) -> bool: ...  # noqa: D102
    @property
    def receipt_url(self) -> str | None: ...  # noqa: D102


class AppChannel:
    """One line to the broker for all apps, opened when the first is told; any thread may send."""

    is_read: ClassVar[bool] = True

    def __init__(self, address: BrokerAddress, patience_s: float = CONNECTED_WITHIN_S) -> None:
        self._address = address
        self._patience_s = patience_s
        self._lock = Lock()
        self._is_up = Event()
        self._verdicts: dict[int, ReasonCode] = {}
        self._client: paho.Client | None = None

    def send(self, message: Letter) -> None:
        """Publish it, and wait until the broker has it.

        Raises:
            Unavailable: The broker is away, or did not confirm in time; try again.
            Undeliverable: No app of this officer listens, the broker lets us not write there, or
                the protocol is an older one, by which no broker would say so.
        """
        if self._address.protocol != "5":
            raise Undeliverable("By this protocol no broker says whether an app listens.")
        client = self._open()
        if not self._is_up.wait(self._patience_s):
            raise Unavailable("The broker is not reached.")
        topic = TOPIC.format(account=message.address)
        try:
            info = client.publish(topic, _body(message), qos=1, properties=_expiry())
            info.wait_for_publish(CONFIRMED_WITHIN_S)
        except (RuntimeError, ValueError) as error:
            raise Unavailable("The broker did not take the message.") from error
        if not info.is_published():
            raise Unavailable("The broker did not confirm the message in time.")
        self._judge(self._verdicts.pop(info.mid, None))

    def close(self) -> None:
        """Leave the broker."""
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()

    def _open(self) -> paho.Client:
        with self._lock:
            if self._client is None:
                self._client = self._connecting()
            return self._client

    def _connecting(self) -> paho.Client:
        client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        client.username_pw_set(self._address.username, self._address.password)
        client.reconnect_delay_set(1, RECONNECT_MOST_S)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.connect_async(self._address.host, self._address.port, KEEPALIVE_S)
        client.loop_start()
        return client

    def _on_connect(
        self, _client: paho.Client, _user: object, _flags: object, code: ReasonCode, _: object
    ) -> None:
        if not code.is_failure:
            self._is_up.set()

    def _on_disconnect(self, *_: Any) -> None:  # noqa: ANN401 -- paho's five
        self._is_up.clear()

    def _on_publish(
        self, _client: paho.Client, _user: object, mid: int, code: ReasonCode, _: object
    ) -> None:
        self._verdicts[mid] = code

    @staticmethod
    def _judge(code: ReasonCode | None) -> None:
        if code is not None and code.value == NOBODY_LISTENS:
            raise Undeliverable("No app of this officer is signed in at the broker.")
        if code is not None and code.value >= REFUSED_FROM:
            raise Undeliverable("The broker refused the message; look at its access rules.")


def _expiry() -> Properties:
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.MessageExpiryInterval = WORTH_HEARING_S
    return properties


def _body(message: Letter) -> bytes:
    return msgspec.json.encode(
        OfficerAlert(
            key=message.key,
            subject=message.subject,
            text=message.text,
            alert_ids=list(message.alert_ids),
            is_drill=message.is_drill,
            receipt_url=message.receipt_url,
        )
    )

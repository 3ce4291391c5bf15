"""Sends commands to devices: what is due goes to the broker, and how that went is noted next time.

Nothing waits here: a broker under load confirms after seconds (ADR-0006), and pings come first.
"""

from collections.abc import Callable, Sequence
from time import monotonic

import msgspec
import structlog
from paho.mqtt.client import MQTTMessageInfo
from paho.mqtt.enums import MQTTErrorCode
from sqlalchemy.exc import SQLAlchemyError

from ingest.mqtt import HANDED_OVER_MOST, MqttFeed
from ingest.payload.contract import Locate, SetInterval
from ingest.store import CommandKind, DueCommand, Outcome
from supervision.core.errors import Unavailable

log = structlog.get_logger()

Exchange = Callable[[Sequence[Outcome], int], list[DueCommand]]
"""Notes outcomes and takes on at most so many commands, in one transaction; returning means
committed. Given, not imported, as the worker's handler is."""

EVERY_S = 1.0

_OWNTRACKS_LOCATE = b'{"_type":"cmd","action":"reportLocation"}'


class CommandDelivery:
    """One ingest process's sending; called by its worker's thread between two batches."""

    def __init__(self, feed: MqttFeed, exchange: Exchange) -> None:
        self._feed = feed
        self._exchange = exchange
        self._under_way: dict[int, MQTTMessageInfo] = {}
        self._outcomes: list[Outcome] = []
        self._next_s = 0.0

    def __call__(self) -> None:
        """Send what is due, once a second at most however often it is called.

        Does nothing while the line is down. An error of the database is logged: pings go on,
        and outcomes are noted the next time. A process that dies after sending leaves its claim,
        which lapses: the command is sent again under the same id rather than never.
        """
        if monotonic() < self._next_s or not self._feed.is_connected:
            return
        self._next_s = monotonic() + EVERY_S
        self._collect()
        try:
            due = self._exchange(self._outcomes, HANDED_OVER_MOST - len(self._under_way))
        except (Unavailable, SQLAlchemyError) as error:
            log.warning("commands_wait", reason=type(error).__name__)
            return
        self._outcomes = []
        for command in due:
            self._send(command)

    def _collect(self) -> None:
        for command_id, info in list(self._under_way.items()):
            if info.is_published():
                del self._under_way[command_id]
                self._note(command_id, self._feed.refusal(info.mid))

    def _send(self, command: DueCommand) -> None:
        written = write(command)
        if written is None:
            self._note(command.id, "not_understood")
            return
        info = self._feed.hand_over(*written, command.expires_in_s)
        if info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
            self._under_way[command.id] = info
        else:
            self._note(command.id, info.rc.name.lower())

    def _note(self, command_id: int, failure: str | None) -> None:
        if failure is not None:
            log.warning("command_not_sent", command_id=command_id, reason=failure)
        self._outcomes.append(Outcome(command_id, failure))


def write(command: DueCommand) -> tuple[str, bytes] | None:
    """Topic and payload of a command; None if its device cannot be told such a thing.

    A phone with OwnTracks, whose name is `user/device`, can be asked where it is, if its owner
    lets the app take commands; how often it looks is a setting of the app's.
    """
    uid, is_locate = command.device_uid, command.kind is CommandKind.LOCATE
    if "/" in uid:
        return (f"owntracks/{uid}/cmd", _OWNTRACKS_LOCATE) if is_locate else None
    body: Locate | SetInterval = Locate(command.id)
    if command.interval_s is not None:
        body = SetInterval(command.id, command.interval_s, command.ends_at)
    return f"supervision/v1/{uid}/commands", msgspec.json.encode(body)

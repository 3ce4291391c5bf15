"""From bytes to what a device meant: fixes, events, receipts, and what could not be believed.

Pure: it asks no clock, writes no log and never raises. Three dialects are understood: our own
contract (`own_fixes`, `own_events`), OwnTracks (`owntracks`) and Traccar's forwarding
(`traccar`, `traccar_events`).
"""

from collections.abc import Callable, Sequence

from ingest.payload.claim import salvage
from ingest.payload.own_events import read_events, read_status
from ingest.payload.own_fixes import read_fixes
from ingest.payload.owntracks import ignore_command, read_owntracks
from ingest.payload.reading import Limits, RawMessage, Reading
from ingest.payload.traccar import read_position
from ingest.payload.traccar_events import read_event
from ingest.payload.values import is_name
from supervision.core.errors import Rejected
from supervision.core.fixes import Decoded

__all__ = ["Limits", "RawMessage", "decode"]

_Reader = Callable[[Reading], None]

_OWN: dict[str, _Reader] = {"fixes": read_fixes, "events": read_events, "status": read_status}
_NUMBERED = frozenset({read_fixes, read_events})
_TRACCAR: dict[str, _Reader] = {
    "positions": read_position,
    "traccar/positions": read_position,
    "events": read_event,
    "traccar/events": read_event,
}
_UNREAD = frozenset({"too_large", "retained_replay"})
_OWN_LEVELS, _OWNTRACKS_LEVELS, _UID_CHARS = 4, (3, 4), 128


def decode(messages: Sequence[RawMessage], limits: Limits) -> Decoded:
    """Read a batch of messages; every one leaves at least one row, whatever it holds.

    Never raises: what makes no sense becomes a row of `rejected` with its reason, so that it
    can be stored and acknowledged and never comes round again. The same bytes give the same
    rows. A replay of a retained message is rejected as `retained_replay`: the original was
    delivered live to our persistent session.

    Args:
        messages: In any order, of any devices.
        limits: What this installation accepts at all.

    Returns:
        Rows in the order of the messages, within a message in the order of its parts. A
        message of our own contract whose session and seq can be read has a receipt even if
        it is rejected, so that its device may forget it; a replay alone has none.
    """
    out = Decoded([], [], [], [])
    for message in messages:
        reading = Reading(message, limits, out)
        try:
            _read(reading)
        except Rejected as rejected:
            # Whose device it is stands inside, unread; a protected person's says where she is.
            part = b"" if rejected.reason in _UNREAD and message.topic in _TRACCAR else None
            reading.reject(rejected.reason, rejected.message, part)
    return out


def _read(reading: Reading) -> None:
    message = reading.message
    reader, device_uid = _route(message.topic)
    if device_uid is not None and not is_name(device_uid, _UID_CHARS):
        raise Rejected("device_uid_invalid", "The topic names no device that could be stored.")
    reading.device_uid = device_uid
    if message.is_retained:
        raise Rejected("retained_replay", "The broker replayed what it delivered before.")
    if len(message.payload) > reading.limits.max_payload_bytes:
        if reader in _NUMBERED:
            salvage(reading)
        raise Rejected("too_large", "The message is larger than messages may be.")
    reader(reading)


def _route(topic: str) -> tuple[_Reader, str | None]:
    levels = topic.split("/")
    if len(levels) == _OWN_LEVELS and levels[0] == "supervision" and levels[1] == "v1":
        reader = _OWN.get(levels[3])
        if reader is not None:
            return reader, levels[2]
    elif topic in _TRACCAR:
        return _TRACCAR[topic], None
    levels = topic.removeprefix("/").split("/")
    if levels[0] == "owntracks" and len(levels) in _OWNTRACKS_LEVELS:
        is_command = levels[3:] == ["cmd"]
        uid = "/".join(levels[1:3]) if levels[1] and levels[2] else ""
        return ignore_command if is_command else read_owntracks, uid
    raise Rejected("unknown_topic", "No device speaks on this topic.")

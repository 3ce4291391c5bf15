"""What our own devices report beside their place: a cut strap, an empty battery, a lost line.

Topic `supervision/v1/<device>/events`: {"session", "seq", "ack"?, "events": [{"t", "kind",
...detail}]}, or one event alone with session and seq beside its own fields. Topic `.../status`
is the device's last will and its greeting: {"state": "offline" | "online", "t"?}.
"""

import msgspec

from ingest.payload.claim import open_envelope, parts_of
from ingest.payload.reading import Reading
from ingest.payload.values import json_object, trimmed
from supervision.core.errors import Rejected
from supervision.core.fixes import EventKind

_STATES = {"offline": EventKind.CONNECTION_LOST, "online": EventKind.CONNECTED}
_NOT_THE_DEVICES = {*_STATES.values(), EventKind.REGION_TRANSITION}
_KINDS = {kind.value: kind for kind in EventKind if kind not in _NOT_THE_DEVICES}
_NOT_DETAIL = frozenset({"session", "seq", "ack", "sent_at", "device", "t", "kind"})


def read_events(reading: Reading) -> None:
    """Read a message of one or many events.

    Bad events are rejected one by one as bad fixes are; the message has one receipt. An event
    whose time cannot be believed is kept at the time of receipt (`Reading.add_event`).

    Raises:
        Rejected: The message as a whole makes no sense; its receipt is left where session and
            seq can be read.
    """
    envelope, claim = open_envelope(reading)
    is_single = not bytes(envelope.events)
    parts = [msgspec.Raw(reading.message.payload)] if is_single else parts_of(envelope.events)
    if claim is None and not parts:
        reading.ignore("empty", "The message has no events and no number.")

    def read_one(reading: Reading, _index: int, raw: bytes) -> None:
        said = json_object(raw)
        kind = said.get("kind")
        if not isinstance(kind, str) or kind not in _KINDS:
            raise Rejected("unknown_event_kind", "The contract has no event of this kind.")
        detail = trimmed(said, without=_NOT_DETAIL)
        reading.add_event(_KINDS[kind], said.get("t"), detail, claim or (None, None))

    reading.read_each(parts, read_one)


def read_status(reading: Reading) -> None:
    """Read a last will or greeting; it happened at `t`, or when it reached us.

    A will is written when the device connects, long before it is published: one that should
    tell the time of the loss carries no `t`.

    Raises:
        Rejected: It is no JSON object, or its state is neither offline nor online.
    """
    said = json_object(reading.message.payload)
    state = said.get("state")
    if not isinstance(state, str) or state not in _STATES:
        raise Rejected("unknown_state", "The state is neither offline nor online.")
    detail = trimmed(said, without=frozenset({"state", "t"}))
    reading.add_event(_STATES[state], said.get("t"), detail)

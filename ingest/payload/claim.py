"""Which session and number a device gave its message, so that it can be told "we have it".

Our devices keep a message until its number is confirmed. A message that will never be readable
must therefore be confirmed too, or it would be sent for ever: whenever session and number can
be read, even out of broken JSON, there is a receipt beside the rejection.
"""

import re
from typing import Any

import msgspec

from ingest.payload.reading import Reading
from ingest.payload.values import UNREADABLE, is_name, nonsense
from supervision.core.errors import Rejected
from supervision.core.fixes import Receipt

MAX_PARTS = 1000
"""Fixes or events in one message, at most."""

_SESSION_CHARS = 64
# The database counts in half-open runs of bigints: the number after the last must be one too.
_SEQ_END = 2**63 - 1
_HEAD_BYTES = 1024
_ABSENT = msgspec.Raw(b"")
_SAID_SESSION = re.compile(rb'"session"\s*:\s*"([^"\\\x00-\x1f]{1,256})"')
_SAID_SEQ = re.compile(rb'"seq"\s*:\s*(\d{1,19})\s*[,}]')


class Envelope(msgspec.Struct, gc=False):
    """A message of our own contract with its contents still unread."""

    session: Any = None
    seq: Any = None
    ack: Any = None
    sent_at: Any = None
    device: Any = None
    fixes: msgspec.Raw = _ABSENT
    events: msgspec.Raw = _ABSENT


_ENVELOPE = msgspec.json.Decoder(Envelope)
_PARTS = msgspec.json.Decoder(list[msgspec.Raw])


def claimed(session: object, seq: object) -> tuple[str, int] | None:
    """Read who numbered this message and how; None where a simple sender gave neither.

    Raises:
        Rejected: One came without the other, or is not 1 to 64 printable characters and a
            whole number from 0 below 2**63 - 1.
    """
    if session is None and seq is None:
        return None
    is_session = isinstance(session, str) and is_name(session, _SESSION_CHARS)
    if is_session and type(seq) is int and 0 <= seq < _SEQ_END:
        return str(session), seq
    raise Rejected("session_or_seq_invalid", "Session and seq must both be there and be valid.")


def check_device(device: object, device_uid: str | None) -> None:
    """Hold the device that the body names, if any, against the topic's.

    Raises:
        Rejected: They differ.
    """
    if device is not None and device != device_uid:
        raise Rejected("device_mismatch", "The body names another device than the topic.")


def open_envelope(reading: Reading) -> tuple[Envelope, tuple[str, int] | None]:
    """Read the outside of a message and leave its receipt.

    Raises:
        Rejected: It cannot be read, or names another device. The receipt is left all the
            same when session and seq could be read.
    """
    try:
        envelope = _ENVELOPE.decode(reading.message.payload)
    except UNREADABLE as unreadable:
        salvage(reading)
        raise nonsense(unreadable) from unreadable
    claim = claimed(envelope.session, envelope.seq)
    if claim is not None:
        reading.out.receipts.append(Receipt(reading.device, *claim, envelope.ack is True))
    check_device(envelope.device, reading.device_uid)
    return envelope, claim


def parts_of(listed: msgspec.Raw) -> list[msgspec.Raw]:
    """Split a message's list of fixes or events without reading them.

    Raises:
        Rejected: It is no list, or holds more than `MAX_PARTS`.
    """
    try:
        parts = _PARTS.decode(listed)
    except UNREADABLE as unreadable:
        raise Rejected("malformed", "The message has no list of parts.") from unreadable
    if len(parts) > MAX_PARTS:
        raise Rejected("too_many_parts", f"The message has more than {MAX_PARTS} parts.")
    return parts


def salvage(reading: Reading) -> None:
    """Leave a receipt for a message that is too broken or too large to be read at all.

    Session and seq are looked for among the first members, before any list or inner object
    and within 1 KB, where our devices write them; each must stand there exactly once. Whether
    an answer was asked for cannot be read, so the device is answered at once.
    """
    opening, brace, rest = reading.message.payload[:_HEAD_BYTES].partition(b"{")
    if opening.strip() or not brace:
        return
    head = re.split(rb"[\[{]", rest, maxsplit=1)[0]
    sessions, seqs = _SAID_SESSION.findall(head), _SAID_SEQ.findall(head)
    if len(sessions) != 1 or len(seqs) != 1:
        return
    try:
        claim = claimed(sessions[0].decode(), int(seqs[0]))
    except (UnicodeDecodeError, Rejected):
        return
    if claim is not None:
        reading.out.receipts.append(Receipt(reading.device, *claim, wants_ack=True))

"""Writes what came beside fixes: events, rejections, and which messages of a session are ours."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.core.clock import from_us
from supervision.core.fixes import DeviceEvent, Receipt, RejectedPing

# A device that counts wildly is asked for its first holes only; the rest when those are filled.
HOLES_AT_ONCE = 50

_RUN = re.compile(r"\[(-?\d+),(-?\d+)\)")


class OwnedEvent(NamedTuple):
    """A device event, and who wore the device then."""

    event: DeviceEvent
    device_id: int
    agency_id: int
    supervisee_id: int


class OwnedReceipt(NamedTuple):
    """A message that is now ours, of a registered device."""

    receipt: Receipt
    device_id: int
    agency_id: int


class DeviceAck(NamedTuple):
    """What a device is told after commit: all is stored up to here, and these are missing.

    `missing` holds the first and last sequence number of each hole.
    """

    device_uid: str
    session: str
    stored_up_to: int
    missing: tuple[tuple[int, int], ...]


_EVENTS = text(
    "INSERT INTO device_event"
    " (agency_id, supervisee_id, device_id, kind, occurred_at, received_at, detail)"
    " SELECT * FROM unnest(CAST(:agency AS bigint[]), CAST(:person AS bigint[]),"
    " CAST(:device AS bigint[]), CAST(:kind AS text[]), CAST(:occurred AS timestamptz[]),"
    " CAST(:received AS timestamptz[]), CAST(CAST(:detail AS text[]) AS jsonb[]))"
    " AS event (agency, person, device, kind, occurred, received, detail)"
    " ORDER BY device, kind, occurred"
    " ON CONFLICT ON CONSTRAINT uq_device_event_device_id_kind_occurred_at DO NOTHING"
    " RETURNING device_id, kind, occurred_at"
)


def store_events(session: Session, owned: Sequence[OwnedEvent]) -> list[OwnedEvent]:
    """Keep these events; returns those that are new. The caller commits."""
    if not owned:
        return []
    events = [one.event for one in owned]
    rows = session.execute(
        _EVENTS,
        {
            "agency": [one.agency_id for one in owned],
            "person": [one.supervisee_id for one in owned],
            "device": [one.device_id for one in owned],
            "kind": [str(event.kind) for event in events],
            "occurred": [from_us(event.occurred_at_us) for event in events],
            "received": [from_us(event.received_at_us) for event in events],
            "detail": [json.dumps(event.detail) for event in events],
        },
    )
    new = {(row.device_id, row.kind, row.occurred_at) for row in rows}
    first: dict[tuple[int, str, datetime], OwnedEvent] = {}
    for one in owned:
        key = (one.device_id, str(one.event.kind), from_us(one.event.occurred_at_us))
        if key in new:
            first.setdefault(key, one)
    return list(first.values())


_RECEIPTS = text(
    "INSERT INTO device_session AS known (device_id, session, agency_id, received, updated_at)"
    " SELECT device, session, min(agency), range_agg(int8range(seq, seq + 1)), :now"
    " FROM unnest(CAST(:device AS bigint[]), CAST(:session AS text[]),"
    " CAST(:agency AS bigint[]), CAST(:seq AS bigint[])) AS receipt (device, session, agency, seq)"
    " GROUP BY device, session ORDER BY device, session"
    " ON CONFLICT (device_id, session) DO UPDATE"
    " SET received = known.received + excluded.received, updated_at = excluded.updated_at"
    " RETURNING device_id, session, received::text"
)


def store_receipts(
    session: Session, owned: Sequence[OwnedReceipt], now: datetime
) -> list[DeviceAck]:
    """Count these messages as delivered, in the transaction that stores what they said.

    Returns:
        For each session in which a message asked for it: how far it is stored without a hole,
        counted from 1, and the holes. To be sent after the caller has committed.
    """
    if not owned:
        return []
    rows = session.execute(
        _RECEIPTS,
        {
            "device": [one.device_id for one in owned],
            "session": [one.receipt.session for one in owned],
            "agency": [one.agency_id for one in owned],
            "seq": [one.receipt.seq for one in owned],
            "now": now,
        },
    )
    asked = {
        (one.device_id, one.receipt.session): one.receipt.device_uid
        for one in owned
        if one.receipt.wants_ack
    }
    return [
        _ack(asked[row.device_id, row.session], row.session, row.received)
        for row in rows
        if (row.device_id, row.session) in asked
    ]


def _ack(device_uid: str, session: str, received: str) -> DeviceAck:
    # A multirange as text: half-open runs, in order, never touching, such as {[1,8),[9,12)}.
    runs = [(int(lower), int(upper)) for lower, upper in _RUN.findall(received)]
    holes = []
    expected = 1
    for lower, upper in runs:
        if lower > expected:
            holes.append((expected, lower - 1))
        expected = max(expected, upper)
    stored_up_to = holes[0][0] - 1 if holes else expected - 1
    return DeviceAck(device_uid, session, stored_up_to, tuple(holes[:HOLES_AT_ONCE]))


_REJECTED = text(
    "INSERT INTO rejected_message AS known (agency_id, digest, topic, device_uid, reason, detail,"
    " payload, is_ignored, first_received_at, last_received_at, times_seen)"
    " VALUES (:agency, :digest, :topic, :device_uid, :reason, :detail,"
    " :payload, :is_ignored, :received, :received, :times)"
    " ON CONFLICT (digest) DO UPDATE SET times_seen = known.times_seen + excluded.times_seen,"
    " last_received_at = greatest(known.last_received_at, excluded.last_received_at)"
)


def store_rejected(
    session: Session, rejected: Sequence[RejectedPing], agency_of: dict[str, int]
) -> None:
    """Keep what was not believed; the same words again count up. The caller commits.

    Args:
        session: Open transaction of the engine role.
        rejected: In any order.
        agency_of: The agency of each registered device among them, by the device's name.
    """
    rows: dict[bytes, dict[str, object]] = {}
    for one in rejected:
        digest = _digest(one)
        if digest in rows:
            rows[digest]["times"] = int(str(rows[digest]["times"])) + 1
            continue
        rows[digest] = {
            "agency": agency_of.get(one.device_uid or ""),
            "digest": digest,
            # PostgreSQL's text holds no NUL; a topic or name may.
            "topic": one.topic.replace("\0", "\ufffd"),
            "device_uid": None
            if one.device_uid is None
            else one.device_uid.replace("\0", "\ufffd"),
            "reason": one.reason,
            "detail": one.detail.replace("\0", "\ufffd"),
            "payload": one.payload,
            "is_ignored": one.is_ignored,
            "received": from_us(one.received_at_us),
            "times": 1,
        }
    if rows:
        session.execute(_REJECTED, [rows[digest] for digest in sorted(rows)])


def _digest(one: RejectedPing) -> bytes:
    parts = (
        one.topic.encode("utf-8", "replace"),
        one.reason.encode(),
        one.detail.encode("utf-8", "replace"),
    )
    return sha256(b"\0".join(parts) + b"\0" + one.payload).digest()

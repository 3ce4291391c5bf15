"""What a phone with the OwnTracks app says, so that it works as it comes from the store.

Topics `owntracks/<user>/<device>[/...]`; the device is named `<user>/<device>`. Fields and
units are those of the OwnTracks booklet (docs/tech/json.md): `vel` km/h, `tst` and
`created_at` seconds since 1970, `acc` and `alt` metres with 0 or absent for unknown, -1 for an
unknown `vel` or `cog`. Numbers may be written as strings or fractions.

The app asks the phone where it is and passes on a mixture of GPS, Wi-Fi and cell towers:
neither `t` (why it reports) nor `conn` (how it is online) tells which. So a fix is
`Source.UNKNOWN` with its stated accuracy, unless a `source` field names one of our sources.
"""

from typing import Any

import msgspec

from ingest import quality
from ingest.payload.claim import parts_of
from ingest.payload.greenwich import location_of
from ingest.payload.reading import Reading
from ingest.payload.values import (
    json_object,
    number,
    required,
    since_1970_us,
    source_named,
    stated_accuracy,
    trimmed,
)
from supervision.core.errors import Rejected
from supervision.core.fixes import EventKind, Fix

_KMH_PER_MPS = 3.6
_WHITESPACE = b" \t\r\n"
_OF_NO_INTEREST = frozenset(
    {"waypoint", "waypoints", "card", "cmd", "steps", "beacon", "beacons"}
    | {"configuration", "dump", "status", "request"}
)
_NOT_EXTRA = frozenset(
    {"_type", "lat", "lon", "tst", "acc", "vel", "cog", "alt", "batt", "created_at"}
    | {"image", "face", "topic"}
)


def read_owntracks(reading: Reading) -> None:
    """Read a message of the app: JSON, a list of such, or the older CSV form.

    An empty payload is how the app deletes a friend, and is ignored.

    Raises:
        Rejected: It is none of these.
    """
    payload = reading.message.payload.strip(_WHITESPACE)
    if not payload:
        reading.ignore("empty", "The message is empty.")
    elif payload.startswith(b"["):
        _read_list(reading)
    elif payload.startswith(b"{"):
        reading.read_each([msgspec.Raw(payload)], _read_one)
    else:
        reading.out.fixes.append(_fix(reading, 0, location_of(payload), payload))


def ignore_command(reading: Reading) -> None:
    """Pass over what is said to the phone (`.../cmd`): it says nothing about where he is."""
    reading.ignore("owntracks_cmd", "A command to the device, not a word from it.")


def _read_list(reading: Reading) -> None:
    parts = parts_of(msgspec.Raw(reading.message.payload))
    if not parts:
        reading.ignore("empty", "The message is an empty list.")
    reading.read_each(parts, _read_one)


def _read_one(reading: Reading, part: int, raw: bytes) -> None:
    said = json_object(raw)
    kind = said.get("_type")
    if kind == "location":
        reading.out.fixes.append(_fix(reading, part, said, raw))
    elif kind == "transition":
        _add_transition(reading, said)
    elif kind == "lwt":
        _add_connection_lost(reading, said)
    elif kind == "encrypted":
        raise Rejected("encrypted_no_key", "The message is encrypted and we hold no key.")
    elif isinstance(kind, str) and kind in _OF_NO_INTEREST:
        reading.ignore(f"owntracks_{kind}", "A message of no interest to supervision.", raw)
    else:
        raise Rejected("owntracks_unknown_type", "The _type is missing or unheard of.")


def _fix(reading: Reading, part: int, said: dict[str, Any], raw: bytes) -> Fix:
    vel_kmh, alt_m = number(said.get("vel")), number(said.get("alt"))
    return reading.believed(
        Fix(
            device_uid=reading.device,
            session=None,
            seq=None,
            part=part,
            fixed_at_us=since_1970_us(required(said, "tst")),
            sent_at_us=reading.believed_us(number(said.get("created_at"))),
            received_at_us=reading.message.received_at_us,
            lon=required(said, "lon"),
            lat=required(said, "lat"),
            accuracy_m=quality.accuracy_m(stated_accuracy(said, "acc")),
            source=source_named(said.get("source")),
            speed_mps=quality.speed_mps(None if vel_kmh is None else vel_kmh / _KMH_PER_MPS),
            course_deg=quality.course_deg(number(said.get("cog"))),
            altitude_m=quality.altitude_m(alt_m or None),
            battery_pct=quality.battery_pct(number(said.get("batt"))),
            extra=trimmed(said, without=_NOT_EXTRA) or None,
            raw=raw,
        )
    )


def _add_transition(reading: Reading, said: dict[str, Any]) -> None:
    """Keep that the phone crossed a region of its own: advisory, so without place or name."""
    detail = trimmed({key: said[key] for key in ("event", "rid", "t") if key in said})
    accuracy_m = quality.accuracy_m(number(said.get("acc")))
    reading.add_event(
        EventKind.REGION_TRANSITION,
        number(said.get("tst")),
        {**detail, "accuracy_m": accuracy_m},
    )


def _add_connection_lost(reading: Reading, said: dict[str, Any]) -> None:
    """Keep the last will, which the broker publishes: its `tst` is when the app connected."""
    connected_at_us = reading.believed_us(number(said.get("tst")))
    reading.add_event(EventKind.CONNECTION_LOST, None, {"connected_at_us": connected_at_us})

"""The MQTT contract in one place: what devices may say and hear, as an AsyncAPI document.

The decoders are more lenient than this (see their own docstrings); a device that keeps to it is
never misunderstood.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from supervision.core.fixes import EventKind

VERSION = "1.0.0"
PREFIX = "supervision/v1/{device}/"

Instant = Annotated[float | str, Meta(description="Seconds since 1970 UTC, or ISO 8601")]
Seq = Annotated[int, Meta(ge=1, description="Counts the session's messages from 1")]
Session = Annotated[str, Meta(min_length=1, max_length=64, description="New at each restart")]
WantsAck = Annotated[bool, Meta(description="Answer on `ack` once it is stored")]
SourceName = Literal["gps", "wifi", "cell", "rf", "ble"]


DeviceKind = Annotated[EventKind, Meta(description="What happened; connection kinds are ours")]


class Fix(msgspec.Struct, omit_defaults=True):
    """Where the device was; what it does not know it leaves out."""

    t: Instant
    lat: Annotated[float, Meta(ge=-90, le=90, description="Degrees north, WGS 84")]
    lon: Annotated[float, Meta(ge=-180, le=180, description="Degrees east, WGS 84")]
    accuracy_m: Annotated[float | None, Meta(description="Radius of 68 % probability")] = None
    source: SourceName | None = None
    speed_mps: float | None = None
    course_deg: float | None = None
    altitude_m: float | None = None
    satellites: int | None = None
    hdop: float | None = None
    battery_pct: float | None = None


class Fixes(msgspec.Struct, omit_defaults=True):
    """Fixes, oldest first; kept by the device until they are confirmed on `ack`."""

    session: Session
    seq: Seq
    fixes: Annotated[list[Fix], Meta(max_length=1000)]
    ack: WantsAck = False
    sent_at: Instant | None = None


class Event(msgspec.Struct, omit_defaults=True):
    """Something other than a place; further fields are kept as detail."""

    t: Instant
    kind: DeviceKind


class Events(msgspec.Struct, omit_defaults=True):
    """Events, oldest first; numbered in the same session as fixes."""

    session: Session
    seq: Seq
    events: list[Event]
    ack: WantsAck = False


class Status(msgspec.Struct, omit_defaults=True):
    """The last will, and the greeting after connecting."""

    state: Literal["offline", "online"]
    t: Instant | None = None


class Ack(msgspec.Struct):
    """Sent after the commit: all up to here is stored; the first and last of each hole."""

    session: Session
    stored_up_to: int
    missing: list[tuple[int, int]]


FROM_DEVICE: dict[str, type[msgspec.Struct]] = {
    "fixes": Fixes,
    "events": Events,
    "status": Status,
}
TO_DEVICE: dict[str, type[msgspec.Struct]] = {"ack": Ack}


def asyncapi() -> dict[str, Any]:
    """The contract as an AsyncAPI 3.0 document, in plain JSON values."""
    messages = FROM_DEVICE | TO_DEVICE
    schemas, components = msgspec.json.schema_components(
        messages.values(), ref_template="#/components/schemas/{name}"
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Supervision: what trackers say and hear",
            "version": VERSION,
            "description": "QoS 1. A device reads and writes its own topics only.",
        },
        "channels": {
            name: {
                "address": PREFIX + name,
                "parameters": {"device": {"description": "The device's registered name"}},
                "messages": {name: {"payload": schema}},
            }
            for name, schema in zip(messages, schemas, strict=True)
        },
        "operations": {
            name: {
                "action": "receive" if name in FROM_DEVICE else "send",
                "channel": {"$ref": f"#/channels/{name}"},
            }
            for name in messages
        },
        "components": {"schemas": components},
    }

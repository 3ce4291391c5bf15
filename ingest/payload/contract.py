"""The MQTT contract in one place: what devices may say and hear, and officers' apps, as AsyncAPI.

The decoders are more lenient than this (see their own docstrings); a device that keeps to it is
never misunderstood.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from supervision.core.fixes import EventKind
from supervision.core.officer_apps import TOPIC as OFFICER_TOPIC

VERSION = "1.3.0"
PREFIX = "supervision/v1/{device}/"

Lat = Annotated[float, Meta(ge=-90, le=90, description="Degrees north, WGS 84")]
Lon = Annotated[float, Meta(ge=-180, le=180, description="Degrees east, WGS 84")]
Instant = Annotated[float | str, Meta(description="Seconds since 1970 UTC, or ISO 8601")]
Seq = Annotated[int, Meta(ge=1, description="Counts the session's messages from 1")]
Session = Annotated[str, Meta(min_length=1, max_length=64, description="New at each restart")]
WantsAck = Annotated[bool, Meta(description="Answer on `ack` once it is stored")]
SourceName = Literal["gps", "wifi", "cell", "rf", "ble"]


DeviceKind = Annotated[EventKind, Meta(description="What happened; connection kinds are ours")]


class Fix(msgspec.Struct, omit_defaults=True):
    """Where the device was; what it does not know it leaves out."""

    t: Instant
    lat: Lat
    lon: Lon
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
    """Something other than a fix; further fields are kept as detail.

    A button says where it was pressed: of a protected person's device no other place is kept.
    """

    t: Instant
    kind: DeviceKind
    lat: Lat | None = None
    lon: Lon | None = None
    accuracy_m: Annotated[float | None, Meta(description="Radius of 68 % probability")] = None


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


CommandId = Annotated[int, Meta(ge=1, description="Grows; the same one again is a repetition")]


class SetInterval(msgspec.Struct, tag_field="command", tag="set_interval", omit_defaults=True):
    """Take a fix this often until told otherwise, or up to `until`; then as often as of old."""

    id: CommandId
    interval_s: Annotated[int, Meta(ge=1, description="Seconds between two fixes")]
    until: Annotated[datetime | None, Meta(description="ISO 8601, UTC")] = None


class Locate(msgspec.Struct, tag_field="command", tag="locate"):
    """Take one fix now and send it, whatever the interval."""

    id: CommandId


class OfficerAlert(msgspec.Struct):
    """That alerts wait for an officer; it names no person and no place."""

    key: Annotated[str, Meta(description="The same again is a repetition")]
    subject: Annotated[str, Meta(description="One line, for a lock screen")]
    text: str
    alert_ids: list[int]
    is_drill: Annotated[bool, Meta(description="Only a test of being reached")]
    receipt_url: Annotated[
        str | None, Meta(description="Where to post MessageStatus=delivered as a form, if asked")
    ]


Messages = dict[str, type[msgspec.Struct]]
"""What can be said on one channel, by name."""

FROM_DEVICE: dict[str, Messages] = {
    "fixes": {"fixes": Fixes},
    "events": {"events": Events},
    "status": {"status": Status},
}
TO_DEVICE: dict[str, Messages] = {
    "ack": {"ack": Ack},
    "commands": {"set_interval": SetInterval, "locate": Locate},
}
TO_OFFICER: dict[str, Messages] = {"alerts": {"alert": OfficerAlert}}
ABOUT = {
    "alerts": (
        "QoS 1, not retained, for an officer's own app; its account is `officer-` and the"
        " officer's id. With a persistent session (clean start off, always the same client id) it"
        " hears later what came while it was away, for an hour."
    ),
    "commands": (
        "QoS 1, not retained. A device that is away hears these when it is back only if it has a"
        " persistent session (clean session off, always the same client id) that subscribes here"
        " at QoS 1; else they are lost to it. By MQTT 5 the broker drops what has expired; by"
        " 3.1.1 a command may come late, which `until` tells. One may come twice: an id is obeyed"
        " once, and an interval is not obeyed after one with a higher id, nor after its `until`."
    ),
}


def _place_of(channel: str) -> dict[str, Any]:
    """Where a channel is: under a device's name, or an officer's account."""
    if channel in TO_OFFICER:
        account = {"account": {"description": "The account of the officer's app"}}
        return {"address": OFFICER_TOPIC, "parameters": account}
    device = {"device": {"description": "The device's registered name"}}
    return {"address": PREFIX + channel, "parameters": device}


def asyncapi() -> dict[str, Any]:
    """The contract as an AsyncAPI 3.0 document, in plain JSON values."""
    channels = FROM_DEVICE | TO_DEVICE | TO_OFFICER
    structs = [struct for messages in channels.values() for struct in messages.values()]
    schemas, components = msgspec.json.schema_components(
        structs, ref_template="#/components/schemas/{name}"
    )
    schema_of = dict(zip(structs, schemas, strict=True))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Supervision: what trackers say and hear, and officers' apps",
            "version": VERSION,
            "description": "QoS 1. A device or app reads and writes its own topics only.",
        },
        "channels": {
            name: {
                **_place_of(name),
                "messages": {
                    message: {"payload": schema_of[struct]} for message, struct in messages.items()
                },
            }
            | ({"description": ABOUT[name]} if name in ABOUT else {})
            for name, messages in channels.items()
        },
        "operations": {
            name: {
                "action": "receive" if name in FROM_DEVICE else "send",
                "channel": {"$ref": f"#/channels/{name}"},
            }
            for name in channels
        },
        "components": {"schemas": components},
    }

"""What a Traccar server says happened to a tracker: alarms, on line, off line.

Topic `events`: {"event": {...}, "device": {...}} (org.traccar.forward.EventData). A position
can carry the same alarm; both give the same event of the same instant.
"""

from typing import Any

from ingest.payload.reading import Reading
from ingest.payload.values import is_name, json_object, trimmed
from supervision.core.errors import Rejected
from supervision.core.fixes import EventKind

_ALARMS = {
    "removing": EventKind.STRAP_CUT,
    "tampering": EventKind.CASE_OPEN,
    "sos": EventKind.BUTTON,
    "lowBattery": EventKind.BATTERY_LOW,
    "lowPower": EventKind.BATTERY_LOW,
    "powerRestored": EventKind.CHARGING,
    "powerOff": EventKind.CONNECTION_LOST,
    "jamming": EventKind.JAMMING,
    "gpsAntennaCut": EventKind.SHIELDING,
    "movement": EventKind.MOTION,
    "vibration": EventKind.MOTION,
}
"""Traccar's alarm to ours. `removing` is what its decoders say for an unlocked or cut strap.

`tampering` is any other interference, so the case. `powerCut` is left out: on a worn tracker
it is the charger being unplugged.
"""

_TYPES = {
    "deviceOnline": EventKind.CONNECTED,
    "deviceOffline": EventKind.CONNECTION_LOST,
    "deviceUnknown": EventKind.CONNECTION_LOST,
    "deviceMoving": EventKind.MOTION,
}
"""Traccar's event type to ours. Its geofences, trips and engine events are not supervision."""

_UID_CHARS = 128
_ALARMS_AT_ONCE = 20


def read_event(reading: Reading) -> None:
    """Read one forwarded event; a type or alarm without a counterpart here is ignored.

    Raises:
        Rejected: It is no such message.
    """
    said = open_body(reading)
    event = member(said, "event")
    stated_at, kind = event.get("eventTime"), event.get("type")
    if not isinstance(kind, str):
        raise Rejected("malformed", "The event has no type.")
    attributes, position = member(event, "attributes"), member(said, "position")
    if kind == "alarm" and add_alarms(reading, attributes, stated_at, position):
        return
    if kind in _TYPES:
        reading.add_event(_TYPES[kind], stated_at, {"type": kind})
    else:
        reading.ignore("traccar_event", "An event without a counterpart in supervision.")


def open_body(reading: Reading) -> dict[str, Any]:
    """Read a forwarded body and the device that it names.

    Raises:
        Rejected: It is no JSON object, or `device.uniqueId` names no device.
    """
    said = json_object(reading.message.payload)
    uid = member(said, "device").get("uniqueId")
    uid = str(uid) if type(uid) is int else uid
    if not isinstance(uid, str) or not is_name(uid, _UID_CHARS):
        raise Rejected("device_uid_invalid", "The uniqueId is missing or no name.")
    reading.device_uid = uid
    return said


def member(said: dict[str, Any], name: str) -> dict[str, Any]:
    """Give the object inside under this name; empty where there is none."""
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def why_no_fix(position: dict[str, Any]) -> str | None:
    """Say why a position is not where the tracker is now: it repeats an old one; None: it is."""
    attributes = member(position, "attributes")
    if attributes.get("approximate") is True:
        return None
    if position.get("valid") is False:
        return "invalid"
    is_outdated = position.get("outdated") is True or attributes.get("outdated") is True
    return "outdated" if is_outdated else None


def _place(position: dict[str, Any]) -> dict[str, Any]:
    """Where a position says that the tracker is now, by our names; else nothing."""
    if why_no_fix(position) is not None:
        return {}
    names = {"lon": "longitude", "lat": "latitude", "accuracy_m": "accuracy"}
    return {ours: position[theirs] for ours, theirs in names.items() if theirs in position}


def add_alarms(
    reading: Reading, attributes: dict[str, Any], stated_at: object, position: dict[str, Any]
) -> int:
    """Add an event for each alarm of the comma-separated list that means something to us.

    Args:
        reading: The message.
        attributes: Where the list is.
        stated_at: When it happened, as the server says.
        position: The same message's; where it was, is told of the button alone.

    Returns:
        How many were added.
    """
    said = attributes.get("alarm")
    names = said.split(",")[:_ALARMS_AT_ONCE] if isinstance(said, str) else []
    known = [name.strip() for name in names if name.strip() in _ALARMS]
    for name in known:
        where = trimmed(_place(position)) if _ALARMS[name] is EventKind.BUTTON else {}
        reading.add_event(_ALARMS[name], stated_at, {"alarm": name} | where)
    return len(known)

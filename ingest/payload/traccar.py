"""What a Traccar server forwards, so that any tracker that Traccar speaks to can be used.

Topic `positions`: {"position": {...}, "device": {...}} (org.traccar.forward.PositionData); the
device is named by `device.uniqueId`. Speed is in knots; altitude 0 and accuracy 0 mean unknown.
"""

from typing import Any

from ingest import quality
from ingest.payload.reading import Reading
from ingest.payload.traccar_events import add_alarms, member, open_body, why_no_fix
from ingest.payload.values import instant_us, number, required, stated_accuracy, trimmed
from supervision.core.errors import Rejected
from supervision.core.fixes import EventKind, Fix, Source

_MPS_PER_KNOT = 1852 / 3600
_PHONE_PROTOCOLS = ("osmand", "owntracks")
_NOT_EXTRA = frozenset({"batteryLevel", "sat", "hdop", "image", "video", "audio"})


def read_position(reading: Reading) -> None:
    """Read one forwarded position: its alarms as events, and a fix or a "no fix".

    When a tracker has no fix Traccar repeats the last one, marked `valid: false` or
    `outdated`; as a fix it would show him where he no longer is, so it becomes a NO_FIX event
    at the device's time: the device spoke and did not know where it was. A position that
    Traccar worked out from cell towers or Wi-Fi (`attributes.approximate`) is a new fix, even
    though Traccar leaves it marked as outdated. The alarms are kept whatever becomes of the
    fix.

    Raises:
        Rejected: It is no such message, or the fix cannot be believed.
    """
    said = open_body(reading)
    position = member(said, "position")
    attributes = member(position, "attributes")
    stated_at = position.get("deviceTime", position.get("fixTime"))
    why_none = why_no_fix(position)
    add_alarms(reading, attributes, stated_at, position)
    if why_none is None:
        reading.out.fixes.append(_fix(reading, position, attributes))
    else:
        detail = {**trimmed(attributes), "why": why_none}
        reading.add_event(EventKind.NO_FIX, stated_at, detail)


def _fix(reading: Reading, position: dict[str, Any], attributes: dict[str, Any]) -> Fix:
    fixed_at_us = instant_us(position.get("fixTime"))
    if fixed_at_us is None:
        raise Rejected("time_unreadable", "The fixTime is missing or not an instant.")
    source = _source(position, attributes)
    is_located = source not in {Source.CELL, Source.WIFI}
    knots = number(position.get("speed")) if is_located else None
    return reading.believed(
        Fix(
            device_uid=reading.device,
            session=None,
            seq=None,
            part=0,
            fixed_at_us=fixed_at_us,
            sent_at_us=reading.believed_us(position.get("deviceTime")),
            received_at_us=reading.message.received_at_us,
            lon=required(position, "longitude"),
            lat=required(position, "latitude"),
            accuracy_m=quality.accuracy_m(stated_accuracy(position, "accuracy")),
            source=source,
            speed_mps=quality.speed_mps(None if knots is None else knots * _MPS_PER_KNOT),
            course_deg=quality.course_deg(number(position.get("course")) if is_located else None),
            altitude_m=quality.altitude_m(number(position.get("altitude")) or None),
            battery_pct=quality.battery_pct(number(attributes.get("batteryLevel"))),
            satellites=quality.satellites(number(attributes.get("sat"))),
            hdop=quality.hdop(number(attributes.get("hdop"))),
            extra=_extra(position, attributes),
            raw=reading.message.payload,
        )
    )


def _source(position: dict[str, Any], attributes: dict[str, Any]) -> Source:
    """Tell how the fix was found.

    An approximate one counts as Wi-Fi only if the report listed access points, else as cell,
    the weaker evidence. A phone's own mixture (its app reports by osmand) is UNKNOWN.
    """
    if attributes.get("approximate") is True:
        network = member(position, "network")
        return Source.WIFI if network.get("wifiAccessPoints") else Source.CELL
    return Source.UNKNOWN if position.get("protocol") in _PHONE_PROTOCOLS else Source.GPS


def _extra(position: dict[str, Any], attributes: dict[str, Any]) -> dict[str, Any]:
    return trimmed({"protocol": position.get("protocol"), **attributes}, without=_NOT_EXTRA)

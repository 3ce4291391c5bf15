"""Writes a packet as a message of the Common Alerting Protocol (OASIS CAP 1.2), for programs.

Elements stand in the standard's order, which its schema requires. Each reading is a message of
its own: the first an Alert, later ones an Update of the one before.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha1
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from alerts.catalogue import AlertKind, Severity
from alerts.models import Alert
from alerts.rules import Handling
from alerts.service import Opening
from geofence.rules.accuracy import ASSUMED_ACCURACY_M
from supervision.web.console.wording import KINDS
from supervision.web.dispatch import wording
from supervision.web.dispatch.packet import Packet
from supervision.web.dispatch.whereabouts import LastFix, Whereabouts
from supervision.web.security import DISPATCH_PATHS

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"

SEVERITIES = {
    Severity.CRITICAL: "Extreme",
    Severity.HIGH: "Severe",
    Severity.MEDIUM: "Moderate",
    Severity.LOW: "Minor",
}
URGENCIES = {
    Severity.CRITICAL: "Immediate",
    Severity.HIGH: "Immediate",
    Severity.MEDIUM: "Expected",
    Severity.LOW: "Future",
}
# What a device reports by itself is likely: straps report cuts that were none.
CERTAINTIES = {"confirmed": "Observed", "possible": "Possible", None: "Likely"}

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Message(NamedTuple):
    """One reading of a packet, as a message.

    Attributes:
        packet: What it says.
        this: The reading.
        last: The reading before by the same link, if there was one.
        public_url: Where the web is reached; its host names the sender.
        secret: The link's own part of the packet's address.
    """

    packet: Packet
    this: Opening
    last: Opening | None
    public_url: str
    secret: str


def write_cap(message: Message) -> bytes:
    """The message, UTF-8 with its XML declaration."""
    root = ET.Element(f"{{{NAMESPACE}}}alert")
    _add(root, _head(message))
    info = ET.SubElement(root, f"{{{NAMESPACE}}}info")
    _add(info, _said(message.packet))
    for name, value in _parameters(message.packet):
        _add(_part(info, "parameter"), [("valueName", name), ("value", value)])
    _add_photo(info, message)
    for title, fix in _areas(message.packet.whereabouts):
        told = f"{title}: {wording.last_known(fix, message.packet.times)}"
        _add(_part(info, "area"), [("areaDesc", told), ("circle", _circle(fix))])
    written: bytes = ET.tostring(root, "utf-8", xml_declaration=True, default_namespace=NAMESPACE)
    return written


def _add_photo(info: ET.Element, message: Message) -> None:
    """Where the picture is read, for as long as the link opens the packet."""
    photo = message.packet.photo
    if photo is None:
        return
    uri = f"{message.public_url}{DISPATCH_PATHS}{message.secret}/photo"
    told = [("resourceDesc", f"Photograph of {message.packet.person.full_name}")]
    told += [("mimeType", "image/jpeg"), ("size", str(len(photo.jpeg))), ("uri", uri)]
    # The standard names this hash; it tells a damaged file, and nobody relies on it for more.
    digest = sha1(photo.jpeg, usedforsecurity=False).hexdigest()
    _add(_part(info, "resource"), [*told, ("digest", digest)])


def _head(message: Message) -> Iterator[tuple[str, str | None]]:
    packet, last = message.packet, message.last
    sender = f"supervision@{urlsplit(message.public_url).hostname}"
    yield "identifier", _identifier(packet, message.this)
    yield "sender", sender
    yield "sent", _instant(message.this.at, packet)
    yield "status", "Actual"
    yield "msgType", "Alert" if last is None else "Update"
    yield "scope", "Restricted"
    yield "restriction", wording.RESTRICTION
    if last is not None:
        before = (sender, _identifier(packet, last), _instant(last.at, packet))
        yield "references", ",".join(before)


def _said(packet: Packet) -> Iterator[tuple[str, str | None]]:
    alert, severity = packet.alert, Severity(packet.alert.severity)
    is_closed = alert.handling == Handling.CLOSED
    event = KINDS[AlertKind(alert.kind)]
    yield "language", "en-US"
    yield "category", "Security"
    yield "event", event
    yield "responseType", "Assess"
    yield "urgency", "Past" if is_closed else URGENCIES[severity]
    yield "severity", SEVERITIES[severity]
    yield "certainty", _certainty(alert)
    yield "audience", "Responding patrol and its dispatcher"
    yield "onset", _instant(alert.occurred_at, packet)
    yield "expires", _instant(packet.link.expires_at, packet)
    yield "senderName", packet.agency
    yield "headline", f"{event}: {packet.person.full_name}"
    yield "description", "\n".join(_description(packet))
    yield "instruction", packet.person.patrol_notes.safety_notes
    yield "contact", "; ".join(map(wording.reached, packet.officers))


def _description(packet: Packet) -> Iterator[str]:
    if packet.alert.handling == Handling.CLOSED:
        yield wording.CLOSED
    yield from wording.whereabouts(packet.whereabouts, packet.times)
    yield from (f"{name}: {said}" for name, said in wording.who(packet.person))
    yield from (f"{name}: {said}" for name, said in wording.happened(packet))
    yield from wording.terms(packet.terms)
    yield f"Protected person: {wording.safe_contact(packet.terms)}"
    yield wording.NOT_PROVEN


def _parameters(packet: Packet) -> Iterator[tuple[str, str]]:
    yield "alert", str(packet.alert.id)
    yield "condition", packet.alert.condition
    yield "handling", packet.alert.handling
    if packet.whereabouts is None:
        return
    fix, way = packet.whereabouts.last, packet.whereabouts.way
    yield "fixed_at", _instant(fix.fixed_at, packet)
    yield "age_s", f"{max(0.0, (packet.times.now - fix.fixed_at).total_seconds()):.0f}"
    yield "source", fix.source.name.lower()
    if fix.accuracy_m is not None:
        yield "accuracy_m", f"{fix.accuracy_m:.0f}"
    if way is not None:
        yield "speed_mps", f"{way.motion.speed_mps:.1f}"
        yield "course_deg", f"{way.motion.course_deg:.0f}"


def _areas(whereabouts: Whereabouts | None) -> Iterator[tuple[str, LastFix]]:
    if whereabouts is not None:
        yield "Last known place", whereabouts.last
        if whereabouts.better is not None:
            yield "Last exact place", whereabouts.better


def _circle(fix: LastFix) -> str:
    """Latitude first and the radius in kilometres, as the standard has it."""
    radius_m = ASSUMED_ACCURACY_M[fix.source] if fix.accuracy_m is None else fix.accuracy_m
    return f"{fix.lat:.5f},{fix.lon:.5f} {radius_m / 1000:.3f}"


def _certainty(alert: Alert) -> str:
    return "Unlikely" if alert.evidence.get("is_withdrawn") else CERTAINTIES[alert.grade]


def _identifier(packet: Packet, reading: Opening) -> str:
    return f"{packet.link.agency_id}.{packet.alert.id}.{packet.link.id}.{reading.id}"


def _instant(at: datetime, packet: Packet) -> str:
    """By the agency's clock, whole seconds; UTC is -00:00, for the standard allows no Z."""
    said = at.astimezone(packet.times.zone).replace(microsecond=0).isoformat()
    return said[:-6] + "-00:00" if said.endswith("+00:00") else said


def _add(
    parent: ET.Element, children: Iterator[tuple[str, str | None]] | list[tuple[str, str]]
) -> None:
    for name, said in children:
        if said is not None:
            _part(parent, name).text = _NO_XML.sub("\ufffd", said)


def _part(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{NAMESPACE}}}{name}")

"""The rules of OASIS CAP 1.2 that its schema and its text hold a message to, as far as we use them.

Each part's elements in the order of the schema's sequences, how often each may stand there, and
what may be in it (CAP-v1.2-os, sections 3.2 and 3.4).
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

NAMESPACE = "{urn:oasis:names:tc:emergency:cap:1.2}"
# Once; at most once; any number; at least once.
ONE, MAY, ANY, SOME = (1, 1), (0, 1), (0, 10**6), (1, 10**6)

PARTS: dict[str, dict[str, tuple[int, int]]] = {
    "alert": {
        **dict.fromkeys(["identifier", "sender", "sent", "status", "msgType"], ONE),
        "source": MAY,
        "scope": ONE,
        "restriction": MAY,
        "addresses": MAY,
        "code": ANY,
        "note": MAY,
        "references": MAY,
        "incidents": MAY,
        "info": ANY,
    },
    "info": {
        "language": MAY,
        "category": SOME,
        "event": ONE,
        "responseType": ANY,
        **dict.fromkeys(["urgency", "severity", "certainty"], ONE),
        "audience": MAY,
        "eventCode": ANY,
        "effective": MAY,
        "onset": MAY,
        "expires": MAY,
        **dict.fromkeys(["senderName", "headline", "description", "instruction"], MAY),
        "web": MAY,
        "contact": MAY,
        "parameter": ANY,
        "resource": ANY,
        "area": ANY,
    },
    "parameter": {"valueName": ONE, "value": ONE},
    "resource": {
        "resourceDesc": ONE,
        "mimeType": ONE,
        "size": MAY,
        "uri": MAY,
        "derefUri": MAY,
        "digest": MAY,
    },
    "area": {
        "areaDesc": ONE,
        "polygon": ANY,
        "circle": ANY,
        "geocode": ANY,
        "altitude": MAY,
        "ceiling": MAY,
    },
}
WORDS = {
    "status": "Actual Exercise System Test Draft",
    "msgType": "Alert Update Cancel Ack Error",
    "scope": "Public Restricted Private",
    "category": "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other",
    "responseType": "Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None",
    "urgency": "Immediate Expected Future Past Unknown",
    "severity": "Extreme Severe Moderate Minor Unknown",
    "certainty": "Observed Likely Possible Unlikely Unknown",
}
INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d"
NAME = r"[^\s,<&]+"
PATTERNS = {
    **dict.fromkeys(["sent", "effective", "onset", "expires"], INSTANT),
    **dict.fromkeys(["identifier", "sender"], NAME),
    "references": rf"{NAME},{NAME},{INSTANT}( {NAME},{NAME},{INSTANT})*",
    "circle": r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?) \d+(?:\.\d+)?",
}


def faults_of(message: bytes) -> list[str]:
    """What is wrong with a message; empty where it keeps to the standard."""
    root = ET.fromstring(message)  # noqa: S314 -- our own
    return [*_faults_of_part(root, "alert"), *_faults_of_head(root)]


def said(message: bytes) -> dict[str, Any]:
    """What a message says: its own elements and its info's, parameters by name, areas in order."""
    root = ET.fromstring(message)  # noqa: S314 -- our own
    info = root.find(f"{NAMESPACE}info")
    assert info is not None
    told: dict[str, Any] = {_name(one): one.text for one in (*root, *info) if len(one) == 0}
    parameters = {part[0].text: part[1].text for part in info.iter(f"{NAMESPACE}parameter")}
    areas = [[one.text for one in part] for part in info.iter(f"{NAMESPACE}area")]
    resources = [
        {_name(one): one.text for one in part} for part in info.iter(f"{NAMESPACE}resource")
    ]
    return told | {"parameters": parameters, "areas": areas, "resources": resources}


def _name(element: ET.Element) -> str:
    return element.tag.removeprefix(NAMESPACE)


def _faults_of_part(part: ET.Element, kind: str) -> Iterator[str]:
    if part.tag != f"{NAMESPACE}{kind}":
        yield f"{part.tag} is no {kind} of CAP 1.2"
    names, order = [_name(one) for one in part], list(PARTS[kind])
    unknown = set(names) - set(order)
    if unknown:
        yield f"{kind} has no {unknown}"
        return
    if names != sorted(names, key=order.index):
        yield f"{kind} is out of order: {names}"
    for name, (least, most) in PARTS[kind].items():
        if not least <= names.count(name) <= most:
            yield f"{kind} has {names.count(name)} {name}"
    for one in part:
        yield from _faults_of_part(one, _name(one)) if _name(one) in PARTS else _faults_in(one)


def _faults_in(one: ET.Element) -> Iterator[str]:
    name, text = _name(one), one.text or ""
    if name in WORDS and text not in WORDS[name].split():
        yield f"{name} is {text}"
    found = re.fullmatch(PATTERNS.get(name, ".*"), text, re.DOTALL)
    if not found:
        yield f"{name} is written {text}"
    elif name == "circle" and not (abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180):
        yield f"circle begins with no latitude: {text}"


def _faults_of_head(root: ET.Element) -> Iterator[str]:
    head = {_name(one): one.text for one in root}
    if head.get("scope") == "Restricted" and not head.get("restriction"):
        yield "restricted, and nothing says how"
    if head.get("msgType") in {"Update", "Cancel", "Ack", "Error"} and not head.get("references"):
        yield f"{head['msgType']} of nothing"
    if any("Z" in (one.text or "") for one in root.iter(f"{NAMESPACE}sent")):
        yield "an instant with Z"

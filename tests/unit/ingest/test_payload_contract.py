"""The published contract is what the decoders understand, and the file in docs is the contract."""

import json
from pathlib import Path

import msgspec
import pytest

from ingest.payload import Limits, RawMessage, contract, decode
from ingest.payload.contract import Event, Events, Fix, Fixes
from supervision.core.fixes import EventKind, Source

NOW_S = 1_790_000_000
LIMITS = Limits(max_payload_bytes=262_144, max_fix_age_us=10**15, max_fix_ahead_us=10**8)
DOCUMENT = Path(__file__).parents[3] / "docs" / "asyncapi.json"
# The software itself says these of a device, from its last will and from phones.
NOT_THE_DEVICES = {EventKind.CONNECTION_LOST, EventKind.CONNECTED, EventKind.REGION_TRANSITION}


def sent(topic: str, body: msgspec.Struct) -> RawMessage:
    return RawMessage(
        f"supervision/v1/d/{topic}", msgspec.json.encode(body), NOW_S * 10**6, is_retained=False
    )


def test_the_document_in_docs_is_the_contract() -> None:
    assert json.loads(DOCUMENT.read_text()) == contract.asyncapi()


def test_a_fix_as_the_contract_has_it_keeps_every_field() -> None:
    fix = Fix(NOW_S, 37.4, -122.1, 8.0, "wifi", 1.5, 90.0, 30.0, 9, 1.1, 80.0)
    (found,) = decode([sent("fixes", Fixes("s", 1, [fix], ack=True))], LIMITS).fixes
    assert (found.lon, found.lat, found.accuracy_m) == (-122.1, 37.4, 8.0)
    assert found.source is Source.WIFI
    assert (found.speed_mps, found.course_deg, found.altitude_m) == (1.5, 90.0, 30.0)
    assert (found.satellites, found.hdop, found.battery_pct) == (9, 1.1, 80.0)


@pytest.mark.parametrize("kind", sorted(set(EventKind) - NOT_THE_DEVICES))
def test_every_event_of_the_contract_is_understood(kind: EventKind) -> None:
    decoded = decode([sent("events", Events("s", 1, [Event(NOW_S, kind)]))], LIMITS)
    assert [event.kind for event in decoded.events] == [kind]


@pytest.mark.parametrize("state", ["offline", "online"])
def test_a_status_of_the_contract_is_understood(state: str) -> None:
    body = msgspec.convert({"state": state}, contract.Status)
    assert len(decode([sent("status", body)], LIMITS).events) == 1

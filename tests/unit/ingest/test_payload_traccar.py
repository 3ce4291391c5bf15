"""Traccar's forwarding: positions and events of any tracker that it speaks to."""

import json
from typing import Any

import pytest

from ingest.payload import Limits, RawMessage, decode
from supervision.core.fixes import Decoded, EventKind, Source

DAY_US = 86_400_000_000
LIMITS = Limits(262_144, 400 * DAY_US, 120_000_000)
NOW_US = 1_795_000_000_000_000
AT, AT_US = "2026-11-18T11:06:30.000+00:00", NOW_US - 10_000_000
POSITION: dict[str, Any] = {
    "id": 0,
    "deviceId": 3,
    "protocol": "gt06",
    "deviceTime": "2026-11-18T11:06:32Z",
    "fixTime": AT,
    "valid": True,
    "outdated": False,
    "latitude": 48.85,
    "longitude": 2.295,
    "altitude": 0.0,
    "speed": 10.0,
    "course": 271.0,
    "accuracy": 0.0,
    "network": None,
    "attributes": {"batteryLevel": 67, "sat": 9, "hdop": 0.8, "motion": True},
}
DEVICE = {"id": 3, "name": "tag", "uniqueId": "865284041968706", "status": "online"}


def said(body: object, topic: str = "positions") -> Decoded:
    payload = json.dumps(body).encode()
    return decode([RawMessage(topic, payload, NOW_US, is_retained=False)], LIMITS)


def at(attributes: dict[str, Any] | None = None, **fields: object) -> Decoded:
    merged = {**POSITION["attributes"], **(attributes or {})}
    return said({"position": {**POSITION, **fields, "attributes": merged}, "device": DEVICE})


def reasons(out: Decoded) -> list[tuple[str, bool]]:
    return [(row.reason, row.is_ignored) for row in out.rejected]


@pytest.mark.parametrize("topic", ["positions", "traccar/positions"])
def test_a_position_is_a_fix_in_our_units(topic: str) -> None:
    (fix,) = said({"position": POSITION, "device": DEVICE}, topic).fixes
    assert (fix.device_uid, fix.lon, fix.lat) == ("865284041968706", 2.295, 48.85)
    assert fix.speed_mps == pytest.approx(5.14444, abs=1e-5)
    assert (fix.accuracy_m, fix.altitude_m, fix.course_deg) == (None, None, 271.0)
    assert (fix.battery_pct, fix.satellites, fix.hdop) == (67.0, 9, 0.8)
    assert (fix.fixed_at_us, fix.sent_at_us) == (AT_US, AT_US + 2_000_000)
    assert json.loads(fix.raw)["position"] == POSITION
    assert (fix.source, fix.extra) == (Source.GPS, {"protocol": "gt06", "motion": True})


@pytest.mark.parametrize(
    "text", ["2026-11-18T11:06:30Z", "2026-11-18T11:06:30.000+0000", "2026-11-18T12:06:30+01:00"]
)
def test_a_fix_time_may_be_written_in_any_iso_form(text: str) -> None:
    assert at(fixTime=text).fixes[0].fixed_at_us == AT_US


@pytest.mark.parametrize(
    ("fields", "why"), [({"valid": False}, "invalid"), ({"outdated": True}, "outdated")]
)
def test_a_repeated_last_position_is_no_fix_but_a_sign_of_life(
    fields: dict[str, Any], why: str
) -> None:
    out = at(**fields)
    (row,) = out.events
    assert (out.fixes, row.kind, row.occurred_at_us) == ([], EventKind.NO_FIX, AT_US + 2_000_000)
    assert (row.detail["why"], row.detail["batteryLevel"]) == (why, 67)
    assert "latitude" not in row.detail


def test_a_position_from_towers_is_a_cell_fix_though_it_is_marked_outdated() -> None:
    towers: dict[str, Any] = {"cellTowers": [{"cellId": 7}], "wifiAccessPoints": None}
    out = at({"approximate": True}, outdated=True, network=towers, accuracy=900.0, speed=0)
    (fix,) = out.fixes
    assert (fix.source, fix.accuracy_m) == (Source.CELL, 900.0)
    assert (fix.speed_mps, fix.course_deg, out.events) == (None, None, [])
    towers["wifiAccessPoints"] = [{"macAddress": "x"}]
    assert at({"approximate": True}, network=towers).fixes[0].source is Source.WIFI
    assert at({"approximate": True}).fixes[0].source is Source.CELL


def test_a_phones_mixture_is_not_called_gps() -> None:
    assert at(protocol="osmand").fixes[0].source is Source.UNKNOWN


@pytest.mark.parametrize(
    ("alarm", "kinds"),
    [
        ("removing", [EventKind.STRAP_CUT]),
        ("tampering,lowBattery", [EventKind.CASE_OPEN, EventKind.BATTERY_LOW]),
        ("sos, jamming", [EventKind.BUTTON, EventKind.JAMMING]),
        ("powerCut", []),
        ("hardBraking", []),
        (7, []),
    ],
)
def test_alarms_of_a_position_are_events_beside_the_fix(
    alarm: object, kinds: list[EventKind]
) -> None:
    out = at({"alarm": alarm})
    assert [row.kind for row in out.events] == kinds
    assert (out.fixes[0].extra or {})["alarm"] == alarm


def test_an_alarm_is_kept_though_its_fix_is_not_believed() -> None:
    out = at({"alarm": "removing"}, latitude=91)
    assert [row.kind for row in out.events] == [EventKind.STRAP_CUT]
    assert reasons(out) == [("position_out_of_range", False)]


def test_an_alarm_is_the_same_event_by_position_and_by_event() -> None:
    event = {"type": "alarm", "eventTime": POSITION["deviceTime"], "attributes": {"alarm": "sos"}}
    alone = said({"event": event, "device": DEVICE}, "events")
    placed = said({"event": event, "device": DEVICE, "position": POSITION}, "events")
    assert placed.events == at({"alarm": "sos"}).events
    assert [one._replace(detail={"alarm": "sos"}) for one in placed.events] == alone.events


def test_a_button_says_where_it_was_pressed_and_nothing_else_does() -> None:
    (pressed,) = at({"alarm": "sos"}).events
    assert {"lon", "lat"} < pressed.detail.keys()
    assert at({"alarm": "removing"}).events[0].detail == {"alarm": "removing"}
    assert at({"alarm": "sos"}, valid=False).events[0].detail == {"alarm": "sos"}


@pytest.mark.parametrize(
    ("kind", "ours"),
    [("deviceOnline", EventKind.CONNECTED), ("deviceOffline", EventKind.CONNECTION_LOST)],
)
def test_on_line_and_off_line_are_events(kind: str, ours: EventKind) -> None:
    out = said({"event": {"type": kind, "eventTime": AT}, "device": DEVICE}, "traccar/events")
    (row,) = out.events
    assert (row.kind, row.occurred_at_us, row.detail) == (ours, AT_US, {"type": kind})


@pytest.mark.parametrize("kind", ["geofenceEnter", "ignitionOn", "alarm", "new in 2031"])
def test_events_without_a_counterpart_are_ignored(kind: str) -> None:
    event = {"type": kind, "eventTime": AT, "attributes": {"alarm": "hardBraking"}}
    assert reasons(said({"event": event, "device": DEVICE}, "events")) == [("traccar_event", True)]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"position": POSITION}, "device_uid_invalid"),
        ({"position": POSITION, "device": {"uniqueId": ""}}, "device_uid_invalid"),
        ({"position": POSITION, "device": {"uniqueId": "a\x00b"}}, "device_uid_invalid"),
        ({"position": 5, "device": DEVICE}, "time_unreadable"),
        ({"position": {**POSITION, "fixTime": None}, "device": DEVICE}, "time_unreadable"),
        ({"position": {**POSITION, "longitude": None}, "device": DEVICE}, "fix_malformed"),
        ({"position": {**POSITION, "accuracy": "x"}, "device": DEVICE}, "fix_malformed"),
        ([], "malformed"),
    ],
)
def test_a_body_that_makes_no_sense_is_rejected(body: object, reason: str) -> None:
    assert reasons(said(body)) == [(reason, False)]


def test_a_number_is_accepted_as_a_unique_id_and_an_event_needs_a_type() -> None:
    (fix,) = said({"position": POSITION, "device": {"uniqueId": 865}}).fixes
    assert fix.device_uid == "865"
    assert reasons(said({"device": DEVICE}, "events")) == [("malformed", False)]

"""OwnTracks: a phone's own words, as booklet and real messages have them."""

import json
from typing import Any

import pytest

from ingest.payload import Limits, RawMessage, decode
from supervision.core.fixes import Decoded, EventKind, Source

DAY_US = 86_400_000_000
LIMITS = Limits(262_144, 400 * DAY_US, 120_000_000)
NOW_S = 1_795_000_000
NOW_US = NOW_S * 1_000_000
LOCATION: dict[str, Any] = {
    "_type": "location",
    "lat": 52.226,
    "lon": 13.333,
    "tst": NOW_S - 60,
    "created_at": NOW_S - 2,
    "acc": 9,
    "alt": 36,
    "vel": 90,
    "cog": 98,
    "batt": 94,
    "bs": 1,
    "t": "u",
    "conn": "w",
    "_id": "642b4ff4",
}


def said(body: object, topic: str = "owntracks/jane/phone") -> Decoded:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return decode([RawMessage(topic, payload, NOW_US, is_retained=False)], LIMITS)


def reasons(out: Decoded) -> list[tuple[str, bool]]:
    return [(row.reason, row.is_ignored) for row in out.rejected]


@pytest.mark.parametrize("topic", ["owntracks/jane/phone", "/owntracks/jane/phone"])
def test_a_location_is_a_fix_in_our_units(topic: str) -> None:
    (fix,) = said(LOCATION, topic).fixes
    assert (fix.device_uid, fix.session, fix.seq, fix.part) == ("jane/phone", None, None, 0)
    assert (fix.lon, fix.lat, fix.accuracy_m, fix.altitude_m) == (13.333, 52.226, 9.0, 36.0)
    assert fix.speed_mps == pytest.approx(25.0)
    assert (fix.course_deg, fix.battery_pct) == (98.0, 94.0)
    assert (fix.fixed_at_us, fix.sent_at_us) == (NOW_US - 60_000_000, NOW_US - 2_000_000)
    assert fix.extra == {"bs": 1, "t": "u", "conn": "w", "_id": "642b4ff4"}


@pytest.mark.parametrize("said_as", [str, float])
def test_numbers_may_be_strings_or_fractions(said_as: type[str] | type[float]) -> None:
    loose = {key: said_as(LOCATION[key]) for key in ("tst", "acc", "vel", "lat", "lon")}
    (fix,), (plain,) = said({**LOCATION, **loose}).fixes, said(LOCATION).fixes
    assert fix._replace(raw=b"") == plain._replace(raw=b"")


def test_what_the_app_writes_for_unknown_is_unknown() -> None:
    (fix,) = said({**LOCATION, "acc": 0, "vel": -1, "cog": -1, "alt": 0}).fixes
    unknown = (fix.accuracy_m, fix.speed_mps, fix.course_deg, fix.altitude_m)
    assert unknown == (None, None, None, None)
    del (bare := dict(LOCATION))["acc"]
    assert said(bare).fixes[0].accuracy_m is None


def test_a_phones_mixture_is_not_called_gps_unless_it_says_so() -> None:
    assert said(LOCATION).fixes[0].source is Source.UNKNOWN
    assert said({**LOCATION, "source": "fused"}).fixes[0].source is Source.UNKNOWN
    assert said({**LOCATION, "source": "gps"}).fixes[0].source is Source.GPS


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("lat", None, "fix_malformed"),
        ("lon", True, "fix_malformed"),
        ("tst", "nan", "fix_malformed"),
        ("acc", "good", "fix_malformed"),
        ("tst", 0, "fixed_too_long_ago"),
        ("tst", NOW_S * 1000, "fixed_in_future"),
        ("lat", "91", "position_out_of_range"),
        ("lat", 10**300, "position_out_of_range"),
        ("acc", 1e6, "accuracy_absurd"),
    ],
)
def test_a_location_that_cannot_be_true_is_rejected(field: str, value: object, reason: str) -> None:
    assert reasons(said({**LOCATION, field: value})) == [(reason, False)]


def test_extra_is_cut_to_a_size_no_sender_can_inflate() -> None:
    junk = {f"k{n}": "x" * 999 for n in range(99)}
    deep = {"a": {"b": {"c": {"d": {"e": 1}}}}, "list": list(range(99)), "image": "face"}
    (fix,) = said({**LOCATION, **deep, "big": 2**70, "nul\x00": "\x00", **junk}).fixes
    extra = fix.extra or {}
    assert "image" not in extra
    assert extra["a"] == {"b": {"c": {"d": {}}}}
    assert (extra["list"], extra["big"], extra["nul"]) == (list(range(20)), None, "")
    assert len(json.dumps(extra)) < 5_000
    assert extra["k0"] == "x" * 200


def test_a_list_is_several_messages_each_judged_alone() -> None:
    out = said([LOCATION, {**LOCATION, "lat": 91}, {"_type": "card"}, 5, LOCATION])
    assert [fix.part for fix in out.fixes] == [0, 4]
    assert [fix.raw for fix in out.fixes] == [json.dumps(LOCATION).encode()] * 2
    assert reasons(out) == [
        ("position_out_of_range", False),
        ("owntracks_card", True),
        ("malformed", False),
    ]
    assert reasons(said([])) == [("empty", True)]


def test_a_transition_is_an_event_without_place_or_name() -> None:
    body = {"_type": "transition", "event": "leave", "desc": "Mum", "rid": "5f1d1b", "acc": 0}
    out = said({**body, "tst": NOW_S - 9, "wtst": 1, "lat": 52.2, "lon": 13.3, "t": "c"})
    (row,) = out.events
    assert (row.kind, row.occurred_at_us) == (EventKind.REGION_TRANSITION, NOW_US - 9_000_000)
    assert row.detail == {"event": "leave", "rid": "5f1d1b", "t": "c", "accuracy_m": None}
    assert out.fixes == []


def test_a_last_will_happened_when_it_came_for_its_tst_is_the_time_of_connecting() -> None:
    (row,) = said({"_type": "lwt", "tst": str(NOW_S - 9_000)}).events
    assert (row.kind, row.occurred_at_us) == (EventKind.CONNECTION_LOST, NOW_US)
    assert row.detail == {"connected_at_us": NOW_US - 9_000_000_000}


@pytest.mark.parametrize("kind", ["waypoint", "waypoints", "card", "steps", "beacon", "dump"])
def test_what_is_of_no_interest_is_ignored_by_name(kind: str) -> None:
    assert reasons(said({"_type": kind})) == [(f"owntracks_{kind}", True)]


def test_the_rest_is_rejected_or_ignored_with_its_reason() -> None:
    assert reasons(said({"_type": "encrypted", "data": "x"})) == [("encrypted_no_key", False)]
    assert reasons(said({"_type": ["x"]})) == [("owntracks_unknown_type", False)]
    assert reasons(said({"lat": 1})) == [("owntracks_unknown_type", False)]
    assert reasons(said(b" \n")) == [("empty", True)]
    assert reasons(said(b"{oops")) == [("not_json", False)]
    assert reasons(said(b"hello")) == [("not_json", False)]
    assert reasons(said(LOCATION, "owntracks/jane/phone/cmd")) == [("owntracks_cmd", True)]


def test_the_short_form_of_hardware_trackers_is_a_location() -> None:
    tst = NOW_S - 30
    out = said(f"X0,{tst:X},k,30365854,-7575769,26,36,7,5,872\n".encode())
    (fix,) = out.fixes
    assert (fix.lat, fix.lon, fix.course_deg) == (30.365854, -7.575769, 260.0)
    assert (fix.speed_mps, fix.altitude_m, fix.accuracy_m) == (10.0, 70.0, None)
    assert fix.fixed_at_us == tst * 1_000_000
    assert fix.extra == {"tid": "X0", "t": "k", "dist": 5, "trip": 872_000}
    assert reasons(said(b"X0,0,k,30365854,7575769,26,4,7,5,872")) == [("fixed_too_long_ago", False)]

"""Our own contract: `supervision/v1/<device>/fixes`."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.payload import Limits, RawMessage, decode
from supervision.core.fixes import Decoded, Receipt, Source

DAY_US = 86_400_000_000
LIMITS = Limits(262_144, 400 * DAY_US, 120_000_000)
NOW_S = 1_795_000_000
NOW_US = NOW_S * 1_000_000
FULL: dict[str, Any] = {
    "t": NOW_S - 10.25,
    "lat": 37.39,
    "lon": -122.08,
    "accuracy_m": 8.5,
    "source": "gps",
    "speed_mps": 1.25,
    "course_deg": 87.0,
    "altitude_m": 31.0,
    "satellites": 9,
    "hdop": 0.9,
    "battery_pct": 81,
}


def said(body: object, kind: str = "fixes", device: str = "tag-1") -> Decoded:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    message = RawMessage(f"supervision/v1/{device}/{kind}", payload, NOW_US, is_retained=False)
    return decode([message], LIMITS)


def numbered(*fixes: object, **more: object) -> Decoded:
    return said({"session": "boot-7", "seq": 41, "fixes": list(fixes), **more})


def reasons(out: Decoded) -> list[str]:
    return [row.reason for row in out.rejected]


RECEIPT = Receipt("tag-1", "boot-7", 41, wants_ack=False)


def test_a_full_fix_arrives_with_every_unit_intact() -> None:
    out = numbered(FULL, ack=True, sent_at="2026-11-18T11:06:39+00:00")
    (fix,) = out.fixes
    assert (fix.device_uid, fix.session, fix.seq, fix.part) == ("tag-1", "boot-7", 41, 0)
    assert fix.fixed_at_us == NOW_US - 10_250_000
    assert fix.sent_at_us == NOW_US - 1_000_000
    assert fix.received_at_us == NOW_US
    assert (fix.lon, fix.lat, fix.accuracy_m, fix.source) == (-122.08, 37.39, 8.5, Source.GPS)
    assert (fix.speed_mps, fix.course_deg, fix.altitude_m) == (1.25, 87.0, 31.0)
    assert (fix.battery_pct, fix.satellites, fix.hdop, fix.extra) == (81.0, 9, 0.9, None)
    assert out.receipts == [Receipt("tag-1", "boot-7", 41, wants_ack=True)]
    assert out.rejected == []


def test_no_device_can_call_its_fixes_those_of_a_phone_at_a_check_in() -> None:
    (fix,) = numbered({"lon": 1.0, "lat": 2.0, "t": NOW_US / 1e6, "source": "phone"}).fixes
    assert fix.source is Source.UNKNOWN


@given(
    st.floats(min_value=-180, max_value=180),
    st.floats(min_value=1, max_value=90),
    st.floats(min_value=0.001, max_value=100_000),
    st.integers(min_value=NOW_US - 400 * DAY_US, max_value=NOW_US + 120_000_000),
    st.sampled_from(sorted({*Source} - {Source.UNKNOWN, Source.PHONE})),
    st.floats(min_value=0, max_value=359.9),
)
def test_any_believable_fix_comes_out_as_it_went_in(
    lon: float, lat: float, accuracy_m: float, fixed_at_us: int, source: Source, course_deg: float
) -> None:
    body = {"lon": lon, "lat": lat, "accuracy_m": accuracy_m, "source": source.name.lower()}
    (fix,) = numbered({**body, "t": fixed_at_us / 1e6, "course_deg": course_deg}).fixes
    assert (fix.lon, fix.lat, fix.accuracy_m, fix.source) == (lon, lat, accuracy_m, source)
    assert fix.course_deg == course_deg
    assert abs(fix.fixed_at_us - fixed_at_us) <= 1


@pytest.mark.parametrize(
    "text", ["2026-11-18T11:06:40Z", "2026-11-18T12:06:40+01:00", "2026-11-18T11:06:40.000+0000"]
)
def test_an_iso_time_with_any_offset_is_the_same_instant(text: str) -> None:
    (fix,) = numbered({**FULL, "t": text}).fixes
    assert fix.fixed_at_us == NOW_US


@pytest.mark.parametrize("text", ["2026-11-18T11:06:40", "yesterday", "", "1795000000"])
def test_a_time_without_an_offset_is_no_instant(text: str) -> None:
    assert reasons(numbered({**FULL, "t": text})) == ["time_unreadable"]


def test_what_can_be_left_out_is_unknown() -> None:
    (fix,) = numbered({"t": NOW_S, "lat": 37.39, "lon": -122.08}).fixes
    assert (fix.accuracy_m, fix.source, fix.speed_mps) == (None, Source.UNKNOWN, None)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("lat", 91, "position_out_of_range"),
        ("lon", -180.5, "position_out_of_range"),
        ("t", NOW_S + 121, "fixed_in_future"),
        ("t", NOW_S * 1000, "fixed_in_future"),
        ("t", 1e300, "fixed_in_future"),
        ("t", 0, "fixed_too_long_ago"),
        ("t", -1e300, "fixed_too_long_ago"),
        ("t", NOW_S - 401 * 86_400, "fixed_too_long_ago"),
        ("t", None, "malformed"),
        ("t", True, "malformed"),
        ("lat", True, "malformed"),
        ("lat", "37.39", "malformed"),
        ("lat", 10**400, "malformed"),
        ("accuracy_m", 100_001, "accuracy_absurd"),
        ("accuracy_m", "good", "malformed"),
        ("source", 3, "malformed"),
    ],
)
def test_a_fix_that_cannot_be_true_is_rejected_alone_and_the_rest_is_kept(
    field: str, value: object, reason: str
) -> None:
    out = numbered(FULL, {**FULL, field: value}, FULL)
    assert [json.loads(fix.raw) for fix in out.fixes] == [FULL, FULL]
    assert [fix.part for fix in out.fixes] == [0, 2]
    assert reasons(out) == [reason]
    assert out.receipts == [RECEIPT]
    assert json.loads(out.rejected[0].payload) == {**FULL, field: value}


def test_zero_zero_and_1e400_and_a_missing_field_are_each_rejected() -> None:
    assert reasons(numbered({**FULL, "lat": 0, "lon": 0})) == ["null_island"]
    del (short := dict(FULL))["lat"]
    assert reasons(numbered(short)) == ["malformed"]
    huge = b'{"session":"boot-7","seq":41,"fixes":[{"t":1,"lon":2,"lat":1e400}]}'
    assert (reasons(said(huge)), said(huge).receipts) == (["malformed"], [RECEIPT])


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have_reject_the_message_but_leave_its_receipt(
    word: str,
) -> None:
    body = json.dumps({"session": "boot-7", "seq": 41, "fixes": [FULL]}).replace("37.39", word)
    out = said(body.encode())
    assert (out.fixes, reasons(out), out.receipts) == (
        [],
        ["not_json"],
        [RECEIPT._replace(wants_ack=True)],
    )


@pytest.mark.parametrize("stated_m", [0, -1, -0.5])
def test_an_accuracy_of_zero_or_less_is_unknown_and_the_fix_kept(stated_m: float) -> None:
    (fix,) = numbered({**FULL, "accuracy_m": stated_m}).fixes
    assert fix.accuracy_m is None


@pytest.mark.parametrize("nonsense", [-1, 1e9, True, "7", [7], {"a": 7}])
@pytest.mark.parametrize("field", ["speed_mps", "course_deg", "hdop", "satellites", "battery_pct"])
def test_a_secondary_value_that_makes_no_sense_is_dropped_and_its_fix_kept(
    field: str, nonsense: object
) -> None:
    out = numbered({**FULL, field: nonsense})
    assert out.rejected == []
    assert getattr(out.fixes[0], field) is None


def test_an_unheard_of_source_is_unknown_and_its_word_kept() -> None:
    (fix,) = numbered({**FULL, "source": "pigeon"}).fixes
    assert (fix.source, fix.extra) == (Source.UNKNOWN, {"source": "pigeon"})


def test_an_empty_list_keeps_the_sessions_count() -> None:
    out = numbered()
    assert (out.receipts, out.fixes, out.rejected) == ([RECEIPT], [], [])


def test_a_simple_sender_needs_no_session_but_must_say_something() -> None:
    out = said({"fixes": [FULL]})
    assert (len(out.fixes), out.fixes[0].session, out.fixes[0].seq) == (1, None, None)
    assert (out.receipts, out.rejected) == ([], [])
    (row,) = said({"fixes": []}).rejected
    assert (row.reason, row.is_ignored) == ("empty", True)


@pytest.mark.parametrize(
    ("session", "seq"),
    [
        *(("a", seq) for seq in (None, -1, 2**63, 1.5, True, "1")),
        *((session, 1) for session in (None, "", "a" * 65, "a\x00", "a\nb", 5)),
    ],
)
def test_half_or_unusable_numbering_rejects_the_message(session: object, seq: object) -> None:
    out = said({"session": session, "seq": seq, "fixes": [FULL]})
    assert (out.fixes, out.receipts, reasons(out)) == ([], [], ["session_or_seq_invalid"])


def test_a_body_that_names_its_own_device_is_welcome_and_another_device_is_not() -> None:
    assert len(numbered(FULL, device="tag-1").fixes) == 1
    out = numbered(FULL, device="tag-2")
    assert (out.fixes, reasons(out), out.receipts) == ([], ["device_mismatch"], [RECEIPT])


def test_a_thousand_fixes_are_read_and_one_more_is_too_many() -> None:
    assert len(numbered(*[FULL] * 1000).fixes) == 1000
    out = numbered(*[FULL] * 1001)
    assert (out.fixes, reasons(out), out.receipts) == ([], ["too_many_parts"], [RECEIPT])


@pytest.mark.parametrize("ack", ["yes", 1, None])
def test_an_ack_wish_of_the_wrong_type_costs_no_fix(ack: object) -> None:
    out = numbered(FULL, ack=ack)
    assert (len(out.fixes), out.receipts, out.rejected) == (1, [RECEIPT], [])


@pytest.mark.parametrize("fixes", [{}, "x", 3, None])
def test_fixes_that_are_no_list_reject_the_message_with_its_receipt(fixes: object) -> None:
    out = said({"session": "boot-7", "seq": 41, "fixes": fixes})
    assert (reasons(out), out.receipts) == (["malformed"], [RECEIPT])

"""Whatever the bytes, decoding ends in rows, and in rows that PostgreSQL can store."""

import json
import math
import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.payload import Limits, RawMessage, decode
from supervision.core.fixes import Decoded

LIMITS = Limits(65_536, 400 * 86_400_000_000, 120_000_000)
NOW_S = 1_795_000_000
TOPICS = [
    *(f"supervision/v1/tag-1/{kind}" for kind in ("fixes", "events", "status")),
    *(f"{root}/jane/phone" for root in ("owntracks", "/owntracks")),
    *("owntracks/jane/phone/event", "owntracks/jane/phone/cmd", "positions", "events"),
]
OURS = ("session", "seq", "ack", "device", "fixes", "events", "t", "lat", "lon", "accuracy_m")
THEIRS = ("source", "kind", "state", "_type", "tst", "acc", "position", "attributes", "alarm")
MORE = ("fixTime", "latitude", "longitude", "uniqueId", "event", "type")
WORDS = st.sampled_from(OURS + THEIRS + MORE)
NAMES = ("location", "transition", "offline", "button", "tag-1", "removing,sos", "\ud800", "\x00")
TIMES = ("2026-11-18T11:06:40Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59")
ODD = st.sampled_from(NAMES + TIMES)
NUMBERS = st.floats() | st.integers() | st.sampled_from([NOW_S, 10**400, 2**63, -(2**64)])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | ODD | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=8)
    ),
    max_leaves=25,
)
SOUND = json.dumps(
    {"session": "b", "seq": 1, "fixes": [{"t": NOW_S, "lat": 37.123456, "lon": -122.654321}]}
).encode()


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


def cut_and_patched(at: int, patch: bytes) -> bytes:
    return SOUND[:at] + patch + SOUND[at + len(patch) :]


PAYLOADS = (
    st.binary(max_size=200)
    | VALUES.map(as_json)
    | st.builds(cut_and_patched, st.integers(0, len(SOUND)), st.binary(max_size=4))
)
MESSAGES = st.builds(
    RawMessage,
    st.sampled_from(TOPICS) | st.text(max_size=30) | st.text("/owntracks \ud800\x00", max_size=20),
    PAYLOADS,
    st.just(NOW_S * 1_000_000),
    st.booleans(),
)


def rows(out: Decoded) -> int:
    return len(out.fixes) + len(out.events) + len(out.receipts) + len(out.rejected)


def scalars(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from scalars(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from scalars(item)
    else:
        yield value


def is_storable(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" not in value and value.encode().decode() == value
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or -(2**63) <= value < 2**63


@given(st.lists(MESSAGES, max_size=5))
@example([RawMessage("", b"", 0, is_retained=False)])
@example([RawMessage("owntracks", b"{}", 0, is_retained=False)])
@example([RawMessage("owntracks/jane", b"{}", 0, is_retained=False)])
@example([RawMessage("owntracks//phone", b"{}", 0, is_retained=False)])
def test_every_message_leaves_a_row_and_every_row_can_be_stored(messages: list[RawMessage]) -> None:
    for message in messages:
        assert rows(decode([message], LIMITS)) >= 1
    out = decode(messages, LIMITS)
    assert rows(out) >= len(messages)
    for listed in (out.fixes, out.events, out.receipts, out.rejected):
        assert all(is_storable(value) for row in listed for value in scalars(row))


@given(st.lists(MESSAGES, max_size=5))
def test_the_same_bytes_give_the_same_rows(messages: list[RawMessage]) -> None:
    assert decode(messages, LIMITS) == decode(messages, LIMITS)


HERE = {"lat": 37.123456, "lon": -122.654321}
THERE = {"latitude": HERE["lat"], "longitude": HERE["lon"], "fixTime": "37.123456"}


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        *((TOPICS[0], {"fixes": [{"t": t, **HERE}]}) for t in (0, 1e99, None, "37.123456")),
        (TOPICS[0], {"fixes": [{"t": NOW_S, **HERE, "accuracy_m": 1e6}]}),
        (TOPICS[0], {"fixes": [{"t": NOW_S, "lat": 137.123456, "lon": -122.654321}]}),
        (TOPICS[0], {"fixes": [{"t": NOW_S, "lat": "37.123456", "lon": -122.654321}]}),
        (TOPICS[0], {"fixes": [{"t": NOW_S, "lat": 37.123456, "lon": math.nan}]}),
        (TOPICS[0], {"fixes": {"37.123456": HERE}}),
        (TOPICS[1], {"kind": "37.123456", **HERE}),
        (TOPICS[2], {"state": "37.123456", **HERE}),
        (TOPICS[3], {"_type": "location", "tst": 0, **HERE}),
        (TOPICS[3], {"_type": "37.123456,-122.654321"}),
        (TOPICS[7], {"device": {"uniqueId": "x"}, "position": THERE}),
        ("37.123456/-122.654321", HERE),
    ],
)
def test_no_rejection_repeats_a_coordinate(topic: str, body: object) -> None:
    message = RawMessage(topic, as_json(body), NOW_S * 1_000_000, is_retained=False)
    (row,) = decode([message], LIMITS).rejected
    assert not re.search(r"37|122|\d\.\d", row.detail), row.detail


@given(MESSAGES)
def test_no_rejection_of_anything_has_a_long_or_fractional_number(message: RawMessage) -> None:
    for row in decode([message], LIMITS).rejected:
        assert not re.search(r"\d\.\d|\d{6}", row.detail), row.detail


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"fixes":[', b'{"_type":"location","x":['])
def test_deep_nesting_is_rejected(topic: str, opening: bytes) -> None:
    message = RawMessage(topic, opening * 5_000, 0, is_retained=False)
    out = decode([message], LIMITS)
    assert (rows(out), len(out.rejected)) == (1, 1)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_message_over_the_limit_is_not_read(topic: str) -> None:
    out = decode([RawMessage(topic, b"x" * 65_537, 0, is_retained=False)], LIMITS)
    (row,) = out.rejected
    # Of what names its device inside nothing is kept unread: it may be a protected person's.
    names_it_inside = topic.rpartition("/")[2] in {"positions", "events"} and "v1" not in topic
    assert (row.reason, len(row.payload)) == ("too_large", 0 if names_it_inside else 4096)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_replay_of_a_retained_message_is_rejected_whatever_it_says(topic: str) -> None:
    out = decode([RawMessage(topic, SOUND, NOW_S * 1_000_000, is_retained=True)], LIMITS)
    assert (rows(out), out.rejected[0].reason) == (1, "retained_replay")


@pytest.mark.parametrize(
    "topic",
    [
        *("", "/", "a/b", "\ud800", "owntracks/jane", "owntracks/a/b/c/d"),
        *(f"supervision/v1/tag-1{end}" for end in ("", "/ack", "/fixes/x")),
        "supervision/v2/tag-1/fixes",
    ],
)
def test_an_unknown_topic_is_rejected(topic: str) -> None:
    (row,) = decode([RawMessage(topic, SOUND, 0, is_retained=False)], LIMITS).rejected
    assert (row.reason, row.device_uid, row.payload) == ("unknown_topic", None, SOUND)


@pytest.mark.parametrize("uid", ["", "a\x00", "\ud800", "x" * 129, "tab\t"])
def test_a_topic_without_a_device_name_that_can_be_stored_is_rejected(uid: str) -> None:
    for topic in (f"supervision/v1/{uid}/fixes", f"owntracks/jane/{uid}"):
        (row,) = decode([RawMessage(topic, SOUND, 0, is_retained=False)], LIMITS).rejected
        assert (row.reason, row.device_uid) == ("device_uid_invalid", None)

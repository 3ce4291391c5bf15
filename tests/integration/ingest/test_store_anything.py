"""Whatever a message says that can be decoded at all, storing and judging it does not fail."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.payload import RawMessage, decode
from supervision.bootstrap import build_limits
from supervision.core.clock import system_clock, to_us
from tests.harness import World

NOW_US = to_us(system_clock())
NOW_S = NOW_US / 1e6
EDGES = [0, -1, 2**31, 2**63 - 1, 2**63, -(2**63), 10**30, 1e308, -1e308, 5e-324, 1e-320, -0.0]
WORDS = ["", "\0", "a\0b", "\t", "\n", "\\", r"\N", "'", "\U0001f600", "é" * 300, "NaN", "-1"]
KEYS = ["\0", "a\0", "x" * 100, "source", "seq", "session", "alarm", "kind", "t", "lat", "deep"]
A_FIX = {
    "t": NOW_S - 5,
    "lat": 1.0,
    "lon": 2.0,
    "accuracy_m": 5.0,
    "source": "gps",
    "speed_mps": 1.0,
    "course_deg": 5,
    "altitude_m": 5,
    "satellites": 4,
    "battery_pct": 50,
}
A_PLACE = {"_type": "location", "tst": NOW_S, "lat": 1, "lon": 2, "acc": 5, "vel": 3, "alt": 4}
ISO = system_clock().isoformat()

scalars = (
    st.none()
    | st.booleans()
    | st.sampled_from([*EDGES, *WORDS])
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([NOW_S, NOW_S - 60, ISO, "gps", "cell", "sos,removing", "strap_cut"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
    ),
    max_leaves=6,
)


def bent(good: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The same object with some of its fields, and some new ones, said otherwise."""
    said = st.dictionaries(st.sampled_from([*good, *KEYS]), values, max_size=3)
    return said.map(lambda changes: good | changes)


def own(kind: str, body: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Any]]:
    return st.tuples(st.just(f"supervision/v1/dev-1/{kind}"), body)


def traccar(topic: str, **parts: dict[str, Any]) -> st.SearchStrategy[tuple[str, Any]]:
    device = st.fixed_dictionaries({"uniqueId": st.just("dev-1") | values})
    bodies = st.fixed_dictionaries(
        {name: bent(good) for name, good in parts.items()} | {"device": device}
    )
    return st.tuples(st.just(topic), bodies)


def an_envelope(seq: int, said: list[dict[str, Any]]) -> dict[str, Any]:
    return {"session": "s", "seq": seq, "ack": True, "fixes": said}


numbers = st.sampled_from([0, 1, 2, 2**63 - 2, 2**63 - 1, 2**63])
fixes = st.lists(bent(A_FIX), max_size=3)
messages = st.one_of(
    own(
        "fixes", st.builds(lambda seq, f: {"session": "s", "seq": seq, "fixes": f}, numbers, fixes)
    ),
    own(
        "fixes", fixes.flatmap(lambda f: bent({"session": "s", "seq": 1, "ack": True, "fixes": f}))
    ),
    own("events", bent({"session": "s", "seq": 1, "t": NOW_S, "kind": "strap_cut"})),
    own("status", bent({"state": "offline", "t": NOW_S})),
    st.tuples(st.just("owntracks/dev-1/p"), bent(A_PLACE) | st.lists(bent(A_PLACE), max_size=2)),
    traccar(
        "positions",
        position={"fixTime": ISO, "latitude": 1, "longitude": 2, "attributes": {"alarm": "sos"}},
    ),
    traccar("events", event={"type": "alarm", "eventTime": ISO, "attributes": {"alarm": "sos"}}),
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(batch=st.lists(messages, min_size=1, max_size=10))
def test_no_message_fails_in_the_database(world: World, batch: list[tuple[str, Any]]) -> None:
    for uid in {"dev-1", "dev-1/p"} - {row.uid for row in world.rows("SELECT uid FROM device")}:
        world.person(uid)
    raw = [
        RawMessage(topic, json.dumps(body).encode(), NOW_US, is_retained=False)
        for topic, body in batch
    ]
    decoded = decode(raw, build_limits(world.settings))
    world.monitor.on_messages(decoded)
    again = world.monitor.on_messages(decoded)
    assert {ack.device_uid for ack in again} <= {"dev-1"}

"""Bad input, from the broker to the rows: kept with its reason, acknowledged, and no harm done."""

import json
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ingest.mqtt import MqttFeed
from ingest.payload import Limits
from supervision.bootstrap import build_limits
from supervision.core.clock import system_clock
from supervision.stack.mosquitto import PrivateMosquitto
from tests.harness import World
from tests.ingest_rig import (
    PROTOCOLS,
    Publisher,
    address_of,
    feeding,
    fixes_message,
    until,
    working,
)

NOW_S = round(system_clock().timestamp())
MEBIBYTE = 1 << 20
Sent = list[tuple[str, bytes]]
Reasons = list[tuple[str, str]]


def good(**changes: object) -> dict[str, Any]:
    return {"t": NOW_S - 60, "lat": 1.0, "lon": 2.0, "accuracy_m": 5.0} | changes


def as_json(**body: object) -> bytes:
    return json.dumps(body).encode()


@contextmanager
def taking(world: World, broker: PrivateMosquitto, protocol: str = "5") -> Iterator[MqttFeed]:
    limits: Limits = build_limits(world.settings)
    with (
        feeding(address_of(broker, protocol=protocol)) as feed,
        working(feed, world.monitor.on_messages, limits=limits),
    ):
        yield feed


def publish(broker: PrivateMosquitto, sent: Sent, user: str = "simulator") -> None:
    is_service = user in {"simulator", "traccar"}
    password = broker.password(user) if is_service else broker.add_user(user)
    with Publisher(broker, user, password) as sender:
        sender.send_all(sent)


def flow_again(world: World, broker: PrivateMosquitto) -> None:
    """A good message sent after all the bad ones is stored, so the worker lives."""
    witness = world.person("witness")
    publish(broker, [fixes_message("witness", {"fixes": [good()]})])
    count = "SELECT count(*) FROM position WHERE device_id = :id"
    until(lambda: world.one(count, id=witness.device_id) == 1)


def reasons(world: World) -> Reasons:
    rows = world.rows("SELECT topic, reason FROM rejected_message ORDER BY id")
    return [(row.topic, row.reason) for row in rows]


def nothing_comes_again(broker: PrivateMosquitto, protocol: str = "5") -> None:
    until(lambda: "Client w1 disconnected" in broker.log.read_text())
    with feeding(address_of(broker, protocol=protocol)) as feed:
        assert feed.take(1, 0.5, 0.0) == []


OWN = {
    "bytes": (b"\xff\xfe\x00\x01", "not_json"),
    "empty": (b"", "not_json"),
    "cut off": (b'{"fixes": [{"t": 1', "not_json"),
    "a list": (b"[]", "malformed"),
    "a number": (b"7", "malformed"),
    "deep": (b'{"fixes": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", "malformed"),
    "fixes no list": (as_json(fixes=5), "malformed"),
    "too many": (as_json(fixes=[good()] * 1001), "too_many_parts"),
    "NaN": (as_json(fixes=[good(lat=float("nan"))]), "not_json"),
    "infinite": (as_json(fixes=[good(lon=float("inf"))]), "not_json"),
    "latitude a string": (as_json(fixes=[good(lat="NaN")]), "malformed"),
    "latitude missing": (as_json(fixes=[{"t": NOW_S, "lon": 2.0}]), "malformed"),
    "latitude 91": (as_json(fixes=[good(lat=91)]), "position_out_of_range"),
    "longitude 181": (as_json(fixes=[good(lon=181)]), "position_out_of_range"),
    "huge number": (b'{"fixes": [{"t": 1, "lat": 1e999, "lon": 1}]}', "malformed"),
    "zero, zero": (as_json(fixes=[good(lat=0, lon=0)]), "null_island"),
    "in an hour": (as_json(fixes=[good(t=NOW_S + 3600)]), "fixed_in_future"),
    "year 9999": (as_json(fixes=[good(t="9999-12-31T23:59:59Z")]), "fixed_in_future"),
    "beyond years": (as_json(fixes=[good(t=1e300)]), "fixed_in_future"),
    "1970": (as_json(fixes=[good(t=0)]), "fixed_too_long_ago"),
    "year 1": (as_json(fixes=[good(t="0001-01-01T00:00:00+14:00")]), "fixed_too_long_ago"),
    "no offset": (as_json(fixes=[good(t="2026-01-01T00:00:00")]), "time_unreadable"),
    "accuracy": (as_json(fixes=[good(accuracy_m=1e9)]), "accuracy_absurd"),
    "seq alone": (as_json(seq=1, fixes=[good()]), "session_or_seq_invalid"),
    "seq below": (as_json(session="s", seq=-1, fixes=[good()]), "session_or_seq_invalid"),
    "seq beyond": (as_json(session="s", seq=2**63, fixes=[good()]), "session_or_seq_invalid"),
    "seq last": (as_json(session="s", seq=2**63 - 1, fixes=[good()]), "session_or_seq_invalid"),
    "session NUL": (as_json(session="a\0b", seq=1, fixes=[good()]), "session_or_seq_invalid"),
    "another device": (as_json(device="dev-2", fixes=[good()]), "device_mismatch"),
    "10 MB": (b'{"fixes": [' + b" " * 10 * MEBIBYTE + b"]}", "too_large"),
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nonsense_from_a_device_is_kept_with_its_reason_and_acknowledged(
    world: World, broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    uids = {name: world.person(f"bad-{number}").device_uid for number, name in enumerate(OWN)}
    sent = [(f"supervision/v1/{uids[name]}/fixes", OWN[name][0]) for name in OWN]
    with taking(world, broker_of_its_own, protocol):
        publish(broker_of_its_own, sent)
        flow_again(world, broker_of_its_own)
    rows = world.rows("SELECT device_uid, reason FROM rejected_message")
    found = {row.device_uid: row.reason for row in rows}
    assert {name: found.get(uids[name]) for name in OWN} == {
        name: reason for name, (_, reason) in OWN.items()
    }
    assert world.one("SELECT count(*) FROM position") == 1
    assert world.one("SELECT bool_and(agency_id IS NOT NULL) FROM rejected_message")
    nothing_comes_again(broker_of_its_own, protocol)


def test_of_a_message_with_one_bad_fix_the_others_are_stored(
    world: World, broker_of_its_own: PrivateMosquitto
) -> None:
    him = world.person()
    fixes = [good(t=NOW_S - 3), good(t=NOW_S - 2, lat=91), good(t=NOW_S - 1)]
    with taking(world, broker_of_its_own):
        publish(broker_of_its_own, [fixes_message(him.device_uid, {"fixes": fixes})])
        flow_again(world, broker_of_its_own)
    of_him = "SELECT count(*) FROM position WHERE device_id = :id"
    assert world.one(of_him, id=him.device_id) == 2
    (row,) = world.rows("SELECT reason, detail, payload FROM rejected_message")
    assert (row.reason, row.detail[:7]) == ("position_out_of_range", "Part 1:")
    assert json.loads(bytes(row.payload)) == fixes[1]


def test_numbers_too_small_to_matter_do_not_cost_the_fix(
    world: World, broker_of_its_own: PrivateMosquitto
) -> None:
    him = world.person()
    tiny = dict.fromkeys(("speed_mps", "course_deg", "altitude_m", "battery_pct"), 5e-324)
    with taking(world, broker_of_its_own):
        publish(broker_of_its_own, [fixes_message(him.device_uid, {"fixes": [good(**tiny)]})])
        flow_again(world, broker_of_its_own)
    of_him = "SELECT count(*) FROM position WHERE device_id = :id AND speed_mps < 1e-300"
    assert world.one(of_him, id=him.device_id) == 1
    assert reasons(world) == []


def test_who_cannot_be_attributed_is_kept_under_his_own_reason(
    world: World, broker_of_its_own: PrivateMosquitto
) -> None:
    world.one(
        "INSERT INTO device (agency_id, uid, model) VALUES (:agency, 'spare', 'M') RETURNING id",
        agency=world.agency_id,
    )
    body = {"session": "s", "seq": 1, "fixes": [good()]}
    strap = as_json(t=NOW_S - 60, kind="strap_cut")
    with taking(world, broker_of_its_own):
        publish(
            broker_of_its_own,
            [
                fixes_message("nobody", body),
                fixes_message("spare", body),
                ("supervision/v1/spare/events", strap),
                fixes_message("\U0001f600", body),
                fixes_message("x" * 129, body),
                fixes_message("", body),
            ],
        )
        flow_again(world, broker_of_its_own)
    assert sorted(reason for _, reason in reasons(world)) == [
        "device_not_assigned",
        "device_not_assigned",
        "device_uid_invalid",
        "device_uid_invalid",
        "unknown_device",
        "unknown_device",
    ]
    agency = world.rows("SELECT DISTINCT agency_id FROM rejected_message WHERE device_uid='spare'")
    assert [row.agency_id for row in agency] == [world.agency_id]
    nothing_comes_again(broker_of_its_own)


def test_the_same_nonsense_again_is_counted_not_piled_up(
    world: World, broker_of_its_own: PrivateMosquitto
) -> None:
    with taking(world, broker_of_its_own):
        publish(broker_of_its_own, [("supervision/v1/mad/fixes", b"garbage")] * 1500)
        flow_again(world, broker_of_its_own)
    (row,) = world.rows("SELECT times_seen, reason FROM rejected_message")
    assert (row.times_seen, row.reason) == (1500, "not_json")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_retained_message_counts_once_and_its_replay_is_rejected(
    world: World, broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    him = world.person()
    topic, payload = fixes_message(him.device_uid, {"fixes": [good()]})
    with taking(world, broker_of_its_own, protocol), Publisher(broker_of_its_own) as sender:
        sender.send(topic, payload, retain=True)
        sender.flush()
        flow_again(world, broker_of_its_own)
    assert reasons(world) == []
    with taking(world, broker_of_its_own, protocol):
        until(lambda: reasons(world) == [(topic, "retained_replay")])
    assert world.one("SELECT count(*) FROM position") == 2


A_PLACE: dict[str, object] = {"_type": "location", "lat": 1, "lon": 2, "tst": NOW_S}
THERE: dict[str, object] = {"fixTime": "2026-01-01T00:00:00Z", "latitude": 1, "longitude": 2}
OWNTRACKS = [
    ("garbage", b"garbage", "not_json"),
    ("no-type", b"{}", "owntracks_unknown_type"),
    ("odd-type", as_json(_type=[1]), "owntracks_unknown_type"),
    ("list", b"[1]", "malformed"),
    ("no-time", as_json(**A_PLACE | {"tst": None}), "fix_malformed"),
    ("no-number", as_json(**A_PLACE | {"lat": "north"}), "fix_malformed"),
    ("1970", as_json(**A_PLACE | {"tst": 5}), "fixed_too_long_ago"),
    ("secret", as_json(_type="encrypted", data="x"), "encrypted_no_key"),
    ("a/b/c/d", b"{}", "unknown_topic"),
]
TRACCAR = [
    ("positions", b"\x00\x01", "not_json"),
    ("positions", b"{}", "device_uid_invalid"),
    ("positions", as_json(device=7), "device_uid_invalid"),
    ("traccar/positions", as_json(device={"uniqueId": "x"}, position={}), "time_unreadable"),
    (
        "traccar/positions",
        as_json(device={"uniqueId": "x"}, position=THERE | {"latitude": None}),
        "fix_malformed",
    ),
    ("positions", as_json(device={"uniqueId": "x"}, position=THERE), "unknown_device"),
    ("events", as_json(device={"uniqueId": "x"}), "malformed"),
    ("traccar/else", b"{}", "unknown_topic"),
]


def test_garbage_in_the_foreign_dialects_is_kept_with_its_reason(
    world: World, broker_of_its_own: PrivateMosquitto
) -> None:
    with taking(world, broker_of_its_own):
        phones = [(f"owntracks/phone/{name}", said) for name, said, _ in OWNTRACKS]
        publish(broker_of_its_own, phones, "phone")
        publish(broker_of_its_own, [(topic, said) for topic, said, _ in TRACCAR], "traccar")
        flow_again(world, broker_of_its_own)
    expected = [reason for *_, reason in [*OWNTRACKS, *TRACCAR]]
    assert Counter(reason for _, reason in reasons(world)) == Counter(expected)
    nothing_comes_again(broker_of_its_own)


def test_a_topic_of_broken_letters_gets_no_further_than_the_broker(
    world: World, broker_of_its_own: PrivateMosquitto
) -> None:
    password = broker_of_its_own.password("simulator").encode()
    name = b"\x00\x04MQTT\x04\xc2\x00\x14\x00\x01x\x00\x09simulator"
    hello = name + len(password).to_bytes(2, "big") + password
    topic = b"supervision/v1/\xff\xfe/fixes"
    said = len(topic).to_bytes(2, "big") + topic + b"\x00\x01{}"
    with taking(world, broker_of_its_own):
        with socket.create_connection((broker_of_its_own.host, broker_of_its_own.port)) as line:
            line.sendall(b"\x10" + bytes([len(hello)]) + hello)
            assert line.recv(4) == b"\x20\x02\x00\x00"
            line.sendall(b"\x32" + bytes([len(said)]) + said)
            assert line.recv(4) == b"", "the broker hangs up"
        flow_again(world, broker_of_its_own)
    assert reasons(world) == []

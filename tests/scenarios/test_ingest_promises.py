"""Promises of ingest, from a tracker's account on the broker to the rows in the database."""

import signal
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ingest.store import DeviceAck
from supervision.core.clock import system_clock
from supervision.core.fixes import Decoded
from supervision.stack.mosquitto import PrivateMosquitto
from supervision.stack.postgres import DatabaseUrls
from tests.harness import FakeClock, Person, World
from tests.ingest_rig import (
    PROTOCOLS,
    WAIT_S,
    IngestProcess,
    Publisher,
    address_of,
    feeding,
    fixes_message,
    joining,
    until,
    working,
)

BEGAN_S = round(system_clock().timestamp()) - 20_000
PROTOCOL = pytest.mark.parametrize("protocol", PROTOCOLS)


@pytest.fixture
def live(database: DatabaseUrls) -> World:
    return World(database, FakeClock(system_clock()))


def fix(number: int) -> dict[str, Any]:
    return {"t": BEGAN_S + number, "lat": 1.0, "lon": 2.0 + number / 1e5, "accuracy_m": 5}


def message(him: Person, seq: int, *, ack: bool = True) -> tuple[str, bytes]:
    body = {"session": "s", "seq": seq, "ack": ack, "fixes": [fix(seq)]}
    return fixes_message(him.device_uid, body)


def stored(world: World, him: Person) -> Counter[int]:
    rows = world.rows("SELECT seq FROM position WHERE device_id = :id", id=him.device_id)
    return Counter(row.seq for row in rows)


def tracker_of(him: Person, broker: PrivateMosquitto, protocol: str = "5") -> Publisher:
    return Publisher(broker, him.device_uid, broker.add_user(him.device_uid), protocol)


def an_ack(stored_up_to: int, *missing: list[int]) -> dict[str, Any]:
    return {"session": "s", "stored_up_to": stored_up_to, "missing": list(missing)}


@PROTOCOL
def test_a_device_is_told_how_far_it_is_stored_and_what_is_missing(
    live: World, broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    him = live.person()
    with (
        feeding(address_of(broker_of_its_own, protocol=protocol)) as feed,
        working(feed, live.monitor.on_messages),
        tracker_of(him, broker_of_its_own, protocol) as tracker,
    ):
        tracker.listen(f"supervision/v1/{him.device_uid}/ack")
        for seq, answer in (
            (1, an_ack(1)),
            (2, an_ack(2)),
            (9, an_ack(2, [3, 8])),
            (6, an_ack(2, [3, 5], [7, 8])),
            (6, an_ack(2, [3, 5], [7, 8])),
            (3, an_ack(3, [4, 5], [7, 8])),
            (8, an_ack(3, [4, 5], [7, 7])),
            (5, an_ack(3, [4, 4], [7, 7])),
            (7, an_ack(3, [4, 4])),
            (4, an_ack(9)),
        ):
            tracker.send_all([message(him, seq)])
            assert tracker.hear() == answer
    assert stored(live, him) == Counter(range(1, 10))


@PROTOCOL
def test_a_device_is_told_only_after_the_commit(
    live: World, broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    him, may_commit = live.person(), threading.Event()

    def slow(decoded: Decoded) -> list[DeviceAck]:
        assert may_commit.wait(WAIT_S)
        acks: list[DeviceAck] = live.monitor.on_messages(decoded)
        return acks

    with (
        feeding(address_of(broker_of_its_own, protocol=protocol)) as feed,
        working(feed, slow, most=10),
        tracker_of(him, broker_of_its_own, protocol) as tracker,
    ):
        tracker.listen(f"supervision/v1/{him.device_uid}/ack")
        tracker.send_all(message(him, seq) for seq in range(1, 101))
        assert tracker.heard.empty()
        may_commit.set()
        told = 0
        while told < 100:
            told = tracker.hear()["stored_up_to"]
            assert stored(live, him).total() >= told


def test_a_message_that_did_not_ask_is_not_answered(
    live: World, broker_of_its_own: PrivateMosquitto
) -> None:
    him = live.person()
    with (
        feeding(address_of(broker_of_its_own)) as feed,
        working(feed, live.monitor.on_messages),
        tracker_of(him, broker_of_its_own) as tracker,
    ):
        tracker.listen(f"supervision/v1/{him.device_uid}/ack")
        tracker.send_all([message(him, 1, ack=False)])
        until(lambda: stored(live, him)[1] == 1)
        tracker.send_all([message(him, 2)])
        assert tracker.hear() == an_ack(2)
        assert tracker.heard.empty()


@PROTOCOL
def test_a_device_cannot_speak_for_another(
    live: World, broker_of_its_own: PrivateMosquitto, protocol: str
) -> None:
    him, other = live.person("dev-a"), live.person("dev-b")
    with (
        feeding(address_of(broker_of_its_own, protocol=protocol)) as feed,
        working(feed, live.monitor.on_messages),
        tracker_of(him, broker_of_its_own, protocol) as tracker,
    ):
        tracker.send_all([message(other, 1)])
        tracker.send_all([("owntracks/dev-b/phone", b"{}"), ("positions", b"{}")])
        in_his_name = {"session": "s", "seq": 1, "device": "dev-b", "fixes": [fix(1)]}
        tracker.send_all([fixes_message("dev-a", in_his_name), message(him, 2)])
        until(lambda: stored(live, him)[2] == 1)
    assert stored(live, him) == Counter([2])
    assert stored(live, other) == Counter()
    rejected = live.rows("SELECT topic, reason FROM rejected_message")
    assert [tuple(row) for row in rejected] == [("supervision/v1/dev-a/fixes", "device_mismatch")]


def until_stored(live: World, him: Person, count: int) -> None:
    until(lambda: len(stored(live, him)) == count)


@PROTOCOL
@pytest.mark.parametrize("keeps_queue", [True, False], ids=["stopped", "killed"])
def test_a_broker_restarted_under_way_costs_and_doubles_nothing(
    live: World, broker_of_its_own: PrivateMosquitto, protocol: str, *, keeps_queue: bool
) -> None:
    him = live.person()
    with (
        feeding(address_of(broker_of_its_own, protocol=protocol)) as feed,
        working(feed, live.monitor.on_messages, most=50),
        Publisher(broker_of_its_own) as trackers,
    ):
        for round_ in range(3):
            first = 1000 * round_ + 1
            sending = [message(him, seq, ack=False) for seq in range(first, first + 1000)]
            trackers.send_all(sending)
            with joining(feed):
                broker_of_its_own.stop() if keeps_queue else broker_of_its_own.kill()
                until(lambda: not feed.is_connected)
                broker_of_its_own.start()
            if not keeps_queue:
                # What this broker confirmed and forgot, its devices still have and send again; they
                # forget it when it is stored, which must be so before the broker is killed again.
                trackers.send_all(sending)
                until_stored(live, him, first + 999)
        until_stored(live, him, 3000)
    assert stored(live, him) == Counter(range(1, 3001))


@PROTOCOL
def test_two_processes_share_the_work_and_one_killed_loses_nothing(
    live: World, broker_of_its_own: PrivateMosquitto, protocol: str, tmp_path: Path
) -> None:
    him = live.person()
    both = [
        IngestProcess(
            broker_of_its_own,
            live.database,
            tmp_path / f"{name}.log",
            broker_client_id=name,
            broker_protocol=protocol,
            batch_max_messages=50,
        )
        for name in ("w1", "w2")
    ]
    for one in both:
        one.start()
    until(lambda: all("broker_connected" in one.log_text() for one in both))
    with Publisher(broker_of_its_own) as trackers:
        for seq in range(1, 3001):
            trackers.send(*message(him, seq, ack=False))
            if seq == 1000:
                assert both[0].end() == -signal.SIGKILL
            if seq == 2000:
                both[0].start()
        trackers.flush()
    until(lambda: len(stored(live, him)) == 3000, 60)
    assert stored(live, him) == Counter(range(1, 3001))
    heard = live.rows("SELECT name, detail FROM process_heartbeat ORDER BY name")
    assert [row.name for row in heard] == ["w1", "w2"]
    assert [one.end(signal.SIGTERM) for one in both] == [0, 0], "both end well when told to"

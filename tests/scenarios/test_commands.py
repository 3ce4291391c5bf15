"""Promises about commands: one reaches its device whatever dies on the way, under one id."""

import signal
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.store import NewCommand, request_interval
from supervision.core.clock import system_clock
from supervision.core.db import transaction
from supervision.stack.mosquitto import PrivateMosquitto
from supervision.stack.postgres import DatabaseUrls
from tests.harness import FakeClock, Person, World
from tests.ingest_rig import PROTOCOLS, IngestProcess, Publisher, until

PROTOCOL = pytest.mark.parametrize("protocol", PROTOCOLS)


@pytest.fixture
def live(database: DatabaseUrls) -> World:
    return World(database, FakeClock(system_clock()))


def ask(world: World, him: Person, key: str, interval_s: int) -> int:
    expires_at = system_clock() + timedelta(minutes=10)
    whose = (world.agency_id, him.device_id, him.supervisee_id)
    new = NewCommand(*whose, key, "zone_approach:123", expires_at, interval_s)
    with transaction(world.engine) as session:
        written = request_interval(session, new, system_clock())
    assert written
    return written


def state(world: World, command_id: int) -> tuple[str, int]:
    (row,) = world.rows("SELECT state, attempts FROM device_command WHERE id = :id", id=command_id)
    return row.state, row.attempts


def processes(
    world: World, broker: PrivateMosquitto, protocol: str, folder: Path
) -> list[IngestProcess]:
    return [
        IngestProcess(
            broker,
            world.database,
            folder / f"{name}.log",
            broker_client_id=name,
            broker_protocol=protocol,
        )
        for name in ("w1", "w2")
    ]


def start(process: IngestProcess) -> None:
    process.start()
    until(lambda: "broker_connected" in process.log_text())


@PROTOCOL
def test_a_worker_killed_after_sending_is_followed_by_one_that_repeats_the_same_id(
    live: World, broker_of_its_own: PrivateMosquitto, protocol: str, tmp_path: Path
) -> None:
    him = live.person()
    one, other = processes(live, broker_of_its_own, protocol, tmp_path)
    password = broker_of_its_own.add_user(him.device_uid)
    start(one)
    with Publisher(broker_of_its_own, him.device_uid, password, protocol) as tracker:
        tracker.listen(f"supervision/v1/{him.device_uid}/commands")
        command_id = ask(live, him, "k", 15)
        heard = {"command": "set_interval", "id": command_id, "interval_s": 15}
        assert tracker.hear() == heard
        assert one.end() == -signal.SIGKILL
        assert state(live, command_id) == ("sending", 1)
        # Rather than to wait for its claim to lapse.
        live.rows("UPDATE device_command SET claimed_at = claimed_at - interval '1 h' RETURNING id")
        start(other)
        assert tracker.hear() == heard
        until(lambda: state(live, command_id) == ("sent", 2))
    assert other.end(signal.SIGTERM) == 0


def test_two_workers_send_each_command_once_and_end_well(
    live: World, broker_of_its_own: PrivateMosquitto, tmp_path: Path
) -> None:
    people = [live.person() for _ in range(20)]
    both = processes(live, broker_of_its_own, "5", tmp_path)
    for process in both:
        start(process)
    with Publisher(broker_of_its_own) as trackers:
        trackers.listen("supervision/v1/+/commands")
        asked = [ask(live, him, f"k{him.device_id}", 15) for him in people]
        heard = sorted(trackers.hear()["id"] for _ in people)
        until(lambda: {state(live, one) for one in asked} == {("sent", 1)})
        assert trackers.heard.empty()
    assert heard == asked
    assert [process.end(signal.SIGTERM) for process in both] == [0, 0]

"""Simulated trackers do what they are told, and their story stays what it was."""

import json
import math
from datetime import UTC, datetime
from itertools import chain
from threading import Event
from typing import Any

import pytest

from ingest.payload import Limits, RawMessage, decode
from ingest.payload.contract import Locate, SetInterval
from ingest.simulator.devices import SimDevice
from ingest.simulator.faults import NO_FAULTS, Faults
from ingest.simulator.flags import Outage
from ingest.simulator.lane import Pace
from ingest.simulator.obeying import ObedientPings, Orders
from ingest.simulator.pings import Ping
from ingest.simulator.scenarios import SCENARIOS
from ingest.simulator.truth import SimZone
from ingest.simulator.verify import TrueStay, compare
from tests.unit.ingest.test_simulator_scenarios import walk

START_AT_S = 1_790_000_000.0
ZONE = SimZone(-122.08, 37.4, 200.0)


def a_device(scenario: str = "enter-zone", seed: int = 1, faults: Faults = NO_FAULTS) -> SimDevice:
    return SimDevice(0, scenario, ZONE, seed, 60.0, START_AT_S, faults=faults)


def told(interval_s: int, command_id: int = 1, until_s: float | None = None) -> SetInterval:
    """`until_s` in seconds of the run."""
    until = None if until_s is None else datetime.fromtimestamp(START_AT_S + until_s, UTC)
    return SetInterval(command_id, interval_s, until)


def taken(device: ObedientPings, run_s: float) -> list[Ping]:
    """All that commands ask for by this second."""
    pings = []
    while device.due_s <= run_s:
        if ping := device.take(run_s):
            pings.append(ping)
    return pings


def fix_of(ping: Ping) -> dict[str, Any]:
    (fix,) = json.loads(ping.payload)["fixes"]
    assert isinstance(fix, dict)
    return fix


def times_s(pings: list[Ping]) -> list[float]:
    return [round(fix_of(ping)["t"] - START_AT_S, 3) for ping in pings]


def test_a_faster_interval_adds_fixes_until_it_ends() -> None:
    device = a_device().pings()
    device.hear(told(15, until_s=200.0), run_s=100.0)
    assert device.due_s == 115.0
    pings = taken(device, 130.0)
    assert times_s(pings) == [115.0, 130.0]
    assert times_s(taken(device, 1000.0)) == [145.0, 160.0, 175.0, 190.0]
    assert device.due_s == math.inf
    assert device.take(1000.0) is None


def test_what_commands_add_is_a_session_of_its_own_that_asks_for_acks() -> None:
    device = a_device().pings()
    device.hear(told(15), run_s=0.0)
    pings = taken(device, 60.0)
    assert [ping.seq for ping in pings] == [1, 2, 3, 4]
    assert {ping.session for ping in pings} == {f"{a_device().session}-asked"}
    assert {ping.topic for ping in pings} == {"supervision/v1/sim-0001/fixes"}
    received_at_us = int(START_AT_S + 3600) * 10**6
    raw = [RawMessage(p.topic, p.payload, received_at_us, is_retained=False) for p in pings]
    decoded = decode(raw, Limits(262_144, 400 * 86_400 * 10**6, 120 * 10**6))
    assert len(decoded.fixes) == 4
    assert [receipt.wants_ack for receipt in decoded.receipts] == [True] * 4


def test_his_own_interval_or_a_slower_one_ends_the_extra_fixes() -> None:
    device = a_device().pings()
    device.hear(told(15), run_s=0.0)
    assert len(taken(device, 60.0)) == 4
    device.hear(told(60, 2), run_s=61.0)
    assert taken(device, 1000.0) == []


def test_an_interval_that_is_older_or_over_is_not_obeyed_nor_one_twice() -> None:
    device = a_device().pings()
    device.hear(told(15, 7), run_s=0.0)
    device.hear(told(1, 3), run_s=0.0)
    device.hear(told(15, 7), run_s=14.0)
    assert times_s(taken(device, 30.0)) == [15.0, 30.0]
    device.hear(told(1, 8, until_s=20.0), run_s=40.0)
    assert taken(device, 1000.0) == []


def test_located_he_sends_one_fix_at_once_and_once_for_an_id() -> None:
    device = a_device().pings()
    device.hear(Locate(5), run_s=33.0)
    assert times_s(taken(device, 33.0)) == [33.0]
    device.hear(Locate(5), run_s=40.0)
    assert taken(device, 40.0) == []
    device.hear(Locate(6), run_s=44.0)
    assert times_s(taken(device, 44.0)) == [44.0]


def test_to_be_located_leaves_the_interval_as_it_is() -> None:
    device = a_device().pings()
    device.hear(told(15, 1), run_s=0.0)
    device.hear(Locate(2), run_s=1.0)
    assert times_s(taken(device, 31.0)) == [31.0, 15.0, 30.0]


def test_the_planned_pings_stay_the_same_bytes() -> None:
    device = a_device().pings()
    device.hear(told(15), run_s=0.0)
    planned = []
    for ping in device:
        taken(device, ping.due_at_s)
        planned.append(ping)
    assert planned == list(a_device().pings())


def test_one_begun_before_the_run_is_as_far_on_as_that() -> None:
    device = a_device().pings().earlier(300.0)
    assert next(device).due_at_s == 0.0
    device.hear(told(15, until_s=400.0), run_s=50.0)
    assert device.due_s == 65.0
    assert times_s(taken(device, 90.0)) == [365.0, 380.0]


def test_whoever_is_silent_or_offline_or_away_sends_nothing_and_leaves_no_gap() -> None:
    silent = a_device("silence").pings()
    silent.hear(told(30), run_s=0.0)
    quiet_from_s, quiet_to_s = 900.0, 900.0 + 7200.0
    pings = taken(silent, 10_000.0)
    assert all(not quiet_from_s <= time_s <= quiet_to_s for time_s in times_s(pings))
    assert [ping.seq for ping in pings] == list(range(1, len(pings) + 1))

    burst = a_device("late-burst")
    (stay,) = burst.expected_stays()
    offline = burst.pings()
    offline.hear(Locate(1), run_s=stay.entered.earliest_s + 60.0 - START_AT_S)
    assert taken(offline, stay.entered.earliest_s + 60.0 - START_AT_S) == []

    outage = Faults(disconnect=Outage(600.0, 1200.0))
    away = a_device("commute-clean", faults=outage).pings()
    away.hear(told(10), run_s=0.0)
    pings = taken(away, 1200.0)
    assert len(pings) == 60
    assert [ping.seq for ping in pings] == list(range(1, 61))


def test_nobody_obeys_when_his_story_is_over_or_has_not_begun() -> None:
    device = a_device()
    pings = device.pings()
    pings.hear(told(15), run_s=device.duration_s())
    pings.hear(Locate(2), run_s=device.duration_s() + 1.0)
    assert taken(pings, device.duration_s() + 1000.0) == []
    late_one = SimDevice(1, "enter-zone", ZONE, 1, 60.0, START_AT_S).pings()
    late_one.hear(Locate(1), run_s=0.0)
    assert taken(late_one, 0.0) == []


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("drift_m", [0.0, 5.0])
def test_more_fixes_change_no_right_answer(scenario: str, drift_m: float) -> None:
    for seed in range(3):
        device = a_device(scenario, seed, Faults(drift_m=drift_m))
        pings = device.pings()
        pings.hear(told(5), run_s=0.0)
        extra = taken(pings, device.duration_s())
        expected = [TrueStay(device.device_uid, stay) for stay in device.expected_stays()]
        found = walk(ZONE, device.device_uid, chain(device.pings(), extra), 2.5)
        assert len(extra) > 50
        assert compare(expected, found).is_right, (scenario, seed)


def test_a_lanes_devices_obey_each_in_his_turn_and_then_rest() -> None:
    one, other = a_device().pings(), a_device("silence").pings()
    orders = Orders()
    assert orders.take(10.0) is None
    orders.give(one, told(15, until_s=60.0))
    orders.give(other, Locate(2))
    pings = []
    for run_s in range(10, 100):
        while ping := orders.take(float(run_s)):
            pings.append((run_s, ping.due_at_s))
    assert pings == [(10, 10.0), (25, 25.0), (40, 40.0), (55, 55.0)]
    assert orders._busy == set()


def test_the_second_of_the_run_follows_the_speed() -> None:
    assert Pace(100.0, 60.0, Event(), Event()).run_s(101.5) == 90.0

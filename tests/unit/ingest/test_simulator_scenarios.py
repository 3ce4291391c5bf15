"""The scenarios' answers, held against a walker that knows only the rule, fix by fix."""

import json
import math
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.simulator.devices import SimDevice, latest_start_s
from ingest.simulator.faults import Faults
from ingest.simulator.pings import Ping
from ingest.simulator.scenarios import SCENARIOS
from ingest.simulator.truth import SimZone
from ingest.simulator.verify import FoundStay, TrueStay, compare
from supervision.core.errors import Invalid
from supervision.core.fixes import EventKind

START_AT_S = 1_790_000_000.0
ZONE = SimZone(-122.08, 37.4, 200.0)


def a_device(scenario: str = "enter-zone", seed: int = 1, rate_s: float = 60.0) -> SimDevice:
    return SimDevice(0, scenario, ZONE, seed, rate_s, START_AT_S)


def distance_m(zone: SimZone, lon: float, lat: float) -> float:
    """Flat-earth distance with the ellipsoid's terms, as 47 CFR 73.208 (c) gives it."""
    middle = math.radians((zone.lat + lat) / 2)
    north = 111.13209 - 0.56605 * math.cos(2 * middle) + 0.00120 * math.cos(4 * middle)
    east = 111.41513 * math.cos(middle) - 0.09455 * math.cos(3 * middle)
    east += 0.00012 * math.cos(5 * middle)
    return 1000 * math.hypot(north * (lat - zone.lat), east * (lon - zone.lon))


def walk(
    zone: SimZone, device_uid: str, pings: Iterable[Ping], outside_times: float
) -> list[FoundStay]:
    messages = [json.loads(ping.payload) for ping in pings if ping.seq is not None]
    fixes = {fix["t"]: fix for message in messages for fix in message.get("fixes", ())}
    stays: list[FoundStay] = []
    is_in = False
    for at_s in sorted(fixes):
        fix = fixes[at_s]
        depth_m = zone.radius_m - distance_m(zone, fix["lon"], fix["lat"])
        if depth_m <= -outside_times * fix["accuracy_m"]:
            if is_in:
                stays[-1] = stays[-1]._replace(left_s=at_s)
            is_in = False
        elif not is_in and depth_m > 0:
            stays.append(FoundStay(device_uid, at_s, None, "possible"))
            is_in = True
        if is_in and depth_m >= fix["accuracy_m"]:
            stays[-1] = stays[-1]._replace(grade="confirmed")
    return stays


def is_judged_right(device: SimDevice, zone: SimZone, outside_times: float = 2.5) -> bool:
    expected = [TrueStay(device.device_uid, stay) for stay in device.expected_stays()]
    verdict = compare(expected, walk(zone, device.device_uid, device.pings(), outside_times))
    return verdict.is_right


def lonlats(device: SimDevice) -> list[tuple[float, float]]:
    bodies = [json.loads(ping.payload) for ping in device.pings()]
    return [(fix["lon"], fix["lat"]) for body in bodies for fix in body.get("fixes", ())]


@pytest.mark.parametrize("scenario", SCENARIOS)
@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 2**32),
    index=st.integers(0, 10_000),
    rate_s=st.sampled_from([5.0, 15.0, 60.0, 300.0, 600.0]),
    radius_m=st.floats(100, 2000),
    lat=st.floats(-65, 65),
    outside_times=st.sampled_from([1.0, 2.5, 3.0]),
)
def test_the_answer_is_what_the_rule_says_fix_by_fix(
    scenario: str,
    seed: int,
    index: int,
    rate_s: float,
    radius_m: float,
    lat: float,
    outside_times: float,
) -> None:
    zone = SimZone(12.5, lat, radius_m)
    device = SimDevice(index, scenario, zone, seed, rate_s, START_AT_S)
    assert is_judged_right(device, zone, outside_times)


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("nudge_m", [-1.0, 1.0])
@pytest.mark.parametrize("rate_s", [15.0, 60.0])
def test_the_answer_survives_a_metre_of_difference_in_where_the_edge_is(
    scenario: str, nudge_m: float, rate_s: float
) -> None:
    nudged = ZONE._replace(radius_m=ZONE.radius_m + nudge_m)
    assert all(is_judged_right(a_device(scenario, seed, rate_s), nudged) for seed in range(20))


@pytest.mark.parametrize("outside_times", [1.0, 2.5, 3.0])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_answer_does_not_hang_on_how_sure_of_outside_a_fix_must_be(
    scenario: str, outside_times: float
) -> None:
    for seed in range(20):
        assert is_judged_right(a_device(scenario, seed, 15.0), ZONE, outside_times)


@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if name != "edge-loiter"])
def test_the_answer_survives_every_fault_together(scenario: str) -> None:
    faults = Faults(drop=0.2, duplicate=0.2, reorder=0.2, drift_m=20.0, malformed=0.2)
    for seed in range(20):
        assert is_judged_right(replace(a_device(scenario, seed, 15.0), faults=faults), ZONE)


@pytest.mark.parametrize(
    ("scenario", "grades"),
    [
        ("commute-clean", []),
        ("approach-zone", []),
        ("enter-zone", ["confirmed"]),
        ("drive-through", ["confirmed"]),
        ("edge-loiter", [None]),
        ("urban-drift", []),
        ("silence", []),
        ("late-burst", ["confirmed"]),
        ("duplicates", ["confirmed"]),
        ("strap-cut", []),
    ],
)
def test_each_scenario_has_the_stays_its_name_promises(
    scenario: str, grades: list[str | None]
) -> None:
    assert [stay.grade for stay in a_device(scenario).expected_stays()] == grades


def test_the_same_seed_gives_the_same_pings_and_another_seed_others() -> None:
    for scenario in SCENARIOS:
        once, again = (list(a_device(scenario).pings()) for _ in range(2))
        assert once == again
        assert lonlats(a_device(scenario)) != lonlats(a_device(scenario, seed=2))


def test_the_same_seed_at_another_time_is_another_session() -> None:
    later = replace(a_device(), start_at_s=START_AT_S + 60.0)
    assert {ping.session for ping in later.pings()}.isdisjoint(
        {ping.session for ping in a_device().pings()}
    )


def test_approaching_comes_near_and_commuting_never_does() -> None:
    nearest_m = {
        name: min(distance_m(ZONE, *where) for where in lonlats(a_device(name, rate_s=15.0)))
        for name in ("approach-zone", "commute-clean")
    }
    assert 145.0 < nearest_m["approach-zone"] - ZONE.radius_m < 160.0
    assert nearest_m["commute-clean"] > 3000.0


def test_loitering_leaves_every_fix_of_half_an_hour_in_doubt() -> None:
    (stay,) = a_device("edge-loiter").expected_stays()
    assert stay.left is not None
    assert stay.left.earliest_s - stay.entered.latest_s > 1800.0


def test_urban_drift_reaches_over_the_edge_with_its_circles() -> None:
    fixes = [
        json.loads(ping.payload)["fixes"][0]
        for seed in range(20)
        for ping in a_device("urban-drift", seed).pings()
    ]
    circles_m = [distance_m(ZONE, fix["lon"], fix["lat"]) - fix["accuracy_m"] for fix in fixes]
    assert min(circles_m) < ZONE.radius_m
    assert 0.25 < sum(fix["accuracy_m"] >= 60 for fix in fixes) / len(fixes) < 0.35


def test_silence_lasts_two_hours() -> None:
    times_s = [ping.written_at_s for ping in a_device("silence").pings()]
    gaps_s = [after - before for before, after in pairwise(times_s)]
    assert 7200.0 < max(gaps_s) <= 7320.0


def test_a_late_burst_arrives_out_of_order_when_the_stay_is_over() -> None:
    device = a_device("late-burst")
    (stay,) = device.expected_stays()
    assert stay.left is not None
    inside = [
        ping
        for ping in device.pings()
        if stay.entered.latest_s <= START_AT_S + ping.written_at_s <= stay.left.earliest_s
    ]
    assert min(ping.due_at_s for ping in inside) + START_AT_S > stay.left.latest_s
    seqs = [ping.seq for ping in inside if ping.seq]
    assert seqs != sorted(seqs)


def test_duplicates_repeat_the_same_bytes_up_to_five_times_and_old_ones_later() -> None:
    sent: dict[int | None, list[Ping]] = {}
    for ping in a_device("duplicates").pings():
        sent.setdefault(ping.seq, []).append(ping)
    assert {len(copies) for copies in sent.values()} >= {1, 2, 3, 4, 5}
    assert all(len({copy.payload for copy in copies}) == 1 for copies in sent.values())
    assert any(copy.due_at_s - copy.written_at_s > 60.0 for cs in sent.values() for copy in cs)


def test_a_strap_is_cut_once_between_the_fixes() -> None:
    device = a_device("strap-cut")
    (event,) = device.expected_events()
    (ping,) = [ping for ping in device.pings() if ping.topic.endswith("/events")]
    assert json.loads(ping.payload)["events"] == [{"t": event.at_s, "kind": "strap_cut"}]
    assert event.kind is EventKind.STRAP_CUT
    seqs = [sent.seq for sent in device.pings()]
    assert seqs == list(range(1, len(seqs) + 1))


def test_turns_play_the_scenario_again_with_sequence_numbers_going_on() -> None:
    device = replace(a_device(), turns=3)
    assert len(device.expected_stays()) == 3
    assert is_judged_right(device, ZONE)
    pings = list(device.pings())
    assert [ping.seq for ping in pings] == list(range(1, len(pings) + 1))
    assert pings[-1].written_at_s < device.duration_s() <= pings[-1].written_at_s + 60.0


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nobody_leaps_across_the_zone_between_two_turns(scenario: str) -> None:
    device = replace(a_device(scenario), turns=20)
    fixes = [
        json.loads(ping.payload)["fixes"][0]
        for ping in device.pings()
        if ping.topic.endswith("/fixes")
    ]
    once_s = replace(device, turns=1).duration_s()
    told = [(fix["t"], lonlat_m(fix)) for fix in sorted(fixes, key=lambda fix: fix["t"])]
    assert told[-1][0] - START_AT_S > 15 * once_s
    for (before_s, before), (after_s, after) in pairwise(told):
        chord_m = shapely.LineString([before, after]).distance(shapely.Point(0, 0))
        is_inside = min(math.hypot(*before), math.hypot(*after)) < ZONE.radius_m + 160.0
        assert is_inside or after_s - before_s > 7000 or chord_m > ZONE.radius_m


def lonlat_m(fix: dict[str, float]) -> tuple[float, float]:
    lon_m, lat_m = ZONE.base.metres_per_deg()
    return (fix["lon"] - ZONE.lon) * lon_m, (fix["lat"] - ZONE.lat) * lat_m


def test_a_mixed_fleet_takes_the_scenarios_in_turn() -> None:
    names = list(SCENARIOS)
    for index in range(len(names) + 1):
        mixed = SimDevice(index, "mixed", ZONE, 1, 60.0, START_AT_S)
        named = replace(mixed, scenario=names[index % len(names)])
        assert list(mixed.pings()) == list(named.pings())


def test_devices_do_not_send_all_at_the_same_second() -> None:
    first = [
        next(SimDevice(index, "silence", ZONE, 1, 60.0, START_AT_S).pings()).due_at_s
        for index in range(60)
    ]
    per_ten_s = [sum(s <= at_s < s + 10 for at_s in first) for s in range(0, 60, 10)]
    assert min(per_ten_s) >= 8


@pytest.mark.parametrize(
    "wrong",
    [
        {"scenario": "no-such"},
        {"rate_s": 0.0},
        {"rate_s": 601.0},
        {"zone": SimZone(0.0, 0.0, 99.0)},
        {"zone": SimZone(0.0, 0.0, math.nan)},
        {"turns": 0},
    ],
)
def test_a_plan_without_a_sure_answer_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        replace(a_device(), **wrong)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("speedup", "start_at_s"), [(1.0, 5000.0), (2.0, 4000.0), (math.inf, 3000.0), (0.5, 5000.0)]
)
def test_a_run_played_fast_starts_in_the_past(speedup: float, start_at_s: float) -> None:
    assert latest_start_s(5000.0, 2000.0, speedup) == start_at_s

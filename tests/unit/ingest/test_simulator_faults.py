import json
from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.simulator.devices import SimDevice
from ingest.simulator.faults import BREAKAGES, NO_FAULTS, Faults, faulty, parse_faults
from ingest.simulator.flags import Delay, Outage
from ingest.simulator.pings import Ping, Writer, in_due_order
from ingest.simulator.seeds import chance
from ingest.simulator.truth import SimZone
from supervision.core.errors import Invalid

HEAVY = Faults(
    drop=0.5,
    delay=Delay(2.0, 1.2),
    duplicate=0.5,
    reorder=0.5,
    drift_m=8.0,
    malformed=0.5,
    disconnect=Outage(600.0, 1800.0),
)


def pings_of(faults: Faults = NO_FAULTS, seed: int = 1, index: int = 0) -> list[Ping]:
    zone = SimZone(-122.08, 37.4, 200.0)
    device = SimDevice(index, "enter-zone", zone, seed, 15.0, 1.79e9, 2, faults)
    return list(device.pings())


def numbered(pings: list[Ping]) -> list[Ping]:
    return [ping for ping in pings if ping.seq is not None]


@settings(deadline=None, max_examples=50)
@given(
    seed=st.integers(0, 1000),
    shares=st.tuples(*[st.floats(0, 1)] * 4),
    outage=st.none() | st.tuples(st.floats(1, 1000), st.floats(1001, 5000)),
)
def test_no_fault_loses_a_ping_or_sends_it_before_it_was_written(
    seed: int, shares: tuple[float, ...], outage: tuple[float, float] | None
) -> None:
    drop, duplicate, reorder, malformed = shares
    faults = replace(HEAVY, drop=drop, duplicate=duplicate, reorder=reorder, malformed=malformed)
    faults = replace(faults, disconnect=Outage(*outage) if outage else None)
    pings = pings_of(faults, seed)
    assert {ping.seq for ping in numbered(pings)} == {ping.seq for ping in pings_of(seed=seed)}
    assert all(ping.due_at_s >= ping.written_at_s for ping in pings)
    assert [p.due_at_s for p in pings] == sorted(p.due_at_s for p in pings)


@pytest.mark.parametrize("name", [field.name for field in fields(Faults)])
def test_each_fault_alone_changes_what_is_sent(name: str) -> None:
    only = replace(NO_FAULTS, **{name: getattr(HEAVY, name)})
    assert pings_of(only) != pings_of()
    assert pings_of(only) == pings_of(only)


def lost(pings: list[Ping]) -> set[float]:
    return {ping.written_at_s for ping in pings if ping.is_lost}


def broken(pings: list[Ping]) -> set[float]:
    return {ping.written_at_s for ping in pings if ping.seq is None}


def doubled(pings: list[Ping]) -> set[float]:
    times_s = Counter(ping.written_at_s for ping in numbered(pings))
    return {at_s for at_s, count in times_s.items() if count > 1}


@pytest.mark.parametrize(
    ("alone", "struck"),
    [
        (Faults(drop=HEAVY.drop), lost),
        (Faults(malformed=HEAVY.malformed), broken),
        (Faults(duplicate=HEAVY.duplicate), doubled),
    ],
)
def test_adding_faults_does_not_move_the_chances_of_another(
    alone: Faults, struck: Callable[[list[Ping]], set[float]]
) -> None:
    assert struck(pings_of(alone)) == struck(pings_of(HEAVY)) != set()


def test_another_device_has_other_chances() -> None:
    first, second = (
        [ping.is_lost for ping in pings_of(Faults(drop=0.5), index=index)][:40]
        for index in range(2)
    )
    assert first != second


def test_a_share_is_about_that_share() -> None:
    pings = [ping for seed in range(10) for ping in pings_of(Faults(drop=0.2), seed)]
    assert 0.17 < sum(ping.is_lost for ping in pings) / len(pings) < 0.23


def test_drift_moves_no_further_than_it_says_and_the_accuracy_owns_up_to_it() -> None:
    for true, drifted in zip(pings_of(), pings_of(Faults(drift_m=8.0)), strict=True):
        (was,), (is_now,) = (json.loads(p.payload)["fixes"] for p in (true, drifted))
        assert abs(is_now["lat"] - was["lat"]) * 111_000 <= 8.1
        assert abs(is_now["lon"] - was["lon"]) * 89_000 <= 8.1
        assert is_now["accuracy_m"] == pytest.approx(was["accuracy_m"] + 16.0)


def test_drift_leaves_alone_what_is_no_position() -> None:
    writer = Writer("sim-0001", "s")
    pings = [
        writer.event(0.0, "strap_cut", 1.0),
        writer.fixes(1.0, [{"t": 1.0, "lat": "north", "lon": 3.0, "accuracy_m": 5.0}]),
        writer.fixes(2.0, [{"t": 2.0}]),
    ]
    drifted = faulty(pings, Faults(drift_m=8.0), lambda purpose: chance(1, 0, purpose), 60.0)
    assert list(drifted) == pings


def test_a_device_that_is_away_sends_nothing_until_it_is_back() -> None:
    pings = pings_of(Faults(disconnect=Outage(120.0, 600.0)))
    waited = [ping for ping in pings if ping.due_at_s > ping.written_at_s]
    back_at_s = {round(ping.due_at_s, 6) for ping in waited}
    assert len(waited) > len(back_at_s) > 1
    assert max(ping.due_at_s - ping.written_at_s for ping in waited) <= 120.0
    away = [(at_s - 120.0, at_s) for at_s in back_at_s]
    for ping in pings:
        assert not any(gone < ping.due_at_s < back - 1e-6 for gone, back in away)


def test_broken_messages_are_broken_and_no_ack_can_take_them_for_good_ones() -> None:
    pings = [p for seed in range(5) for p in pings_of(Faults(malformed=0.9), seed) if not p.seq]
    assert len({ping.payload[:12] for ping in pings}) > 1
    for ping in pings:
        assert ping.session is None
        assert b"session" not in ping.payload
        assert not is_plausible(ping.payload)


def test_every_way_of_breaking_breaks_fixes_and_events() -> None:
    writer = Writer("sim-0001", "s")
    fix = {"t": 1.79e9, "lat": 37.4, "lon": -122.0, "accuracy_m": 8.0}
    for breakage in BREAKAGES:
        assert not is_plausible(breakage(writer.fixes(0.0, [fix]).payload))
        assert not is_plausible(breakage(writer.event(0.0, "button", 1.0).payload))


def is_plausible(payload: bytes) -> bool:
    try:
        body = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    (fix,) = body["fixes"]
    is_number = all(isinstance(fix[key], float) for key in ("t", "lat", "lon"))
    return is_number and abs(fix["lat"]) <= 90.0 and (fix["lat"], fix["lon"]) != (0.0, 0.0)


def test_flags_become_faults_and_flags_not_given_stay_off() -> None:
    flags = {
        "drop": "2%",
        "delay": "30s",
        "drift": "8m",
        "disconnect": "10m/1h",
        "malformed": None,
    }
    expected = Faults(0.02, Delay(30.0), drift_m=8.0, disconnect=Outage(600.0, 3600.0))
    assert parse_faults(flags) == expected
    assert parse_faults({}) == NO_FAULTS


def test_a_flag_that_cannot_be_read_says_how_to_write_it() -> None:
    with pytest.raises(ValueError, match="2%"):
        parse_faults({"duplicate": "often"})


@pytest.mark.parametrize("device_uid", ["", "a/b", "a+b", "#", "a\0b"])
def test_a_device_id_that_would_change_the_topic_is_refused(device_uid: str) -> None:
    with pytest.raises(Invalid):
        Writer(device_uid, "s")


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 50)), max_size=30))
def test_due_order_is_a_stable_sort_by_due_time(steps: list[tuple[float, float]]) -> None:
    writer, now_s, pings = Writer("sim-0001", "s"), 0.0, []
    for step_s, delay_s in steps:
        now_s += step_s
        pings.append(writer.event(now_s, "button", now_s).later(delay_s))
    assert list(in_due_order(pings)) == sorted(pings, key=lambda ping: ping.due_at_s)

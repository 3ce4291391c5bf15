"""The engine finds each change of a stay once, reads little, and misses nothing however much."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from geofence.rules.observing import LEAD_US
from geofence.service import StayChange, Window, judge, pairs
from geofence.service.silences import FIXES_MOST
from geofence.zones import NEVER_US, ZoneBook
from ingest.store import FixStore, OwnedFix, StoredPositions
from supervision.core.access import Role
from supervision.core.clock import from_us
from supervision.core.db import transaction
from supervision.core.fixes import LocatedFixes
from supervision.core.locks import lock_people
from tests.harness import T0, Person, World, a_fix, circle

MINUTE_US = 60 * 1_000_000
LON, LAT = -122.08, 37.4
IN, EDGE_IN, EDGE_OUT, OUT = 0.0, 0.00221, 0.00233, 0.0057  # degrees east of the centre; 200 m


class Bench(StoredPositions):
    """One worker's engine, with an eye on what it reads."""

    def __init__(self, world: World, him: Person) -> None:
        self.world, self.him = world, him
        self.book, self.store = ZoneBook(), FixStore()
        self.reads: list[tuple[list[Window], int, int]] = []

    def since(
        self, session: Session, windows: Sequence[tuple[int, int, int]], most: int
    ) -> LocatedFixes:
        read = StoredPositions().since(session, windows, most)
        self.reads.append(([Window(*one) for one in windows], most, len(read)))
        return read

    def judge(self, *seen: tuple[float, float]) -> list[tuple[StayChange, int]]:
        """Store and judge fixes of (minute, degrees east); returns changes, and of which stay."""
        him, self.reads = self.him, []
        fixes = [
            OwnedFix(
                a_fix(him.device_uid, T0 + timedelta(minutes=minute), LON + east, LAT),
                him.device_id,
                self.world.agency_id,
                him.supervisee_id,
            )
            for minute, east in seen
        ]
        with transaction(self.world.engine) as session:
            lock_people(session, [him.supervisee_id])
            new = self.store.store(session, fixes)
            found = judge(session, self.book, new, self, self.world.clock.now)
        return [(one.change, one.stored.id) for one in found]


@pytest.fixture
def bench(world: World, him: Person) -> Bench:
    world.clock.now = T0 + timedelta(days=1)
    world.zone(him, circle(LON, LAT, 200))
    return Bench(world, him)


def spans(world: World) -> list[tuple[float, float | None]]:
    def minute(at: object) -> float | None:
        return None if at is None else (at - T0) / timedelta(minutes=1)  # type: ignore[operator]

    return [(minute(s.entered_at) or 0.0, minute(s.left_at)) for s in world.stays()]


def test_a_stay_is_found_ended_resumed_and_revised_each_time_once(
    world: World, bench: Bench
) -> None:
    assert bench.judge((1, IN)) == [(StayChange.FOUND, 1)]
    assert bench.judge((2, IN)) == []
    assert bench.judge((9, OUT)) == [(StayChange.ENDED, 1)]
    assert bench.judge((7, OUT)) == [(StayChange.REVISED, 1)]
    assert bench.judge((0, IN)) == [(StayChange.REVISED, 1)]
    assert spans(world) == [(0, 7)]


def test_a_stay_found_when_it_is_over_is_told_with_its_end(bench: Bench) -> None:
    found = bench.judge((1, IN), (2, OUT))
    assert found == [(StayChange.FOUND, 1), (StayChange.ENDED, 1)]


def test_a_stay_that_loses_its_best_fix_to_another_is_not_told_as_confirmed(
    world: World, bench: Bench
) -> None:
    assert bench.judge((1, EDGE_IN), (9, IN)) == [(StayChange.FOUND, 1)]
    found = bench.judge((5, OUT))
    assert (StayChange.CONFIRMED, 1) not in found
    assert (StayChange.REVISED, 1) in found
    assert [stay.grade for stay in world.stays()] == ["possible", "confirmed"]


def test_a_fix_far_from_every_zone_and_stay_costs_no_look_at_the_history(bench: Bench) -> None:
    assert bench.judge((0, 1.0)) == []
    assert bench.reads == []


def test_a_ping_in_a_long_stay_is_judged_by_itself(bench: Bench) -> None:
    bench.judge(*((minute, IN) for minute in range(200)))
    assert bench.judge((200, IN)) == []
    ((windows, _, read),) = bench.reads
    assert from_us(windows[0].since_us + LEAD_US) > T0 + timedelta(minutes=199)
    assert read <= LEAD_US // MINUTE_US + 3


def test_the_same_fixes_again_change_nothing_and_read_nothing(bench: Bench) -> None:
    bench.judge((1, IN), (2, OUT))
    assert bench.judge((1, IN), (2, OUT)) == []
    assert bench.reads == []


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "FIXES_AT_ONCE", (4, 8, NEVER_US))


def test_a_late_fix_in_a_long_history_is_settled_without_reading_all_of_it(
    world: World, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairs, "FIXES_AT_ONCE", (60, 70, NEVER_US))
    bench.judge(*((minute, OUT) for minute in range(1, 100)), (100, IN), (101, OUT))
    assert bench.judge((0, IN)) == [(StayChange.FOUND, 2), (StayChange.ENDED, 2)]
    assert [most for _, most, _ in bench.reads if most != FIXES_MOST] == [60]
    assert spans(world) == [(0, 1), (100, 101)]


@pytest.mark.usefixtures("few_at_once")
def test_a_stay_cut_short_far_before_its_old_end_opens_anew_where_it_should(
    world: World, bench: Bench
) -> None:
    edge = ((minute, EDGE_OUT) for minute in range(2, 30))
    bench.judge((0, IN), *edge, (30, IN), (40, OUT))
    assert spans(world) == [(0, 40)]
    bench.judge((1, OUT))
    assert spans(world) == [(0, 1), (30, 40)]


@pytest.mark.usefixtures("few_at_once")
def test_a_drawing_that_begins_beyond_what_was_read_is_judged_by_the_fixes_before_it(
    world: World, bench: Bench, him: Person
) -> None:
    later = world.zone(him, circle(LON + OUT, LAT, 200), T0 + timedelta(minutes=30))
    with transaction(world.engine) as session:
        world.monitor.zoning(session, world.actor(Role.PRETRIAL)).retire(
            later, T0 + timedelta(minutes=35)
        )
    there = ((minute, OUT) for minute in (1, 2, 3))
    bench.judge(*there, *((minute, 1.0) for minute in range(4, 60)))
    bench.judge((0.5, OUT))
    assert spans(world) == []


@pytest.mark.usefixtures("few_at_once")
def test_more_fixes_of_one_moment_than_are_read_at_once_are_all_judged(
    world: World, bench: Bench
) -> None:
    contradictory = [-OUT, -OUT - 0.001, IN, IN + 0.0001, IN + 0.0002]
    bench.judge((1, OUT), *((5, east) for east in contradictory), (6, OUT))
    bench.judge((0, IN))
    assert spans(world) == [(0, 1), (5, 6)]
    assert [stay.fix_count for stay in world.stays()] == [1, 3]
    assert len(world.rows("SELECT * FROM zone_stay")) == 2


def test_a_zone_drawn_twice_from_the_same_moment_counts_as_drawn_last(
    world: World, him: Person
) -> None:
    zone_id = world.zone(him, circle(LON, LAT, 200), T0)
    world.send([a_fix(him.device_uid, T0 - timedelta(minutes=1), LON, LAT)])
    officer = world.actor(Role.PRETRIAL)
    with transaction(world.engine) as session:
        world.monitor.zoning(session, officer).amend(zone_id, circle(LON + 1, LAT, 200), T0)
    assert world.stays() == []
    world.send([a_fix(him.device_uid, T0 + timedelta(minutes=1), LON + 1, LAT)])
    with transaction(world.engine) as session:
        world.monitor.zoning(session, officer).retire(zone_id, T0)
    assert world.stays() == []


def test_a_zone_armed_moments_ahead_and_committed_after_the_sweep_is_swept_again(
    world: World, him: Person
) -> None:
    world.send([a_fix(him.device_uid, T0, LON, LAT)])
    world.monitor.sweep_zone_boundaries()
    officer = world.actor(Role.PRETRIAL)
    with transaction(world.engine) as session:
        world.monitor.zoning(session, officer).arm(
            him.clause_id, "Z", circle(LON, LAT, 200), T0 + timedelta(seconds=1)
        )
        world.clock.forward(5)
        world.monitor.sweep_zone_boundaries()
    assert world.stays() == []
    world.clock.forward(1)
    assert world.monitor.sweep_zone_boundaries() == 1
    (stay,) = world.stays()
    assert stay.entered_at == T0 + timedelta(seconds=1)
    world.clock.forward(600)
    assert world.monitor.sweep_zone_boundaries() == 0
    assert len(world.alerts()) == 1


def test_a_zone_armed_ahead_before_any_sweep_ever_ran_is_found_by_the_first(
    world: World, him: Person
) -> None:
    world.send([a_fix(him.device_uid, T0, LON, LAT)])
    world.zone(him, circle(LON, LAT, 200), T0 + timedelta(minutes=1))
    world.clock.forward(120)
    assert world.monitor.sweep_zone_boundaries() == 1
    assert len(world.alerts()) == 1


def test_a_zone_armed_in_the_past_is_no_work_for_a_sweep(world: World, him: Person) -> None:
    world.zone(him, circle(LON, LAT, 200), T0 - timedelta(minutes=1))
    world.clock.forward(120)
    assert world.monitor.sweep_zone_boundaries() == 0

"""Whatever the order, repetition and delay of his fixes, the stays are the same (invariant 3).

Three answers must agree: fixes sent in any order through two workers that start anew now and then,
the same fixes sent as one batch in order, and the oracle's (see `stories`).
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Row

from geofence.service import ExceptionKind, NewException, ZoneKind, pairs
from geofence.zones import NEVER_US
from supervision.core.access import Role
from supervision.core.clock import to_us
from supervision.core.db import transaction
from supervision.core.fixes import Decoded, Source
from tests.harness import T0, World
from tests.oracle import StayShown
from tests.scenarios.stories import (
    AMENDED,
    CURFEW,
    FIRST,
    HOME,
    LONG_AGO,
    NOW,
    SECOND,
    WARNING_M,
    Seen,
    Story,
    Told,
    answer,
    is_equal,
    stories,
)
from tests.stored import ALERTS_OF_STAYS, POSITIONS, STAYS, stay_shown

# What may depend on arrival: rows' own numbers, and when and how late something was found.
ARRIVAL = {"id", "agency_id", "supervisee_id", "found_at", "is_late", "withdrawn_at"}


class Stage:
    """The real system with a fresh person in it, and the zones of one story."""

    def __init__(self, world: World, story: Story) -> None:
        self.world, self.story = world, story
        self.monitors = [world.monitor, world.another_worker()]
        world.clock.now = NOW
        self.him = world.person()
        self.zones = [
            world.zone(self.him, FIRST.geojson(), story.armed_at),
            0,
            world.zone(
                self.him, HOME.geojson(), LONG_AGO, kind=ZoneKind.INCLUSION, schedule=CURFEW
            ),
        ]

    def officers(self) -> list[tuple[int, Callable[[], None]]]:
        """What officers do, each before which batch."""
        acts = (self.amend, self.draw_second, self.grant)
        return list(zip(self.story.told, acts, strict=True))

    def send(self, worker: int, batch: Sequence[int]) -> None:
        """Through one of two workers; of those above, one that has just been started."""
        if worker > 1:
            self.monitors[worker % 2] = self.world.another_worker()
        fixes = [self.story.fixes[place].fix(self.him.device_uid) for place in batch]
        self.monitors[worker % 2].on_messages(Decoded(fixes, [], [], []))

    def amend(self) -> None:
        if self.story.amended_at is not None:
            officer, geojson = self.world.actor(Role.PRETRIAL), AMENDED.geojson()
            with transaction(self.world.engine) as session:
                self.monitors[0].zoning(session, officer).amend(
                    self.zones[0], geojson, self.story.amended_at
                )

    def draw_second(self) -> None:
        self.zones[1] = self.world.zone(self.him, SECOND.geojson(), LONG_AGO, warning_m=WARNING_M)

    def grant(self) -> None:
        """An exception, while it lasts."""
        if self.story.exception is not None:
            begins_at, ends_at = self.story.exception
            self.world.clock.now = ends_at - timedelta(seconds=1)
            zone, kind = self.zones[0], ExceptionKind.OTHER
            new = NewException(zone, self.him.supervisee_id, kind, "Moves out.", begins_at, ends_at)
            with transaction(self.world.engine) as session:
                actor = self.world.actor(Role.PRETRIAL)
                self.monitors[0].excepting(session, actor).grant(new)
            self.world.clock.now = NOW

    def rows(self, sql: str) -> Sequence[Row[Any]]:
        return self.world.rows(sql, him=self.him.supervisee_id)

    def stays(self) -> dict[tuple[int, str], list[StayShown]]:
        found: dict[tuple[int, str], list[StayShown]] = {
            key: [] for key in answer(self.story).stays
        }
        for row in self.rows(STAYS):
            found[self.zones.index(row.zone_id), row.ring].append(stay_shown(row, row.version))
        return found

    def columns(self) -> list[dict[str, Any]]:
        """All that is stored of the stays, but for what may depend on arrival."""
        seen = {row.id: tuple(row)[1:] for row in self.rows(POSITIONS)}

        def plain(name: str, value: Any) -> Any:
            return seen[value] if name.endswith("position_id") else value

        return [
            {
                name: plain(name, value)
                for name, value in row._mapping.items()
                if name not in ARRIVAL
            }
            | {"zone_id": self.zones.index(row.zone_id), "zone_version_id": row.version}
            for row in self.rows(STAYS)
        ]

    def silences(self) -> set[tuple[int, int, int]]:
        sql = "SELECT * FROM zone_silence WHERE supervisee_id = :him AND withdrawn_at IS NULL"
        return {
            (self.zones.index(row.zone_id), to_us(row.from_at), to_us(row.until_at))
            for row in self.rows(sql)
        }

    def check(self) -> None:
        self.world.monitor.sweep_zone_boundaries()
        found, right = self.stays(), answer(self.story)
        for key, stays in right.stays.items():
            assert is_equal(found[key], stays), (key, found[key], stays)
        assert self.silences() == right.silences
        self.check_alerts()

    def check_alerts(self) -> None:
        """Every stay or approach ever found has one alert, which says what became of it."""
        for row in self.rows(ALERTS_OF_STAYS):
            assert row.stay_id is not None, "an alert of no stay"
            is_told = row.withdrawn_at is None and (
                row.ring == "zone" or row.closing_at is not None
            )
            assert row.alert_id is not None or not is_told
            if row.alert_id is not None:
                assert row.handling == "new"
                assert row.is_told_withdrawn != is_told
            if is_told:
                assert row.cleared_at == row.left_at
                assert row.told == "confirmed" or row.grade == "possible"


def check(world: World, story: Story) -> None:
    """Tell the story in its own order and in plain order, and ask the oracle."""
    told = Stage(world, story)
    for number in range(len(story.batches) + 1):
        for told_at, act in told.officers():
            if told_at == number:
                act()
        if number < len(story.batches):
            told.send(story.workers[number], story.batches[number])
    in_order = Stage(world, story)
    for _, act in in_order.officers():
        act()
    in_order.send(0, story.in_order)
    told.check()
    in_order.check()
    assert told.columns() == in_order.columns()


def check_at_once(world: World, story: Story) -> None:
    """Let two workers and the officer who amends the zone all act at the same time."""
    stage = Stage(world, story)
    stage.grant()
    stage.draw_second()

    def work(number: int) -> None:
        for batch, worker in zip(story.batches, story.workers, strict=True):
            if worker % 2 == number:
                stage.send(number, batch)

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(work, 0), pool.submit(work, 1), pool.submit(stage.amend)]:
            done.result()
    stage.check()


# Each story takes a third of a second; two thousand of each kind are told with -m heavy.
quick = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quick
@given(story=stories())
def test_any_order_through_two_workers_ends_in_the_same_stays(world: World, story: Story) -> None:
    check(world, story)


@quick
@given(story=stories())
@pytest.mark.usefixtures("few_at_once")
def test_the_stays_are_the_same_however_few_fixes_are_read_at_once(
    world: World, story: Story
) -> None:
    check(world, story)


@pytest.mark.heavy
@settings(quick, max_examples=2_000)
@given(story=stories())
def test_any_order_of_very_many_stories_ends_in_the_same_stays(world: World, story: Story) -> None:
    check(world, story)


@pytest.mark.heavy
@settings(quick, max_examples=2_000)
@given(story=stories())
@pytest.mark.usefixtures("few_at_once")
def test_very_many_stories_read_a_few_fixes_at_once(world: World, story: Story) -> None:
    check(world, story)


@settings(quick, max_examples=12)
@given(story=stories())
def test_two_workers_at_the_same_time_end_in_the_same_stays(world: World, story: Story) -> None:
    check_at_once(world, story)


@pytest.mark.heavy
@settings(quick, max_examples=1_000)
@given(story=stories())
def test_very_many_stories_told_by_two_workers_at_the_same_time(world: World, story: Story) -> None:
    check_at_once(world, story)


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the engine read as few fixes at once as it would of a month's history."""
    monkeypatch.setattr(pairs, "FIXES_AT_ONCE", (2, 5, NEVER_US))


def test_a_day_that_only_a_weak_fix_ends_is_a_silence_in_any_order(world: World) -> None:
    weak = Seen(0, 0, 0, 320.0, Source.GPS)
    fixes = [weak, weak._replace(second=-86_800, accuracy_m=None)]
    for batches in ([[0], [1]], [[1], [0]], [[0, 1]]):
        check(world, Story(fixes, T0, None, None, batches, [0] * len(batches), Told(0, 0, 0)))


def test_two_places_at_one_moment_are_joined_by_no_impossible_way(world: World) -> None:
    east_m = ((0, 0), (0, 4000), (3, 4000), (6, 0))
    fixes = [Seen(second, east, 0, None, Source.GPS) for second, east in east_m]
    story = Story(fixes, T0, None, None, [[0, 1, 2, 3]], [0], Told(0, 0, 0))
    check_at_once(world, story)

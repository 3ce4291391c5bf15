"""Whatever the order, repetition and delay of his fixes, the stays are the same (invariant 3).

Three answers must agree: fixes sent in any order through two workers, the same fixes sent as one
batch in order, and the plain walk of `stories`.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from geofence.service import judging
from geofence.zones import NEVER_US
from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.fixes import Decoded
from tests.harness import T0, World
from tests.scenarios.stories import AMENDED, STEP, Story, Walked, stories, walk


class Stage:
    """The real system with a fresh person in it, and the zones of one story."""

    def __init__(self, world: World, story: Story) -> None:
        self.world, self.story = world, story
        self.monitors = [world.monitor, world.another_worker()]
        world.clock.now = T0 + timedelta(hours=2)
        self.him = world.person()
        self.zones = [
            world.zone(self.him, drawings[0][2].geojson(), drawings[0][0])
            for drawings in story.drawings.values()
        ]

    def send(self, worker: int, batch: Sequence[int]) -> None:
        fixes = [self.story.fixes[place].fix(self.him.device_uid) for place in batch]
        self.monitors[worker].on_messages(Decoded(fixes, [], [], []))

    def amend(self) -> None:
        if self.story.amended is None:
            return
        amended_at = T0 + self.story.amended * STEP
        officer = self.world.actor(Role.PRETRIAL)
        with transaction(self.world.engine) as session:
            self.world.monitor.amend_zone(
                session, officer, self.zones[0], AMENDED.geojson(), amended_at
            )

    def stays(self) -> list[Walked]:
        return [
            Walked(
                self.zones.index(row.zone_id),
                row.entered_at,
                row.left_at,
                row.last_seen_at,
                row.grade,
                row.fix_count,
                row.deepest_m,
            )
            for row in self.world.rows(
                "SELECT * FROM zone_stay WHERE supervisee_id = :him AND withdrawn_at IS NULL"
                " ORDER BY zone_id, entered_at",
                him=self.him.supervisee_id,
            )
        ]

    def check(self) -> None:
        found, walked = self.stays(), walk(self.story)
        depths_m = [stay.deepest_m for stay in walked]
        assert [one.deepest_m for one in found] == pytest.approx(depths_m, abs=1, rel=0.005)
        assert [one._replace(deepest_m=0) for one in found] == [
            one._replace(deepest_m=0) for one in walked
        ]
        self.check_alerts()

    def check_alerts(self) -> None:
        """Every stay ever found has one alert, which says what became of it."""
        rows = self.world.rows(
            "SELECT s.*, a.state, a.cleared_at, a.grade AS told,"
            " coalesce(a.evidence -> 'is_withdrawn' = 'true', false) AS is_told_withdrawn"
            " FROM zone_stay s FULL JOIN alert a ON a.supervisee_id = s.supervisee_id"
            " AND a.dedup_key = 'zone_entry:1:stay:' || s.id"
            " WHERE coalesce(s.supervisee_id, a.supervisee_id) = :him",
            him=self.him.supervisee_id,
        )
        for row in rows:
            assert row.id is not None
            assert row.state == "open"
            assert row.is_told_withdrawn == (row.withdrawn_at is not None)
            if row.withdrawn_at is None:
                assert row.cleared_at == row.left_at
                assert row.told == "confirmed" or row.grade == "possible"


def check(world: World, story: Story) -> None:
    """Tell the story in its own order and in plain order, and walk it."""
    told = Stage(world, story)
    for number, (batch, worker) in enumerate(zip(story.batches, story.workers, strict=True)):
        if number == story.told_of_amendment:
            told.amend()
        told.send(worker, batch)
    if story.told_of_amendment == len(story.batches):
        told.amend()
    in_order = Stage(world, story)
    in_order.amend()
    in_order.send(0, sorted(range(len(story.fixes)), key=lambda place: story.fixes[place].step))
    told.check()
    in_order.check()


def check_at_once(world: World, story: Story) -> None:
    """Let two workers and the officer who amends the zone all act at the same time."""
    stage = Stage(world, story)

    def work(number: int) -> None:
        for batch, worker in zip(story.batches, story.workers, strict=True):
            if worker == number:
                stage.send(worker, batch)

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(work, 0), pool.submit(work, 1), pool.submit(stage.amend)]:
            done.result()
    stage.check()


quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
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


@settings(quick, max_examples=20)
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
    monkeypatch.setattr(judging, "FIXES_AT_ONCE", (2, 5, NEVER_US))

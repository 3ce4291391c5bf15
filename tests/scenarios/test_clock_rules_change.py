"""When a zone's rules change, what is ahead moves; what has opened or was handled does not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, reset_tzpath

import pytest
from sqlalchemy import Row

from supervision.checkins.timing import WEEKDAYS, Hours, Unannounced, monday_of
from supervision.core.recurrence import clock_rules, wall_clock
from tests.checkin_world import DAILY, at, checkins, do, happened, plan_for, sweep
from tests.harness import Person, World

ZONE, WITHOUT_WINTER = "America/New_York", "America/Puerto_Rico"
HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
# Clocks go back on 1 November 2026, unless the law says otherwise by then.
BEFORE = datetime(2026, 10, 20, 12, tzinfo=UTC)
CHANGE = date(2026, 11, 1)


@pytest.fixture
def him(world: World) -> Person:
    """In New York, ten days before clocks go back."""
    world.clock.now = BEFORE
    him = world.person()
    world.one(
        "UPDATE supervisee SET time_zone = :zone WHERE id = :id RETURNING id",
        zone=ZONE,
        id=him.supervisee_id,
    )
    return him


class NewRules:
    """A new edition of the time zones, by which New York keeps its summer time all year."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self._monkeypatch = folder, monkeypatch

    def come(self) -> None:
        area, _, place = WITHOUT_WINTER.partition("/")
        rules = resources.files(f"tzdata.zoneinfo.{area}").joinpath(place).read_bytes()
        file = self._folder / ZONE
        file.parent.mkdir(parents=True)
        file.write_bytes(rules)
        reset_tzpath(to=[str(self._folder)])
        ZoneInfo.clear_cache()
        self._monkeypatch.setattr(wall_clock, "version", lambda _: "2027.1")
        clock_rules.cache_clear()


@pytest.fixture
def new_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NewRules]:
    yield NewRules(tmp_path, monkeypatch)
    reset_tzpath(to=())
    ZoneInfo.clear_cache()
    clock_rules.cache_clear()


def standing(world: World, him: Person) -> list[Row[Any]]:
    return [row for row in checkins(world, him) if row.state != "replaced"]


def test_what_is_ahead_moves_and_each_date_is_asked_for_once(
    world: World, him: Person, new_rules: NewRules
) -> None:
    plan_for(world, him, at(time(18)))
    before = standing(world, him)
    new_rules.come()
    assert world.monitor.make_checkins() == 1
    assert world.monitor.make_checkins() == 0
    after = standing(world, him)
    assert [row.slot for row in after] == [row.slot for row in before]
    moved = [old.opens_at - new.opens_at for old, new in zip(before, after, strict=True)]
    winter = [row.local_date >= CHANGE for row in before]
    assert moved == [HOUR if is_winter else timedelta(0) for is_winter in winter]
    kept = {row.id for row in before} & {row.id for row in after}
    assert len(kept) == winter.count(False), "what holds is left alone"
    (old, *_) = [row for row in checkins(world, him) if row.state == "replaced"]
    (event,) = world.rows("SELECT * FROM checkin_event WHERE checkin_id = :id", id=old.id)
    assert (event.kind, event.detail, event.officer_id) == ("replaced", {"by": "clocks"}, None)


def test_what_has_opened_or_was_handled_stays_and_nothing_is_missed_or_doubled(
    world: World, him: Person, new_rules: NewRules
) -> None:
    """The news comes on 3 November, when one is open, one is cancelled and one was missed."""
    plan_for(world, him, at(time(18)))
    by_date = {row.local_date: row.id for row in checkins(world, him)}
    missed, opened, cancelled = (CHANGE + days * A_DAY for days in (0, 1, 5))
    for number in range(20, 32):
        sweep(world, datetime(2026, 10, number, 22, tzinfo=UTC))
        do(world, "attend", by_date[date(2026, 10, number)], world.clock.now)
    do(world, "cancel", by_date[cancelled], "A holiday.")
    assert sweep(world, datetime(2026, 11, 2, 23, tzinfo=UTC)) == 1
    was = {row.id: row for row in checkins(world, him)}
    new_rules.come()
    world.monitor.make_checkins()
    now = {row.id: row for row in checkins(world, him)}
    for day, state in ((missed, "missed"), (opened, "open"), (cancelled, "cancelled")):
        assert now[by_date[day]] == was[by_date[day]]
        assert now[by_date[day]].state == state
    dates = [row.local_date for row in standing(world, him)]
    assert len(dates) == len(set(dates)), "each date is asked for once"
    assert sweep(world, datetime(2026, 11, 3, 0, 15, tzinfo=UTC)) == 1
    assert [alert.evidence["local_date"] for alert in world.alerts()] == [
        "2026-11-01",
        "2026-11-02",
    ]
    assert happened(world, by_date[opened]) == ["opened", "missed"]


def test_one_whose_new_time_has_passed_already_is_still_asked_for_once(
    world: World, him: Person, new_rules: NewRules
) -> None:
    """At half past five in winter time it is half past six by the new rules: six is over."""
    plan_for(world, him, at(time(18)))
    world.clock.now = datetime(2026, 11, 3, 22, 30, tzinfo=UTC)
    sweep(world, world.clock.now)
    new_rules.come()
    world.monitor.make_checkins()
    (today,) = [row for row in standing(world, him) if row.local_date == date(2026, 11, 3)]
    assert (today.state, today.opens_at) == ("scheduled", datetime(2026, 11, 3, 23, tzinfo=UTC))
    (tomorrow,) = [row for row in standing(world, him) if row.local_date == date(2026, 11, 4)]
    assert tomorrow.opens_at == datetime(2026, 11, 4, 22, tzinfo=UTC)


def test_two_schedulers_that_hear_of_it_at_once_move_each_once(
    world: World, new_rules: NewRules, him: Person
) -> None:
    for _ in range(4):
        plan_for(world, him, at(time(18)))
    dates = len(standing(world, him))
    new_rules.come()
    with ThreadPoolExecutor(2) as both:
        schedulers = [world.monitor, world.another_worker()]
        assert sum(both.map(lambda monitor: monitor.make_checkins(), schedulers)) == 4
    assert len(standing(world, him)) == dates
    replaced = [row for row in checkins(world, him) if row.state == "replaced"]
    assert len(replaced) == 4 * len({row.local_date for row in replaced})


def test_unannounced_weeks_are_drawn_anew_only_where_one_no_longer_holds(
    world: World, him: Person, new_rules: NewRules
) -> None:
    """Allowed from 12 to 13 only: by the new rules each of November lies an hour too late."""
    noon = Unannounced(3, (Hours(WEEKDAYS, time(12), time(13)),), HOUR)
    plan_for(world, him, replace(DAILY, timing=noon))
    before = standing(world, him)
    new_rules.come()
    world.monitor.make_checkins()
    after = standing(world, him)
    shown = {row.opens_at.astimezone(ZoneInfo(ZONE)).hour for row in after}
    assert shown == {12}
    autumn = [row.id for row in before if monday_of(row.local_date) < date(2026, 10, 26)]
    assert [row.id for row in after[: len(autumn)]] == autumn
    november = [row for row in after if row.local_date >= date(2026, 11, 2)]
    assert {row.slot.split("/")[2] for row in november} == {"1"}
    assert len(november) == len([row for row in before if row.local_date >= date(2026, 11, 2)])

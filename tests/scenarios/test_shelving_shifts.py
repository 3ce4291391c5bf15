"""Promises about how long something is shelved, and who may do it: a shift, whatever is tried."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from alerts.catalogue import AlertKind
from alerts.shelving import SHIFT
from supervision.core.access import Role
from supervision.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.harness import T0, World
from tests.shelving import HOUR, Desk

LEAST = timedelta(microseconds=1)


@pytest.fixture
def desk(world: World) -> Desk:
    world.officer(Role.SUPERVISOR)
    return Desk(world, world.person())


def test_a_shelf_never_outlasts_a_shift(desk: Desk, world: World) -> None:
    with pytest.raises(Invalid, match="12 hours"):
        desk.shelve(SHIFT / HOUR + 1e-6)
    first = desk.shelve(8)
    alert_id = desk.find()
    world.clock.forward(7 * 3600)
    with pytest.raises(Invalid, match="12 hours"):
        desk.shelve(5 + 1e-6)
    second = desk.shelve(5, reason="The shop opens at eight.")
    rows = world.rows("SELECT id, prolongs_id, ended_at FROM alert_shelf ORDER BY id")
    assert [(row.id, row.prolongs_id) for row in rows] == [(first, None), (second, first)]
    assert (rows[0].ended_at, desk.shelves()) == (T0 + 7 * HOUR, 1)
    assert desk.due_at(alert_id) == T0 + SHIFT
    assert world.history(alert_id) == ["raised", "shelved", "shelved"]
    assert desk.at(8) == 0
    world.clock.now = T0 + SHIFT
    with pytest.raises(Invalid, match="12 hours"):
        desk.shelve(1)
    desk.at(12)
    assert desk.told() == [alert_id]


def test_after_a_gap_everything_held_is_told_whatever_is_shelved_anew(
    desk: Desk, world: World
) -> None:
    desk.shelve(8)
    alert_id = desk.find()
    world.clock.now = T0 + 8 * HOUR + LEAST
    desk.shelve(12)
    later = desk.find()
    world.monitor.escalate()
    assert desk.told() == [alert_id]
    assert desk.due_at(later) == world.clock.now + SHIFT


def test_a_shelf_is_gap_free_over_midnight_and_a_change_of_the_clocks(
    desk: Desk, world: World
) -> None:
    world.clock.now = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # half past two, summer, in Berlin
    began_at = world.clock.now
    desk.shelve(12)
    for hours in range(12):
        world.clock.now = began_at + hours * HOUR
        desk.find()
    assert desk.told() == []
    world.clock.now = began_at + SHIFT
    desk.find()
    assert len(desk.told()) == 1


def test_an_officer_shelves_only_what_he_may_handle(desk: Desk, world: World) -> None:
    with pytest.raises(NotFound):
        desk.shelve(1, officer_id=world.officer())
    with pytest.raises(NotAllowed):
        desk.shelve(1, role=Role.PRETRIAL)
    with pytest.raises(NotAllowed):
        desk.shelve(1, role=Role.ADMINISTRATOR)
    with pytest.raises(Invalid, match="why"):
        desk.shelve(1, reason=" ")
    desk.shelve(1, AlertKind.CLAUSE_UNCOVERED, role=Role.PRETRIAL)
    desk.shelve(1, role=Role.SUPERVISOR)


def test_two_who_shelve_at_once_make_one_stretch(desk: Desk, world: World) -> None:
    def attempt(hours: float) -> None:
        with suppress(Conflict):
            desk.shelve(hours)

    with ThreadPoolExecutor(2) as both:
        list(both.map(attempt, [2, 3]))
    assert desk.shelves() == 1
    assert world.one("SELECT max(ends_at) FROM alert_shelf") == T0 + 3 * HOUR


def test_of_two_who_act_at_one_moment_the_second_acts_after_the_first(
    desk: Desk, world: World
) -> None:
    first = desk.shelve(4)
    world.clock.forward(-0.01)
    desk.shelve(6)
    desk.take_back(first + 1)
    world.clock.forward(-0.01)
    desk.shelve(6)
    assert desk.shelves() == 0
    world.clock.now = T0
    assert desk.shelves() == 1
    assert world.one("SELECT count(*) FROM alert_shelf") == 3

"""Promises about sets of zones: judged for everybody to whom they apply, while they apply."""

import pytest

from geofence.service import narrowing
from tests.harness import T0, Person, World
from tests.scenarios.sightings import seen, spans, tick
from tests.zoning import (
    LON,
    apply_set,
    end_membership,
    except_from,
    import_circles,
    make_set,
    minute,
)


@pytest.fixture(autouse=True)
def many_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change is narrowed to the pairs that can matter, as if there were thousands."""
    monkeypatch.setattr(narrowing, "FEW_PAIRS", 0)


def test_a_set_applied_around_somebody_alerts_before_his_next_fix(
    world: World, him: Person
) -> None:
    zone_set_id = make_set(world, LON + 1, LON)
    seen(world, him, T0)
    world.clock.now = minute(1)
    apply_set(world, zone_set_id, him)
    assert spans(world) == [(minute(1), None)]


def test_a_set_that_applies_from_later_on_is_judged_when_its_time_comes(
    world: World, him: Person
) -> None:
    zone_set_id = make_set(world, LON + 1, LON)
    apply_set(world, zone_set_id, him, minute(10), minute(20))
    seen(world, him, minute(9))
    assert world.alerts() == []
    tick(world, minute(10))
    assert spans(world) == [(minute(10), None)]
    tick(world, minute(20))
    assert spans(world) == [(minute(10), minute(20))]


def test_lifting_a_set_ends_the_stay_in_its_zone(world: World, him: Person) -> None:
    member_id = apply_set(world, make_set(world, LON), him)
    seen(world, him, minute(1))
    world.clock.now = minute(2)
    end_membership(world, member_id)
    assert spans(world) == [(minute(1), minute(2))]


def test_a_set_concerns_nobody_to_whom_it_does_not_apply(world: World, him: Person) -> None:
    apply_set(world, make_set(world, LON), him)
    seen(world, world.person(), minute(1))
    assert world.stays() == []


def test_a_zone_drawn_into_a_set_around_somebody_alerts_with_the_next_sweep(
    world: World, him: Person
) -> None:
    zone_set_id = make_set(world, LON + 1)
    apply_set(world, zone_set_id, him)
    seen(world, him, minute(1))
    assert world.alerts() == []
    world.clock.now = minute(2)
    import_circles(world, zone_set_id, LON, armed_at=minute(2))
    tick(world, minute(2))
    assert spans(world) == [(minute(2), None)]


def test_of_a_set_of_many_only_what_somebody_is_near_is_judged(world: World, him: Person) -> None:
    zone_set_id = make_set(world, *(LON + 0.02 * number for number in range(30)))
    seen(world, him, T0, LON + 0.02)
    world.clock.now = minute(1)
    member_id = apply_set(world, zone_set_id, him)
    seen(world, him, minute(2), LON + 0.04)
    assert len(world.stays()) == 2
    world.clock.now = minute(3)
    end_membership(world, member_id)
    assert [left for _, left in spans(world)] == [minute(2), minute(3)]


def test_one_person_is_excepted_from_one_school_and_the_set_holds_for_all_others(
    world: World, him: Person
) -> None:
    zone_set_id, other = make_set(world, LON, LON + 0.02), world.person()
    for person in (him, other):
        apply_set(world, zone_set_id, person)
    first = world.one("SELECT min(id) FROM zone")
    except_from(world, him, first, T0, minute(60))
    for person in (him, other):
        seen(world, person, minute(1))
        seen(world, person, minute(3), LON + 0.02)
    found = {(stay.supervisee_id, stay.zone_id - first) for stay in world.stays()}
    mine, others = him.supervisee_id, other.supervisee_id
    assert found == {(mine, 1), (others, 0), (others, 1)}

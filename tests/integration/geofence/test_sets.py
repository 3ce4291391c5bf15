"""A set is drawn once and applies to many people, each by a clause of his own order."""

from collections.abc import Callable

import pytest

from supervision.core.access import Actor, Role
from supervision.core.db import transaction
from supervision.core.errors import Conflict, Invalid, NotAllowed, NotFound
from supervision.corridor.zone_sets import NewMembership
from tests.harness import T0, Person, World
from tests.zoning import (
    HOME,
    LON,
    Boundary,
    amend,
    apply_set,
    boundaries,
    end_membership,
    epoch,
    import_circles,
    make_set,
    minute,
    retire,
    with_sets,
)

FAR_LON = LON + 1.0


def test_a_sets_name_is_its_own_in_the_agency(world: World) -> None:
    make_set(world, name="Schools")
    with pytest.raises(Conflict, match="of this name"):
        make_set(world, name="Schools")


def test_a_set_applies_by_a_clause_from_now_until_the_order_ends(world: World, him: Person) -> None:
    world.one("UPDATE court_order SET ends_at = :at RETURNING id", at=minute(600))
    zone_set_id = make_set(world, LON)
    apply_set(world, zone_set_id, him)
    (row,) = world.rows("SELECT * FROM zone_set_member")
    assert (row.begins_at, row.ends_at) == (T0, minute(600))
    assert (row.order_clause_id, row.added_by_id) == (him.clause_id, world.officer_id)
    assert row.epoch == epoch(world)


def test_a_set_does_not_apply_by_another_persons_clause(world: World, him: Person) -> None:
    zone_set_id, other = make_set(world, LON), world.person()
    new = NewMembership(him.supervisee_id, other.clause_id)
    with pytest.raises(Invalid, match="another person"):
        with_sets(world, lambda sets: sets.apply(zone_set_id, new))


def test_a_set_applies_to_somebody_once_at_a_time(world: World, him: Person) -> None:
    zone_set_id = make_set(world, LON)
    apply_set(world, zone_set_id, him, T0, minute(10))
    with pytest.raises(Conflict, match="already"):
        apply_set(world, zone_set_id, him, minute(5))
    assert apply_set(world, zone_set_id, him, minute(10))


@pytest.mark.parametrize("ends", [0, -1])
def test_a_set_ceases_to_apply_after_it_begins(world: World, him: Person, ends: float) -> None:
    zone_set_id = make_set(world, LON)
    with pytest.raises(Invalid):
        apply_set(world, zone_set_id, him, T0, minute(ends))


def test_a_set_is_lifted_now_or_later_but_not_in_the_past(world: World, him: Person) -> None:
    member_id = apply_set(world, make_set(world, LON), him)
    world.clock.forward(60)
    with pytest.raises(Invalid, match="past"):
        end_membership(world, member_id, T0)
    end_membership(world, member_id, minute(10))
    end_membership(world, member_id)
    (row,) = world.rows("SELECT * FROM zone_set_member")
    assert (row.ends_at, row.epoch) == (minute(1), epoch(world))
    with pytest.raises(Conflict, match="already"):
        end_membership(world, member_id)


def test_a_set_that_has_not_begun_to_apply_never_will_once_lifted(
    world: World, him: Person
) -> None:
    zone_set_id = make_set(world, LON)
    member_id = apply_set(world, zone_set_id, him, minute(10))
    end_membership(world, member_id)
    (row,) = world.rows("SELECT * FROM zone_set_member")
    assert row.begins_at == row.ends_at == minute(10)
    assert apply_set(world, zone_set_id, him, minute(5))


def test_of_a_set_one_zone_stands_for_all(world: World, him: Person) -> None:
    zone_set_id = make_set(world, LON, FAR_LON)
    apply_set(world, zone_set_id, him, minute(10), minute(20))
    first = world.one("SELECT min(id) FROM zone")
    pair = (him.supervisee_id, first)
    assert boundaries(world) == [Boundary(*pair, 10), Boundary(*pair, 20)]
    world.clock.now = minute(10)
    assert world.monitor.sweep_zone_boundaries() == 2


def test_a_zone_drawn_into_a_set_is_judged_for_everybody_by_the_next_sweep(
    world: World, him: Person
) -> None:
    zone_set_id, other = make_set(world), world.person()
    for person in (him, other):
        apply_set(world, zone_set_id, person)
    assert boundaries(world) == []
    import_circles(world, zone_set_id, LON, FAR_LON, armed_at=T0)
    assert world.monitor.sweep_zone_boundaries() == 4
    import_circles(world, zone_set_id, LON, armed_at=T0)
    assert world.monitor.sweep_zone_boundaries() == 6, "a second change at the very same moment"
    assert world.monitor.sweep_zone_boundaries() == 0


def test_a_zone_drawn_ahead_into_a_set_is_a_boundary_for_everybody(
    world: World, him: Person
) -> None:
    zone_set_id = make_set(world, FAR_LON)
    apply_set(world, zone_set_id, him)
    import_circles(world, zone_set_id, LON, armed_at=minute(10))
    assert [one.minute for one in boundaries(world)] == [10]
    late_comer = world.person()
    apply_set(world, zone_set_id, late_comer)
    assert len(boundaries(world)) == 2


def test_amending_or_retiring_a_sets_zone_is_judged_by_the_next_sweep(
    world: World, him: Person
) -> None:
    zone_set_id = make_set(world, LON)
    apply_set(world, zone_set_id, him)
    zone_id = world.one("SELECT id FROM zone")
    amend(world, zone_id, T0, lon=FAR_LON)
    assert world.monitor.sweep_zone_boundaries() == 1
    world.clock.forward(60)
    retire(world, zone_id, minute(1))
    assert world.monitor.sweep_zone_boundaries() == 1
    assert world.rows("SELECT FROM zone_version WHERE supervisee_id IS NOT NULL") == []


def test_what_is_done_to_sets_is_on_the_trail(world: World, him: Person) -> None:
    zone_set_id = make_set(world, LON)
    end_membership(world, apply_set(world, zone_set_id, him, minute(10)))
    rows = world.rows(
        "SELECT tag FROM audit_entry WHERE subject = :subject ORDER BY seq",
        subject=f"zone_set:{zone_set_id}",
    )
    done = ["created", "drawn", "applied", "ended"]
    assert [row.tag for row in rows] == [f"zone_set:{one}" for one in done]


def test_a_set_of_another_agency_is_not_there(world: World, him: Person) -> None:
    zone_set_id = make_set(world, LON)
    member_id = apply_set(world, zone_set_id, him)
    stranger = Actor(world.officer_id, world.agency_id + 1, Role.PRETRIAL, "O")
    new = NewMembership(him.supervisee_id, him.clause_id)
    with transaction(world.engine) as session:
        sets = world.monitor.zone_sets(session, stranger)
        works: list[Callable[[], object]] = [
            lambda: sets.draw(zone_set_id, "Z", HOME, T0),
            lambda: sets.import_collection(zone_set_id, {}, T0),
            lambda: sets.apply(zone_set_id, new),
            lambda: sets.end(member_id),
        ]
        for work in works:
            with pytest.raises(NotFound):
                work()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_only_pretrial_services_change_sets(world: World, role: Role) -> None:
    with transaction(world.engine) as session:
        sets = world.monitor.zone_sets(session, world.actor(role))
        works: list[Callable[[], object]] = [
            lambda: sets.create("S"),
            lambda: sets.draw(1, "Z", HOME, T0),
            lambda: sets.import_collection(1, {}, T0),
            lambda: sets.apply(1, NewMembership(1, 1)),
            lambda: sets.end(1),
        ]
        for work in works:
            with pytest.raises(NotAllowed):
                work()

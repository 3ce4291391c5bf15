"""Officers, schedulers and workers who change and judge the same zones never wait in a ring."""

from collections.abc import Callable
from datetime import timedelta

from supervision.core.fixes import Decoded
from tests.at_once import at_once, deadlocks
from tests.harness import Person, World, a_fix
from tests.zoning import (
    HOME,
    LAT,
    LON,
    amend,
    apply_set,
    end_membership,
    except_from,
    import_circles,
    make_set,
    withdraw,
)

ROUNDS = 12


def test_nobody_waits_in_a_ring(world: World) -> None:
    before = deadlocks(world)
    him, other = world.person(), world.person()
    zone_id = world.zone(him, HOME)
    first_set, second_set = make_set(world, LON, name="One"), make_set(world, LON, name="Two")
    apply_set(world, first_set, him)
    apply_set(world, first_set, other)
    second = world.another_worker()

    def soon() -> timedelta:
        world.clock.forward(1)
        return timedelta(seconds=1)

    def exceptions(_: int) -> None:
        begins_at = world.clock.now + soon()
        withdraw(world, except_from(world, him, zone_id, begins_at, begins_at + soon() * 600))

    def memberships(_: int) -> None:
        member_id = apply_set(world, second_set, him, world.clock.now + soon())
        end_membership(world, member_id)

    def pings(person: Person) -> Callable[[int], object]:
        worker = world.another_worker()

        def ping(number: int) -> None:
            lon = LON if number % 2 else LON + 1
            fix = a_fix(person.device_uid, world.clock.now, lon, LAT)
            worker.on_messages(Decoded([fix], [], [], []))

        return ping

    errors = at_once(
        [
            lambda _: amend(world, zone_id, world.clock.now + soon()),
            lambda _: world.zone(other, HOME, world.clock.now + soon()),
            lambda _: import_circles(world, first_set, LON, armed_at=world.clock.now),
            lambda _: import_circles(world, second_set, LON, armed_at=world.clock.now + soon()),
            exceptions,
            memberships,
            lambda _: world.monitor.sweep_zone_boundaries(),
            lambda _: second.sweep_zone_boundaries(),
            lambda _: second.top_up_zone_boundaries(),
            pings(him),
            pings(other),
        ],
        ROUNDS,
    )
    assert errors == []
    assert deadlocks(world) == before

"""Fixes are read back in an order in which their arrival plays no part."""

from datetime import timedelta

import pytest

from ingest.store import StoredPositions
from supervision.core.clock import to_us
from supervision.core.db import transaction
from supervision.core.fixes import LocatedFixes, Source
from tests.harness import T0, Person, World, a_fix

LONG = timedelta(days=30)
OF_ONE_MOMENT: list[tuple[float, float, float | None, Source]] = [
    (1.0, 1.0, 5.0, Source.GPS),
    (1.0, 1.0, 5.0, Source.WIFI),
    (1.0, 1.0, 9.0, Source.GPS),
    (1.0, 1.0, None, Source.GPS),
    (1.0, 2.0, 5.0, Source.GPS),
    (2.0, 1.0, 5.0, Source.GPS),
]


def read(world: World, him: Person, since: timedelta, most: int = 1000) -> LocatedFixes:
    with transaction(world.engine) as session:
        return StoredPositions().since(
            session, [(him.supervisee_id, to_us(T0 + since), to_us(T0 + LONG))], most
        )


@pytest.mark.parametrize("order", [1, -1], ids=["as listed", "backwards"])
def test_of_fixes_of_one_moment_the_same_leads_a_window_as_comes_last_in_a_longer_one(
    world: World, order: int
) -> None:
    him = world.person()
    for lon, lat, accuracy_m, source in OF_ONE_MOMENT[::order]:
        world.send([a_fix(him.device_uid, T0, lon, lat, accuracy_m, source)])
    longer = read(world, him, timedelta(0))
    (leading,) = read(world, him, timedelta(seconds=1)).position_id.tolist()
    assert len(longer) == len(OF_ONE_MOMENT)
    assert leading == longer.position_id[-1]


@pytest.mark.parametrize("order", [1, -1], ids=["as listed", "backwards"])
def test_a_cut_among_fixes_of_one_moment_does_not_depend_on_arrival(
    world: World, order: int
) -> None:
    him = world.person()
    for lon, lat, accuracy_m, source in OF_ONE_MOMENT[::order]:
        world.send([a_fix(him.device_uid, T0, lon, lat, accuracy_m, source)])
    cut = read(world, him, timedelta(0), most=3)
    assert list(zip(cut.lon, cut.lat, cut.accuracy_m, strict=True)) == [
        (1.0, 1.0, 5.0),
        (1.0, 1.0, 5.0),
        (1.0, 1.0, 9.0),
    ]


def test_a_fix_leads_a_window_for_a_day_and_no_longer(world: World) -> None:
    him = world.person()
    world.send([a_fix(him.device_uid, T0, 1.0, 1.0)])
    assert len(read(world, him, timedelta(days=1))) == 1
    assert len(read(world, him, timedelta(days=1, microseconds=1))) == 0


def test_microseconds_survive_the_table(world: World) -> None:
    him = world.person()
    moments = [T0 + timedelta(microseconds=step * 123_457) for step in range(200)]
    world.send([a_fix(him.device_uid, moment, 1.0, 1.0) for moment in moments])
    assert read(world, him, timedelta(0)).fixed_at_us.tolist() == [to_us(one) for one in moments]

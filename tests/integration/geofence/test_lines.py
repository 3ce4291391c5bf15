"""New fixes are lined up with the same stored ones whether more was read of their wearer or not."""

from dataclasses import astuple
from datetime import datetime, timedelta

import numpy as np
import pytest
from sqlalchemy.orm import Session

from geofence.rules.observing import LEAD_US
from geofence.rules.silence import PIECE_US
from geofence.service.lines import line_up
from geofence.service.positions import Window
from ingest.store import StoredPositions
from supervision.core.clock import to_us
from supervision.core.db import transaction
from supervision.core.fixes import Fix, LocatedFixes, Source
from tests.harness import T0, Person, World, a_fix

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def gps(him: Person, at: datetime, lon: float = 1.0, accuracy_m: float | None = 8.0) -> Fix:
    return a_fix(him.device_uid, at, lon, 1.0, accuracy_m, Source.GPS)


def tower(him: Person, at: datetime) -> Fix:
    return a_fix(him.device_uid, at, 1.0, 1.0, None, Source.CELL)


def stored_of(session: Session, people: list[int], fixes: list[Fix]) -> LocatedFixes:
    """These fixes as they are stored."""
    stored = StoredPositions().since(session, [Window(person, 0) for person in people], 1000)
    words = {(fix.fixed_at_us, fix.lon, fix.source) for fix in fixes}
    columns = (stored.fixed_at_us.tolist(), stored.lon.tolist(), stored.source.tolist())
    return stored.take(np.array([one in words for one in zip(*columns, strict=True)]))


def compare(world: World, known: list[Fix], new: list[Fix]) -> tuple[int, set[int]]:
    """Line the new ones up, and compare that with all that is stored around them.

    Returns:
        How many the line has, and who has others beside the new ones.
    """
    positions, moments = StoredPositions(), [fix.fixed_at_us for fix in new]
    world.send(known)
    world.send(new)
    people = [row.id for row in world.rows("SELECT id FROM supervisee ORDER BY id")]
    windows = [Window(person, min(moments), max(moments)) for person in people]
    with transaction(world.engine) as session:
        line = line_up(session, positions, windows, stored_of(session, people, new), LEAD_US)
        longer = [one.lasting(LEAD_US) for one in windows]
        around = positions.around(session, longer, PIECE_US)
    for mine, theirs in zip(astuple(line.fixes), astuple(around), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    return len(around), line.joined


def test_the_latest_fix_is_lined_up_with_the_one_before_it(world: World, him: Person) -> None:
    known = [gps(him, T0 - 2 * MINUTE), gps(him, T0 - MINUTE)]
    assert compare(world, known, [gps(him, T0)]) == (2, set())


def test_the_one_before_it_is_one_that_can_tell(world: World, him: Person) -> None:
    known = [gps(him, T0 - 2 * MINUTE, accuracy_m=None), tower(him, T0 - MINUTE)]
    assert compare(world, known, [gps(him, T0)]) == (2, set())


def test_a_first_fix_stands_alone(world: World, him: Person) -> None:
    assert compare(world, [], [gps(him, T0)]) == (1, set())


def test_what_is_older_than_a_day_is_left_out(world: World, him: Person) -> None:
    known = [gps(him, T0 - DAY - MINUTE)]
    assert compare(world, known, [gps(him, T0)]) == (1, set())


def test_new_fixes_are_lined_up_in_order_whatever_states_no_accuracy(
    world: World, him: Person
) -> None:
    new = [gps(him, T0, 2.0), gps(him, T0, accuracy_m=None), tower(him, T0 - MINUTE), gps(him, T0)]
    assert compare(world, [gps(him, T0 - 3 * MINUTE)], new) == (5, set())


@pytest.mark.parametrize(
    "later", [timedelta(0), MINUTE, 20 * MINUTE, 26 * MINUTE, 23 * 60 * MINUTE, 2 * DAY]
)
def test_others_beside_or_after_new_ones_are_found_however_late(
    world: World, him: Person, later: timedelta
) -> None:
    known = [gps(him, T0 - MINUTE), gps(him, T0 + later, 1.5)]
    _, joined = compare(world, known, [gps(him, T0)])
    assert joined == {him.supervisee_id}


def test_of_several_people_more_is_read_only_of_who_has_others(world: World, him: Person) -> None:
    her = world.person()
    known = [gps(him, T0 - MINUTE), gps(her, T0 - MINUTE, 3.0), gps(her, T0 + MINUTE, 3.0)]
    count, joined = compare(world, known, [gps(him, T0), gps(her, T0, 3.0)])
    assert (count, joined) == (5, {her.supervisee_id})


def test_who_has_others_from_a_moment_on_is_told_where_nothing_is_new(
    world: World, him: Person
) -> None:
    world.send([gps(him, T0)])
    with transaction(world.engine) as session:
        for since, found in ((T0, {him.supervisee_id}), (T0 + MINUTE, set())):
            window = Window(him.supervisee_id, to_us(since), to_us(since))
            assert StoredPositions().with_more_since(session, [window], [0]) == found

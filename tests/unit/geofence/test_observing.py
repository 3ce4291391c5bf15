import math
from dataclasses import replace

import numpy as np
import pytest

from geofence.rules.evidence import CONFIRMED_NATS, WEAK_NATS
from geofence.rules.observing import End, Ground, Observation, observe
from geofence.rules.sighting import Span
from geofence.rules.track import FROM_THE_BEGINNING_US
from supervision.core.fixes import CARRY_US, Source
from tests.unit.geofence.tracks import (
    AT_LAST_US,
    SECOND_US,
    At,
    disc,
    east_of,
    ground_of,
    seen_in,
    strip,
    track,
)

DAY_S = CARRY_US // SECOND_US
HALF_WORLD = ground_of(east_of())
FAR_OUT_M, FAR_IN_M = -100.0, 100.0


def last(*fixes: At, ground: Ground = HALF_WORLD) -> Observation:
    return seen_in(fixes, ground)[-1]


def between(from_s: float, until_s: float) -> Span:
    return Span(round(from_s * SECOND_US), round(until_s * SECOND_US))


def test_a_fix_is_told_with_its_row_drawing_distance_and_accuracy() -> None:
    seen = last(At(0, FAR_OUT_M), At(60, 50, 0, 1.0))
    assert (seen.at_us, seen.before_us) == (60 * SECOND_US, 0)
    assert (seen.position_id, seen.version_id) == (1, 0)
    assert (seen.distance_m, seen.accuracy_m) == pytest.approx((-50, 3))
    assert (seen.is_carried, seen.is_late, seen.closing) == (False, False, None)


def test_a_fix_whose_centre_lies_inside_opens_and_one_on_the_edge_does_not() -> None:
    assert last(At(0, 0.1)).opens
    assert not last(At(0, 0.0)).opens
    assert not last(At(0, -0.1)).opens


def test_a_fix_confirms_by_the_evidence_of_all_and_opens_before_it_does() -> None:
    weakly = At(0, 4.0)
    assert (last(weakly).opens, last(weakly).confirms) == (True, False)
    assert last(weakly, weakly._replace(s=60)).confirms
    assert not last(weakly, weakly._replace(s=5)).confirms


def test_only_a_fix_inside_confirms_whatever_the_others_said() -> None:
    seen = last(At(0, 50), At(60, 1))
    assert seen.belief_nats >= CONFIRMED_NATS
    assert (seen.opens, seen.confirms) == (True, True)
    seen = last(At(0, 50), At(60, -1))
    assert (seen.opens, seen.confirms, seen.belief_nats) == (False, False, 0)


@pytest.mark.parametrize("depth_m", [100.0, 5_000.0, 1e6])
def test_a_cell_fix_alone_never_confirms_however_deep(depth_m: float) -> None:
    seen = last(At(0, depth_m, 0, 200, Source.CELL), At(300, depth_m, 0, 200, Source.CELL))
    assert (seen.opens, seen.confirms) == (True, False)
    assert last(At(0, depth_m, 0, 10, Source.CELL)).belief_nats <= WEAK_NATS


def test_a_cell_fix_outside_is_held_against_being_inside_like_any_other() -> None:
    seen = last(At(0, -500, 0, 100, Source.CELL), At(40, 0.5))
    assert seen.belief_nats == pytest.approx(seen.own_nats - 2.0 / math.e)


def test_an_impossible_jump_never_confirms_and_is_still_possible() -> None:
    jumped = last(At(0, -20_000), At(60, FAR_IN_M))
    assert (jumped.opens, jumped.confirms) == (True, False)
    stayed = last(At(0, -20_000), At(60, FAR_IN_M), At(120, FAR_IN_M))
    assert stayed.confirms


def test_a_weak_fix_within_70_s_of_one_outside_opens_nothing_and_a_second_later_it_does() -> None:
    outside, weak = At(1000, FAR_OUT_M), At(1070, 0.5)
    assert last(outside, weak).belief_nats < 0
    assert not last(outside, weak).opens
    assert last(outside, weak._replace(s=1070.000_001)).opens


def test_a_strong_fix_right_after_one_outside_opens_at_once() -> None:
    assert last(At(0, -30), At(1, 20)).opens


def test_a_fix_after_one_outside_opens_as_soon_as_all_together_speak_for_inside() -> None:
    seen = last(At(0, FAR_OUT_M), At(60, 3.6))
    assert 0 < seen.belief_nats < 1
    assert seen.opens


def test_only_a_fix_that_puts_the_person_outside_contradicts() -> None:
    nearly = At(0, -9.9)
    assert last(nearly, At(5, 0.5)).belief_nats < 0
    assert last(nearly, At(5, 0.5)).opens
    assert not last(At(0, -10.1), At(5, 0.5)).opens
    assert not last(At(0, -10.1), At(2, -9), At(5, 0.5)).opens


def test_what_contradicts_one_drawing_says_nothing_about_the_next() -> None:
    redrawn = ground_of(east_of(), [between(-10, 30), between(30, 90)])
    seen = last(At(20, FAR_OUT_M), At(30, 0.5), ground=redrawn)
    assert (seen.opens, seen.version_id) == (True, 1)


def test_of_one_moment_the_fix_farthest_out_is_judged_first() -> None:
    both = seen_in([At(0, 50), At(0, FAR_OUT_M)], HALF_WORLD)
    assert [one.position_id for one in both] == [1, 0]


def test_the_fix_before_is_told_unless_it_is_a_day_old() -> None:
    assert last(At(0, FAR_OUT_M), At(DAY_S, 1)).before_us == 0
    assert last(At(0, FAR_OUT_M), At(DAY_S + 1, 1)).before_us is None
    assert last(At(5, 1)).before_us is None


def test_the_fix_before_is_not_told_as_older_than_the_zone() -> None:
    armed = ground_of(east_of(), [between(30, 900)])
    assert last(At(0, FAR_OUT_M), At(60, 1), ground=armed).before_us == 30 * SECOND_US


def armed_around(age_s: float) -> list[Observation]:
    """What is seen when a zone is armed around somebody whose last fix is so old."""
    return seen_in([At(0, FAR_IN_M)], ground_of(east_of(), [between(age_s, 10 * DAY_S)]))


def test_a_zone_armed_around_somebody_sees_him_at_once_as_of_that_moment() -> None:
    (seen,) = armed_around(300)
    assert (seen.at_us, seen.before_us) == (300 * SECOND_US, 300 * SECOND_US)
    assert (seen.is_carried, seen.opens, seen.confirms) == (True, True, True)


def test_a_carried_fix_over_five_minutes_old_opens_and_does_not_confirm() -> None:
    (seen,) = armed_around(300.000_001)
    assert (seen.opens, seen.confirms) == (True, False)
    assert armed_around(DAY_S)[0].opens
    assert armed_around(DAY_S + 1) == []


def test_a_zone_that_ends_is_told_before_a_fix_of_that_moment() -> None:
    ground = ground_of(east_of(), [between(0, 60), between(120, 180)])
    seen = observe(track([At(10, 1), At(120, 1)]), ground, FROM_THE_BEGINNING_US, AT_LAST_US)
    assert [one.at_us // SECOND_US for one in seen] == [10, 60, 120, 180]
    assert [isinstance(one, End) for one in seen] == [False, True, False, True]
    touching = ground_of(east_of(), [between(0, 60), between(61, 180)])
    touching = touching._replace(spans=[between(0, 60), between(60, 60)])
    seen = observe(track([At(10, 1)]), touching, FROM_THE_BEGINNING_US, AT_LAST_US)
    assert seen[-1] == End(60 * SECOND_US)


def test_nothing_is_seen_of_a_zone_that_begins_later_than_now() -> None:
    ground = ground_of(east_of(), [between(60, 120)])
    fixes = track([At(0, FAR_IN_M)])
    assert observe(fixes, ground, FROM_THE_BEGINNING_US, 60 * SECOND_US - 1) == []
    assert len(observe(fixes, ground, FROM_THE_BEGINNING_US, 60 * SECOND_US)) == 1


def test_a_fix_that_came_after_a_later_one_is_late() -> None:
    fixes = replace(track([At(0, 1), At(60, 1)]), received_at_us=np.array([61, 60]) * SECOND_US)
    seen = observe(fixes, HALF_WORLD, FROM_THE_BEGINNING_US, AT_LAST_US)
    assert [one.is_late for one in seen if isinstance(one, Observation)] == [True, False]


STREET = ground_of(strip(40), inradius_m=20)


def crosses(*fixes: At, ground: Ground = STREET) -> list[bool]:
    """Which sightings a way led to that says something."""
    later = [one._replace(s=one.s + 1000) for one in fixes]
    return [one.way is not None for one in seen_in(later, ground)]


WEST, EAST = At(0, -100, 0, 3), At(30, 100, 0, 3)


def test_a_way_is_told_with_the_fix_it_leads_to() -> None:
    assert crosses(WEST, EAST) == [False, True]


def test_no_way_is_judged_where_none_are_wanted() -> None:
    assert crosses(WEST, EAST, ground=STREET._replace(has_ways=False)) == [False, False]


def test_a_way_is_judged_up_to_300_s_and_no_longer() -> None:
    wide = ground_of(disc(2000), inradius_m=2000)
    ends = At(0, -2100, 0, 3), At(300, 2100, 0, 3)
    assert crosses(*ends, ground=wide) == [False, True]
    assert crosses(ends[0], ends[1]._replace(s=300.000_001), ground=wide) == [False, False]


def test_no_way_leads_from_or_to_a_fix_whose_accuracy_is_over_300_m() -> None:
    wide = ground_of(disc(2000), inradius_m=2000)
    for which in (0, 1):
        ends = [At(0, -2400, 0, 3), At(120, 2400, 0, 3)]
        ends[which] = ends[which]._replace(accuracy_m=300)
        assert crosses(*ends, ground=wide) == [False, True]
        ends[which] = ends[which]._replace(accuracy_m=300.1)
        assert crosses(*ends, ground=wide) == [False, False]


def test_a_way_leads_past_a_fix_that_cannot_tell() -> None:
    coarse = At(15, -3000, 0, 2000, Source.CELL)
    assert crosses(WEST, coarse, EAST) == [False, False, True]


def test_no_way_leads_past_a_fix_that_opens_a_stay_by_itself() -> None:
    wide = ground_of(disc(2000), inradius_m=2000)
    west, east = At(0, -2100, 0, 3), At(240, 2100, 0, 3)
    for off_m, leads in ((0, False), (2500, True)):
        coarse = At(120, 0, off_m, 2000, Source.CELL)
        assert crosses(west, coarse, east, ground=wide) == [False, False, leads]


def test_no_way_leads_from_one_drawing_into_another() -> None:
    redrawn = ground_of(strip(40), [between(990, 1015), between(1015, 1090)], 20)
    assert crosses(WEST, EAST, ground=redrawn) == [False, False, False]


def test_no_way_leads_over_an_impossible_jump_nor_between_fixes_of_one_moment() -> None:
    assert crosses(WEST._replace(east_m=-1500), EAST._replace(s=30)) == [False, True]
    assert crosses(WEST._replace(east_m=-3000), EAST._replace(s=30)) == [False, False]
    assert crosses(WEST, EAST._replace(s=0)) == [False, False]


def test_a_microsecond_is_enough_for_a_way_and_one_moment_is_not() -> None:
    outside, inside = At(0, -5, 0, 40), At(0.000_001, 55, 0, 40)
    assert crosses(outside, inside._replace(s=0), ground=HALF_WORLD) == [False, False]
    assert crosses(outside, inside, ground=HALF_WORLD) == [False, True]


def test_from_fix_to_fix_in_a_stay_only_ways_that_may_confirm_say_anything() -> None:
    def ways(*walk: At) -> list[bool]:
        seen = observe(track(walk), HALF_WORLD, FROM_THE_BEGINNING_US, AT_LAST_US)
        return [one.way is not None for one in seen if isinstance(one, Observation)]

    for gap_s, says in ((45, False), (46, True), (150, True), (151, False)):
        assert ways(At(0, 60), At(gap_s, 55)) == [False, says]
    # What cannot tell may have ended the stay.
    coarse = At(20, -9000, 0, 400, Source.CELL)
    assert ways(At(0, 60), coarse, At(40, 55)) == [False, False, True]


def test_what_is_seen_from_a_moment_on_rests_on_what_was_seen_before_and_does_not_tell_it() -> None:
    ground = ground_of(east_of(), [between(-10, 400), Span(400 * SECOND_US, 2**62)])
    walk = [
        At(60.0 * k, east, 0, 3) for k, east in enumerate([-90, -90, 2, 1, 90, 90, -90, 90] * 4)
    ]
    whole = observe(track(walk), ground, FROM_THE_BEGINNING_US, AT_LAST_US)
    for since_s in (0, 119, 120, 400, 401, 1300, 5000):
        since_us = since_s * SECOND_US
        tail = [one for one in whole if one.at_us >= since_us]
        assert observe(track(walk), ground, since_us, AT_LAST_US) == tail


def test_ways_are_found_one_by_one_each_with_its_own_fix() -> None:
    back = At(60, -100, 0, 3)
    assert crosses(WEST, EAST, EAST._replace(s=45), back) == [False, True, False, True]


def test_coming_nearer_is_told_only_where_there_is_a_warning_ring() -> None:
    walk = At(0, -300, 0, 3), At(60, -200, 0, 3)
    assert last(*walk).closing is None
    ring = HALF_WORLD._replace(measure=east_of(-250), warning_m=np.array([250.0]), has_ways=False)
    closing = last(*walk, ground=ring).closing
    assert closing is not None
    assert (closing.speed_mps, closing.eta_s) == pytest.approx((100 / 60, 120))

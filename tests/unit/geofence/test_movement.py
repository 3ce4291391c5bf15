import math

import numpy as np
import pytest

from geofence.rules.movement import IMPOSSIBLE_MPS, apart_m, is_impossible_jump, previous_telling
from supervision.core.fixes import Source
from tests.unit.geofence.tracks import At, track

EXACT_M = 3.0


def jumps(*fixes: At) -> list[bool]:
    this_year = (one._replace(s=one.s + 1.7e9) for one in fixes)
    return [bool(one) for one in is_impossible_jump(track(this_year))]


def distance_m(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    return float(apart_m(*(np.array([degrees]) for degrees in (lon, lat, to_lon, to_lat)))[0])


def test_a_jump_is_impossible_above_252_km_an_hour_and_not_at_it() -> None:
    allowed_m = IMPOSSIBLE_MPS * 60 + 2 * EXACT_M
    assert jumps(At(0, 0, 0, EXACT_M), At(60, allowed_m - 0.1, 0, EXACT_M)) == [False, False]
    assert jumps(At(0, 0, 0, EXACT_M), At(60, allowed_m + 0.1, 0, EXACT_M)) == [False, True]


def test_both_fixes_accuracies_are_allowed_for() -> None:
    assert jumps(At(0, 0, 0, 100), At(1, 369, 0, 200)) == [False, False]
    assert jumps(At(0, 0, 0, 100), At(1, 371, 0, 200)) == [False, True]


def test_an_accuracy_that_is_not_stated_is_allowed_for_as_its_source_has_it() -> None:
    assert jumps(At(0, 0, 0, math.nan), At(0, 59, 0, math.nan)) == [False, False]
    assert jumps(At(0, 0, 0, math.nan), At(0, 61, 0, math.nan)) == [False, True]


def test_two_places_in_one_moment_are_a_jump() -> None:
    assert jumps(At(0, 0, 0, EXACT_M), At(0, 7, 0, EXACT_M)) == [False, True]


def test_a_fix_is_compared_with_one_of_the_last_five_minutes_and_with_no_older_one() -> None:
    far_m = 1e6
    assert jumps(At(0, 0), At(300, far_m)) == [False, True]
    assert jumps(At(0, 0), At(300.000_001, far_m)) == [False, False]


def test_both_the_jump_away_and_the_jump_back_are_doubted() -> None:
    there = 50_000.0
    assert jumps(At(0, 0), At(60, there), At(120, 0), At(180, 0)) == [False, True, True, False]


def test_a_fix_that_cannot_tell_is_doubted_and_nothing_is_doubted_for_it() -> None:
    cell = At(60, 90_000, 0, 2000, Source.CELL)
    assert jumps(At(0, 0), cell, At(120, 0)) == [False, True, False]


def test_the_first_fix_and_those_after_fixes_that_cannot_tell_are_not_doubted() -> None:
    assert jumps(At(0, 90_000, 0, 2000, Source.CELL), At(1, 0)) == [False, False]
    assert jumps() == []


def test_the_last_telling_fix_before_each_is_known() -> None:
    accuracy = np.array([2000.0, 10.0, 2000.0, 300.0, 301.0, 10.0])
    assert previous_telling(accuracy).tolist() == [-1, -1, 1, 1, 3, 3]
    assert previous_telling(np.empty(0)).tolist() == []


def test_a_distance_is_straight_and_measured_on_the_ellipsoid() -> None:
    assert distance_m(0, 0, 0.01, 0) == pytest.approx(1113.195, abs=0.001)
    assert distance_m(0, 0, 0, 0.01) == pytest.approx(1105.743, abs=0.001)
    assert distance_m(179.995, 0, -179.995, 0) == pytest.approx(1113.195, abs=0.001)
    assert distance_m(0, 0, 180, 0) == pytest.approx(2 * 6_378_137.0)
    assert distance_m(7, 50, 7, 50) == 0.0

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geofence.rules.accuracy import DEVIATIONS_IN_68_PCT
from geofence.rules.way import (
    BEND_SHARE,
    CONFIRMING_SHARE,
    CROSSED_SHARE,
    DIRECT_SHARE,
    TOWN_MPS,
    Measure,
    Way,
    judge_ways,
    may_lead_inside,
)
from tests.unit.geofence.tracks import SECOND_US, At, disc, east_of, either, ends_of, strip

FINE_M = 3.0


def way(first: At, last: At, measure: Measure, inradius_m: float = 1e9) -> Way | None:
    return judge_ways(ends_of([(first, last)], measure, inradius_m), measure)[0]


def found(first: At, last: At, measure: Measure, inradius_m: float = 1e9) -> Way:
    one = way(first, last, measure, inradius_m)
    assert one is not None
    return one


def along(length_m: float, seconds: float, accuracy_m: float = FINE_M) -> tuple[At, At]:
    """From west to east through the origin."""
    half_m = length_m / 2
    return At(0, -half_m, 0, accuracy_m), At(seconds, half_m, 0, accuracy_m)


def seconds(one: Way) -> tuple[float, float]:
    return one.enters_us / SECOND_US, one.leaves_us / SECOND_US


def test_times_are_read_off_the_straight_line() -> None:
    one = found(*along(400, 40), disc(100), 100)
    assert seconds(one) == pytest.approx((10, 30), abs=0.01)
    assert one.deepest_m == pytest.approx(100, abs=1)


def test_the_line_is_deepest_where_it_is_and_not_only_half_way() -> None:
    one = found(At(0, -300, 0, FINE_M), At(40, 100, 0, FINE_M), disc(80), 80)
    assert seconds(one) == pytest.approx((22, 38), abs=0.01)
    assert one.deepest_m == pytest.approx(80, abs=1)


def test_a_way_that_begins_or_ends_inside_is_inside_from_its_start_or_to_its_end() -> None:
    entering = found(At(0, -100, 0, FINE_M), At(60, 100, 0, FINE_M), east_of())
    assert seconds(entering) == pytest.approx((30, 60), abs=0.01)
    leaving = found(At(0, 100, 0, FINE_M), At(60, -100, 0, FINE_M), east_of())
    assert seconds(leaving) == pytest.approx((0, 30), abs=0.01)
    staying = found(At(0, 50, 0, FINE_M), At(60, 100, 0, FINE_M), east_of())
    assert seconds(staying) == (0, 60)


@pytest.mark.parametrize("off", [-0.37, -0.213, 0.0, 0.118, 0.31, 0.449])
def test_a_thin_corridor_across_a_long_chord_is_not_stepped_over(off: float) -> None:
    length_m, width_m = 1500.0, 20.0  # 45 s on a motorway
    one = found(*along(length_m, 45), strip(width_m, off * length_m), width_m / 2)
    middle_s = 45 * (0.5 + off)
    assert seconds(one) == pytest.approx((middle_s - 0.3, middle_s + 0.3), abs=0.01)
    assert one.deepest_m == pytest.approx(width_m / 2, abs=length_m / 20 / 4 / 4 / 2)
    assert one.share >= DIRECT_SHARE


def test_the_deepest_of_several_parts_is_found_and_the_way_out_of_that_part() -> None:
    zone = either(disc(30, -100), disc(60, 100))
    one = found(*along(400, 40), zone, 60)
    assert seconds(one) == pytest.approx((24, 36), abs=0.02)


def test_a_line_that_stays_outside_says_nothing_however_near_it_runs() -> None:
    first, last = At(0, -200, 50.5, FINE_M), At(40, 200, 50.5, FINE_M)
    assert way(first, last, disc(50), 50) is None


def test_a_short_way_is_found_where_its_line_runs_deeper_than_two_deviations() -> None:
    deviation_m = FINE_M / DEVIATIONS_IN_68_PCT / math.sqrt(2)  # half-way between two fixes
    for times, is_found in ((1.9, False), (2.1, True)):
        first, last = along(200, 45)
        zone = east_of(0)

        def measure(span, lon, lat, depth_m=times * deviation_m):  # type: ignore[no-untyped-def]
            return disc(1000, 0, 1000 - depth_m)(span, lon, lat)

        del zone
        one = way(first, last, measure, 1000)
        assert (one is not None) is is_found

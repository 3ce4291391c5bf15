import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geofence.rules.accuracy import DEVIATIONS_IN_68_PCT
from geofence.rules.movement import IMPOSSIBLE_MPS
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
from supervision.core.fixes import Floats, Ints
from tests.unit.geofence.tracks import (
    EAST_M_PER_DEG,
    NORTH_M_PER_DEG,
    SECOND_US,
    At,
    disc,
    east_of,
    either,
    ends_of,
    strip,
)

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
    assert one.deepest_m == pytest.approx(width_m / 2, abs=length_m / 5000)
    assert one.share >= DIRECT_SHARE


def test_the_deepest_of_several_parts_is_found_and_the_way_out_of_that_part() -> None:
    zone = either(disc(30, -100), disc(60, 100))
    one = found(*along(400, 40), zone, 60)
    assert seconds(one) == pytest.approx((24, 36), abs=0.02)


def test_times_are_those_of_the_fixes_and_not_of_a_clock_that_begins_with_them() -> None:
    one = found(At(1000, -200, 0, FINE_M), At(1040, 200, 0, FINE_M), disc(100), 100)
    assert seconds(one) == pytest.approx((1010, 1030), abs=0.01)


def test_a_way_to_a_fix_inside_lasts_to_its_end_though_its_line_leaves_between() -> None:
    zone = either(disc(60), disc(30, 200))
    there = At(0, -200, 0, FINE_M), At(40, 200, 0, FINE_M)
    assert seconds(found(*there, zone, 60)) == pytest.approx((14, 40), abs=0.01)
    back = At(0, 200, 0, FINE_M), At(40, -200, 0, FINE_M)
    assert seconds(found(*back, zone, 60)) == pytest.approx((0, 26), abs=0.01)


def test_a_fix_just_outside_is_not_taken_for_inside() -> None:
    one = found(At(0, -100, 0, FINE_M), At(40, 50.9, 0, FINE_M), disc(50), 50)
    assert one.leaves_us / SECOND_US == pytest.approx(150 / 150.9 * 40, abs=0.01)


def test_each_way_is_judged_by_its_own_drawing_and_by_its_own_ends() -> None:
    def measure(span: Ints, lon: Floats, lat: Floats) -> Floats:
        return np.where(span == 1, disc(280)(span, lon, lat), disc(310)(span, lon, lat))

    def pair(gap_s: float, off_m: float, span: int) -> tuple[tuple[At, At], int]:
        return (At(0, -300, off_m, FINE_M), At(gap_s, 300, off_m, FINE_M)), span

    drawn = [pair(60, 0, 0), pair(60, 0, 1), pair(60, 900, 1), pair(40, 0, 1)]
    ends = ends_of([one for one, _ in drawn], disc(0), 300)
    span = np.array([number for _, number in drawn])
    off_m = np.stack([measure(span, *row) for row in zip(ends.lon, ends.lat, strict=True)])
    ways = judge_ways(ends._replace(span=span, distance_m=off_m), measure)
    assert [one and one.confirms for one in ways] == [True, False, None, False]
    depths = [one.deepest_m for one in ways if one is not None]
    assert depths == pytest.approx([310, 280, 280], abs=0.5)


def test_a_line_that_stays_outside_says_nothing_however_near_it_runs() -> None:
    first, last = At(0, -200, 50.5, FINE_M), At(40, 200, 50.5, FINE_M)
    assert way(first, last, disc(50), 50) is None


def deviation_half_way_m(chord_m: float, gap_s: float, accuracy_m: float = FINE_M) -> float:
    """How well the middle of a way is known, by the rule as it is written down."""
    bend_m = 0.175 * min(chord_m, 12.0 * gap_s)
    return math.hypot(accuracy_m / DEVIATIONS_IN_68_PCT / math.sqrt(2), bend_m)


def beside(depth_m: float) -> Measure:
    """Ground so wide that a way along the equator runs so deep in it, deepest half-way."""
    return disc(1e5, 0, 1e5 - depth_m)


def is_found(length_m: float, gap_s: float, deviations: float, inradius_m: float = 1e9) -> bool:
    """Whether a way is found that runs so many of its middle's deviations inside."""
    depth_m = deviations * deviation_half_way_m(length_m, gap_s)
    return way(*along(length_m, gap_s), beside(depth_m), inradius_m) is not None


def test_a_way_is_found_from_three_in_four_on() -> None:
    limit = NormalDist().inv_cdf(CROSSED_SHARE)
    assert is_found(600, 60, limit + 0.01)
    assert not is_found(600, 60, limit - 0.01)


def test_a_way_bends_no_more_than_one_made_at_the_speed_of_a_towns_traffic() -> None:
    limit = NormalDist().inv_cdf(CROSSED_SHARE)
    assert is_found(3000, 100, limit + 0.01)
    assert not is_found(3000, 100, limit - 0.01)
    assert deviation_half_way_m(3000, 100) < deviation_half_way_m(3000, 250)


def test_a_way_of_45_seconds_is_taken_for_straight_and_a_longer_one_is_not() -> None:
    direct = NormalDist().inv_cdf(DIRECT_SHARE)
    depth_m = FINE_M / DEVIATIONS_IN_68_PCT / math.sqrt(2)
    first, last = along(300, 45)
    assert way(first, last, beside((direct + 0.02) * depth_m)) is not None
    assert way(first, last, beside((direct - 0.02) * depth_m)) is None
    assert way(first, last._replace(s=45.000_001), beside((direct + 0.02) * depth_m)) is None


def test_a_straight_way_is_as_sure_as_its_ends_and_says_so() -> None:
    one = found(*along(300, 40), beside(10))
    expected = NormalDist().cdf(10 / (FINE_M / DEVIATIONS_IN_68_PCT / math.sqrt(2)))
    assert one.share == pytest.approx(expected, abs=1e-6)
    assert one.is_crossing
    assert not one.confirms


def test_a_strip_is_crossed_the_less_likely_the_narrower_it_is() -> None:
    deviation_m = deviation_half_way_m(600, 60)
    assert is_found(600, 60, 2.0, inradius_m=2 * deviation_m)
    assert not is_found(600, 60, 1.0, inradius_m=deviation_m)
    shares = NormalDist().cdf(2.0) - NormalDist().cdf(-2.0)
    one = found(*along(600, 60), beside(2 * deviation_m), 2 * deviation_m)
    assert one.share == pytest.approx(shares, abs=1e-4)


def test_the_accuracy_of_a_way_is_that_of_its_deepest_place() -> None:
    one = found(*along(600, 60, 20), beside(200))
    expected_m = deviation_half_way_m(600, 60, 20) * DEVIATIONS_IN_68_PCT
    assert one.accuracy_m == pytest.approx(expected_m, rel=1e-4)
    at_its_end = found(At(0, -100, 0, 10), At(60, 300, 0, 20), east_of())
    assert at_its_end.accuracy_m == pytest.approx(20)
    assert at_its_end.deepest_m == pytest.approx(300)


@pytest.mark.parametrize(
    ("gap_s", "confirms"), [(45, False), (46, True), (150, True), (150.000_001, False)]
)
def test_a_way_confirms_from_45_to_150_seconds(gap_s: float, confirms: bool) -> None:  # noqa: FBT001
    assert found(At(0, -50, 0, FINE_M), At(gap_s, 200, 0, FINE_M), east_of()).confirms is confirms


def test_a_way_confirms_from_nine_in_ten_on() -> None:
    deep_m = NormalDist().inv_cdf(CONFIRMING_SHARE) * 60 / DEVIATIONS_IN_68_PCT
    for off_m, confirms in ((0.3, True), (-0.3, False)):
        one = found(At(0, 0.1, 0, FINE_M), At(60, deep_m + off_m, 0, 60), east_of())
        assert (one.is_crossing, one.confirms) == (True, confirms)


def test_a_way_between_two_fixes_outside_confirms_nothing() -> None:
    for radius_m, confirms in ((299.9, False), (300.1, True)):
        one = found(*along(600, 60), disc(radius_m), radius_m)
        assert one.share >= CONFIRMING_SHARE
        assert (one.is_crossing, one.confirms) == (True, confirms)


def test_no_way_leads_inside_whose_ends_are_farther_from_the_zone_than_from_each_other() -> None:
    straight, past = (At(0, -150), At(30, 150.1)), (At(0, -150), At(30, -150, 199.9))
    ends = ends_of([straight, past], disc(50))
    assert may_lead_inside(ends).tolist() == [True, False]
    touching = ends_of([(At(0, 100), At(30, 200))], east_of(150))
    assert may_lead_inside(touching).tolist() == [True]
    before = ends_of([(At(0, 100), At(30, 200))], east_of(250))
    assert may_lead_inside(before).tolist() == [False]


def test_no_way_is_faster_than_one_can_move() -> None:
    fastest_m = IMPOSSIBLE_MPS * 10 + 2 * FINE_M
    ends_m = (fastest_m - 0.1, fastest_m + 0.1)
    ways = [(At(0, 0, 0, FINE_M), At(10, end_m, 0, FINE_M)) for end_m in ends_m]
    assert may_lead_inside(ends_of(ways, east_of(100))).tolist() == [True, False]


def test_a_way_over_the_antimeridian_is_the_short_one() -> None:
    def measure(_: Ints, lon: Floats, lat: Floats) -> Floats:
        east_m = ((lon % 360) - 180) * EAST_M_PER_DEG
        distance_m: Floats = np.hypot(east_m, lat * NORTH_M_PER_DEG) - 100
        return distance_m

    ends = ends_of([(At(0, -200, 0, FINE_M), At(40, 200, 0, FINE_M))], disc(100), 100)
    lon = (ends.lon + 360) % 360 - 180
    (one,) = judge_ways(ends._replace(lon=lon), measure)
    assert one is not None
    assert seconds(one) == pytest.approx((10, 30), abs=0.01)


places = st.builds(
    At, st.just(0), st.integers(-400, 400), st.integers(-400, 400), st.sampled_from([3.0, 20.0])
)
pairs = st.tuples(places, places, st.integers(1, 300)).map(
    lambda drawn: (drawn[0], drawn[1]._replace(s=drawn[2]))
)


def expected_share(first: At, last: At, radius_m: float) -> tuple[float, bool]:
    """How sure it is by plane geometry that a way leads into a disc, and whether that is found."""
    start, step = first.east_m + 1j * first.north_m, complex(last.east_m, last.north_m)
    step -= start
    share = min(max(-(start * step.conjugate()).real / abs(step) ** 2, 0.0), 1.0) if step else 0.0
    depth_m = radius_m - abs(start + share * step)
    own = [one.accuracy_m / DEVIATIONS_IN_68_PCT for one in (first, last)]
    ends_m = math.hypot((1 - share) * own[0], share * own[1])
    bend_m = 2 * BEND_SHARE * min(abs(step), TOWN_MPS * last.s) * math.sqrt(share * (1 - share))
    entered, direct = (
        NormalDist().cdf(depth_m / sd) - NormalDist().cdf((depth_m - 2 * radius_m) / sd)
        for sd in (math.hypot(ends_m, bend_m), ends_m)
    )
    is_short = last.s <= 45
    return max(entered, direct) if is_short else entered, depth_m > 0


@settings(deadline=None)
@given(pair=pairs, radius_m=st.sampled_from([10.0, 60.0, 300.0]))
def test_a_way_is_as_sure_as_plane_geometry_has_it(pair: tuple[At, At], radius_m: float) -> None:
    share, is_inside = expected_share(*pair, radius_m)
    one = way(*pair, disc(radius_m), radius_m)
    limit = DIRECT_SHARE if pair[1].s <= 45 and share >= CROSSED_SHARE else CROSSED_SHARE
    if one is None:
        assert not is_inside or share < limit + 0.05
    else:
        assert is_inside
        assert one.share == pytest.approx(share, abs=0.05)


@settings(max_examples=30, deadline=None)
@given(many=st.lists(pairs, min_size=1, max_size=5))
def test_each_way_is_judged_alone_whatever_it_is_judged_with(many: list[tuple[At, At]]) -> None:
    zone = disc(150)
    together = judge_ways(ends_of(many, zone, 150), zone)
    assert together == [way(*pair, zone, 150) for pair in many]

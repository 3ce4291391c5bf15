import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geofence.rules.accuracy import BEST_ACCURACY_M, DEVIATIONS_IN_68_PCT
from geofence.rules.evidence import (
    CONFIRMED_NATS,
    CONFIRMED_SHARE,
    GONE_NATS,
    ONE_FIX_NATS,
    WEAK_NATS,
    WEAK_SHARE,
    evidence_nats,
    is_contrary,
    nats,
    normal_share,
    share_of,
)

distances_m = st.floats(-20_000, 20_000)
accuracies_m = st.floats(BEST_ACCURACY_M, 30_000)


def said(distance_m: float, accuracy_m: float) -> float:
    return float(evidence_nats(np.array([distance_m]), np.array([accuracy_m]))[0])


def contrary(distance_m: float, accuracy_m: float) -> bool:
    return bool(is_contrary(np.array([distance_m]), np.array([accuracy_m]))[0])


@given(accuracy_m=accuracies_m)
def test_a_fix_on_the_edge_says_nothing(accuracy_m: float) -> None:
    assert said(0.0, accuracy_m) == 0.0


@given(distance_m=distances_m, accuracy_m=accuracies_m)
def test_a_fix_says_as_much_for_outside_as_its_mirror_image_for_inside(
    distance_m: float, accuracy_m: float
) -> None:
    assert said(-distance_m, accuracy_m) == pytest.approx(-said(distance_m, accuracy_m))


@given(near_m=distances_m, far_m=distances_m, accuracy_m=accuracies_m)
def test_farther_out_never_speaks_more_for_inside(
    near_m: float, far_m: float, accuracy_m: float
) -> None:
    near_m, far_m = sorted((near_m, far_m))
    assert said(far_m, accuracy_m) <= said(near_m, accuracy_m)


@given(distance_m=distances_m, fine_m=accuracies_m, coarse_m=accuracies_m)
def test_a_worse_fix_never_says_more(distance_m: float, fine_m: float, coarse_m: float) -> None:
    fine_m, coarse_m = sorted((fine_m, coarse_m))
    assert abs(said(distance_m, coarse_m)) <= abs(said(distance_m, fine_m)) + 1e-9


@given(deviations=st.floats(-6, 6))
def test_the_odds_are_those_of_a_normal_error_over_a_straight_edge(deviations: float) -> None:
    inside = NormalDist().cdf(deviations)
    found = said(-deviations * 10.0, 10.0 * DEVIATIONS_IN_68_PCT)
    assert share_of(found) == pytest.approx(inside, abs=1e-12)


def test_nothing_is_surer_than_eight_deviations_so_that_no_logarithm_is_infinite() -> None:
    assert said(-1e6, 3.0) == said(-8 * 3.0 / DEVIATIONS_IN_68_PCT, 3.0)
    assert 34 < said(-1e6, 3.0) < 36
    assert said(1e6, 3.0) == -said(-1e6, 3.0)


def test_a_circle_that_touches_the_edge_from_within_is_inside_with_94_in_100() -> None:
    assert share_of(said(-10.0, 10.0)) == pytest.approx(0.935, abs=0.001)


def test_one_fix_confirms_from_seven_tenths_of_its_accuracy_inside_on() -> None:
    assert said(-6.9, 10.0) > CONFIRMED_NATS > said(-6.8, 10.0)


def test_a_fix_two_and_a_half_times_its_accuracy_outside_says_gone_and_a_nearer_one_not() -> None:
    assert said(25.0, 10.0) <= -GONE_NATS < said(24.0, 10.0)
    assert share_of(-GONE_NATS) == pytest.approx(1e-4, rel=0.02)


def test_what_is_weak_stays_just_below_what_confirms() -> None:
    assert (nats(WEAK_SHARE), nats(CONFIRMED_SHARE)) == (WEAK_NATS, CONFIRMED_NATS)
    assert CONFIRMED_NATS - 0.1 < WEAK_NATS < CONFIRMED_NATS


def test_one_fix_counts_for_more_than_confirming_and_less_than_gone() -> None:
    assert CONFIRMED_NATS < ONE_FIX_NATS < GONE_NATS


@given(share=st.floats(1e-6, 1 - 1e-6))
def test_odds_and_probability_say_the_same(share: float) -> None:
    assert share_of(nats(share)) == pytest.approx(share)


def test_even_odds_are_nought_and_85_in_100_are_one_and_three_quarters() -> None:
    assert nats(0.5) == 0.0
    assert nats(0.85) == pytest.approx(1.7346, abs=1e-4)
    assert share_of(0.0) == 0.5


def test_normal_shares_are_those_of_the_tables() -> None:
    found = normal_share(np.array([-math.inf, -1.0, 0.0, 1.959964, math.inf]))
    assert found.tolist() == pytest.approx([0.0, 0.158655, 0.5, 0.975, 1.0], abs=1e-6)


def test_a_fix_is_contrary_from_its_accuracy_outside_on() -> None:
    assert contrary(10.0, 10.0)
    assert not contrary(9.9, 10.0)
    assert not contrary(-10.0, 10.0)

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geofence.rules.presence import (
    ASSUMED_ACCURACY_M,
    BEST_ACCURACY_M,
    SURELY_OUTSIDE_TIMES,
    Presence,
    opens_stay,
    presence_of,
    usable_accuracy_m,
)
from supervision.core.fixes import Source

distances_m = st.floats(-20_000, 20_000)
accuracies_m = st.floats(BEST_ACCURACY_M, 30_000)
sources = st.sampled_from(Source)


def verdict(distance_m: float, accuracy_m: float, source: Source = Source.GPS) -> Presence:
    numbers = presence_of(np.array([distance_m]), np.array([accuracy_m]), np.array([source]))
    return Presence(int(numbers[0]))


def test_a_circle_wholly_in_the_zone_is_inside_and_one_that_crosses_the_edge_is_uncertain() -> None:
    assert verdict(-20.0, 20.0) is Presence.INSIDE
    assert verdict(-19.9, 20.0) is Presence.UNCERTAIN


def test_outside_takes_more_than_a_circle_that_misses_the_zone() -> None:
    assert verdict(20.0, 20.0) is Presence.UNCERTAIN
    assert verdict(20.0 * SURELY_OUTSIDE_TIMES - 0.1, 20.0) is Presence.UNCERTAIN
    assert verdict(20.0 * SURELY_OUTSIDE_TIMES, 20.0) is Presence.OUTSIDE


def test_a_person_on_the_edge_is_taken_for_gone_less_than_once_in_a_hundred_hours() -> None:
    deviations = SURELY_OUTSIDE_TIMES * 1.515  # of a fix whose 68 % radius is its accuracy
    share = math.erfc(deviations / math.sqrt(2)) / 2
    assert share * 60 * 100 < 1


@given(distance_m=distances_m, accuracy_m=accuracies_m)
def test_a_cell_tower_fix_is_never_inside(distance_m: float, accuracy_m: float) -> None:
    assert verdict(distance_m, accuracy_m, Source.CELL) is not Presence.INSIDE


@given(near_m=distances_m, far_m=distances_m, accuracy_m=accuracies_m, source=sources)
def test_farther_from_the_zone_is_never_more_inside(
    near_m: float, far_m: float, accuracy_m: float, source: Source
) -> None:
    near_m, far_m = sorted((near_m, far_m))
    assert verdict(far_m, accuracy_m, source) <= verdict(near_m, accuracy_m, source)


@given(distance_m=distances_m, fine_m=accuracies_m, coarse_m=accuracies_m, source=sources)
def test_a_worse_fix_is_never_surer(
    distance_m: float, fine_m: float, coarse_m: float, source: Source
) -> None:
    fine_m, coarse_m = sorted((fine_m, coarse_m))
    coarse = verdict(distance_m, coarse_m, source)
    assert coarse in {Presence.UNCERTAIN, verdict(distance_m, fine_m, source)}


@given(distance_m=distances_m, accuracy_m=accuracies_m, source=sources)
def test_a_stay_opens_exactly_where_the_fix_itself_lies_in_the_zone(
    distance_m: float, accuracy_m: float, source: Source
) -> None:
    presence = np.array([verdict(distance_m, accuracy_m, source)])
    assert opens_stay(np.array([distance_m]), presence).tolist() == [distance_m < 0]


def test_every_source_has_an_assumed_accuracy_for_fixes_that_state_none() -> None:
    stated = np.full(len(Source), np.nan)
    usable = usable_accuracy_m(stated, np.array(list(Source)))
    assert usable.tolist() == [ASSUMED_ACCURACY_M[source] for source in Source]


@given(accuracy_m=st.floats(0, 1e6), source=sources)
def test_a_stated_accuracy_is_taken_at_its_word_down_to_what_no_receiver_beats(
    accuracy_m: float, source: Source
) -> None:
    usable = usable_accuracy_m(np.array([accuracy_m]), np.array([source]))
    assert usable.tolist() == [max(accuracy_m, BEST_ACCURACY_M)]

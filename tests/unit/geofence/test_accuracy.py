import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geofence.rules.accuracy import (
    ASSUMED_ACCURACY_M,
    BEST_ACCURACY_M,
    deviation_m,
    is_telling,
    usable_accuracy_m,
)
from supervision.core.fixes import TELLING_M, Source


def usable_m(stated_m: float, source: Source) -> float:
    return float(usable_accuracy_m(np.array([stated_m]), np.array([source]))[0])


def is_telling_at(accuracy_m: float) -> bool:
    return bool(is_telling(np.array([accuracy_m]))[0])


@given(stated_m=st.floats(0, 1e6), source=st.sampled_from(Source))
def test_a_stated_accuracy_is_taken_at_its_word_down_to_what_no_receiver_beats(
    stated_m: float, source: Source
) -> None:
    assert usable_m(stated_m, source) == max(stated_m, BEST_ACCURACY_M)


@pytest.mark.parametrize("source", Source)
def test_a_fix_that_states_no_accuracy_is_worth_what_its_source_usually_is(source: Source) -> None:
    assert usable_m(math.nan, source) == ASSUMED_ACCURACY_M[source]


def test_each_fix_is_weighed_by_its_own_source_and_statement() -> None:
    stated = np.array([math.nan, 12.0, math.nan, 0.5])
    source = np.array([Source.CELL, Source.CELL, Source.GPS, Source.GPS])
    assert usable_accuracy_m(stated, source).tolist() == [2000.0, 12.0, 30.0, 3.0]


def test_a_circle_of_the_stated_radius_holds_68_in_100_errors_of_that_deviation() -> None:
    radius_m = 20.0
    deviation = float(deviation_m(np.array([radius_m]))[0])
    within = 1 - math.exp(-((radius_m / deviation) ** 2) / 2)  # Rayleigh
    assert within == pytest.approx(0.68, abs=0.005)


def test_a_normal_error_is_short_of_the_tails_that_recorded_phones_have() -> None:
    # Recorded: 90 % within two radii, 96 % within three; a normal has 99 % within two. So one fix
    # may not count without bound (`evidence.ONE_FIX_NATS`).
    deviation = float(deviation_m(np.array([1.0]))[0])
    within_two = 1 - math.exp(-((2 / deviation) ** 2) / 2)
    assert within_two > 0.98


def test_a_fix_tells_where_somebody_is_up_to_300_m() -> None:
    assert TELLING_M == 300.0
    assert is_telling_at(300.0)
    assert not is_telling_at(300.1)


def test_a_cell_fix_without_accuracy_does_not_tell_and_one_of_a_satellite_does() -> None:
    assert not is_telling_at(usable_m(math.nan, Source.CELL))
    assert is_telling_at(usable_m(math.nan, Source.GPS))

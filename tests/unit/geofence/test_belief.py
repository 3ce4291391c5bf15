import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geofence.rules.belief import (
    AGAINST_LASTS_S,
    AGAINST_MOST_NATS,
    ERRORS_LAST_S,
    FOR_MOST_NATS,
    LOOK_BACK_US,
    beliefs_nats,
)
from geofence.rules.evidence import CONFIRMED_NATS, ONE_FIX_NATS
from tests.unit.geofence.tracks import SECOND_US

Said = tuple[float, float]
"""When, in seconds, and what by itself, in nats."""

fixes = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 5, 30, 60, 299, 600, 601]),
        st.floats(-40, 40).filter(lambda own: own == 0 or abs(own) > 1e-6),
        st.booleans(),
    ),
    max_size=15,
)


def beliefs(*said: Said, spans: list[int] | None = None) -> list[float]:
    at_us = np.array([round(at_s * SECOND_US) for at_s, _ in said], np.int64)
    span = np.array(spans if spans is not None else [0] * len(said), np.int64)
    own = np.array([nats for _, nats in said], np.float64)
    return [float(one) for one in beliefs_nats(at_us, span, own, np.arange(len(own)))]


def plainly(said: list[Said]) -> float:
    """The belief after all these fixes of one drawing within ten minutes, one after the other."""
    belief, before_s = 0.0, said[0][0]
    for place, (at_s, own) in enumerate(said):
        counted = min(max(own, -ONE_FIX_NATS), ONE_FIX_NATS)
        apart_s = at_s - before_s
        if belief < 0:
            belief *= math.exp(-apart_s / AGAINST_LASTS_S)
        if place and belief * own > 0:
            counted *= 1 - math.exp(-apart_s / ERRORS_LAST_S)
        belief, before_s = min(max(belief + counted, -AGAINST_MOST_NATS), FOR_MOST_NATS), at_s
    return belief


@given(steps=fixes)
def test_belief_is_a_function_of_the_last_ten_minutes_in_one_drawing(
    steps: list[tuple[int, float, bool]],
) -> None:
    at_s = np.cumsum([gap_s for gap_s, _, _ in steps]).tolist()
    spans = np.cumsum([is_new for _, _, is_new in steps]).tolist()
    said = [(float(s), own) for s, (_, own, _) in zip(at_s, steps, strict=True)]
    expected = [
        plainly(
            [
                one
                for one, span in zip(said[: place + 1], spans, strict=False)
                if span == spans[place] and at - one[0] <= LOOK_BACK_US / SECOND_US
            ]
        )
        for place, (at, _) in enumerate(said)
    ]
    assert beliefs(*said, spans=spans) == pytest.approx(expected, abs=1e-9)


def test_two_weak_fixes_confirm_a_minute_apart_and_not_five_seconds_apart() -> None:
    weak = 0.9
    assert beliefs((0, weak), (60, weak))[1] >= CONFIRMED_NATS
    assert beliefs((0, weak), (5, weak))[1] < CONFIRMED_NATS


def test_the_same_error_again_is_nothing_new() -> None:
    assert beliefs((0, 1.0), (0, 1.0)) == [1.0, 1.0]
    assert beliefs((0, 1.0), (10, 1.0))[1] == pytest.approx(2 - math.exp(-1))


def test_a_fix_that_says_the_contrary_counts_in_full_at_once() -> None:
    assert beliefs((0, 3.0), (1, -2.5))[1] == pytest.approx(0.5)


def test_one_fix_counts_for_no_more_than_its_tails_allow_either_way() -> None:
    assert beliefs((0, 35.0)) == [ONE_FIX_NATS]
    assert beliefs((0, 35.0), (60, -35.0)) == [ONE_FIX_NATS, 0.0]


def test_what_is_held_against_being_inside_is_bounded_from_the_first_fix_on() -> None:
    assert beliefs((0, -35.0)) == [-AGAINST_MOST_NATS]
    assert beliefs((0, -35.0), (60, -35.0))[1] == -AGAINST_MOST_NATS


def test_what_is_held_against_being_inside_halves_in_half_a_minute() -> None:
    edge = 0.0
    after = [beliefs((0, -35.0), (s, edge))[1] / -AGAINST_MOST_NATS for s in (0, 28, 40, 120)]
    assert after == pytest.approx([1.0, 0.5, math.exp(-1), math.exp(-3)], abs=0.01)


def test_what_speaks_for_inside_does_not_fade_within_ten_minutes() -> None:
    assert beliefs((0, 3.0), (600, 0.0)) == [3.0, 3.0]


def test_what_is_older_than_ten_minutes_is_forgotten() -> None:
    assert beliefs((0, 3.0), (600.000001, 1.0))[1] == 1.0
    assert beliefs((0, 3.0), (300, 0.0), (600.000001, 0.0))[2] == 0.0


def test_one_sure_fix_outside_outweighs_whatever_was_said_for_inside() -> None:
    long_inside = [(60.0 * minute, 6.0) for minute in range(9)]
    assert beliefs(*long_inside)[-1] == 6.0
    assert beliefs(*long_inside, (540, -6.0))[-1] == 0.0


def test_what_one_drawing_was_told_says_nothing_about_the_next() -> None:
    assert beliefs((0, 3.0), (60, 1.0), spans=[0, 1])[1] == 1.0


def test_nobody_was_seen_is_no_trouble() -> None:
    assert beliefs() == []


@given(steps=fixes, which=st.sets(st.integers(0, 14)))
def test_belief_at_some_places_is_what_it_is_among_all(
    steps: list[tuple[int, float, bool]], which: set[int]
) -> None:
    at_us = np.cumsum([gap_s for gap_s, _, _ in steps]).astype(np.int64) * SECOND_US
    span = np.cumsum([is_new for _, _, is_new in steps]).astype(np.int64)
    own = np.array([nats for _, nats, _ in steps], np.float64)
    wanted = np.array(sorted(place for place in which if place < len(steps)), np.int64)
    whole = beliefs_nats(at_us, span, own, np.arange(len(steps)))
    assert beliefs_nats(at_us, span, own, wanted).tolist() == whole[wanted].tolist()


@given(nats=st.lists(st.floats(0, 6), min_size=2, max_size=8), more=st.floats(0, 2))
def test_among_fixes_inside_a_surer_one_never_lowers_belief(nats: list[float], more: float) -> None:
    said = [(20.0 * place, own) for place, own in enumerate(nats)]
    for place, (at_s, own) in enumerate(said):
        if own:
            surer = [*said[:place], (at_s, own + more), *said[place + 1 :]]
            assert all(
                after >= before - 1e-9
                for before, after in zip(beliefs(*said), beliefs(*surer), strict=True)
            )


def test_each_fix_inside_a_minute_after_the_last_raises_belief() -> None:
    grows = beliefs(*((60.0 * place, 0.3) for place in range(10)))
    assert all(after > before for before, after in pairwise(grows))

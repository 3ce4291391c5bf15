"""What finer fixes and a larger zone may never lose."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geofence.rules.belief import AGAINST_MOST_NATS, ERRORS_LAST_S
from geofence.rules.evidence import CONFIRMED_NATS, ONE_FIX_NATS
from geofence.rules.observing import Ground, Observation, observe
from geofence.rules.stays import Grade, Stay, find_stays
from geofence.rules.track import FROM_THE_BEGINNING_US
from geofence.rules.way import Measure
from supervision.core.fixes import Floats, Ints
from tests.unit.geofence.tracks import (
    AT_LAST_US,
    EAST_M_PER_DEG,
    NORTH_M_PER_DEG,
    At,
    disc,
    ground_of,
    track,
)

MINUTE_S = 60.0
# What belief may lose where evidence a minute old turns from slightly against to slightly for
# being inside, and the next fix counts as more of the same: e^-6 of one fix, ten times at most.
LOST_BY_TURNING_NATS = 10 * ONE_FIX_NATS * math.exp(-MINUTE_S / ERRORS_LAST_S)

Walk = list[At]


def accuracies() -> st.SearchStrategy[float]:
    return st.sampled_from([5.0, 10.0, 23.0, 60.0, 290.0])


def walks(gap_s: st.SearchStrategy[float], reach_m: int) -> st.SearchStrategy[Walk]:
    """Tracks without impossible jumps, all of whose fixes can tell."""
    step = st.tuples(gap_s, st.integers(-reach_m, reach_m), st.integers(-20, 20), accuracies())
    return st.lists(step, min_size=1, max_size=12).map(
        lambda steps: [
            At(s, east, north, good)
            for s, (_, east, north, good) in zip(
                np.cumsum([gap_s for gap_s, *_ in steps]).tolist(), steps, strict=True
            )
        ]
    )


any_gaps = st.sampled_from([1.0, 5.0, 20.0, MINUTE_S, 200.0])
minutes = st.sampled_from([MINUTE_S, 61.0, 90.0, 200.0, 400.0])


def judged(walk: Walk, ground: Ground) -> tuple[list[Observation], list[Stay]]:
    seen = observe(track(walk), ground, FROM_THE_BEGINNING_US, AT_LAST_US)
    return [one for one in seen if isinstance(one, Observation)], find_stays(seen)


def is_kept(one: Observation, stays: list[Stay]) -> bool:
    """Whether some confirmed stay holds the moment of an observation."""
    return any(
        stay.grade is Grade.CONFIRMED and stay.entered_us <= one.at_us <= stay.last_seen_us
        for stay in stays
    )


def finer(walk: Walk, factor: float) -> Walk:
    return [one._replace(accuracy_m=one.accuracy_m * factor) for one in walk]


def finer_inside_loses_nothing(walk: Walk, factor: float) -> None:
    ground = ground_of(disc(40), inradius_m=40)
    before, _ = judged(walk, ground)
    _, after = judged(finer(walk, factor), ground)
    assert all(is_kept(one, after) for one in before if one.confirms)


def finer_sure_fixes_lose_nothing(walk: Walk, factor: float) -> None:
    ground = ground_of(disc(40), inradius_m=40)
    before, _ = judged(walk, ground)
    _, after = judged(finer(walk, factor), ground)
    needed = (CONFIRMED_NATS + AGAINST_MOST_NATS) / (1 - math.exp(-MINUTE_S / ERRORS_LAST_S))
    sure = [one for one in before if one.confirms and one.own_nats >= needed]
    assert all(is_kept(one, after) for one in sure)


def larger_loses_nothing(walk: Walk, smaller: Measure, larger: Measure) -> None:
    before, _ = judged(walk, ground_of(smaller, inradius_m=40))
    _, after = judged(walk, ground_of(larger, inradius_m=50))
    clear = [
        one
        for one in before
        if one.confirms and one.belief_nats >= CONFIRMED_NATS + LOST_BY_TURNING_NATS
    ]
    assert all(is_kept(one, after) for one in clear)


def area(polygon: shapely.Polygon) -> Measure:
    """A polygon on the plane."""

    def measure(_: Ints, lon: Floats, lat: Floats) -> Floats:
        places = shapely.points(lon * EAST_M_PER_DEG, lat * NORTH_M_PER_DEG)
        edge_m = shapely.distance(polygon.boundary, places)
        distance_m: Floats = np.where(shapely.contains(polygon, places), -edge_m, edge_m)
        return distance_m

    return measure


L_SHAPE = shapely.Polygon([(-60, -50), (60, -50), (60, 0), (0, 0), (0, 50), (-60, 50)])


@settings(max_examples=50, deadline=None)
@given(walk=walks(any_gaps, 30), factor=st.floats(0.2, 1))
def test_finer_fixes_lose_no_confirmation_of_a_track_whose_fixes_all_lie_inside(
    walk: Walk, factor: float
) -> None:
    finer_inside_loses_nothing(walk, factor)


@settings(max_examples=50, deadline=None)
@given(walk=walks(minutes, 150), factor=st.floats(0.2, 1))
def test_finer_fixes_lose_none_that_a_fix_confirms_against_all_that_can_be_held_against_it(
    walk: Walk, factor: float
) -> None:
    finer_sure_fixes_lose_nothing(walk, factor)


@settings(max_examples=50, deadline=None)
@given(walk=walks(minutes, 150), more_m=st.integers(0, 60))
def test_a_larger_circle_loses_no_clear_confirmation_at_a_fix_a_minute(
    walk: Walk, more_m: int
) -> None:
    larger_loses_nothing(walk, disc(40), disc(40 + more_m))


@settings(max_examples=50, deadline=None)
@given(walk=walks(minutes, 150), more_m=st.integers(0, 60))
def test_a_polygon_buffered_loses_no_clear_confirmation_at_a_fix_a_minute(
    walk: Walk, more_m: int
) -> None:
    larger_loses_nothing(walk, area(L_SHAPE), area(L_SHAPE.buffer(more_m)))


def test_a_fix_all_but_on_the_edge_says_all_but_nothing_for_or_against_the_next_a_minute_on() -> (
    None
):
    beliefs = [
        judged([At(0, edge_m), At(MINUTE_S, 20)], ground_of(disc(40), inradius_m=40))[0][1]
        for edge_m in (-39.999, -40.001)
    ]
    for_it, against_it = (one.belief_nats for one in beliefs)
    assert for_it == pytest.approx(against_it, abs=LOST_BY_TURNING_NATS)


@pytest.mark.heavy
@settings(max_examples=2000, deadline=None)
@given(walk=walks(any_gaps, 30), factor=st.floats(0.2, 1))
def test_finer_fixes_inside_in_a_large_dose(walk: Walk, factor: float) -> None:
    finer_inside_loses_nothing(walk, factor)


@pytest.mark.heavy
@settings(max_examples=2000, deadline=None)
@given(walk=walks(minutes, 150), factor=st.floats(0.2, 1), more_m=st.integers(0, 60))
def test_finer_and_larger_in_a_large_dose(walk: Walk, factor: float, more_m: int) -> None:
    finer_sure_fixes_lose_nothing(walk, factor)
    larger_loses_nothing(walk, disc(40), disc(40 + more_m))
    larger_loses_nothing(walk, area(L_SHAPE), area(L_SHAPE.buffer(more_m)))

"""The same walk by the same zone is the same stays, wherever on earth and whichever way round."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geofence.drawing import shapes_of
from geofence.rules.observing import observe
from geofence.rules.shape import Shapes, signed_distance_m
from geofence.rules.stays import Stay, find_stays
from geofence.rules.track import FROM_THE_BEGINNING_US
from supervision.core.fixes import Floats, Ints, LocatedFixes, Source
from tests.unit.geofence.tracks import (
    AT_LAST_US,
    EAST_M_PER_DEG,
    NORTH_M_PER_DEG,
    At,
    ground_of,
    track,
)

Turn = Callable[[Floats], Floats]
"""Rows of degrees east and north, to other ones."""

CORNERS_M = np.array([(-90, -60), (90, -60), (90, 10), (10, 10), (10, 60), (-90, 60)])
CORNERS = CORNERS_M / (EAST_M_PER_DEG, NORTH_M_PER_DEG)


def walk_of(seed: int) -> LocatedFixes:
    """Somebody who drifts about the zone, at times with a gap, seldom seen by a tower alone."""
    random = np.random.default_rng(seed)
    count = 12
    at_s = np.cumsum(random.choice([5, 30, 60, 200], count)).tolist()
    places = np.cumsum(random.normal(0, 60, (count, 2)), axis=0)
    accuracy_m = random.choice([4.0, 12.0, 40.0], count)
    source = random.choice([Source.GPS, Source.GPS, Source.WIFI, Source.CELL], count)
    rows = zip(at_s, places.tolist(), accuracy_m.tolist(), source.tolist(), strict=True)
    return track(At(s, east, north, good, Source(by)) for s, (east, north), good, by in rows)


def stays_of(fixes: LocatedFixes, turn: Turn) -> list[Stay]:
    lon, lat = turn(np.column_stack([fixes.lon, fixes.lat])).T
    shapes: Shapes = shapes_of([shapely.Polygon(turn(CORNERS))], [0.0])

    def measure(span: Ints, lon: Floats, lat: Floats) -> Floats:
        return signed_distance_m(shapes, span, lon, lat)

    moved = replace(fixes, lon=lon, lat=lat)
    ground = ground_of(measure, inradius_m=40)
    return find_stays(observe(moved, ground, FROM_THE_BEGINNING_US, AT_LAST_US))


def are_the_same(stays: list[Stay], others: list[Stay], apart_m: float, apart_us: int) -> None:
    assert [words(one) for one in stays] == [words(one) for one in others]
    for one, other in zip(stays, others, strict=True):
        assert moments(one) == pytest.approx(moments(other), abs=apart_us)
        assert one.deepest_m == pytest.approx(other.deepest_m, abs=apart_m)
        assert one.decided.distance_m == pytest.approx(other.decided.distance_m, abs=apart_m)
        assert one.decided.share == pytest.approx(other.decided.share, abs=apart_m)


def words(stay: Stay) -> tuple[object, ...]:
    return stay.kind, stay.grade, stay.fix_count, stay.entry_position_id, stay.deepest_position_id


def moments(stay: Stay) -> list[float]:
    instants = stay.entered_us, stay.last_seen_us, stay.left_us, stay.left_before_us
    return [-1.0 if one is None else float(one) for one in instants]


def unmoved(places: Floats) -> Floats:
    return places


def east_by(degrees: float) -> Turn:
    def turn(places: Floats) -> Floats:
        moved = places + np.array([degrees, 0])
        return np.column_stack([(moved[:, 0] + 180) % 360 - 180, moved[:, 1]])

    return turn


def mirrored(places: Floats) -> Floats:
    return places * (-1, 1)


def upside_down(places: Floats) -> Floats:
    return places * (1, -1)


def turned_by(radians: float) -> Turn:
    scale = np.array([EAST_M_PER_DEG, NORTH_M_PER_DEG])
    cosine, sine = np.cos(radians), np.sin(radians)
    matrix = np.array([[cosine, sine], [-sine, cosine]])

    def turn(places: Floats) -> Floats:
        turned: Floats = (places * scale) @ matrix / scale
        return turned

    return turn


seeds = st.integers(0, 100_000)


@settings(max_examples=30, deadline=None)
@given(seed=seeds, degrees=st.floats(-170, 170))
def test_a_walk_somewhere_else_along_the_equator_is_the_same(seed: int, degrees: float) -> None:
    walk = walk_of(seed)
    are_the_same(stays_of(walk, unmoved), stays_of(walk, east_by(degrees)), 1e-6, 100)


@settings(max_examples=30, deadline=None)
@given(seed=seeds)
@pytest.mark.parametrize("mirror", [mirrored, upside_down])
def test_a_walk_seen_in_a_mirror_is_the_same(mirror: Turn, seed: int) -> None:
    walk = walk_of(seed)
    are_the_same(stays_of(walk, unmoved), stays_of(walk, mirror), 1e-6, 100)


@settings(max_examples=30, deadline=None)
@given(seed=seeds, radians=st.floats(0, 2 * np.pi))
def test_a_walk_turned_is_the_same_to_the_centimetre(seed: int, radians: float) -> None:
    walk = walk_of(seed)
    are_the_same(stays_of(walk, unmoved), stays_of(walk, turned_by(radians)), 0.01, 100_000)


@pytest.mark.heavy
@settings(max_examples=1000, deadline=None)
@given(seed=seeds, degrees=st.floats(-170, 170), radians=st.floats(0, 2 * np.pi))
def test_moved_and_turned_and_mirrored_in_a_large_dose(
    seed: int, degrees: float, radians: float
) -> None:
    walk = walk_of(seed)
    there = stays_of(walk, unmoved)
    for turn in (east_by(degrees), mirrored, upside_down):
        are_the_same(there, stays_of(walk, turn), 1e-6, 100)
    are_the_same(there, stays_of(walk, turned_by(radians)), 0.01, 100_000)

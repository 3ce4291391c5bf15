import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geofence.rules.silence import Silence, find_silences, spare_m
from supervision.core.fixes import Floats, LocatedFixes, Source
from tests.unit.geofence.tracks import SECOND_US, At, disc, track

DAY_S = 24 * 3600
CELL_M = 2000.0
Told = tuple[float, float, bool]
"""From and until when, in seconds, and whether it is over."""


def told(silences: list[Silence]) -> list[Told]:
    return [(one.from_us / SECOND_US, one.until_us / SECOND_US, one.is_over) for one in silences]


def silences(*fixes: At) -> list[Told]:
    return told(find_silences(track(fixes)))


def at(*seconds: float) -> list[At]:
    return [At(s, 0) for s in seconds]


def coarse(*seconds: float) -> list[At]:
    """Fixes that cannot tell where he is."""
    return [At(s, 0, 0, CELL_M, Source.CELL) for s in seconds]


def in_time(*fixes: At) -> list[At]:
    return sorted(fixes, key=lambda one: one.s)


def test_he_is_unseen_after_two_and_a_half_minutes_without_a_fix_and_not_at_them() -> None:
    assert silences(*at(0, 150)) == []
    assert silences(*at(0, 150.000_001)) == [(0, 150.000_001, True)]


def test_a_silence_is_over_with_the_next_fix_that_tells() -> None:
    assert silences(*at(0, 60, 600, 660, 1000)) == [(60, 600, True), (660, 1000, True)]


def test_a_fix_that_cannot_tell_ends_no_silence() -> None:
    assert silences(*in_time(*at(0, 600), *coarse(100, 200))) == [(0, 600, True)]
    finest_that_cannot = At(100, 0, 0, 300.1)
    assert silences(At(0, 0), finest_that_cannot, At(200, 0)) == [(0, 200, True)]
    assert silences(At(0, 0), finest_that_cannot._replace(accuracy_m=300), At(200, 0)) == []


def test_a_silence_remembers_the_fixes_in_it() -> None:
    (silence,) = find_silences(track(in_time(*at(0, 60, 600, 610), *coarse(100, 200))))
    assert (silence.first, silence.last) == (1, 4)


def test_somebody_who_was_never_seen_is_unseen_from_his_first_fix_on() -> None:
    assert silences(*coarse(0, 100), *at(600)) == [(0, 600, True)]


def test_a_silence_at_the_end_is_not_over() -> None:
    assert silences(*at(0), *coarse(100, 200)) == [(0, 200, False)]
    assert silences(*at(0), *coarse(100, 150)) == []


def test_a_silence_is_told_in_pieces_of_a_day() -> None:
    hourly = [*at(0), *coarse(*range(3600, DAY_S + 7200 + 1, 3600))]
    assert silences(*hourly) == [(0, DAY_S, True), (DAY_S, DAY_S + 7200, False)]
    assert silences(*at(0), *coarse(DAY_S)) == [(0, DAY_S, True)]
    assert silences(*at(0), *coarse(DAY_S - 1)) == [(0, DAY_S - 1, False)]


def test_nobody_and_a_single_fix_are_no_silence() -> None:
    assert silences() == []
    assert silences(*at(5)) == []


steps = st.lists(st.tuples(st.integers(1, 40_000), st.booleans()), min_size=1, max_size=20)


@given(steps=steps)
def test_silences_hold_no_telling_fix_and_leave_out_no_long_gap(
    steps: list[tuple[int, bool]],
) -> None:
    at_s = np.cumsum([gap_s for gap_s, _ in steps]).tolist()
    fixes = [
        (at if is_telling else coarse)(s)[0] for s, (_, is_telling) in zip(at_s, steps, strict=True)
    ]
    found = silences(*fixes)
    for from_s, until_s, is_over in found:
        assert not [one for one in fixes if one.accuracy_m < 300 and from_s < one.s < until_s]
        assert until_s - from_s > 150
        assert is_over or until_s == fixes[-1].s
    for before, after in pairwise(fixes):
        if after.s - before.s > 150:
            assert [one for one in found if one[0] <= before.s and after.s <= one[1]]


def spare(fixes: list[At], radius_m: float) -> float:
    """How much to spare there was for a disc around the origin."""
    return float(spares(track(fixes), [radius_m])[0])


def spares(fixes: LocatedFixes, radii_m: list[float]) -> Floats:
    whole = Silence(0, 0, 0, len(fixes) - 1, is_over=True)
    span = np.zeros(len(fixes), np.int64)
    rows = np.stack([disc(radius_m)(span, fixes.lon, fixes.lat) for radius_m in radii_m])
    return spare_m(fixes, whole, rows)


def test_a_zone_is_in_reach_at_126_km_an_hour_there_and_on() -> None:
    there_and_back = [At(0, 8000, 0, 4), At(400, 8000, 0, 4)]
    assert spare(there_and_back, 1000) == pytest.approx(35 * 400 - 14_000 + 20, abs=0.1)
    assert spare(there_and_back, 990) == pytest.approx(0, abs=0.1)


def test_both_fixes_may_be_off_by_two_and_a_half_times_their_accuracy() -> None:
    one_way = [At(0, 8000, 0, 100), At(200, 8000, 0, math.nan)]
    assert spare(one_way, 1000) == pytest.approx(7000 - 14_000 + 2.5 * (100 + 30), abs=0.1)


def test_whoever_went_far_had_no_time_for_the_zone_beside_his_way() -> None:
    straight = [At(0, -7000, 0, 4), At(400, 7000, 0, 4)]
    assert spare(straight, 10) == pytest.approx(20, abs=1)
    assert spare([straight[0], straight[1]._replace(s=390)], 10) == pytest.approx(-330, abs=1)


def test_a_fix_that_cannot_tell_still_bounds_where_he_was() -> None:
    away = [At(0, 20_000), At(2000, 20_000)]
    between = At(1000, 60_000, 0, 1000, Source.CELL)
    assert spare(away, 100) > 0
    assert spare([away[0], between, away[1]], 100) < 0


def test_a_silence_is_reckoned_from_its_own_fixes_one_gap_after_the_other() -> None:
    aside = At(0, 90_000, 0, 3)
    walk = [
        At(100, 0, 4000, 10),
        At(200, 300, 5000, 20),
        At(260, 0, 7000, 40),
        At(300, 0, 9000, 80),
    ]
    fixes = track([aside, aside, *walk, aside._replace(s=900)])
    silence = Silence(0, 0, 2, 5, is_over=True)
    span = np.zeros(4, np.int64)
    distance_m = disc(100)(span, fixes.lon[2:6], fixes.lat[2:6])
    to_m = [math.hypot(one.east_m, one.north_m) - 100 for one in walk]
    expected_m = max(
        35 * (after.s - before.s)
        + 2.5 * (before.accuracy_m + after.accuracy_m)
        - max(
            to_m[k] + to_m[k + 1],
            math.hypot(after.east_m - before.east_m, after.north_m - before.north_m),
        )
        for k, (before, after) in enumerate(pairwise(walk))
    )
    assert float(spare_m(fixes, silence, distance_m)) == pytest.approx(expected_m, abs=0.1)


def test_whoever_was_in_the_zone_had_it_in_reach_with_all_the_time_that_he_did_not_need() -> None:
    assert spare([At(0, 10), At(200, 4000)], 100) == pytest.approx(35 * 200 - 3990 + 50, abs=0.1)
    assert spare([At(0, 10), At(200, 10)], 100) == pytest.approx(35 * 200 + 50, abs=0.1)


def test_each_zone_is_reckoned_alone() -> None:
    fixes = track([At(0, 8000, 0, 4), At(200, 8000, 0, 4), At(600, 9000, 0, 4)])
    together = spares(fixes, [10.0, 1000.0, 8500.0])
    assert together.tolist() == [float(spares(fixes, [one])[0]) for one in (10.0, 1000.0, 8500.0)]
    assert together[0] < together[1] < together[2]


places = st.tuples(st.integers(-9000, 9000), st.integers(-9000, 9000))


@settings(deadline=None)
@given(
    steps=st.lists(
        st.tuples(places, st.integers(1, 500), st.sampled_from([3.0, 50.0, 900.0])),
        min_size=2,
        max_size=4,
    ),
    radius_m=st.sampled_from([20.0, 600.0, 4000.0]),
)
def test_a_zone_that_can_be_reached_is_never_called_out_of_reach(
    steps: list[tuple[tuple[int, int], int, float]], radius_m: float
) -> None:
    at_s = np.cumsum([gap_s for _, gap_s, _ in steps]).tolist()
    fixes = [
        At(s, *place, accuracy_m) for s, (place, _, accuracy_m) in zip(at_s, steps, strict=True)
    ]
    if spare(fixes, radius_m) < -0.001 * 35 * 500:  # the plane is as good as a thousandth
        assert not is_reached(fixes, radius_m)


def is_reached(fixes: list[At], radius_m: float) -> bool:
    """Whether some place in the disc could be visited between some two fixes: by trying places."""
    angle, radius = np.meshgrid(np.linspace(0, 2 * np.pi, 48), np.linspace(0, radius_m, 12))
    zone = (radius * np.exp(1j * angle)).ravel()
    for before, after in pairwise(fixes):
        way_m = sum(abs(zone - complex(one.east_m, one.north_m)) for one in (before, after))
        can_go_m = 35 * (after.s - before.s) + 2.5 * (before.accuracy_m + after.accuracy_m)
        if np.min(way_m) <= can_go_m:
            return True
    return False

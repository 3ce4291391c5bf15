"""Which way somebody goes: told where two fixes can tell it, and only there."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geofence.rules.motion import Motion, Sight, motion_between
from supervision.core.fixes import Source

SECOND_US = 1_000_000
M_PER_DEG = 111_195.0

LATS = st.floats(-80, 80)
LONS = st.floats(-180, 180)
ACCURACIES_M = st.floats(1, 2_000)
TIMES_S = st.integers(10, 300)
COURSES_DEG = st.floats(0, 359.99)


def sight(at_s: int = 0, lon: float = 10.0, lat: float = 50.0, accuracy_m: float = 5.0) -> Sight:
    return Sight(at_s * SECOND_US, lon, lat, accuracy_m, Source.GPS)


def along(start: Sight, course_deg: float, way_m: float, after_s: int) -> Sight:
    """A fix so far away, that much later, on a course from north."""
    east_m = way_m * math.sin(math.radians(course_deg))
    north_m = way_m * math.cos(math.radians(course_deg))
    return start._replace(
        fixed_at_us=start.fixed_at_us + after_s * SECOND_US,
        lon=start.lon + east_m / M_PER_DEG / math.cos(math.radians(start.lat)),
        lat=start.lat + north_m / M_PER_DEG,
    )


def turned_deg(one_deg: float, other_deg: float) -> float:
    """How far apart two courses are, at most half a turn."""
    return abs((one_deg - other_deg + 180) % 360 - 180)


@given(lon=LONS, lat=LATS, course_deg=COURSES_DEG, way_m=st.floats(50, 2_000), time_s=TIMES_S)
def test_a_long_way_tells_its_course_and_speed(
    lon: float, lat: float, course_deg: float, way_m: float, time_s: int
) -> None:
    start = sight(lon=lon, lat=lat)
    motion = motion_between(start, along(start, course_deg, way_m, time_s))
    if way_m / time_s > 69:
        return
    assert motion is not None
    assert motion.speed_mps == pytest.approx(way_m / time_s, rel=0.02)
    assert turned_deg(motion.course_deg, course_deg) < 2
    assert 0 <= motion.course_deg < 360


@given(lon=LONS, lat=LATS, course_deg=COURSES_DEG, way_m=st.floats(50, 2_000))
def test_the_way_back_is_the_other_way_round(
    lon: float, lat: float, course_deg: float, way_m: float
) -> None:
    first = sight(lon=lon, lat=lat)
    last = along(first, course_deg, way_m, 60)
    there = motion_between(first, last)
    back = motion_between(last._replace(fixed_at_us=0), first._replace(fixed_at_us=60 * SECOND_US))
    assert there is not None
    assert back is not None
    assert turned_deg(there.course_deg, back.course_deg) == pytest.approx(180, abs=1)
    assert there.speed_mps == pytest.approx(back.speed_mps)


@given(first_m=ACCURACIES_M, last_m=ACCURACIES_M, course_deg=COURSES_DEG, share=st.floats(0, 1.9))
def test_a_way_within_its_errors_tells_no_direction(
    first_m: float, last_m: float, course_deg: float, share: float
) -> None:
    first = sight(accuracy_m=first_m)
    way_m = share * math.hypot(first_m, last_m)
    last = along(first, course_deg, way_m, 120)._replace(accuracy_m=last_m)
    assert motion_between(first, last) is None


@pytest.mark.parametrize("time_s", [-60, 0, 9, 301, 86_400])
def test_too_short_or_too_long_a_time_tells_none(time_s: int) -> None:
    first = sight()
    assert motion_between(first, along(first, 90, 400, time_s)) is None


def test_a_way_nobody_can_have_made_tells_none() -> None:
    first = sight()
    assert motion_between(first, along(first, 90, 7_100, 100)) is None
    assert motion_between(first, along(first, 90, 6_900, 100)) is not None


def test_a_fix_that_says_no_place_tells_none() -> None:
    first = sight()
    last = along(first, 90, 5_000, 200)
    assert isinstance(motion_between(first, last), Motion)
    assert motion_between(first, last._replace(accuracy_m=301.0)) is None
    unstated = last._replace(accuracy_m=math.nan, source=Source.CELL)
    assert motion_between(first, unstated) is None

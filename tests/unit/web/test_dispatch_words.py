"""What a packet says of the age, exactness and direction of a place: never better than it is."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.core.fixes import Source
from supervision.web.console.times import Times, age_words
from supervision.web.dispatch import wording
from supervision.web.dispatch.whereabouts import LastFix, Whereabouts, whereabouts_of
from tests.factories import NOW

UNITS_S = {"s": 1, "min": 60, "h": 3_600, "d": 86_400}
TIMES = Times(NOW, ZoneInfo("America/Denver"))


def a_fix(
    ago_s: float = 0, lon: float = 10.0, accuracy_m: float | None = 5.0, source: Source = Source.GPS
) -> LastFix:
    at = NOW - timedelta(seconds=ago_s)
    return LastFix(1, at, at, lon, 50.0, accuracy_m, source)


@given(ago_s=st.integers(0, 10 * 86_400))
def test_an_age_in_words_is_right_to_its_last_unit(ago_s: int) -> None:
    parts = [(int(n), UNITS_S[u]) for n, u in re.findall(r"(\d+) (s|min|h|d)", age_words(ago_s))]
    told_s = sum(number * unit_s for number, unit_s in parts)
    assert 0 <= ago_s - told_s < parts[-1][1]


@given(ago_s=st.integers(0, 86_400), later_s=st.integers(1, 86_400))
def test_what_is_older_is_never_told_as_newer(ago_s: int, later_s: int) -> None:
    newer, older = a_fix(ago_s), a_fix(ago_s + later_s)
    assert wording.is_old(older, TIMES) >= wording.is_old(newer, TIMES)
    assert age_words(ago_s) in wording.last_known(newer, TIMES)


@given(course_deg=st.floats(0, 360))
def test_the_point_of_the_compass_is_the_nearest(course_deg: float) -> None:
    told_deg = wording.POINTS.index(wording.compass(course_deg)) * 45
    assert abs((course_deg - told_deg + 180) % 360 - 180) <= 22.5


def test_a_place_is_told_with_time_age_exactness_and_source() -> None:
    said = wording.last_known(a_fix(23 * 60, accuracy_m=40.0), TIMES)
    assert said == "07:50:20 MDT, 23 min ago, within 40 m (GPS)"
    assert "accuracy not stated (cell tower)" in wording.last_known(
        a_fix(accuracy_m=None, source=Source.CELL), TIMES
    )
    assert wording.last_known(a_fix(-30), TIMES).startswith("08:13:50 MDT, 0 s ago")


def test_the_last_exact_fix_is_told_beside_a_rough_one() -> None:
    rough, exact = a_fix(0, accuracy_m=2_000.0), a_fix(120)
    assert whereabouts_of([rough, exact], None).better == exact
    assert whereabouts_of([exact, rough], None).better is None
    assert whereabouts_of([rough], None) == Whereabouts(rough, None, None, None)


def test_a_direction_is_read_from_exact_fixes_alone() -> None:
    fixes = [a_fix(0, 10.01), a_fix(30, 10.3, accuracy_m=2_000.0), a_fix(60, 10.0)]
    way = whereabouts_of(fixes, None).way
    assert way is not None
    assert (way.from_at, way.until_at) == (fixes[2].fixed_at, fixes[0].fixed_at)
    assert wording.moved(way, TIMES) == (
        "went east at about 27 mph (43 km/h), 08:12:20 MDT to 08:13:20 MDT"
    )


@pytest.mark.parametrize(("ago_s", "is_old"), [(299, False), (300, True)])
def test_from_five_minutes_on_he_may_be_far(ago_s: int, is_old: bool) -> None:  # noqa: FBT001
    assert bool(wording.doubts(whereabouts_of([a_fix(ago_s)], None), TIMES)) is is_old

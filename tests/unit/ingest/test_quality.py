"""Which single fixes are believed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import quality

EARLIEST_US, LATEST_US = 1_000, 2_000


def flaw_of(
    lon: float = 5.0,
    lat: float = 50.0,
    accuracy_m: float | None = 8.0,
    fixed_at_us: int = 1_500,
) -> str | None:
    return quality.flaw(lon, lat, accuracy_m, fixed_at_us, EARLIEST_US, LATEST_US)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(180.1, 0.0), (-180.1, 0.0), (5.0, 90.1), (5.0, -91.0)]
    + [(bad, 50.0) for bad in (math.nan, math.inf, -math.inf)]
    + [(5.0, bad) for bad in (math.nan, math.inf, -math.inf)],
)
def test_a_place_off_the_globe_is_out_of_range(lon: float, lat: float) -> None:
    assert flaw_of(lon, lat) == "position_out_of_range"


@pytest.mark.parametrize(("lon", "lat"), [(180.0, 50.0), (-180.0, 50.0), (5.0, 90.0), (5.0, -90.0)])
def test_the_edges_of_the_globe_are_on_it(lon: float, lat: float) -> None:
    assert flaw_of(lon, lat) is None


def test_zero_zero_is_a_receiver_without_a_fix_but_greenwich_and_the_equator_are_places() -> None:
    assert flaw_of(0.0, 0.0) == "null_island"
    assert flaw_of(9e-7, -9e-7) == "null_island"
    assert flaw_of(0.0, 51.5) is None
    assert flaw_of(32.6, 0.0) is None
    assert flaw_of(2e-6, 0.0) is None


def test_the_believed_window_includes_both_its_ends() -> None:
    assert flaw_of(fixed_at_us=EARLIEST_US) is None
    assert flaw_of(fixed_at_us=LATEST_US) is None
    assert flaw_of(fixed_at_us=EARLIEST_US - 1) == "fixed_too_long_ago"
    assert flaw_of(fixed_at_us=LATEST_US + 1) == "fixed_in_future"


@pytest.mark.parametrize("accuracy_m", [100_000.1, math.inf, math.nan])
def test_an_accuracy_worse_than_100_km_is_absurd(accuracy_m: float) -> None:
    assert flaw_of(accuracy_m=accuracy_m) == "accuracy_absurd"


@pytest.mark.parametrize("accuracy_m", [None, 0.1, 100_000.0])
def test_an_unknown_or_wide_accuracy_is_still_believed(accuracy_m: float | None) -> None:
    assert flaw_of(accuracy_m=accuracy_m) is None


@pytest.mark.parametrize("stated_m", [0.0, -0.0, -1.0, None])
def test_an_accuracy_of_zero_or_less_means_unknown(stated_m: float | None) -> None:
    assert quality.accuracy_m(stated_m) is None


def test_a_positive_accuracy_is_taken_at_its_word() -> None:
    assert quality.accuracy_m(0.5) == 0.5


@pytest.mark.parametrize("value", [True, False, "3", None, [3], math.nan, math.inf, 10**400])
def test_what_is_no_number_between_the_bounds_is_dropped(value: object) -> None:
    assert quality.within(value, -10.0, 10.0) is None


def test_a_course_of_360_is_north() -> None:
    assert quality.course_deg(360) == 0.0
    assert quality.course_deg(359.5) == 359.5
    assert quality.course_deg(-1) is None


def test_secondary_values_out_of_range_are_dropped() -> None:
    assert quality.speed_mps(-1) is None
    assert quality.speed_mps(1_000.5) is None
    assert quality.battery_pct(101) is None
    assert quality.satellites(7.9) == 7
    assert quality.satellites(255) is None
    assert quality.hdop(-0.1) is None
    assert quality.altitude_m(-6_000) is None


@given(
    st.floats(),
    st.floats(),
    st.none() | st.floats(),
    st.integers(min_value=-(2**70), max_value=2**70),
)
def test_only_what_can_be_stored_and_judged_has_no_flaw(
    lon: float, lat: float, accuracy_m: float | None, fixed_at_us: int
) -> None:
    found = flaw_of(lon, lat, accuracy_m, fixed_at_us)
    is_sound = (
        abs(lon) <= 180
        and abs(lat) <= 90
        and max(abs(lon), abs(lat)) > quality.NULL_ISLAND_DEG
        and EARLIEST_US <= fixed_at_us <= LATEST_US
        and (accuracy_m is None or accuracy_m <= quality.MAX_ACCURACY_M)
    )
    assert (found is None) == is_sound
    assert found is None or found in quality.FLAWS

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.simulator.motion import CAUTIOUS, Base, ErrorModel, Place, Route, scatter


@pytest.mark.parametrize(
    ("lat", "lon_m", "lat_m"),
    [(0.0, 111_319.5, 110_574.3), (45.0, 78_846.8, 111_131.8), (60.0, 55_800.0, 111_412.3)],
)
def test_a_degree_is_as_long_as_the_tables_say(lat: float, lon_m: float, lat_m: float) -> None:
    assert Base(0.0, lat).metres_per_deg() == pytest.approx((lon_m, lat_m), abs=0.5)


def test_east_is_more_longitude_and_north_more_latitude() -> None:
    lon, lat = Base(10.0, 50.0).lonlat(np.array([100.0]), np.array([-100.0]))
    assert lon[0] > 10.0
    assert lat[0] < 50.0


def test_a_route_is_walked_evenly_and_he_stands_before_and_after() -> None:
    route = Route(Place(0.0, 0.0)).stand(10.0).go(Place(30.0, 40.0), 5.0)
    east_m, north_m = route.at(np.array([-5.0, 10.0, 15.0, 99.0]))
    assert route.ends_at_s == 20.0
    assert east_m.tolist() == [0.0, 0.0, 15.0, 30.0]
    assert north_m.tolist() == [0.0, 0.0, 20.0, 40.0]


def test_movement_is_metres_per_second_and_degrees_from_north() -> None:
    route = Route(Place(0.0, 0.0)).go(Place(100.0, 0.0), 10.0).go(Place(100.0, -50.0), 5.0)
    speed_mps, course_deg = route.movement(np.array([5.0, 15.0]))
    assert speed_mps == pytest.approx([10.0, 5.0])
    assert course_deg == pytest.approx([90.0, 180.0])


@given(st.floats(-math.pi, math.pi))
def test_turning_a_route_keeps_every_distance_from_the_base_point(angle_rad: float) -> None:
    route = Route(Place(300.0, 40.0)).go(Place(-20.0, 10.0), 3.0)
    times_s = np.linspace(0.0, 120.0, 20)
    assert np.hypot(*route.turned(angle_rad).at(times_s)) == pytest.approx(
        np.hypot(*route.at(times_s))
    )


def test_cautious_fixes_lie_well_within_their_stated_accuracy() -> None:
    errors = scatter(np.random.default_rng(1), CAUTIOUS, 5000)
    off = np.hypot(errors.east_m, errors.north_m) / errors.accuracy_m
    assert 0.29 < off.max() <= 0.3


def test_drifting_fixes_are_off_by_a_68_percent_radius_and_never_further_than_the_limit() -> None:
    model = ErrorModel(drift_share=1.0, drift_accuracy_m=(100.0, 100.0))
    errors = scatter(np.random.default_rng(1), model, 20_000)
    off_m = np.hypot(errors.east_m, errors.north_m)
    assert np.mean(off_m <= 100.0) == pytest.approx(0.68, abs=0.01)
    assert off_m.max() == pytest.approx(model.drift_max_m)

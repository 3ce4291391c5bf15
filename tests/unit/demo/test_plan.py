"""The demonstration's plan: everybody has a device, a zone of his own, and a known answer."""

from itertools import pairwise

from geofence.drawing import ZoneShape, read_geojson
from ingest.simulator.motion import Base
from supervision.demo.fleet import FIRST_INDEX, fleet_zone
from supervision.demo.live import live_streams
from supervision.demo.plan import PEOPLE, devices, drawn, zone_of

NOW_S = 1_790_000_000.0


def apart_m(one: Base, other: Base) -> float:
    per_lon_m, per_lat_m = one.metres_per_deg()
    east_m = (one.lon - other.lon) * per_lon_m
    north_m = (one.lat - other.lat) * per_lat_m
    return float((east_m**2 + north_m**2) ** 0.5)


def test_circles_and_polygons_are_drawn_and_readable() -> None:
    kinds = {read_geojson(drawn(zone_of(place), place)).kind for place in range(len(PEOPLE))}
    assert kinds == {ZoneShape.CIRCLE, ZoneShape.POLYGON}


def test_no_two_people_of_the_demonstration_play_near_each_other() -> None:
    bases = [zone_of(place).base for place in range(len(PEOPLE))]
    assert all(apart_m(one, other) > 15_000 for one, other in pairwise(bases))


def test_a_fleets_zones_are_far_enough_apart_for_their_scenarios() -> None:
    for index in range(FIRST_INDEX, FIRST_INDEX + 300):
        assert apart_m(fleet_zone(index).base, fleet_zone(index + 1).base) > 3_000


def test_the_plan_has_stays_an_event_and_people_who_do_nothing_wrong() -> None:
    plan = devices(1, 60.0, NOW_S)
    assert sum(len(device.expected_stays()) for device in plan) >= 5
    assert sum(len(device.expected_events()) for device in plan) == 1
    assert any(not device.expected_stays() and not device.expected_events() for device in plan)


def test_the_live_fleet_never_speaks_of_the_future_and_its_first_event_is_near() -> None:
    streams = live_streams(1, NOW_S)
    first = [ping for _, ping in zip(range(30), streams["sim-0001"], strict=False)]
    assert all(ping.due_at_s >= 0 for ping in first)
    assert any(ping.due_at_s > 0 for ping in first), "it goes on in real time"

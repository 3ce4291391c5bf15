import numpy as np
import pytest

from geofence.rules.approach import Closing, closings, paces
from geofence.rules.movement import IMPOSSIBLE_MPS
from tests.unit.geofence.tracks import SECOND_US

Seen = tuple[float, float, float]
"""When, in seconds; how far outside the edge; how good; metres."""


def found(*seen: Seen) -> dict[int, Closing]:
    """Between each two in a row."""
    columns = np.array(seen, np.float64).reshape(-1, 3).T
    at_us = (columns[0] * SECOND_US).astype(np.int64)
    place = np.arange(len(at_us))
    return closings(at_us, columns[1], columns[2], np.stack([place[:-1], place[1:]]))


def test_speed_and_time_of_arrival_are_read_off_two_fixes() -> None:
    closing = found((0, 300, 10), (60, 180, 10))
    assert closing == {1: Closing(60 * SECOND_US, 2.0, 90.0)}


def test_whoever_comes_nearer_by_less_than_the_errors_can_feign_is_not_coming_nearer() -> None:
    evident_m = np.hypot(30, 40)
    assert found((0, 200, 30), (60, 200 - evident_m, 40))
    assert not found((0, 200, 30), (60, 200.1 - evident_m, 40))


def test_whoever_goes_away_or_stays_is_not_coming_nearer() -> None:
    assert not found((0, 100, 3), (60, 200, 3), (120, 200, 3))


def test_whoever_is_in_the_zone_is_not_coming_nearer_any_more() -> None:
    assert not found((0, 100, 3), (60, -1, 3))
    assert not found((0, 100, 3), (60, 0, 3))
    assert found((0, 100, 3), (60, 0.1, 3))


def test_each_pair_is_looked_at_alone_and_named_by_its_later_fix() -> None:
    closing = found((0, 400, 10), (60, 300, 10), (120, 300, 10), (130, 250, 10))
    assert sorted(closing) == [1, 3]
    assert closing[3].speed_mps == pytest.approx(5.0)
    assert closing[3].eta_s == pytest.approx(50.0)


def test_nobody_comes_nearer_faster_than_one_can_move() -> None:
    fastest_m = IMPOSSIBLE_MPS * 10 + 7
    assert found((0, 900, 3), (10, 900.1 - fastest_m, 4))
    assert not found((0, 900, 3), (10, 899.9 - fastest_m, 4))


def test_pairs_need_not_be_neighbours() -> None:
    at_us = np.array([0, 30, 60]) * SECOND_US
    distance_m = np.array([300.0, 9999.0, 240.0])
    pair = np.array([[0], [2]])
    closing = closings(at_us, distance_m, np.full(3, 3.0), pair)
    assert closing == {2: Closing(60 * SECOND_US, 1.0, 240.0)}


def test_nobody_was_seen_is_no_trouble() -> None:
    assert found() == {}


def paced(*seconds: float, span: list[int] | None = None) -> list[int]:
    at_us = np.array([round(one * SECOND_US) for one in seconds], np.int64)
    spans = np.array(span or [0] * len(seconds), np.int64)
    return [int(place) for place in paces(at_us, spans, 300 * SECOND_US)]


def test_each_fix_a_minute_is_compared_with_the_one_before() -> None:
    assert paced(0, 58, 121, 180) == [0, 0, 1, 2]


def test_at_any_faster_interval_it_is_one_of_forty_seconds_ago() -> None:
    assert paced(0, 15, 30, 45, 60, 75) == [0, 0, 0, 0, 1, 2]
    assert paced(0, 39.999_999, 40, 41) == [0, 0, 0, 0]
    assert paced(*range(100))[40:] == list(range(60))


def test_after_a_long_gap_it_is_the_first_there_is() -> None:
    assert paced(0, 301, 316, 331) == [0, 1, 1, 1]
    assert paced(0, 300, 315) == [0, 0, 1]


def test_another_drawing_says_nothing_of_it() -> None:
    assert paced(0, 60, 75, span=[0, 1, 1]) == [0, 1, 1]

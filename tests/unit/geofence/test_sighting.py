from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geofence.rules.sighting import (
    NOT_CARRIED,
    Sightings,
    Span,
    came_out_of_order,
    ends_us,
    in_line,
    sightings,
)
from geofence.rules.spans import NEVER
from supervision.core.fixes import CARRY_US, Ints, LocatedFixes

LONG_AGO_US = -10 * CARRY_US
OWN = NOT_CARRIED

Row = tuple[int, int, int, int]
"""For which moment, which fix, by which span, how old when that began."""


def at(*instants_us: int) -> Ints:
    return np.array(instants_us, np.int64)


def rows(seen: Sightings) -> list[Row]:
    return list(zip(*(column.tolist() for column in seen), strict=True))


def see(
    fixed_at_us: Ints, *spans: Span, since_us: int = LONG_AGO_US, now_us: int = NEVER
) -> list[Row]:
    return rows(sightings(fixed_at_us, list(spans), since_us, now_us))


def test_each_fix_is_judged_by_the_drawing_in_force_at_its_own_time() -> None:
    seen = see(at(15, 20, 29, 30), Span(10, 20), Span(20, 30))
    assert seen == [(15, 0, 0, OWN), (20, 1, 1, OWN), (29, 2, 1, OWN)]


def test_the_last_fix_before_a_drawing_counts_at_the_moment_the_drawing_begins() -> None:
    assert see(at(3, 7), Span(10, 20)) == [(10, 1, 0, 3)]
    assert see(at(3, 12), Span(5, 10), Span(10, 20)) == [
        (5, 0, 0, 2),
        (10, 0, 1, 7),
        (12, 1, 1, OWN),
    ]


def test_a_fix_of_the_very_moment_takes_the_place_of_the_one_before() -> None:
    assert see(at(7, 10), Span(10, 20)) == [(10, 1, 0, OWN)]


def test_a_fix_more_than_a_day_old_is_not_carried() -> None:
    begins_us = CARRY_US + 5
    assert see(at(5), Span(begins_us, NEVER)) == [(begins_us, 0, 0, CARRY_US)]
    assert see(at(4), Span(begins_us, NEVER)) == []


def test_a_drawing_that_begins_later_than_now_is_not_judged_by_what_is_known_now() -> None:
    assert see(at(7), Span(10, 20), now_us=9) == []
    assert see(at(7), Span(10, 20), now_us=10) == [(10, 0, 0, 3)]


def test_a_beginning_before_the_moments_that_are_wanted_is_not_told_again() -> None:
    assert see(at(7, 12), Span(10, 20), since_us=10) == [(10, 0, 0, 3), (12, 1, 0, OWN)]
    assert see(at(7, 12), Span(10, 20), since_us=11) == [(12, 1, 0, OWN)]


def test_a_drawing_that_was_replaced_from_its_own_beginning_judges_nothing() -> None:
    assert not Span(10, 10).counts
    assert Span(10, 11).counts
    assert see(at(7, 12), Span(10, 10), Span(10, 20)) == [(10, 0, 1, 3), (12, 1, 1, OWN)]
    assert see(at(7, 12), Span(10, 10)) == []


def test_a_zone_that_never_counted_sees_nobody() -> None:
    assert see(at(1, 2)) == []


def test_the_zone_ends_where_no_drawing_takes_over() -> None:
    spans = [Span(10, 20), Span(20, 30), Span(40, 50)]
    assert ends_us(spans, 0, NEVER) == [30, 50]
    assert ends_us(spans, 30, 50) == [30, 50]
    assert ends_us(spans, 31, 49) == []


def test_a_zone_ends_when_it_is_retired_as_the_next_drawing_begins() -> None:
    assert ends_us([Span(10, 20), Span(20, 20)], 0, NEVER) == [20]


def test_of_one_moment_the_farthest_out_is_looked_at_first_and_then_the_order_of_the_rows() -> None:
    seen = Sightings(at(5, 5, 5, 1), at(0, 1, 2, 3), at(0, 0, 0, 0), at(OWN, OWN, OWN, OWN))
    assert in_line(seen, np.array([-1.0, 7.0, -1.0, 0.0])).tolist() == [3, 1, 0, 2]
    backward = seen.take(at(3, 2, 1, 0))
    assert in_line(backward, np.array([0.0, -1.0, 7.0, -1.0])).tolist() == [0, 2, 3, 1]


spans_in_order = st.lists(st.integers(0, 60), min_size=2, max_size=6).map(
    lambda edges: [Span(*pair) for pair in pairwise(sorted(edges))]
)
moments = st.lists(st.integers(0, 70), max_size=12).map(lambda values: at(*sorted(values)))


@given(fixed_at_us=moments, spans=spans_in_order)
def test_every_fix_is_judged_once_while_the_zone_counts_and_never_otherwise(
    fixed_at_us: Ints, spans: list[Span]
) -> None:
    own = [(fix, span) for _, fix, span, age_us in see(fixed_at_us, *spans) if age_us == OWN]
    begins_us, ends = spans[0].from_us, spans[-1].until_us
    counted = [k for k, us in enumerate(fixed_at_us.tolist()) if begins_us <= us < ends]
    assert [fix for fix, _ in own] == counted
    assert all(spans[span].from_us <= fixed_at_us[fix] < spans[span].until_us for fix, span in own)


@given(fixed_at_us=moments, spans=spans_in_order, since_us=st.integers(0, 70))
def test_looking_only_at_later_moments_shows_them_as_looking_at_all_does(
    fixed_at_us: Ints, spans: list[Span], since_us: int
) -> None:
    whole = [row for row in see(fixed_at_us, *spans) if row[0] >= since_us]
    assert see(fixed_at_us, *spans, since_us=since_us) == whole


@given(fixed_at_us=moments, spans=spans_in_order)
def test_a_carried_fix_is_the_last_before_its_moment(fixed_at_us: Ints, spans: list[Span]) -> None:
    seen = sightings(fixed_at_us, spans, LONG_AGO_US, NEVER)
    carried = seen.take(np.flatnonzero(seen.is_carried))
    for at_us, fix, span, age_us in rows(carried):
        assert at_us == spans[span].from_us == fixed_at_us[fix] + age_us
        assert not [us for us in fixed_at_us[fix + 1 :] if us <= at_us]


def received(*received_at_us: int) -> LocatedFixes:
    some = np.zeros(len(received_at_us))
    number = np.arange(len(received_at_us))
    return LocatedFixes(number, number, number, at(*received_at_us), some, some, some, number)


def test_a_fix_that_came_after_a_later_one_came_out_of_order() -> None:
    assert came_out_of_order(received(5, 9, 6, 7)).tolist() == [False, True, False, False]
    assert came_out_of_order(received(9, 5, 6, 7)).tolist() == [True, False, False, False]
    assert came_out_of_order(received(5, 6, 6, 7)).tolist() == [False] * 4
    assert came_out_of_order(received(6, 5)).tolist() == [True, False]
    assert came_out_of_order(received()).tolist() == []

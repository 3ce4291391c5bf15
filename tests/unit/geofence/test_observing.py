import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geofence.rules.observing import Sighting, Span, came_out_of_order, ends, sightings
from geofence.zones import NEVER_US
from supervision.core.fixes import CARRY_US, Ints, LocatedFixes

LONG_AGO_US = -10 * CARRY_US


def at(*instants_us: int) -> Ints:
    return np.array(instants_us, np.int64)


def see(
    fixed_at_us: Ints, *spans: Span, since_us: int = LONG_AGO_US, now_us: int = NEVER_US
) -> list[Sighting]:
    return sightings(fixed_at_us, list(spans), since_us, now_us)


def test_each_fix_is_judged_by_the_drawing_in_force_at_its_own_time() -> None:
    seen = see(at(15, 20, 29, 30), Span(10, 20), Span(20, 30))
    assert [(one.fix, one.span) for one in seen] == [(0, 0), (1, 1), (2, 1)]


def test_the_last_fix_before_a_drawing_counts_at_the_moment_the_drawing_begins() -> None:
    assert see(at(3, 7), Span(10, 20)) == [Sighting(10, 1, 0, 3)]


def test_a_fix_of_the_very_moment_takes_the_place_of_the_one_before() -> None:
    assert see(at(7, 10), Span(10, 20)) == [Sighting(10, 1, 0, None)]


def test_a_fix_more_than_a_day_old_is_not_carried() -> None:
    begins_us = CARRY_US + 5
    assert see(at(5), Span(begins_us, NEVER_US)) == [Sighting(begins_us, 0, 0, CARRY_US)]
    assert see(at(4), Span(begins_us, NEVER_US)) == []


def test_a_drawing_that_begins_later_than_now_is_not_judged_by_what_is_known_now() -> None:
    assert see(at(7), Span(10, 20), now_us=9) == []
    assert see(at(7), Span(10, 20), now_us=10) == [Sighting(10, 0, 0, 3)]


def test_a_drawing_that_was_replaced_from_its_own_beginning_judges_nothing() -> None:
    seen = see(at(7, 12), Span(10, 10), Span(10, 20))
    assert seen == [Sighting(10, 0, 1, 3), Sighting(12, 1, 1, None)]


def test_the_zone_ends_where_no_drawing_takes_over() -> None:
    spans = [Span(10, 20), Span(20, 30), Span(40, 50)]
    assert ends(spans, 0, NEVER_US) == [30, 50]
    assert ends(spans, 31, 49) == []


def test_a_zone_ends_when_it_is_retired_as_the_next_drawing_begins() -> None:
    assert ends([Span(10, 20), Span(20, 20)], 0, NEVER_US) == [20]


spans_in_order = st.lists(st.integers(0, 60), min_size=2, max_size=6).map(
    lambda edges: [Span(*pair) for pair in zip(sorted(edges), sorted(edges)[1:], strict=False)]
)
moments = st.lists(st.integers(0, 70), max_size=12).map(lambda values: at(*sorted(values)))


@given(fixed_at_us=moments, spans=spans_in_order)
def test_every_fix_is_judged_once_while_the_zone_counts_and_never_otherwise(
    fixed_at_us: Ints, spans: list[Span]
) -> None:
    own = [one for one in see(fixed_at_us, *spans) if one.carried_us is None]
    begins_us, ends_us = spans[0].from_us, spans[-1].until_us
    counted = [k for k, us in enumerate(fixed_at_us.tolist()) if begins_us <= us < ends_us]
    assert [one.fix for one in own] == counted
    assert all(spans[one.span].from_us <= one.at_us < spans[one.span].until_us for one in own)


@given(fixed_at_us=moments, spans=spans_in_order, since_us=st.integers(0, 70))
def test_looking_only_at_later_moments_shows_them_as_looking_at_all_does(
    fixed_at_us: Ints, spans: list[Span], since_us: int
) -> None:
    whole = [one for one in see(fixed_at_us, *spans) if one.at_us >= since_us]
    assert see(fixed_at_us, *spans, since_us=since_us) == whole


@given(fixed_at_us=moments, spans=spans_in_order)
def test_a_carried_fix_is_the_last_before_its_moment(fixed_at_us: Ints, spans: list[Span]) -> None:
    for one in see(fixed_at_us, *spans):
        if one.carried_us is not None:
            fixed_us = int(fixed_at_us[one.fix])
            assert fixed_us + one.carried_us == one.at_us
            assert not [us for us in fixed_at_us[one.fix + 1 :] if us <= one.at_us]


def received(*received_at_us: int) -> LocatedFixes:
    some = np.zeros(len(received_at_us))
    number = np.arange(len(received_at_us))
    return LocatedFixes(number, number, number, at(*received_at_us), some, some, some, number)


def test_a_fix_that_came_after_a_later_one_came_out_of_order() -> None:
    assert came_out_of_order(received(5, 9, 6, 7)).tolist() == [False, True, False, False]
    assert came_out_of_order(received(5, 6, 6, 7)).tolist() == [False] * 4
    assert came_out_of_order(received()).tolist() == []

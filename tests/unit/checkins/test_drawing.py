"""The draw against every set there is, and against chance."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervision.checkins.drawing import all_sets, draw, most_that_fit
from tests.chi_square import distance, is_by_chance, most_by_chance

DAY, WEEK = 24 * 60, 7 * 24 * 60
# Monday to Friday from 8 to 20, as minutes of a week.
WORKING = [day * DAY + minute for day in range(5) for minute in range(8 * 60, 20 * 60)]
HOURLY = [minute for minute in WORKING if minute % 60 == 0]
GAP = 6 * 60

few_minutes = st.sets(st.integers(0, 40), max_size=12).map(sorted)


def by_trying(minutes: Sequence[int], number: int, gap: int) -> list[tuple[int, ...]]:
    return [
        chosen
        for chosen in combinations(minutes, number)
        if all(later - earlier >= gap for earlier, later in pairwise(chosen))
    ]


def dose(small: int, large: int) -> pytest.MarkDecorator:
    heavy = pytest.param(large, marks=pytest.mark.heavy)
    return pytest.mark.parametrize("draws", [small, heavy])


@settings(deadline=None)
@given(minutes=few_minutes, number=st.integers(0, 5), gap=st.integers(1, 15))
def test_each_number_stands_for_one_set_and_all_sets_have_one(
    minutes: list[int], number: int, gap: int
) -> None:
    sets = all_sets(minutes, number, gap)
    numbered = [tuple(sets.nth(rank)) for rank in range(sets.size)]
    assert sorted(numbered) == by_trying(minutes, sets.number, gap)
    if sets.number < number:
        assert by_trying(minutes, sets.number + 1, gap) == []


@settings(deadline=None)
@given(minutes=few_minutes, gap=st.integers(1, 15))
def test_as_many_fit_as_the_largest_set_has(minutes: list[int], gap: int) -> None:
    assert most_that_fit(minutes, gap) == all_sets(minutes, len(minutes), gap).number


@settings(deadline=None)
@given(
    minutes=st.sets(st.integers(0, WEEK), max_size=300).map(sorted),
    number=st.integers(1, 14),
    gap=st.integers(1, 2 * DAY),
    taken=st.sets(st.integers(-DAY, WEEK + DAY), max_size=4),
    seed=st.integers(0, 2**32),
)
def test_what_is_drawn_keeps_the_gap_also_from_what_stands(
    minutes: list[int], number: int, gap: int, taken: set[int], seed: int
) -> None:
    drawn = draw(minutes, number, gap, taken, Random(seed).randrange)
    assert set(drawn) <= set(minutes)
    assert all(later - earlier >= gap for earlier, later in pairwise(drawn))
    assert all(abs(minute - other) >= gap for minute in drawn for other in taken)
    free = [one for one in minutes if all(abs(one - other) >= gap for other in taken)]
    assert len(drawn) == min(number, most_that_fit(free, gap))


@dose(20_000, 300_000)
def test_each_set_is_drawn_as_often_as_any_other(draws: int) -> None:
    minutes, chance = [*range(0, 24, 2), 31, 32, 33], Random(1)
    every = by_trying(minutes, 3, 5)
    drawn = Counter(tuple(draw(minutes, 3, 5, (), chance.randrange)) for _ in range(draws))
    assert len(every) > 100
    assert is_by_chance([drawn[one] for one in every], [draws / len(every)] * len(every))


@dose(20_000, 300_000)
def test_one_a_week_falls_on_every_allowed_hour_alike(draws: int) -> None:
    sets, chance = all_sets(WORKING, 1, GAP), Random(2)
    drawn = Counter(sets.nth(chance.randrange(sets.size))[0] // 60 for _ in range(draws))
    assert sum(drawn.values()) == draws
    assert len(drawn) == 60
    assert is_by_chance(list(drawn.values()), [draws / 60] * 60)


def shares_of(place: int, number: int) -> list[float]:
    """In what share of all sets the hour of the one in this place is each of the week's.

    Counted from both ends, in another way than the draw does.
    """
    before, after = np.zeros((number, WEEK)), np.zeros((number, WEEK))
    is_open = np.isin(np.arange(WEEK), WORKING).astype(float)
    before[0] = after[0] = is_open
    for size in range(1, number):
        sums = np.cumsum(before[size - 1])
        before[size, GAP:] = is_open[GAP:] * sums[:-GAP]
        sums = np.cumsum(after[size - 1][::-1])[::-1]
        after[size, :-GAP] = is_open[:-GAP] * sums[GAP:]
    ways = before[place] * after[number - 1 - place]
    by_hour = ways.reshape(-1, 60).sum(axis=1)
    return list(by_hour / by_hour.sum())


@dose(20_000, 300_000)
def test_each_of_three_a_week_falls_on_each_hour_as_often_as_sets_have_it_there(draws: int) -> None:
    sets, chance = all_sets(WORKING, 3, GAP), Random(3)
    drawn = [sets.nth(chance.randrange(sets.size)) for _ in range(draws)]
    for place in range(3):
        seen = Counter(one[place] // 60 for one in drawn)
        expected = [draws * share for share in shares_of(place, 3)]
        assert is_by_chance([seen[hour] for hour in range(168)], expected), place


@dose(6_000, 200_000)
def test_a_week_says_nothing_about_the_next(draws: int) -> None:
    """Which two days were drawn in one week (or one day twice), against which in the next."""
    chance = Random(4)
    weeks: list[object] = []
    last: tuple[int, ...] = ()
    for _ in range(draws):
        drawn = draw(HOURLY, 2, GAP, last, chance.randrange)
        days = tuple(minute // DAY for minute in drawn)
        weeks.append(days if len(set(days)) == 2 else "one")
        last = tuple(minute - WEEK for minute in drawn)
    first, then = Counter(weeks[:-1]), Counter(weeks[1:])
    both = Counter(pairwise(weeks))
    seen = [both[one, other] for one in first for other in then]
    expected = [first[one] * then[other] / len(weeks) for one in first for other in then]
    freedom = (len(first) - 1) * (len(then) - 1)
    assert len(first) == 11
    assert min(expected) >= 5
    assert distance(seen, expected) <= most_by_chance(freedom)


def test_a_draw_that_favours_a_time_would_be_noticed() -> None:
    """Each after the one before at random, as one would do it without counting."""
    chance = Random(5)
    minutes, every = [*range(0, 24, 2), 31, 32, 33], Counter[tuple[int, ...]]()
    possible = by_trying(minutes, 3, 5)
    while sum(every.values()) < 20_000:
        chosen = [chance.choice(minutes)]
        for _ in range(2):
            rest = [one for one in minutes if one >= chosen[-1] + 5]
            if rest:
                chosen.append(chance.choice(rest))
        if len(chosen) == 3:
            every[tuple(chosen)] += 1
    expected = [20_000 / len(possible)] * len(possible)
    assert not is_by_chance([every[one] for one in possible], expected)

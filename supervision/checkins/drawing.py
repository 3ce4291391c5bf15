"""Draws unannounced minutes: every set of minutes that keeps the gap is as likely as any other.

All such sets are counted and thereby numbered, in exact whole numbers; one number is drawn, and its
set is looked up. Nothing is tried and rejected, so nothing can fail or favour a time (ADR-0012).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate

Below = Callable[[int], int]
"""Gives a whole number from 0 to below this, each as likely: `secrets.randbelow`."""


@dataclass(frozen=True, slots=True)
class Sets:
    """All sets of so many of the minutes, any two at least a gap apart.

    Attributes:
        minutes: To choose from, in order.
        number: How many are chosen.
        behind: For each minute, and for the end, counted from the last: how many are far enough
            behind it.
        counts: `counts[k][m]` sets of k can be chosen from the last m minutes.
    """

    minutes: Sequence[int]
    number: int
    behind: Sequence[int]
    counts: Sequence[Sequence[int]]

    @property
    def size(self) -> int:
        """How many sets there are."""
        return self.counts[self.number][-1]

    def nth(self, rank: int) -> list[int]:
        """The set of this number, from 0 to below `size`; its minutes in order."""
        chosen = []
        for left in range(self.number, 0, -1):
            # Sets of the last m minutes come before those that begin with an earlier one.
            first = bisect_right(self.counts[left], rank)
            rank -= self.counts[left][first - 1]
            chosen.append(self.minutes[-first])
        return chosen


def all_sets(minutes: Sequence[int], number: int, gap_min: int) -> Sets:
    """Number the sets of minutes; if so many do not fit, those of as many as do.

    Args:
        minutes: Since any beginning, in order, none twice.
        number: How many are to be chosen.
        gap_min: Least minutes from one to the next, at least 1.
    """
    behind = [len(minutes) - bisect_left(minutes, minute + gap_min) for minute in reversed(minutes)]
    counts = [[1] * (len(minutes) + 1)]
    for _ in range(number):
        more = list(accumulate((counts[-1][rest] for rest in behind), initial=0))
        if more[-1] == 0:
            break
        counts.append(more)
    return Sets(minutes, len(counts) - 1, behind, counts)


def draw(
    minutes: Sequence[int], number: int, gap_min: int, taken: Collection[int], below: Below
) -> list[int]:
    """Choose minutes; fewer than asked for only where no more fit.

    Args:
        minutes: To choose from, in order.
        number: How many.
        gap_min: Least minutes from one to the next, and to those that are taken.
        taken: Minutes that stand already.
        below: Where chance comes from.
    """
    near = [
        other for other in taken if minutes and minutes[0] - gap_min < other < minutes[-1] + gap_min
    ]
    free = [minute for minute in minutes if all(abs(minute - other) >= gap_min for other in near)]
    sets = all_sets(free, number, gap_min)
    return sets.nth(below(sets.size))


def most_that_fit(minutes: Sequence[int], gap_min: int) -> int:
    """How many of these minutes can be chosen at most: each as early as the one before allows."""
    fitting, earliest = 0, None
    for minute in minutes:
        if earliest is None or minute >= earliest:
            fitting, earliest = fitting + 1, minute + gap_min
    return fitting

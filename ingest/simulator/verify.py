"""Compare what the system noticed with what really happened, stay by stay."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.simulator.truth import ExpectedStay, Grade

TOLERANCE_S = 0.01
"""Instants travel with three decimals, so ends of windows are this much softer."""


class TrueStay(NamedTuple):
    """A stay that must be found, of a device; seconds are epoch seconds."""

    device_uid: str
    stay: ExpectedStay


class FoundStay(NamedTuple):
    """A stay as the system reports it; epoch seconds, `left_s` None while it lasts."""

    device_uid: str
    entered_s: float
    left_s: float | None
    grade: Grade


@dataclass(frozen=True, slots=True)
class Verdict:
    """How expected and found stays went together.

    Attributes:
        expected: How many stays there were.
        found: How many stays were reported.
        missed: Expected, but not reported, or not at the right time or grade.
        spurious: Reported, but no such stay happened.
        doubled: Reported once more than it happened.
    """

    expected: int
    found: int
    missed: tuple[TrueStay, ...]
    spurious: tuple[FoundStay, ...]
    doubled: tuple[FoundStay, ...]

    @property
    def is_right(self) -> bool:
        """Whether every stay was found once and nothing else was."""
        return not (self.missed or self.spurious or self.doubled)


def compare(expected: Iterable[TrueStay], found: Iterable[FoundStay]) -> Verdict:
    """Match found stays one to one with expected ones, as many as can be matched.

    A found stay fits when device, grade and both instants fit; a stay that still lasts fits
    only one that is expected to last. What is left over is doubled when it fits a stay that
    another one was matched with, spurious otherwise.
    """
    expected, found = list(expected), list(found)
    by_device: dict[str, list[int]] = defaultdict(list)
    for place, true in enumerate(expected):
        by_device[true.device_uid].append(place)
    fits = [
        [i for i in by_device[stay.device_uid] if _fits(expected[i].stay, stay)] for stay in found
    ]
    match = _match(fits)
    matched = set(match.values())
    left_over = [place for place in range(len(found)) if place not in matched]
    return Verdict(
        expected=len(expected),
        found=len(found),
        missed=tuple(true for i, true in enumerate(expected) if i not in match),
        spurious=tuple(found[i] for i in left_over if not fits[i]),
        doubled=tuple(found[i] for i in left_over if fits[i]),
    )


def _fits(true: ExpectedStay, found: FoundStay) -> bool:
    is_graded_so = true.grade in (None, found.grade)
    if not is_graded_so or not true.entered.holds(found.entered_s, TOLERANCE_S):
        return False
    if true.left is None or found.left_s is None:
        return true.left is None and found.left_s is None
    return true.left.holds(found.left_s, TOLERANCE_S)


def _match(fits: Sequence[Sequence[int]]) -> dict[int, int]:
    """Match as many as possible by augmenting paths (Kuhn): expected place to found place."""
    match: dict[int, int] = {}

    def place(found: int, tried: set[int]) -> bool:
        for true in fits[found]:
            if true not in tried:
                tried.add(true)
                if true not in match or place(match[true], tried):
                    match[true] = found
                    return True
        return False

    for found in range(len(fits)):
        place(found, set())
    return match

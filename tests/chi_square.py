"""Whether counts are as they should be, but for chance."""

from collections.abc import Sequence
from math import sqrt

# One fair draw in 100,000 would be called unfair; with a fixed seed it is the same one each time.
Z = 4.265


def distance(counts: Sequence[float], expected: Sequence[float]) -> float:
    """Pearson's chi-square; what is hardly ever expected would only add noise, and is left out."""
    pairs = [(seen, wanted) for seen, wanted in zip(counts, expected, strict=True) if wanted >= 5]
    return sum((seen - wanted) ** 2 / wanted for seen, wanted in pairs)


def most_by_chance(freedom: int) -> float:
    """Beyond it chance is no explanation (Wilson and Hilferty)."""
    spread = 2 / (9 * freedom)
    return float(freedom * (1 - spread + Z * sqrt(spread)) ** 3)


def is_by_chance(counts: Sequence[float], expected: Sequence[float]) -> bool:
    freedom = sum(wanted >= 5 for wanted in expected) - 1
    assert freedom > 0
    return distance(counts, expected) <= most_by_chance(freedom)

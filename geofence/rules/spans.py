"""Stretches of time as pairs of whole microseconds since 1970 UTC, half-open, and their algebra.

Every list is in order of time, and no two of its spans overlap; that two touch is allowed, as
drawings of a zone do when one replaces another, and is kept by `intersect` and `subtract`.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

Span = tuple[int, int]
"""From (included) until (excluded), both in microseconds since 1970 UTC."""

# The bounds of int64, so that spans without an end fit into arrays and database columns.
NEVER = 2**63 - 1
EVER = -(2**63)


def merge(spans: Iterable[Span]) -> list[Span]:
    """The time that any of these covers; spans that overlap or touch become one.

    Args:
        spans: In any order; empty ones are dropped.
    """
    merged: list[Span] = []
    for from_us, until_us in sorted(span for span in spans if span[0] < span[1]):
        if merged and from_us <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], until_us)
        else:
            merged.append((from_us, until_us))
    return merged


def intersect(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """The time that both cover, cut wherever either is cut."""
    shared: list[Span] = []
    i = j = 0
    while i < len(first) and j < len(second):
        from_us = max(first[i][0], second[j][0])
        until_us = min(first[i][1], second[j][1])
        if from_us < until_us:
            shared.append((from_us, until_us))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return shared


def subtract(spans: Sequence[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of the spans without the time that is taken.

    Args:
        spans: In order, not overlapping.
        taken: In any order.
    """
    edges_us = [EVER, *(edge_us for span in merge(taken) for edge_us in span), NEVER]
    free = list(pairwise(edges_us))[::2]
    return intersect(spans, [span for span in free if span[0] < span[1]])

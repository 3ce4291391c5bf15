from hypothesis import given
from hypothesis import strategies as st

from geofence.rules.spans import EVER, NEVER, Span, intersect, merge, subtract

pairs = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8)
ordered = st.lists(st.integers(0, 30), unique=True, max_size=10).map(
    lambda edges: list(zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)


def moments(spans: list[Span]) -> set[int]:
    return {moment for from_us, until_us in spans for moment in range(from_us, until_us)}


def is_in_order(spans: list[Span]) -> bool:
    edges = [edge for span in spans for edge in span]
    return edges == sorted(edges) and all(from_us < until_us for from_us, until_us in spans)


@given(pairs)
def test_merged_spans_cover_the_same_and_do_not_touch(spans: list[Span]) -> None:
    merged = merge(spans)
    edges = [edge for span in merged for edge in span]
    assert moments(merged) == moments(spans)
    assert edges == sorted(set(edges))


@given(ordered, ordered)
def test_what_both_cover_is_shared(first: list[Span], second: list[Span]) -> None:
    shared = intersect(first, second)
    assert moments(shared) == moments(first) & moments(second)
    assert is_in_order(shared)
    assert shared == intersect(second, first)


@given(ordered, pairs)
def test_what_is_taken_is_not_left(spans: list[Span], taken: list[Span]) -> None:
    left = subtract(spans, taken)
    assert moments(left) == moments(spans) - moments(taken)
    assert is_in_order(left)


def test_spans_that_touch_stay_apart_except_in_merge() -> None:
    drawings = [(0, 5), (5, 10)]
    assert intersect(drawings, [(2, 8)]) == [(2, 5), (5, 8)]
    assert subtract(drawings, [(7, 20)]) == [(0, 5), (5, 7)]
    assert merge(drawings) == [(0, 10)]


def test_a_span_may_have_no_end() -> None:
    assert intersect([(3, NEVER)], [(EVER, 9), (12, NEVER)]) == [(3, 9), (12, NEVER)]
    assert subtract([(3, NEVER)], [(5, 7)]) == [(3, 5), (7, NEVER)]
    assert subtract([(3, NEVER)], [(5, NEVER)]) == [(3, 5)]
    assert subtract([(3, NEVER)], [(EVER, NEVER)]) == []
    assert merge([(5, NEVER), (0, 5)]) == [(0, NEVER)]

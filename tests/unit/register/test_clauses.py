from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from supervision.register.clauses import (
    MAY_HAVE_A_ZONE,
    MEANINGS,
    NEED_A_ZONE,
    ConditionCode,
    Span,
    gaps,
    is_covered,
    may_have_zone,
    needs_zone,
    uncovered_since,
)

BEGAN = datetime(2026, 9, 21, 6, 0, tzinfo=UTC)
MINUTES = 40


def at(minute: int) -> datetime:
    return BEGAN + timedelta(minutes=minute)


def span(begins: int, ends: int | None = None) -> Span:
    return Span(at(begins), None if ends is None else at(ends))


minutes = st.integers(0, MINUTES)
spans = st.builds(span, minutes, st.none() | minutes)
covers = st.lists(spans, max_size=6)


def test_every_code_of_the_protection_order_file_has_its_meaning() -> None:
    assert [str(code) for code in ConditionCode] == [f"{number:02}" for number in range(1, 10)]
    assert set(MEANINGS) == set(ConditionCode)


def test_what_keeps_him_from_a_place_or_from_her_needs_a_zone() -> None:
    assert sorted(NEED_A_ZONE) == ["01", "03", "04"]
    assert [str(code) for code in ConditionCode if needs_zone(code)] == ["01", "03", "04"]


def test_visitation_and_free_text_may_have_a_zone_and_a_firearm_may_not() -> None:
    assert sorted(MAY_HAVE_A_ZONE - NEED_A_ZONE) == ["06", "08"]
    assert may_have_zone("06")
    assert not may_have_zone("07")


def test_a_clause_without_anything_is_bare_from_the_beginning_and_still() -> None:
    assert gaps(span(0), [], at(5)) == [span(0)]
    assert uncovered_since(span(0), [], at(5)) == at(0)


def test_between_two_covers_lies_a_gap_with_its_end() -> None:
    found = gaps(span(0), [span(10, 20), span(25)], at(30))
    assert found == [span(0, 10), span(20, 25)]
    assert uncovered_since(span(0), [span(10, 20), span(25)], at(30)) is None


def test_a_cover_ends_before_its_last_instant() -> None:
    assert is_covered([span(0, 10)], at(9))
    assert not is_covered([span(0, 10)], at(10))
    assert uncovered_since(span(0), [span(0, 10)], at(10)) == at(10)


def test_one_cover_that_takes_over_from_another_leaves_no_gap() -> None:
    assert gaps(span(0), [span(0, 10), span(10, 20), span(15)], at(30)) == []


def test_a_short_cover_inside_a_long_one_uncovers_nothing_at_its_end() -> None:
    assert gaps(span(0), [span(0, 20), span(3, 5)], at(10)) == []


def test_an_order_that_has_not_begun_or_is_over_needs_nothing() -> None:
    assert gaps(span(10), [], at(5)) == []
    assert uncovered_since(span(0, 10), [], at(10)) is None
    assert gaps(span(0, 10), [], at(20)) == [span(0, 10)]


def test_what_was_replaced_from_its_own_beginning_on_parts_no_gap() -> None:
    assert gaps(span(0), [span(5, 5)], at(10)) == [span(0)]


@given(duty=spans, those=covers, now=minutes)
def test_the_gaps_are_exactly_the_times_in_which_nothing_covered(
    duty: Span, those: list[Span], now: int
) -> None:
    found = gaps(duty, those, at(now))
    for minute in range(now + 1):
        is_bare = duty.holds_at(at(minute)) and not is_covered(those, at(minute))
        assert is_covered(found, at(minute)) == is_bare


@given(duty=spans, those=covers, now=minutes)
def test_a_clause_is_uncovered_just_when_its_order_holds_and_nothing_covers_it(
    duty: Span, those: list[Span], now: int
) -> None:
    since = uncovered_since(duty, those, at(now))
    assert (since is not None) == (duty.holds_at(at(now)) and not is_covered(those, at(now)))
    assert since is None or duty.begins_at <= since <= at(now)


@given(duty=spans, those=covers, sooner=minutes, later=minutes)
def test_a_gap_found_sooner_is_found_again_later_with_the_same_beginning(
    duty: Span, those: list[Span], sooner: int, later: int
) -> None:
    sooner, later = sorted((sooner, later))
    before = {gap.begins_at for gap in gaps(duty, those, at(sooner))}
    assert before <= {gap.begins_at for gap in gaps(duty, those, at(later))}


@given(duty=spans, those=covers, now=minutes, data=st.data())
def test_the_order_in_which_covers_are_read_changes_nothing(
    duty: Span, those: list[Span], now: int, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(those))
    assert gaps(duty, shuffled, at(now)) == gaps(duty, those, at(now))

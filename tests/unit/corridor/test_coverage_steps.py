from datetime import UTC, datetime, timedelta

import pytest

from alerts.rules import Change
from supervision.corridor.coverage_steps import Told, steps
from supervision.corridor.covers import Cover, CoverKind, Duty
from supervision.register.clauses import Span

BEGAN = datetime(2026, 9, 21, 6, 0, tzinfo=UTC)
GRACE = timedelta(minutes=15)
FIRST = "clause_uncovered:1:clause:5:1789970400000000"


def at(minute: int) -> datetime:
    return BEGAN + timedelta(minutes=minute)


def a_duty(*covers: tuple[int, int | None], code: str = "04", ends: int | None = None) -> Duty:
    held = tuple(
        Cover(CoverKind.ZONE, 9, Span(at(begins), None if until is None else at(until)))
        for begins, until in covers
    )
    span = Span(at(0), None if ends is None else at(ends))
    return Duty(5, 1, 2, 3, code, span, held)


def taken(duty: Duty, now: int, told: Told | None = None, since: int | None = None) -> list[object]:
    swept_to = at(now if since is None else since)
    found = steps(duty, told or {}, swept_to, at(now), GRACE)
    return [(step.change, step.key, step.at) for step in found]


def test_a_bare_clause_is_told_once_the_grace_is_over_and_not_before() -> None:
    assert taken(a_duty(), 14) == []
    assert taken(a_duty(), 15) == [(Change.RAISED, FIRST, at(0))]


def test_what_was_told_is_not_told_again_while_it_lasts() -> None:
    assert taken(a_duty(), 100, {FIRST: None}) == []


@pytest.mark.parametrize("duty", [a_duty((20, None)), a_duty(ends=20)])
def test_cover_or_the_end_of_the_order_clears_what_was_told(duty: Duty) -> None:
    assert taken(duty, 30, {FIRST: None}) == [(Change.CLEARED, FIRST, at(20))]
    assert taken(duty, 30, {FIRST: at(20)}) == []


def test_a_second_gap_is_an_alert_of_its_own() -> None:
    second = FIRST.replace("1789970400", str(int(at(30).timestamp())))
    assert taken(a_duty((20, 30)), 45, {FIRST: at(20)}) == [(Change.RAISED, second, at(30))]


def test_a_gap_that_came_and_went_between_two_sweeps_is_told_and_cleared() -> None:
    both = [(Change.RAISED, FIRST, at(0)), (Change.CLEARED, FIRST, at(20))]
    assert taken(a_duty((20, None)), 60, since=10) == both


def test_a_gap_that_came_and_went_before_is_history() -> None:
    assert taken(a_duty((20, None)), 60, since=20) == []


def test_a_gap_shorter_than_the_grace_is_none() -> None:
    assert taken(a_duty((14, None)), 60, since=0) == []


def test_what_takes_back_a_cover_from_its_beginning_makes_the_same_alert_active_again() -> None:
    assert taken(a_duty((20, 20)), 30, {FIRST: at(20)}) == [(Change.ACTIVE_AGAIN, FIRST, at(30))]


def test_an_alert_whose_gap_the_data_no_longer_show_is_cleared_now() -> None:
    assert taken(a_duty((0, None)), 30, {FIRST: None}) == [(Change.CLEARED, FIRST, at(30))]


def test_a_clause_that_needs_no_zone_is_never_told() -> None:
    assert taken(a_duty(code="07"), 1_000, since=0) == []

"""What may be shelved, and for how long: never what may be critical, never beyond a shift."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.catalogue import CATALOGUE, AlertKind
from alerts.shelving import (
    SHIFT,
    Shelf,
    begin_shelf,
    is_shelvable,
    latest_end,
    reaches,
    require_shelvable,
)
from supervision.core.errors import Conflict, Invalid, Refused

NOW = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
HOUR, LEAST = timedelta(hours=1), timedelta(microseconds=1)
SPANS = st.integers(-3 * 3600, 14 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@given(st.sampled_from(AlertKind))
def test_what_may_ever_be_critical_is_never_shelved(kind: AlertKind) -> None:
    assert is_shelvable(kind) != CATALOGUE[kind].is_ever_critical
    if CATALOGUE[kind].is_ever_critical:
        with pytest.raises(Invalid, match="never shelved"):
            require_shelvable(kind)
    else:
        require_shelvable(kind)


def test_something_can_be_shelved() -> None:
    assert is_shelvable(AlertKind.BATTERY_LOW)
    assert not is_shelvable(AlertKind.ZONE_ENTRY)
    assert not is_shelvable(AlertKind.STRAP_TAMPER)


@given(st.lists(st.tuples(SPANS, SPANS), max_size=12))
def test_no_source_is_shelved_for_longer_than_a_shift_without_a_gap(
    asked: list[tuple[timedelta, timedelta]],
) -> None:
    """However often somebody asks: each time some while after the last, for some while."""
    last, now, begun_at = None, NOW, NOW
    for passed, lasts in asked:
        now += max(passed, timedelta(0))
        is_gap = last is None or now > last.ends_at
        try:
            shelf = begin_shelf(last, now, now + lasts)
        except Refused:
            continue
        begun_at = now if is_gap else begun_at
        assert shelf.stretch_began_at == begun_at
        assert shelf.begins_at == now < shelf.ends_at <= begun_at + SHIFT
        last = shelf


@given(SPANS)
def test_a_shelf_is_in_force_from_its_beginning_until_before_its_end(passed: timedelta) -> None:
    shelf = begin_shelf(None, NOW, NOW + HOUR)
    assert shelf.is_in_force(NOW + passed) == (timedelta(0) <= passed < HOUR)
    assert shelf.is_in_force(shelf.ends_at - LEAST)
    assert not shelf.is_in_force(shelf.ends_at)


def test_a_shift_is_the_most_and_a_shelf_that_is_none_is_refused() -> None:
    assert begin_shelf(None, NOW, NOW + SHIFT).ends_at == NOW + SHIFT == latest_end(None, NOW)
    for ends_at, words in (
        (NOW + SHIFT + LEAST, "12 hours in all"),
        (NOW, "in the future"),
        (NOW - HOUR, "in the future"),
    ):
        with pytest.raises(Invalid, match=words):
            begin_shelf(None, NOW, ends_at)


def test_shelving_again_reckons_from_the_first_beginning() -> None:
    first = begin_shelf(None, NOW, NOW + 8 * HOUR)
    later = NOW + 7 * HOUR
    second = begin_shelf(first, later, NOW + SHIFT)
    assert second == Shelf(later, NOW + SHIFT, NOW)
    with pytest.raises(Invalid, match="12 hours"):
        begin_shelf(first, later, NOW + SHIFT + LEAST)
    with pytest.raises(Conflict, match="as long already"):
        begin_shelf(first, later, first.ends_at)


@pytest.mark.parametrize(("after_end", "is_one"), [(timedelta(0), True), (LEAST, False)])
def test_a_stretch_ends_with_the_least_gap(after_end: timedelta, *, is_one: bool) -> None:
    first = begin_shelf(None, NOW, NOW + 8 * HOUR)
    now = first.ends_at + after_end
    assert reaches(first, now) is is_one
    assert latest_end(first, now) == (NOW if is_one else now) + SHIFT


def test_a_shift_lasts_as_long_when_the_clocks_change() -> None:
    denver = ZoneInfo("America/Denver")
    evening = datetime(2026, 10, 31, 20, tzinfo=denver).astimezone(UTC)
    ends_at = latest_end(None, evening)
    assert ends_at - evening == SHIFT
    assert ends_at.astimezone(denver).hour == 7

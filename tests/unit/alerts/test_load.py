"""How heavily alerts come: floods by the standard's rule, and the ten minutes of the clock."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.load import Level, Load, Span, require_span, weigh
from supervision.core.clock import to_us
from supervision.core.errors import Invalid

SINCE = datetime(2026, 9, 21, 14, 0, tzinfo=UTC)
HOURS_S = 3 * 3600
SPAN = Span(SINCE, SINCE + timedelta(seconds=HOURS_S))
WINDOW_S = 600
seconds = st.lists(
    st.integers(0, HOURS_S - 1) | st.integers(3000, 4400) | st.sampled_from([5000, 5600, 6200]),
    max_size=60,
).map(sorted)


def load_of(found_s: list[int], span: Span = SPAN) -> Load:
    return weigh(np.array([to_us(SINCE) + s * 1_000_000 for s in found_s], np.int64), span)


def floods_second_by_second(found_s: list[int]) -> list[tuple[int, int, bool]]:
    """The rule as the standard tells it: looked at in every second."""
    floods, begun = [], None
    for now in range(HOURS_S + 1):
        recent = sum(now - WINDOW_S < one <= now for one in found_s)
        if begun is None and recent > 10 and now < HOURS_S:
            begun = now
        elif begun is not None and recent < 5:
            floods.append((begun, now, True))
            begun = None
    return floods if begun is None else [*floods, (begun, HOURS_S, False)]


@given(found_s=seconds)
def test_floods_are_those_of_the_standards_rule(found_s: list[int]) -> None:
    load = load_of(found_s)
    found = [
        (
            round((one.begins_at - SINCE).total_seconds()),
            round((one.ends_at - SINCE).total_seconds()),
            one.is_over,
        )
        for one in load.floods
    ]
    assert found == floods_second_by_second(found_s)
    assert load.flood_share == pytest.approx(sum(end - begin for begin, end, _ in found) / HOURS_S)
    for one, (begin, end, _) in zip(load.floods, found, strict=True):
        assert one.alerts == sum(begin - WINDOW_S < at < end for at in found_s)
        assert 10 < one.most_in_10_min <= one.alerts
    assert all(one.ends_at < two.begins_at for one, two in pairwise(load.floods))


@given(found_s=seconds, late_s=st.integers(0, WINDOW_S - 1))
def test_each_alert_counts_in_one_ten_minutes_of_the_clock(found_s: list[int], late_s: int) -> None:
    since = SINCE + timedelta(seconds=late_s)
    load = load_of([one for one in found_s if one >= late_s], Span(since, SPAN.until))
    counts = [
        sum(at // WINDOW_S == window and at >= late_s for at in found_s)
        for window in range(HOURS_S // WINDOW_S)
    ]
    assert load.most_in_10_min == max(counts)
    assert load.crowded_share == pytest.approx(sum(one > 10 for one in counts) / len(counts))


def test_ten_in_ten_minutes_are_no_flood_and_eleven_are() -> None:
    assert load_of(list(range(10))).floods == ()
    (flood,) = load_of(list(range(11))).floods
    assert flood.begins_at == SINCE + timedelta(seconds=10)
    assert flood.ends_at == SINCE + timedelta(seconds=606)
    assert (flood.alerts, flood.most_in_10_min, flood.is_over) == (11, 11, True)


@pytest.mark.parametrize(
    ("alerts", "level"),
    [
        (0, Level.ACCEPTABLE),
        (18, Level.ACCEPTABLE),
        (19, Level.MANAGEABLE),
        (36, Level.MANAGEABLE),
        (37, Level.OVERLOADED),
    ],
)
def test_one_in_ten_minutes_is_acceptable_and_two_are_the_most(alerts: int, level: Level) -> None:
    load = load_of([one * HOURS_S // 40 for one in range(alerts)])
    assert load.level is level
    assert load.alerts_per_10_min == pytest.approx(alerts / 18)


@pytest.mark.parametrize(
    ("since_s", "until_s", "words"),
    [
        (0, 0, "begin before"),
        (600, 0, "begin before"),
        (-600, 1, "future"),
        (-599, 0, "10 minutes"),
        (-367 * 86_400, 0, "366 days"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(since_s: int, until_s: int, words: str) -> None:
    span = Span(SINCE + timedelta(seconds=since_s), SINCE + timedelta(seconds=until_s))
    with pytest.raises(Invalid, match=words):
        require_span(span, SINCE)
    require_span(Span(SINCE - timedelta(days=30), SINCE), SINCE)

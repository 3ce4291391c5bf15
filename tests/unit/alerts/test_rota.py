"""Who is on call: exactly one at every instant, across clock changes and overrides."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from alerts.rota import Override, Rota, on_call

NEW_YORK = ZoneInfo("America/New_York")
ROTA = Rota((11, 12, 13), date(2026, 9, 21), time(8), 7, NEW_YORK)
FIRST = datetime(2026, 9, 21, 12, tzinfo=UTC)
A_SECOND, A_WEEK = timedelta(seconds=1), timedelta(days=7)
instants = st.integers(24, 30_000).map(lambda hours: FIRST + timedelta(hours=hours))


def test_nobody_is_on_call_before_the_rota_begins() -> None:
    assert on_call(ROTA, [], FIRST - A_SECOND) is None
    assert on_call(ROTA, [], FIRST) == 11


def test_one_hands_over_to_the_next_at_the_local_time_and_the_first_comes_round_again() -> None:
    for shift, officer in enumerate((11, 12, 13, 11)):
        begins = FIRST + shift * A_WEEK
        assert on_call(ROTA, [], begins) == officer
        assert on_call(ROTA, [], begins + A_WEEK - A_SECOND) == officer


def test_the_hand_over_stays_at_eight_when_the_clocks_go_back() -> None:
    # 1 November 2026: 08:00 in New York is 13:00 UTC from then on.
    handover = datetime(2026, 11, 2, 13, tzinfo=UTC)
    before, after = on_call(ROTA, [], handover - A_SECOND), on_call(ROTA, [], handover)
    assert (before, after) == (13, 11)


def test_a_hand_over_that_clocks_jump_over_is_at_the_first_minute_after() -> None:
    rota = Rota((1, 2), date(2027, 3, 13), time(2, 30), 1, NEW_YORK)
    jump = datetime(2027, 3, 14, 7, tzinfo=UTC)
    assert (on_call(rota, [], jump - A_SECOND), on_call(rota, [], jump)) == (1, 2)


@given(at=instants, hour=st.integers(0, 23), days=st.integers(1, 30))
def test_at_every_instant_one_is_on_call_and_a_shift_is_whole(
    at: datetime, hour: int, days: int
) -> None:
    rota = Rota((1, 2, 3), date(2026, 9, 1), time(hour), days, NEW_YORK)
    later = at + timedelta(days=days, hours=2)
    assert {on_call(rota, [], at), on_call(rota, [], later)} < {1, 2, 3}
    assert on_call(rota, [], at) != on_call(rota, [], later)


def test_an_override_goes_before_the_turn_for_its_time_alone() -> None:
    ill = Override(99, FIRST + timedelta(hours=1), FIRST + timedelta(hours=3))
    later = Override(98, FIRST + timedelta(hours=2), FIRST + timedelta(hours=3))
    hours = [on_call(ROTA, [ill, later], FIRST + timedelta(hours=hour)) for hour in range(4)]
    assert hours == [11, 99, 98, 11]

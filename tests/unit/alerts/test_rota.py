"""Who is on call: exactly one at every instant, across clock changes and overrides."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from alerts.rota import Override, Rota, Turns, next_shift, on_call, stints

NEW_YORK = ZoneInfo("America/New_York")
FIRST = datetime(2026, 9, 21, 12, tzinfo=UTC)
A_SECOND, A_WEEK = timedelta(seconds=1), timedelta(days=7)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def turns(
    *officer_ids: int,
    starts_on: date = date(2026, 9, 21),
    handover: time = time(8),
    shift_days: int = 7,
    written_at: datetime = LONG_AGO,
) -> Turns:
    return Turns(officer_ids, starts_on, handover, shift_days, NEW_YORK, written_at)


ROTA = Rota((turns(11, 12, 13),))
instants = st.integers(24, 30_000).map(lambda hours: FIRST + timedelta(hours=hours))


def test_nobody_is_on_call_before_the_rota_begins() -> None:
    assert on_call(ROTA, FIRST - A_SECOND) is None
    assert on_call(ROTA, FIRST) == 11


def test_one_hands_over_to_the_next_at_the_local_time_and_the_first_comes_round_again() -> None:
    for shift, officer in enumerate((11, 12, 13, 11)):
        begins = FIRST + shift * A_WEEK
        assert on_call(ROTA, begins) == officer
        assert on_call(ROTA, begins + A_WEEK - A_SECOND) == officer


def test_the_hand_over_stays_at_eight_when_the_clocks_go_back() -> None:
    # 1 November 2026: 08:00 in New York is 13:00 UTC from then on.
    handover = datetime(2026, 11, 2, 13, tzinfo=UTC)
    before, after = on_call(ROTA, handover - A_SECOND), on_call(ROTA, handover)
    assert (before, after) == (13, 11)


def test_a_hand_over_that_clocks_jump_over_is_at_the_first_minute_after() -> None:
    daily = turns(1, 2, starts_on=date(2027, 3, 13), handover=time(2, 30), shift_days=1)
    rota = Rota((daily,))
    jump = datetime(2027, 3, 14, 7, tzinfo=UTC)
    assert (on_call(rota, jump - A_SECOND), on_call(rota, jump)) == (1, 2)


@given(at=instants, hour=st.integers(0, 23), days=st.integers(1, 30))
def test_at_every_instant_one_is_on_call_and_a_shift_is_whole(
    at: datetime, hour: int, days: int
) -> None:
    starts_on = date(2026, 9, 1)
    rota = Rota((turns(1, 2, 3, starts_on=starts_on, handover=time(hour), shift_days=days),))
    later = at + timedelta(days=days, hours=2)
    assert {on_call(rota, at), on_call(rota, later)} < {1, 2, 3}
    assert on_call(rota, at) != on_call(rota, later)


def test_an_override_goes_before_the_turn_for_its_time_alone() -> None:
    ill = Override(99, FIRST + timedelta(hours=1), FIRST + timedelta(hours=3))
    later = Override(98, FIRST + timedelta(hours=2), FIRST + timedelta(hours=3))
    rota = Rota(ROTA.versions, (ill, later))
    hours = [on_call(rota, FIRST + timedelta(hours=hour)) for hour in range(4)]
    assert hours == [11, 99, 98, 11]


def test_of_two_overrides_that_begin_together_the_later_made_counts() -> None:
    first, second = (Override(one, FIRST, FIRST + A_WEEK) for one in (98, 99))
    assert on_call(Rota(ROTA.versions, (first, second)), FIRST) == 99


def test_turns_that_are_changed_go_on_as_they_were_until_the_new_ones_hand_over() -> None:
    written_at = FIRST + timedelta(days=2)
    new = turns(21, 22, starts_on=date(2026, 9, 25), shift_days=1, written_at=written_at)
    rota = Rota((*ROTA.versions, new))
    handover = FIRST + timedelta(days=4)
    told = [on_call(rota, at) for at in (written_at, handover - A_SECOND, handover)]
    assert told == [11, 11, 21]


def test_a_change_says_nothing_of_the_time_before_it_was_written() -> None:
    written_at = FIRST + timedelta(days=2)
    rota = Rota((*ROTA.versions, turns(21, written_at=written_at)))
    assert [on_call(rota, at) for at in (written_at - A_SECOND, written_at)] == [11, 21]


@given(at=instants)
def test_turns_written_anew_from_the_next_hand_over_on_change_nothing(at: datetime) -> None:
    starts_on, officer_ids = next_shift(ROTA.versions[0], at)
    anew = Rota((*ROTA.versions, turns(*officer_ids, starts_on=starts_on, written_at=at)))
    assert stints(anew, at, at + 4 * A_WEEK) == stints(ROTA, at, at + 4 * A_WEEK)


def test_before_a_rota_begins_the_next_hand_over_is_its_first() -> None:
    long_before = FIRST - 10 * A_WEEK
    assert next_shift(ROTA.versions[0], long_before) == (date(2026, 9, 21), (11, 12, 13))


offsets = st.integers(0, 20 * 24).map(lambda hours: FIRST + timedelta(hours=hours))
rotas = st.builds(
    Rota,
    st.lists(
        st.builds(
            turns,
            st.integers(1, 3),
            st.integers(4, 6),
            starts_on=st.dates(date(2026, 10, 20), date(2026, 11, 5)),
            handover=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
            shift_days=st.integers(1, 8),
            written_at=offsets,
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    st.lists(
        st.builds(
            lambda officer, begins, hours: Override(
                officer, begins, begins + timedelta(hours=hours)
            ),
            st.integers(7, 9),
            offsets,
            st.integers(1, 72),
        ),
        max_size=3,
    ).map(tuple),
)


@given(rota=rotas, since=offsets, hours=st.integers(1, 30 * 24), share=st.floats(0, 0.999))
def test_stints_follow_each_other_without_a_gap_and_say_who_is_on_call_at_every_instant(
    rota: Rota, since: datetime, hours: int, share: float
) -> None:
    until = since + timedelta(hours=hours)
    told = stints(rota, since, until)
    assert [one.begins_at for one in told] == [since, *(one.ends_at for one in told[:-1])]
    assert told[-1].ends_at == until
    assert all(a.officer_id != b.officer_id for a, b in pairwise(told))
    at = since + share * (until - since)
    assert on_call(rota, at) == next(
        one.officer_id for one in told if one.begins_at <= at < one.ends_at
    )

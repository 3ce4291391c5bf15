"""Which means fail: three attempts in a row and none that went out since."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.failing import LEAST_FAILURES, Failing, Tried, failing
from alerts.rules import Means

BEGAN = datetime(2026, 9, 21, 14, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
moments = st.integers(0, 600).map(lambda minutes: BEGAN + minutes * MINUTE)
tries = st.lists(
    st.builds(
        lambda means, failures, at, out, alone: Tried(
            means, failures, at if failures else None, out, alone
        ),
        st.sampled_from(Means),
        st.integers(0, 2 * LEAST_FAILURES),
        moments,
        st.none() | moments,
        st.booleans(),
    ),
    unique_by=lambda one: one.means,
)


@pytest.mark.parametrize("failures", [0, 1, 2])
def test_a_hiccup_is_no_failing_means(failures: int) -> None:
    since = BEGAN if failures else None
    assert failing([Tried(Means.EMAIL, failures, since, BEGAN - MINUTE)]) == []


def test_three_attempts_in_a_row_are_told_with_what_goes_around() -> None:
    email = Tried(Means.EMAIL, 3, BEGAN, BEGAN - MINUTE)
    sms = Tried(Means.SMS, 0, None, BEGAN + MINUTE)
    voice = Tried(Means.VOICE, 1, BEGAN, BEGAN - MINUTE)
    assert failing([email, sms, voice]) == [Failing(Means.EMAIL, 3, BEGAN, (Means.SMS,))]


@given(tried=tries)
def test_nothing_goes_around_by_what_fails_itself_and_the_first_to_fail_comes_first(
    tried: list[Tried],
) -> None:
    told = failing(tried)
    assert {one.means for one in told} == {
        one.means for one in tried if one.failures >= LEAST_FAILURES and not one.is_one_receivers
    }
    assert not {one.means for one in told} & {means for one in told for means in one.around}
    assert [one.since for one in told] == sorted(one.since for one in told)

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from supervision.core.clock import from_us, system_clock, to_us

zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@given(instant=st.datetimes(timezones=zones))
def test_an_instant_survives_the_way_to_microseconds_and_back(instant: datetime) -> None:
    assert from_us(to_us(instant)) == instant
    assert from_us(to_us(instant)).tzinfo is UTC


def test_microseconds_count_from_1970() -> None:
    assert to_us(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC)) == 1_000_005
    assert to_us(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) == -1_000_000


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert system_clock().utcoffset() == timedelta(0)

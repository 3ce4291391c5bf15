from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from geofence.rules.schedule import Schedule, Window, active_spans
from geofence.rules.spans import NEVER
from supervision.core.clock import to_us
from supervision.core.errors import Broken

DAY_US = 86_400 * 1_000_000
NEW_YORK = "America/New_York"
FIRST = date(2026, 1, 5)


def utc_us(text: str) -> int:
    return to_us(datetime.fromisoformat(text).replace(tzinfo=UTC))


def window(begins: str, ends: str, rrule: str = "FREQ=DAILY", starts_on: date = FIRST) -> Window:
    return Window(rrule, starts_on, time.fromisoformat(begins), time.fromisoformat(ends))


def schedule(*windows: Window, zone: str = NEW_YORK) -> Schedule:
    return Schedule(zone, windows)


def spans(of: Schedule, first: str, last: str) -> list[tuple[str, str]]:
    found = active_spans(of, utc_us(first), utc_us(last))
    return [(as_text(from_us), as_text(until_us)) for from_us, until_us in found]


def as_text(instant_us: int) -> str:
    return f"{datetime.fromtimestamp(instant_us / 1e6, UTC):%m-%d %H:%M}"


CURFEW = schedule(window("21:00", "06:00"))


def test_a_curfew_is_shorter_in_the_night_of_spring_and_longer_in_that_of_autumn() -> None:
    assert spans(CURFEW, "2026-03-08T03:00", "2026-03-09T03:00") == [
        ("03-08 02:00", "03-08 10:00"),
        ("03-09 01:00", "03-09 10:00"),
    ]
    assert spans(CURFEW, "2026-11-01T03:00", "2026-11-02T03:00") == [
        ("11-01 01:00", "11-01 11:00"),
        ("11-02 02:00", "11-02 11:00"),
    ]


def test_a_span_is_not_cut_where_the_range_is() -> None:
    night = [("06-02 01:00", "06-02 10:00")]
    assert spans(CURFEW, "2026-06-02T05:00", "2026-06-02T05:01") == night
    assert spans(CURFEW, "2026-06-02T09:59", "2026-06-03T01:00") == night
    assert spans(CURFEW, "2026-06-02T10:00", "2026-06-03T01:00") == []
    assert spans(CURFEW, "2026-06-02T05:00", "2026-06-02T05:00") == []


def test_nothing_is_active_before_the_start_nor_after_the_end() -> None:
    two = schedule(window("21:00", "06:00", "FREQ=DAILY;COUNT=2"))
    nights = [("01-06 02:00", "01-06 11:00"), ("01-07 02:00", "01-07 11:00")]
    assert spans(two, "1970-01-01", "2400-01-01") == nights
    assert active_spans(two, 0, NEVER) == active_spans(two, -NEVER, utc_us("2026-02-01"))


def test_each_window_has_its_own_start_and_end() -> None:
    early = window("21:00", "06:00", "FREQ=DAILY;COUNT=1")
    late = window("21:00", "06:00", "FREQ=DAILY;COUNT=1", date(2027, 6, 1))
    for pair in (early, late), (late, early):
        both = [("01-06 02:00", "01-06 11:00"), ("06-02 01:00", "06-02 10:00")]
        assert spans(schedule(*pair), "1970-01-01", "2400-01-01") == both
    endless = schedule(early, window("21:00", "06:00"))
    assert spans(endless, "2030-06-02T05:00", "2030-06-02T06:00") == [
        ("06-02 01:00", "06-02 10:00")
    ]


def test_windows_that_touch_or_overlap_are_one_span() -> None:
    day = schedule(window("08:00", "12:00"), window("12:00", "16:00"), window("15:00", "18:00"))
    assert spans(day, "2026-06-02T00:00", "2026-06-03T00:00") == [("06-02 12:00", "06-02 22:00")]


def test_equal_times_mean_a_whole_day_by_the_clock() -> None:
    weekend = schedule(window("00:00", "00:00", "FREQ=WEEKLY;BYDAY=SA,SU"))
    spring, autumn = "2026-03-08T12:00", "2026-11-01T12:00"
    assert spans(weekend, spring, spring[:-1] + "1") == [("03-07 05:00", "03-09 04:00")]
    assert spans(weekend, autumn, autumn[:-1] + "1") == [("10-31 04:00", "11-02 05:00")]


@pytest.mark.parametrize(
    ("zone", "begins", "ends", "spring", "autumn"),
    [
        # Lord Howe puts its clocks forward from 02:00 to 02:30, and back again from 02:00.
        ("Australia/Lord_Howe", "02:10", "03:00", "10-04 15:30 10-04 16:00", None),
        ("Australia/Lord_Howe", "01:00", "01:45", None, "04-05 14:00 04-05 15:15"),
        ("Australia/Lord_Howe", "01:45", "02:10", None, "04-05 14:45 04-05 15:40"),
        # Troll from 01:00 to 03:00 and back from 03:00.
        (
            "Antarctica/Troll",
            "00:00",
            "02:00",
            "03-30 00:00 03-30 01:00",
            "10-25 22:00 10-26 02:00",
        ),
        (
            "Antarctica/Troll",
            "01:30",
            "04:00",
            "03-30 01:00 03-30 02:00",
            "10-25 23:30 10-26 04:00",
        ),
        # Havana from 00:00 to 01:00 and back from 01:00: the fold is the first hour of the day.
        ("America/Havana", "22:00", "00:30", "03-09 03:00 03-09 05:00", "11-02 02:00 11-02 05:30"),
        ("America/Havana", "22:00", "00:00", "03-09 03:00 03-09 05:00", "11-02 02:00 11-02 05:00"),
        ("America/Havana", "00:15", "02:00", "03-09 05:00 03-09 06:00", "11-02 04:15 11-02 07:00"),
        # Chatham from 02:45 to 03:45.
        ("Pacific/Chatham", "03:00", "04:00", "09-27 14:00 09-27 14:15", "04-05 13:15 04-05 15:15"),
    ],
)
def test_gaps_and_folds_of_unusual_clocks(
    zone: str, begins: str, ends: str, spring: str | None, autumn: str | None
) -> None:
    of = schedule(window(begins, ends, starts_on=date(2025, 1, 6)), zone=zone)
    for expected in (spring, autumn):
        if expected is not None:
            from_text, until_text = expected[:11], expected[12:]
            at = f"2025-{from_text.replace(' ', 'T')}"
            assert spans(of, at, at + ":01") == [(from_text, until_text)]


def test_a_window_that_clocks_jump_over_is_not_active_that_day() -> None:
    of = schedule(window("02:10", "02:50"))
    assert spans(of, "2026-03-07T05:00", "2026-03-10T03:00") == [
        ("03-07 07:10", "03-07 07:50"),
        ("03-09 06:10", "03-09 06:50"),
    ]


def test_a_date_that_a_country_skipped_is_passed_over() -> None:
    apia = Window("FREQ=DAILY", date(2011, 12, 1), time(10), time(12))
    of = schedule(apia, zone="Pacific/Apia")
    assert spans(of, "2011-12-29T00:00", "2011-12-31T00:00") == [
        ("12-29 20:00", "12-29 22:00"),
        ("12-30 20:00", "12-30 22:00"),
    ]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("days", [2, 3, 49])
def test_up_to_eight_weeks_without_a_pause_are_one_span(zone: str, days: int) -> None:
    for shift in range(30):
        start = FIRST + timedelta(days=shift)
        of = schedule(window("00:00", "00:00", f"FREQ=DAILY;COUNT={days}", start), zone=zone)
        (span,) = active_spans(of, 0, NEVER)
        assert span[1] - span[0] == days * DAY_US
        assert active_spans(of, span[1] - 1, span[1]) == [span]
        assert active_spans(of, span[0], span[0] + 1) == [span]


def test_eight_weeks_may_be_cut_in_the_middle() -> None:
    starts = [date(2026, 1, 14), date(2026, 1, 15), date(2026, 1, 16)]
    counts = [
        len(
            active_spans(
                schedule(window("00:00", "00:00", "FREQ=DAILY;COUNT=56", each), zone="UTC"),
                0,
                NEVER,
            )
        )
        for each in starts
    ]
    assert counts == [1, 2, 1]


def test_time_without_a_pause_comes_in_pieces_that_touch() -> None:
    of = schedule(window("00:00", "00:00", "FREQ=DAILY;UNTIL=20280301"), zone="UTC")
    found = active_spans(of, 0, NEVER)
    assert (found[0][0], found[-1][1]) == (utc_us("2026-01-05"), utc_us("2028-03-02"))
    assert all(first[1] == second[0] for first, second in pairwise(found))
    assert {span[1] - span[0] for span in found[1:-1]} == {28 * DAY_US}


def test_a_schedule_without_an_end_is_not_followed_to_the_end_of_time() -> None:
    with pytest.raises(Broken, match="100 years"):
        active_spans(CURFEW, 0, NEVER)
    assert active_spans(CURFEW, NEVER - 1, NEVER) == []

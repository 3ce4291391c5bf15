"""Every change of the clocks from 2024 to 2027 in the zones that have any, to the second.

Countries change their minds: a change to come that the installed time zones do not have, or no
longer have, is passed over.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from geofence.rules.schedule import Schedule, Window, active_spans
from geofence.rules.spans import Span, merge
from supervision.core.clock import to_us

CHANGES = (
    Path(__file__).resolve().parents[4] / "shared" / "data" / "schedules" / "clock_changes.jsonl"
)
A_DAY = timedelta(days=1)
EVENING, MORNING = time(21), time(6)

pytestmark = pytest.mark.skipif(
    not CHANGES.exists(), reason="shared/data/schedules/clock_changes.jsonl is not here"
)


@dataclass(frozen=True)
class Change:
    """A change as the data tell it: `wall_from` to `wall_to` is jumped over, or shown twice."""

    zone: str
    at: datetime
    is_gap: bool
    before: timedelta
    after: timedelta
    wall_from: datetime
    wall_to: datetime

    def instants(self, wall: datetime) -> tuple[datetime, datetime]:
        """When clocks show this first and last, near the change, by the two offsets alone."""
        by_before, by_after = (
            wall.replace(tzinfo=UTC) - each for each in (self.before, self.after)
        )
        if wall < self.wall_from:
            return by_before, by_before
        if wall >= self.wall_to:
            return by_after, by_after
        return (self.at, self.at) if self.is_gap else (by_before, by_after)

    def span_us(self, begins: datetime, ends: datetime) -> Span:
        return to_us(self.instants(begins)[0]), to_us(self.instants(ends)[1])


def all_changes() -> list[Change]:
    rows = [json.loads(line) for line in CHANGES.read_text().splitlines()]
    return [
        Change(
            row["zone"],
            datetime.fromisoformat(row["utc"]),
            row["kind"] == "gap",
            timedelta(seconds=row["offset_before_s"]),
            timedelta(seconds=row["offset_after_s"]),
            datetime.fromisoformat(row["wall_from"]),
            datetime.fromisoformat(row["wall_to"]),
        )
        for row in rows
    ]


def read_changes() -> list[Change]:
    return [each for each in all_changes() if is_installed(each)]


def is_installed(change: Change) -> bool:
    zone = ZoneInfo(change.zone)
    around = (change.at - timedelta(seconds=1), change.at)
    offsets = [each.astimezone(zone).utcoffset() for each in around]
    return offsets == [change.before, change.after]


def changes_within_a_day() -> list[Change]:
    """All but the one with which Samoa left out a date."""
    return [each for each in read_changes() if each.wall_to - each.wall_from < A_DAY]


def on(day: datetime, moment: time) -> datetime:
    return datetime.combine(day, moment)


def found_in(change: Change, begins: time, ends: time, range_us: Span) -> list[Span]:
    starts_on = (change.wall_from - 400 * A_DAY).date()
    daily = Window("FREQ=DAILY", starts_on, begins, ends)
    return active_spans(Schedule(change.zone, (daily,)), *range_us)


def test_few_changes_are_passed_over_and_only_late_ones() -> None:
    passed_over = [each for each in all_changes() if not is_installed(each)]
    assert len(all_changes()) == 193
    assert len(passed_over) <= 20
    assert all(each.at > datetime(2026, 9, 1, tzinfo=UTC) for each in passed_over)


def test_a_curfew_is_right_in_the_nights_before_and_after_every_change() -> None:
    for change in read_changes():
        nights = [change.wall_from - A_DAY, change.wall_from]
        expected = [change.span_us(on(day, EVENING), on(day + A_DAY, MORNING)) for day in nights]
        around_us = expected[0][0], expected[-1][1]
        assert found_in(change, EVENING, MORNING, around_us) == merge(expected), change


def test_a_curfew_is_as_long_as_the_time_zone_says() -> None:
    lengths_h = set()
    for change in changes_within_a_day():
        zone = ZoneInfo(change.zone)
        begins = on(change.wall_from - A_DAY, EVENING).replace(tzinfo=zone)
        ends = on(change.wall_from, MORNING).replace(tzinfo=zone, fold=1)
        length = ends.astimezone(UTC) - begins.astimezone(UTC)
        at_us = to_us(begins)
        (span,) = found_in(change, EVENING, MORNING, (at_us, at_us + 1))
        assert timedelta(microseconds=span[1] - span[0]) == length, change
        lengths_h.add(length / timedelta(hours=1))
    assert lengths_h == {7.0, 8.0, 8.5, 9.0, 9.5, 10.0, 11.0}


def test_a_window_that_ends_or_begins_amid_a_change_is_right() -> None:
    for change in changes_within_a_day():
        amid = change.wall_from + (change.wall_to - change.wall_from) / 2
        for begins, ends in (
            (amid, amid + timedelta(hours=5)),
            (amid - timedelta(hours=5), amid),
            (change.wall_from, change.wall_to + timedelta(hours=1)),
            (change.wall_from - timedelta(hours=5), change.wall_from),
            (change.wall_from - timedelta(hours=5), change.wall_to),
        ):
            expected = change.span_us(begins, ends)
            found = found_in(change, begins.time(), ends.time(), expected)
            assert expected in found, (change, begins, ends)

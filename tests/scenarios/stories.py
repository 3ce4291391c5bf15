"""Tracks around some zones on a flat map, and how they are told.

The map is flat, its fixes lie clear of every threshold, and the oracle looks at all of them at
once: it says which stays and silences they show.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from supervision.core.clock import to_us
from supervision.core.fixes import Fix, Source
from tests.harness import T0, a_fix, circle
from tests.oracle import Drawing, StayShown, Terms, Track
from tests.oracle_stays import is_same, silences_of, stays_of
from tests.oracle_ways import EXACT, Floats, Slack, Spot
from tests.said import worth_of_m

LON, LAT = -122.08, 37.4
M_PER_DEG_LON, M_PER_DEG_LAT = 88_543.2, 110_985.2  # WGS 84 at this latitude
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
LONG_AGO = T0 - timedelta(days=30)
NOW = T0 + timedelta(hours=6)
WARNING_M = 250.0
NAMES = {Source.GPS: "gps", Source.WIFI: "wifi", Source.CELL: "cell"}
# The flat map and the ellipsoid differ by less.
SLACKS = [Slack(0.2, 5e-4, 0.01), Slack(-0.2, -5e-4, -0.01), Slack(0.2, -5e-4), Slack(-0.2, 5e-4)]
MAP_M, MAP_SHARE = 1.0, 0.05


class Seen(NamedTuple):
    """A fix on the test's flat map, in the order in which equals are taken."""

    second: int
    east_m: int
    north_m: int
    accuracy_m: float | None
    source: Source

    @property
    def at(self) -> datetime:
        return T0 + timedelta(seconds=self.second)

    @property
    def in_line(self) -> tuple[float, ...]:
        accuracy_m = float("inf") if self.accuracy_m is None else self.accuracy_m
        return self.second, self.east_m, self.north_m, accuracy_m, self.source

    @property
    def spot(self) -> Spot:
        worth_m = worth_of_m(self.accuracy_m, NAMES[self.source])
        is_cell = self.source is Source.CELL
        return Spot(to_us(self.at), self.east_m, self.north_m, worth_m, is_cell)

    def fix(self, device_uid: str) -> Fix:
        lon, lat = LON + self.east_m / M_PER_DEG_LON, LAT + self.north_m / M_PER_DEG_LAT
        return a_fix(device_uid, self.at, lon, lat, self.accuracy_m, self.source)


class Circle(NamedTuple):
    """A round zone on the flat map."""

    east_m: float
    north_m: float
    inradius_m: float

    def away_m(self, east_m: Floats, north_m: Floats) -> Floats:
        apart_m: Floats = np.hypot(east_m - self.east_m, north_m - self.north_m)
        return apart_m - self.inradius_m

    def geojson(self) -> dict[str, Any]:
        east_deg, north_deg = self.east_m / M_PER_DEG_LON, self.north_m / M_PER_DEG_LAT
        return circle(LON + east_deg, LAT + north_deg, self.inradius_m)


FIRST, AMENDED, SECOND = Circle(0, 0, 200), Circle(150, 100, 300), Circle(520, 0, 150)
HOME = Circle(-300, 0, 250)
CIRCLES = (FIRST, AMENDED, SECOND, HOME)
# To be at home from 400 s to 1300 s after T0, each day.
CURFEW = {
    "windows": [
        {"rrule": "FREQ=DAILY", "starts_on": "2026-09-01", "begins": "14:20", "ends": "14:35"}
    ]
}
CURFEW_BEGINS, CURFEW_LASTS = T0 + timedelta(seconds=400), timedelta(minutes=15)
A_DAY = timedelta(days=1)


class Counted(NamedTuple):
    """A time in which a zone counts, and which version of it."""

    begins_at: datetime
    ends_at: datetime
    circle: Circle
    version: int


class Told(NamedTuple):
    """Before which batch officers did what; the number of batches: after all of them."""

    amended: int
    second: int
    excepted: int


@dataclass(frozen=True)
class Story:
    """What happened, and in which order it is told.

    Zone 0 is amended and excepted, zone 1 has a warning ring, zone 2 is his home by night.
    """

    fixes: list[Seen]
    armed_at: datetime
    amended_at: datetime | None
    exception: tuple[datetime, datetime] | None
    batches: list[list[int]]
    workers: list[int]
    told: Told

    @property
    def in_order(self) -> list[int]:
        return sorted(range(len(self.fixes)), key=lambda place: self.fixes[place].in_line)

    @property
    def counted(self) -> list[list[Counted]]:
        """For each zone, when it counts."""
        first = [Counted(self.armed_at, NEVER, FIRST, 1)]
        if self.amended_at is not None:
            second = Counted(self.amended_at, NEVER, AMENDED, 2)
            first = [first[0]._replace(ends_at=self.amended_at), second]
        begins = [CURFEW_BEGINS + A_DAY * day for day in (-2, -1, 0)]
        home = [Counted(at, at + CURFEW_LASTS, HOME, 1) for at in begins]
        return [list(self._without_exception(first)), [Counted(LONG_AGO, NEVER, SECOND, 1)], home]

    def _without_exception(self, counted: Sequence[Counted]) -> Iterator[Counted]:
        from_at, until_at = self.exception or (NEVER, NEVER)
        for one in counted:
            before = one._replace(ends_at=min(one.ends_at, from_at))
            after = one._replace(begins_at=max(one.begins_at, until_at))
            yield from (part for part in (before, after) if part.begins_at < part.ends_at)


class Answer(NamedTuple):
    """What a story shows: stays by zone and ring, and silences by zone."""

    stays: dict[tuple[int, str], list[StayShown]]
    silences: set[tuple[int, int, int]]


def answer(story: Story, slack: Slack = EXACT) -> Answer:
    """By the oracle; `span` of a stay is the version of the zone."""
    track = Track([story.fixes[place].spot for place in story.in_order], _apart_m)
    stays, silences = {}, set[tuple[int, int, int]]()
    for zone, counted in enumerate(story.counted):
        drawings = [Drawing(to_us(one[0]), to_us(one[1]), one.circle) for one in counted]
        rings = {"zone": Terms(0.0, zone == 2, to_us(NOW))}
        if zone == 1:
            rings["warning"] = Terms(WARNING_M, now_us=to_us(NOW))
        for ring, terms in rings.items():
            found = stays_of(track, drawings, terms, slack)
            stays[zone, ring] = [one._replace(span=counted[one.span].version) for one in found]
        unseen = silences_of(track, drawings, rings["zone"])
        silences |= {(zone, *silence) for silence in unseen}
    return Answer(stays, silences)


def is_clear(story: Story) -> bool:
    """Not so near a threshold that the two maps could differ about it."""
    if not all(_is_in_clear_order(circle, story.fixes) for circle in CIRCLES):
        return False
    exact = answer(story).stays
    others = (answer(story, slack).stays for slack in SLACKS)
    return all(is_equal(exact[key], other[key]) for other in others for key in exact)


def _is_in_clear_order(circle: Circle, fixes: Sequence[Seen]) -> bool:
    """Of one moment the farthest counts first: whether it is clear which that is."""
    east_m, north_m = np.array([one[1:3] for one in fixes], np.float64).T
    ranked = sorted(zip((one.second for one in fixes), circle.away_m(east_m, north_m), strict=True))
    return all(
        first_s != last_s or last_m - first_m > MAP_M + abs(last_m) / 200
        for (first_s, first_m), (last_s, last_m) in pairwise(ranked)
    )


def is_equal(some: Sequence[StayShown], others: Sequence[StayShown]) -> bool:
    return len(some) == len(others) and all(map(_is_same, some, others))


def _is_same(one: StayShown, other: StayShown) -> bool:
    """Equal but for how deep and how sure, which may differ as the maps do."""
    is_alike = abs(one.deepest_m - other.deepest_m) < MAP_M + other.deepest_m / 200
    is_alike &= abs(one.share - other.share) < MAP_SHARE
    return is_alike and is_same(one._replace(deepest_m=other.deepest_m, share=other.share), other)


def _apart_m(east: Floats, north: Floats, to_east: Floats, to_north: Floats) -> Floats:
    apart_m: Floats = np.hypot(to_east - east, to_north - north)
    return apart_m


GAPS_S = [0, 3, 10, 20, 30, 40, 40, 60, 60, 60, 90, 140, 200, 290, 310, 700]
EAST_M = st.integers(-600, 1000) | st.integers(-200, 700) | st.sampled_from([4_000, 30_000])

a_moment = st.integers(-120, 1500).map(lambda second: T0 + timedelta(seconds=second))
a_seen = st.builds(
    Seen,
    second=st.just(0),
    east_m=EAST_M,
    north_m=st.integers(-350, 350) | st.just(0),
    accuracy_m=st.sampled_from([None, 3.0, 8.0, 8.0, 8.0, 23.0, 60.0, 150.0, 320.0, 500.0]),
    source=st.sampled_from([Source.GPS, Source.GPS, Source.GPS, Source.WIFI, Source.CELL]),
)


@st.composite
def tracks(draw: st.DrawFn) -> list[Seen]:
    """Up to 14 fixes, some of one moment, some with long gaps; perhaps one a day before."""
    gaps = draw(st.lists(st.sampled_from(GAPS_S), min_size=1, max_size=13))
    seconds = [*accumulate(gaps), *draw(st.lists(st.sampled_from([-86_800, -86_200]), max_size=1))]
    return list({draw(a_seen)._replace(second=second): None for second in seconds})


@st.composite
def stories(draw: st.DrawFn) -> Story:
    fixes = draw(tracks())
    armed_at = draw(a_moment)
    amended_at = draw(st.none() | a_moment.filter(lambda at: at >= armed_at))
    exception = draw(st.none() | st.tuples(a_moment, a_moment).filter(lambda ab: ab[0] < ab[1]))
    order = draw(st.permutations(range(len(fixes))))
    repeats = draw(st.lists(st.sampled_from(range(len(fixes))), max_size=5))
    arrivals = [*order, *repeats]
    cuts = sorted(draw(st.sets(st.integers(1, len(arrivals)), max_size=len(arrivals))))
    ends = sorted({0, *cuts, len(arrivals)})
    batches = [arrivals[start:end] for start, end in pairwise(ends)]
    workers = draw(st.lists(st.integers(0, 3), min_size=len(batches), max_size=len(batches)))
    told = Told(*draw(st.tuples(*[st.integers(0, len(batches))] * 3)))
    story = Story(fixes, armed_at, amended_at, exception, batches, workers, told)
    assume(is_clear(story))
    return story

"""Tracks around two zones on a flat map, how they are told, and the stays that they show.

The walk here shares no code with the engine's: its map is flat, its fixes lie clear of every
threshold, and it looks at all of them at once.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st

from supervision.core.fixes import Fix, Source
from tests.harness import T0, a_fix, circle

LON, LAT = -122.08, 37.4
M_PER_DEG_LON, M_PER_DEG_LAT = 88_534.0, 110_990.0  # WGS 84 at this latitude
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
STEP = timedelta(seconds=40)
STEPS = 16
ASSUMED_M = {Source.GPS: 30.0, Source.WIFI: 60.0, Source.CELL: 2000.0}


class Seen(NamedTuple):
    """A fix on the test's flat map, in the order in which equals are taken."""

    step: int
    east_m: int
    north_m: int
    accuracy_m: float | None
    source: Source

    @property
    def at(self) -> datetime:
        return T0 + self.step * STEP

    @property
    def radius_m(self) -> float:
        return max(self.accuracy_m or ASSUMED_M[self.source], 3.0)

    def fix(self, device_uid: str) -> Fix:
        lon, lat = LON + self.east_m / M_PER_DEG_LON, LAT + self.north_m / M_PER_DEG_LAT
        return a_fix(device_uid, self.at, lon, lat, self.accuracy_m, self.source)


class Circle(NamedTuple):
    """A round zone on the flat map."""

    east_m: float
    north_m: float
    radius_m: float

    def distance_m(self, seen: Seen) -> float:
        apart = math.hypot(seen.east_m - self.east_m, seen.north_m - self.north_m)
        return apart - self.radius_m

    def geojson(self) -> dict[str, Any]:
        east_deg, north_deg = self.east_m / M_PER_DEG_LON, self.north_m / M_PER_DEG_LAT
        return circle(LON + east_deg, LAT + north_deg, self.radius_m)


FIRST, AMENDED, SECOND = Circle(0, 0, 200), Circle(150, 100, 300), Circle(520, 0, 150)


@dataclass(frozen=True)
class Story:
    """What happened, and in which order it is told."""

    fixes: list[Seen]
    armed: int
    amended: int | None
    batches: list[list[int]]
    workers: list[int]
    told_of_amendment: int

    @property
    def drawings(self) -> dict[int, list[tuple[datetime, datetime, Circle]]]:
        """Each zone's drawings, with the times between which they count."""
        armed_at = T0 + self.armed * STEP
        if self.amended is None:
            first = [(armed_at, NEVER, FIRST)]
        else:
            amended_at = T0 + self.amended * STEP
            first = [(armed_at, amended_at, FIRST), (amended_at, NEVER, AMENDED)]
        return {0: first, 1: [(T0 - timedelta(days=30), NEVER, SECOND)]}


def is_clear(seen: Seen) -> bool:
    """Not so near a threshold of any zone that the two maps could differ about it."""
    thresholds = [0.0, -seen.radius_m, 2.5 * seen.radius_m]
    distances = [zone.distance_m(seen) for zone in (FIRST, AMENDED, SECOND)]
    return all(abs(d - edge) > 2 + abs(d) / 200 for d in distances for edge in thresholds)


a_seen = st.builds(
    Seen,
    step=st.integers(0, STEPS) | st.sampled_from([-2170, -2155]),  # a day before and a bit
    east_m=st.integers(-500, 900),
    north_m=st.integers(-400, 400),
    accuracy_m=st.sampled_from([None, 3.0, 8.0, 8.0, 23.0, 60.0, 150.0, 500.0]),
    source=st.sampled_from([Source.GPS, Source.GPS, Source.WIFI, Source.CELL]),
).filter(is_clear)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    fixes = draw(st.lists(a_seen, min_size=1, max_size=14, unique=True))
    armed = draw(st.integers(-2, STEPS))
    amended = draw(st.none() | st.integers(armed, STEPS + 2))
    order = draw(st.permutations(range(len(fixes))))
    repeats = draw(st.lists(st.sampled_from(range(len(fixes))), max_size=5))
    arrivals = [*order, *repeats]
    cuts = sorted(draw(st.sets(st.integers(1, len(arrivals)), max_size=len(arrivals))))
    ends = [*cuts, len(arrivals)]
    batches = [arrivals[start:end] for start, end in zip([0, *cuts], ends, strict=True)]
    workers = draw(st.lists(st.integers(0, 1), min_size=len(batches), max_size=len(batches)))
    return Story(fixes, armed, amended, batches, workers, draw(st.integers(0, len(batches))))


class Walked(NamedTuple):
    """A stay by the plain walk, or as stored."""

    zone: int
    entered_at: datetime
    left_at: datetime | None
    last_seen_at: datetime
    grade: str
    fix_count: int
    deepest_m: float


def walk(story: Story) -> list[Walked]:
    """The stays, by one walk over all that was seen, in time order."""
    found: list[Walked] = []
    for zone, drawings in story.drawings.items():
        current: Walked | None = None
        for at, verdict, depth_m in sorted(_verdicts(story.fixes, drawings), key=_in_turn):
            grade = "confirmed" if verdict == 2 else "possible"
            if current is None:
                if depth_m > 0:
                    current = Walked(zone, at, None, at, grade, 1, depth_m)
            elif verdict == 0:
                found.append(current._replace(left_at=at))
                current = None
            else:
                current = current._replace(
                    last_seen_at=at,
                    grade=min(grade, current.grade),
                    fix_count=current.fix_count + 1,
                    deepest_m=max(depth_m, current.deepest_m),
                )
        found += [current] if current else []
    return found


def _verdicts(
    fixes: Sequence[Seen], drawings: Sequence[tuple[datetime, datetime, Circle]]
) -> list[tuple[datetime, int, float]]:
    """When, out (0), unsure (1) or in (2), and how deep, for each fix and each new drawing."""
    verdicts = []
    for begins_at, ends_at, zone in drawings:
        if begins_at == ends_at:
            continue
        counted = [(seen.at, seen) for seen in fixes if begins_at <= seen.at < ends_at]
        a_day = timedelta(days=1)
        before = sorted((s for s in fixes if s.at < begins_at <= s.at + a_day), key=_in_line)
        if before and begins_at not in [at for at, _ in counted]:
            counted.append((begins_at, before[-1]))
        for at, seen in counted:
            distance_m = zone.distance_m(seen)
            is_stale = at - seen.at > timedelta(minutes=5)
            is_in = distance_m < -seen.radius_m and seen.source is not Source.CELL and not is_stale
            verdict = 2 if is_in else 0 if distance_m > 2.5 * seen.radius_m else 1
            verdicts.append((at, verdict, -distance_m))
    return verdicts


def _in_turn(verdict: tuple[datetime, int, float]) -> tuple[datetime, bool, float]:
    at, outcome, depth_m = verdict
    return at, outcome > 0, -depth_m


def _in_line(seen: Seen) -> tuple[float, ...]:
    accuracy_m = math.inf if seen.accuracy_m is None else seen.accuracy_m
    return seen.step, seen.east_m, seen.north_m, accuracy_m, seen.source

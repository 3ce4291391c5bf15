"""What the system ought to have found, worked out a second way: plain Python, one fix at a time.

Shares no code with the engine. It reads the written rules (the docstrings of `geofence/rules`),
looks at all fixes at once, and walks through them in order of time.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from tests.oracle_ways import (
    EXACT,
    JUMP_MPS,
    LONGEST_GAP_S,
    RADIUS_IN_DEVIATIONS,
    Floats,
    Leg,
    Nearing,
    Place,
    Slack,
    Spot,
    Through,
    nearing,
    normal_share,
    through,
)

TELLING_M = 300.0
CONFIRMED = math.log(0.85 / 0.15)
WEAK = math.log(0.84 / 0.16)
ONE_FIX, GONE, AGAINST_MOST, MOST_DEVIATIONS = 6.0, 9.2, 2.0, 8.0
LOOK_BACK_S, CONTRADICTED_S, FRESH_S, DAY_S = 600.0, 70.0, 300.0, 86_400.0
ERRORS_LAST_S, AGAINST_LASTS_S = 10.0, 40.0
JUMP_S = 300.0
PACE_S = 40.0
NEVER_US = 2**62


class Track:
    """One person's good fixes in time order, and which of them cannot have been reached.

    `apart_m` measures between points of the map, given as two columns each.
    """

    def __init__(self, spots: Sequence[Spot], apart_m: Callable[..., Floats]) -> None:
        self.spots, self._apart_m = spots, apart_m
        self.x, self.y = np.array([spot[1:3] for spot in spots]).reshape(-1, 2).T
        self.before = list(self._last_telling())
        at = np.maximum(np.array(self.before, np.int64), 0)
        self.chord_m = apart_m(self.x[at], self.y[at], self.x, self.y)
        # Every zone asks for these; one by one they took longer than all else.
        self.step_m = apart_m(self.x[:-1], self.y[:-1], self.x[1:], self.y[1:])
        self.is_jump = [self._is_jump(number) for number in range(len(spots))]

    def _last_telling(self) -> Iterator[int]:
        last = -1
        for number, spot in enumerate(self.spots):
            yield last
            last = number if spot.worth_m <= TELLING_M else last

    def chords_m(self, first: Iterable[int], last: Iterable[int]) -> Floats:
        """How far fixes are apart in pairs, by their numbers."""
        one, other = (np.fromiter(numbers, np.int64) for numbers in (first, last))
        return self._apart_m(self.x[one], self.y[one], self.x[other], self.y[other])

    def apart_m(self, first: int, last: int) -> float:
        """How far two fixes are apart, by their numbers."""
        if first == self.before[last]:
            return float(self.chord_m[last])
        if first == last - 1:
            return float(self.step_m[first])
        ends = (column[one : one + 1] for one in (first, last) for column in (self.x, self.y))
        return float(self._apart_m(*ends)[0])

    def _is_jump(self, number: int) -> bool:
        last, spot = self.spots[self.before[number]], self.spots[number]
        time_s = (spot.at_us - last.at_us) / 1e6
        way_m = self.chord_m[number] - last.worth_m - spot.worth_m
        is_far = bool(way_m > JUMP_MPS * time_s)
        return self.before[number] >= 0 and is_far and time_s <= JUMP_S


class Drawing(NamedTuple):
    """A time in which a zone counts as drawn so."""

    from_us: int
    until_us: int
    place: Place


@dataclass(frozen=True)
class Terms:
    """How a zone is to be judged: `warning_m` is set for its ring, grown by as much."""

    warning_m: float = 0.0
    is_inclusion: bool = False
    now_us: int = NEVER_US


class Sight(NamedTuple):
    """A fix judged for a moment by a drawing; `age_us` says how old it was when carried there."""

    at_us: int
    number: int
    span: int
    age_us: int | None
    away_m: float


def away_of(track: Track, drawing: Drawing, terms: Terms, slack: Slack = EXACT) -> Floats:
    """How far each fix is from where one must not be, negative there."""
    measured_m = drawing.place.away_m(track.x, track.y)
    sign = -1.0 if terms.is_inclusion else 1.0
    return slack.away_m(sign * measured_m) - terms.warning_m


class StayShown(NamedTuple):
    """A stay; times in microseconds since 1970, `left_us` None while it lasts."""

    entered_us: int
    left_us: int | None
    grade: str
    kind: str
    last_seen_us: int
    settled_us: int | None
    entered_after_us: int | None
    span: int
    fix_count: int
    deepest_m: float
    decided_us: int
    share: float
    nearing: Nearing | None = None


@dataclass
class Oracle:
    """One person's track against one zone, or its ring."""

    track: Track
    drawings: Sequence[Drawing]
    terms: Terms = field(default_factory=Terms)
    slack: Slack = EXACT

    def __post_init__(self) -> None:
        self.sights = sorted(self._sights(), key=lambda s: (s.at_us, -s.away_m, s.number))
        self._own: dict[int, float] = {}

    def _sights(self) -> Iterator[Sight]:
        at_us = np.array([spot.at_us for spot in self.track.spots], np.int64)
        for span, drawing in enumerate(self.drawings):
            first, last = np.searchsorted(at_us, [drawing.from_us, drawing.until_us]).tolist()
            if drawing.from_us >= drawing.until_us or not len(at_us):
                continue
            away_m = away_of(self.track, drawing, self.terms, self.slack).tolist()
            age_us = drawing.from_us - int(at_us[first - 1]) if first else NEVER_US
            is_met = first < len(at_us) and at_us[first] == drawing.from_us
            if drawing.from_us <= self.terms.now_us and age_us <= DAY_S * 1e6 and not is_met:
                yield Sight(drawing.from_us, first - 1, span, age_us, away_m[first - 1])
            for number in range(first, last):
                yield Sight(int(at_us[number]), number, span, None, away_m[number])

    def may_be_met(self) -> list[int]:
        """Which sights lie in the zone, or may have been reached through it."""
        chord_m = self.track.chords_m(self._before_each(), [one.number for one in self.sights])
        return [k for k, sight in enumerate(self.sights) if sight.away_m < chord_m[k]]

    def _before_each(self) -> Iterator[int]:
        """The fix of the last sight before each that can tell; its own where there is none."""
        last = None
        for k, sight in enumerate(self.sights):
            yield sight.number if last is None else last
            if sight.age_us is None and self.spot(k).worth_m <= TELLING_M:
                last = sight.number

    def spot(self, k: int) -> Spot:
        return self.track.spots[self.sights[k].number]

    def is_weak(self, k: int) -> bool:
        sight = self.sights[k]
        is_old = sight.age_us is not None and sight.age_us > FRESH_S * 1e6
        return is_old or self.spot(k).is_cell or self.track.is_jump[sight.number]

    def own(self, k: int) -> float:
        """What the fix says by itself, in nats."""
        if k not in self._own:
            deviations = -self.sights[k].away_m / (self.spot(k).worth_m / RADIUS_IN_DEVIATIONS)
            deviations = min(max(deviations, -MOST_DEVIATIONS), MOST_DEVIATIONS)
            self._own[k] = math.log(normal_share(deviations) / normal_share(-deviations))
        return self._own[k]

    def is_contrary(self, k: int) -> bool:
        return self.sights[k].away_m >= self.spot(k).worth_m

    def back(self, k: int, seconds: float) -> range:
        """The sights before and at the k-th, of the same drawing, within so many seconds."""
        first = k
        while first and self.sights[first - 1].span == self.sights[k].span:
            if self.sights[k].at_us - self.sights[first - 1].at_us > seconds * 1e6:
                break
            first -= 1
        return range(first, k + 1)

    def belief(self, k: int) -> float:
        """What all fixes of ten minutes say together, in nats."""
        belief, last_us = 0.0, None
        for j in self.back(k, LOOK_BACK_S):
            own = min(self.own(j), WEAK) if self.is_weak(j) else self.own(j)
            own = min(max(own, -ONE_FIX), ONE_FIX)
            apart_s = 0.0 if last_us is None else (self.sights[j].at_us - last_us) / 1e6
            if belief < 0:
                belief *= math.exp(-apart_s / AGAINST_LASTS_S)
            is_same = belief * own > 0
            belief += own * (1 - math.exp(-apart_s / ERRORS_LAST_S) if is_same else 1.0)
            belief = min(max(belief, -AGAINST_MOST), ONE_FIX)
            last_us = self.sights[j].at_us
        return belief

    def opens(self, k: int) -> bool:
        if self.sights[k].away_m >= 0:
            return False
        is_contradicted = any(self.is_contrary(j) for j in self.back(k, CONTRADICTED_S)[:-1])
        return not is_contradicted or self.belief(k) >= 0

    def confirms(self, k: int) -> bool:
        is_in = self.sights[k].away_m < 0 and not self.is_weak(k)
        return is_in and self.belief(k) >= CONFIRMED

    def before(self, k: int) -> int | None:
        """The sight before that can tell, if a way from it to the k-th can be judged."""
        sight, spot = self.sights[k], self.spot(k)
        if sight.age_us is not None or spot.worth_m > TELLING_M or self.is_weak(k):
            return None
        for j in range(k - 1, -1, -1):
            if self.sights[j].age_us is None and self.spot(j).worth_m <= TELLING_M:
                return j if self.sights[j].span == sight.span else None
        return None

    def paced(self, k: int) -> int | None:
        """The sight the k-th is compared with: 40 s old, or else the first in five minutes."""
        if self.before(k) is None:
            return None
        found = None
        for j in range(k - 1, -1, -1):
            gap_s = (self.sights[k].at_us - self.sights[j].at_us) / 1e6
            if self.sights[j].span != self.sights[k].span or gap_s > LONGEST_GAP_S:
                break
            if self.sights[j].age_us is None and self.spot(j).worth_m <= TELLING_M:
                found = j
                if gap_s >= PACE_S:
                    break
        return found

    def leg(self, j: int, k: int) -> Leg:
        first, last = self.sights[j], self.sights[k]
        chord_m = self.track.apart_m(first.number, last.number)
        return Leg(self.spot(j), self.spot(k), first.away_m, last.away_m, chord_m)

    def through(self, k: int) -> Through | None:
        j = self.before(k)
        if j is None or self.terms.is_inclusion or self.terms.warning_m:
            return None
        way = through(self.leg(j, k), self.drawings[self.sights[k].span].place, self.slack)
        is_seen = way is not None and any(self.opens(i) for i in range(j + 1, k))
        return None if is_seen else way

    def nearing(self, k: int) -> Nearing | None:
        j = self.paced(k) if self.terms.warning_m else None
        return None if j is None else nearing(self.leg(j, k), self.terms.warning_m)

    def before_us(self, k: int) -> int | None:
        """The time of the fix before, not before the zone counted."""
        sight = self.sights[k]
        from_us = self.drawings[sight.span].from_us
        if sight.age_us is not None:
            return from_us
        last_us = self.track.spots[sight.number - 1].at_us if sight.number else -NEVER_US
        return max(last_us, from_us) if sight.at_us - last_us <= DAY_S * 1e6 else None

    def ends_us(self) -> list[int]:
        """When the zone ceased to count, no other drawing taking over."""
        counting = [one for one in self.drawings if one.from_us < one.until_us]
        begins = {one.from_us for one in counting}
        ends = (one.until_us for one in counting if one.until_us not in begins)
        return sorted(end for end in ends if end <= self.terms.now_us)

"""The oracle's own reading of what lies between two fixes: the way through a zone, coming nearer.

Where the engine looks for the deepest place in rounds, this one looks at every place of the line.
"""

import math
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

LONGEST_GAP_S, SHORT_GAP_S, CONFIRMING_GAP_S = 300.0, 45.0, 150.0
CROSSED, DIRECT, CONFIRMED_BY_WAY = 0.75, 0.977, 0.90
BEND, TOWN_MPS, JUMP_MPS = 0.175, 12.0, 70.0
RADIUS_IN_DEVIATIONS = 1.515
FINEST, COARSEST = 2_000, 200

Floats = npt.NDArray[np.float64]


class Spot(NamedTuple):
    """A fix on a map: when, where in the map's own coordinates, and the radius to reckon with."""

    at_us: int
    x: float
    y: float
    worth_m: float
    is_cell: bool = False


class Place(Protocol):
    """A drawing on the map."""

    @property
    def inradius_m(self) -> float: ...

    def away_m(self, x: Floats, y: Floats) -> Floats:
        """Signed distance of each point to its edge."""
        ...


class Slack(NamedTuple):
    """By how much two honest ways of measuring may differ: distances, and shares of ways."""

    shift_m: float = 0.0
    stretch: float = 0.0
    share: float = 0.0

    def away_m(self, measured_m: Floats) -> Floats:
        return measured_m * (1 + self.stretch) + self.shift_m


EXACT = Slack()


class Through(NamedTuple):
    """A way that says something: when it enters and leaves, how deep it runs, how likely."""

    enters_us: int
    leaves_us: int
    deepest_m: float
    share: float
    is_crossing: bool
    confirms: bool


class Nearing(NamedTuple):
    """Coming nearer: at which fix that was seen, how fast, and in how many seconds he is there."""

    at_us: int
    mps: float
    eta_s: float


class Leg(NamedTuple):
    """Two fixes in a row that can tell, how far each is from the zone, and the line between."""

    first: Spot
    last: Spot
    first_m: float
    last_m: float
    chord_m: float

    @property
    def gap_s(self) -> float:
        return (self.last.at_us - self.first.at_us) / 1e6

    def is_possible(self, way_m: float) -> bool:
        """Whether one can come so far in the time."""
        return way_m - self.first.worth_m - self.last.worth_m <= JUMP_MPS * self.gap_s

    def points(self, shares: Floats) -> tuple[Floats, Floats]:
        (_, x1, y1, *_), (_, x2, y2, *_) = self.first, self.last
        return x1 + shares * (x2 - x1), y1 + shares * (y2 - y1)

    def deviation_m(self, at: float, bend: float) -> float:
        """How well the place there is known: both fixes' errors, and what the way may bend."""
        first, last = (one.worth_m / RADIUS_IN_DEVIATIONS for one in (self.first, self.last))
        bow = 2 * bend * min(self.chord_m, TOWN_MPS * self.gap_s) * math.sqrt(at * (1 - at))
        return math.hypot((1 - at) * first, at * last, bow)


def through(leg: Leg, place: Place, slack: Slack) -> Through | None:
    """What the way says of the zone, if anything."""
    if not 0 < leg.gap_s <= LONGEST_GAP_S or leg.first_m + leg.last_m >= leg.chord_m:
        return None
    if not leg.is_possible(leg.chord_m):
        return None
    line = _Line(leg, place, slack)
    at, deepest_m = line.deepest()
    strip_m = 2 * place.inradius_m
    entered = _share(deepest_m, leg.deviation_m(at, BEND), strip_m)
    direct = _share(deepest_m, leg.deviation_m(at, 0.0), strip_m)
    is_short = leg.gap_s <= SHORT_GAP_S
    is_crossing = entered + slack.share >= CROSSED
    is_crossing |= is_short and direct + slack.share >= DIRECT
    has_end_inside = min(leg.first_m, leg.last_m) < 0
    confirms = has_end_inside and SHORT_GAP_S < leg.gap_s <= CONFIRMING_GAP_S
    confirms &= entered + slack.share >= CONFIRMED_BY_WAY
    if deepest_m <= 0 or not (is_crossing or confirms):
        return None
    enters, leaves = line.edges(at)
    enters_us, leaves_us = (
        round(leg.first.at_us + part * leg.gap_s * 1e6) for part in (enters, leaves)
    )
    share = max(entered, direct) if is_short else entered
    return Through(enters_us, leaves_us, deepest_m, share, is_crossing, confirms)


def nearing(leg: Leg, warning_m: float) -> Nearing | None:
    """Whether he came nearer to the zone's own edge by more than both fixes' errors can feign."""
    first_m, last_m = leg.first_m + warning_m, leg.last_m + warning_m
    nearer_m = first_m - last_m
    is_evident = nearer_m >= math.hypot(leg.first.worth_m, leg.last.worth_m)
    if not (is_evident and last_m > 0 and 0 < leg.gap_s <= LONGEST_GAP_S):
        return None
    if not leg.is_possible(nearer_m):
        return None
    mps = nearer_m / leg.gap_s
    return Nearing(leg.last.at_us, mps, last_m / mps)


def normal_share(deviations: float) -> float:
    return 0.5 * math.erfc(-deviations / math.sqrt(2))


def _share(deep_m: float, deviation_m: float, strip_m: float) -> float:
    """The probability to lie in a strip, so deep in it."""
    far = (deep_m - strip_m) / deviation_m
    return normal_share(deep_m / deviation_m) - normal_share(far)


class _Line:
    """The straight line of a leg, looked at everywhere."""

    def __init__(self, leg: Leg, place: Place, slack: Slack) -> None:
        self._leg, self._place, self._slack = leg, place, slack
        self._count = round(min(max(COARSEST, leg.chord_m), FINEST))

    def _away_m(self, shares: Floats) -> Floats:
        return self._slack.away_m(self._place.away_m(*self._leg.points(shares)))

    def deepest(self) -> tuple[float, float]:
        shares = np.linspace(0.0, 1.0, self._count + 1)
        for reach in (1 / self._count, 0.02 / self._count):
            best = shares[self._away_m(shares).argmin()]
            shares = np.linspace(max(best - reach, 0.0), min(best + reach, 1.0), 101)
        away_m = self._away_m(shares)
        return float(shares[away_m.argmin()]), float(-away_m.min())

    def edges(self, deepest_at: float) -> tuple[float, float]:
        """Where the stretch inside around the deepest place begins and ends; ends inside count."""
        enters = 0.0 if self._leg.first_m < 0 else self._edge(deepest_at, 0.0)
        leaves = 1.0 if self._leg.last_m < 0 else self._edge(deepest_at, 1.0)
        return enters, leaves

    def _edge(self, inside: float, end: float) -> float:
        shares = np.linspace(inside, end, self._count + 1)
        outside = np.flatnonzero(self._away_m(shares) >= 0)
        place = int(outside[0]) if len(outside) else self._count
        low, high = shares[max(place - 1, 0)], shares[place]
        for _ in range(20):
            middle = (low + high) / 2
            is_in = self._away_m(np.array([middle]))[0] < 0
            low, high = (middle, high) if is_in else (low, middle)
        return float((low + high) / 2)

"""Judges the way between two fixes: whether it led through a zone that neither of them shows.

The likeliest way is the straight one. Real ways bend, the more the longer they are: a street
network makes them 1.2 to 1.3 times as long as the straight line (Giacomin and Levinson, Road
network circuity in metropolitan areas, 2015), and a bow of that length lies about a sixth of its
chord off it in the middle. So the place between two fixes is known as well as they are near
either, and worst half-way (the Brownian bridge of Horne et al., Ecology 88, 2007).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from geofence.rules.accuracy import DEVIATIONS_IN_68_PCT, deviation_m
from geofence.rules.evidence import normal_share
from geofence.rules.movement import is_too_far
from geofence.rules.shape import wrapped_deg
from supervision.core.fixes import Bools, Floats, Ints

Measure = Callable[[Ints, Floats, Floats], Floats]
"""Signed distance in metres, negative inside, of points to the drawings of these spans."""

# The standard deviation of the way's middle from the chord's, as a share of the chord.
BEND_SHARE = 0.175
# Whoever gets on faster than a town's traffic does is on a straighter road: a curve's least radius
# grows with the square of the speed it is built for (AASHTO, Green Book, section 3.3). So a way
# bends no more than one made at this speed (43 km/h).
TOWN_MPS = 12.0
# After a longer gap the straight line says nothing: it is a silence, or nothing at all.
LONGEST_GAP_US = 300 * 1_000_000
# A way is found to cross a zone at this probability ...
CROSSED_SHARE = 0.75
# ... or where it lasted no longer than this and its straight line runs inside by more than the
# fixes' own errors (two standard deviations): so short a way hardly has time to bend.
SHORT_GAP_US = 45 * 1_000_000
DIRECT_SHARE = 0.977
# A way confirms a stay that one of its ends lies in, at this probability; its ends must be far
# enough apart for their errors to be independent, and near enough for the line to mean something.
CONFIRMING_SHARE = 0.90
CONFIRMING_GAP_US = 150 * 1_000_000

_STEPS = 20
_FINER = 8
_ROUNDS = 3
# To a 5,000th of the way: 2 m on ten kilometres.
_ROUNDS_TO_DEEPEST = 5


class Way(NamedTuple):
    """What the way to one sighting from the one before says about the zone.

    Attributes:
        enters_us: When its straight line enters the zone; its start if that lies inside.
        leaves_us: When it leaves for good; its end if that lies inside.
        deepest_m: The farthest that it runs inside.
        accuracy_m: The 68 % radius to which that place is known.
        share: The probability that the person came into the zone on it.
        is_crossing: Whether that is enough to be found by itself.
        confirms: Whether it is enough to confirm a stay that one of its ends lies in.
    """

    enters_us: int
    leaves_us: int
    deepest_m: float
    accuracy_m: float
    share: float
    is_crossing: bool
    confirms: bool


class Ends(NamedTuple):
    """Pairs of sightings in a row: parallel arrays, those of the sightings with two rows.

    `inradius_m` is the radius of the largest circle in the drawing that judges the pair.
    """

    at_us: Ints
    span: Ints
    lon: Floats
    lat: Floats
    distance_m: Floats
    accuracy_m: Floats
    chord_m: Floats
    inradius_m: Floats

    def take(self, which: Ints) -> "Ends":
        """The pairs at these places."""
        return Ends(
            self.at_us[:, which],
            self.span[which],
            self.lon[:, which],
            self.lat[:, which],
            self.distance_m[:, which],
            self.accuracy_m[:, which],
            self.chord_m[which],
            self.inradius_m[which],
        )


def may_lead_inside(ends: Ends) -> Bools:
    """Which pairs' straight lines can touch the zone at all, and can have been made in their time.

    A point of the line is no nearer to the edge than either end less the way to it. Of two places
    of one moment it is the nearer one that a way begins at, whichever looked for jumps before.
    """
    reaches = ends.distance_m.sum(axis=0) < ends.chord_m
    first_m, last_m = ends.accuracy_m
    may: Bools = reaches & ~is_too_far(
        ends.chord_m, first_m, last_m, np.diff(ends.at_us, axis=0)[0]
    )
    return may


def may_confirm(gap_us: Ints) -> Bools:
    """Which ways, by how long they lasted, may confirm a stay that one of their ends lies in."""
    may: Bools = (gap_us > SHORT_GAP_US) & (gap_us <= CONFIRMING_GAP_US)
    return may


def judge_ways(ends: Ends, measure: Measure) -> list[Way | None]:
    """What the way between the sightings of each pair says; None where that is nothing.

    Args:
        ends: Pairs whose straight line may lead inside.
        measure: The zone's drawings.
    """
    share, depth_m = _closest(ends, measure)
    deviation = _deviation_m(ends, share, BEND_SHARE)
    entered = _share_inside(depth_m, deviation, ends.inradius_m)
    direct = _share_inside(depth_m, _deviation_m(ends, share, 0.0), ends.inradius_m)
    gap_us = ends.at_us[1] - ends.at_us[0]
    is_short = gap_us <= SHORT_GAP_US
    is_crossing = (entered >= CROSSED_SHARE) | (is_short & (direct >= DIRECT_SHARE))
    has_end_inside = (ends.distance_m < 0).any(axis=0)
    confirms = (entered >= CONFIRMING_SHARE) & has_end_inside & may_confirm(gap_us)
    says_something = np.flatnonzero((depth_m > 0) & (is_crossing | confirms))
    ways: list[Way | None] = [None] * len(share)
    if len(says_something):
        edges_us = _edges_us(ends.take(says_something), share[says_something], measure)
        best = np.where(is_short, np.maximum(entered, direct), entered)
        for (enters_us, leaves_us), k in zip(edges_us.T, says_something, strict=True):
            ways[k] = Way(
                int(enters_us),
                int(leaves_us),
                float(depth_m[k]),
                float(deviation[k] * DEVIATIONS_IN_68_PCT),
                float(best[k]),
                bool(is_crossing[k]),
                bool(confirms[k]),
            )
    return ways


def _closest(ends: Ends, measure: Measure) -> tuple[Floats, Floats]:
    """Where on each straight line it runs deepest, as a share of the way, and how deep."""
    pairs = len(ends.chord_m)
    best = np.full(pairs, 0.5)
    half = 0.5
    depth_m = np.zeros(pairs)
    for _ in range(_ROUNDS_TO_DEEPEST):
        count = _STEPS if half == 0.5 else _FINER  # noqa: PLR2004 -- the first round
        offsets = np.linspace(-half, half, count + 1)
        shares = np.clip(best[:, None] + offsets[None, :], 0.0, 1.0)
        depths = -_measured(ends, shares, measure)
        place = depths.argmax(axis=1)
        best, depth_m = shares[np.arange(pairs), place], depths[np.arange(pairs), place]
        half /= count / 2
    return best, depth_m


def _measured(ends: Ends, shares: Floats, measure: Measure) -> Floats:
    """Signed distances of points at these shares of each way; a row for each pair."""
    lon = ends.lon[0][:, None] + shares * wrapped_deg(ends.lon[1] - ends.lon[0])[:, None]
    lat = ends.lat[0][:, None] + shares * (ends.lat[1] - ends.lat[0])[:, None]
    span = np.repeat(ends.span, shares.shape[1])
    return measure(span, lon.ravel(), lat.ravel()).reshape(shares.shape)


def _deviation_m(ends: Ends, share: Floats, bend_share: float) -> Floats:
    """How well the place at these shares of each way is known: a standard deviation, metres."""
    first, last = deviation_m(ends.accuracy_m)
    in_town_m = TOWN_MPS * (ends.at_us[1] - ends.at_us[0]) / 1e6
    bend = 2 * bend_share * np.minimum(ends.chord_m, in_town_m) * np.sqrt(share * (1 - share))
    own = ((1 - share) * first) ** 2 + (share * last) ** 2
    known: Floats = np.sqrt(own + bend**2)
    return known


def _share_inside(depth_m: Floats, deviation: Floats, inradius_m: Floats) -> Floats:
    """The probability of lying in a strip as wide as the zone's largest circle, so deep in it."""
    near, far = depth_m / deviation, (depth_m - 2 * inradius_m) / deviation
    share: Floats = normal_share(near) - normal_share(far)
    return share


def _edges_us(ends: Ends, share: Floats, measure: Measure) -> Ints:
    """When each straight line enters and leaves, looked for outward from its deepest point."""
    is_end_inside = ends.distance_m < 0
    inside, outside = (
        np.stack([share, share]),
        np.stack([np.zeros_like(share), np.ones_like(share)]),
    )
    for _ in range(_ROUNDS):
        steps = np.linspace(0.0, 1.0, _STEPS + 1)
        line = inside[..., None] + steps * (outside - inside)[..., None]
        both = np.concatenate([line[0], line[1]], axis=1)
        is_in = (_measured(ends, both, measure) < 0).reshape(len(share), 2, -1).swapaxes(0, 1)
        left = np.minimum.accumulate(is_in, axis=2).sum(axis=2)
        last = np.maximum(left - 1, 0)[..., None]
        inside = np.take_along_axis(line, last, axis=2)[..., 0]
        outside = np.take_along_axis(line, np.minimum(last + 1, _STEPS), axis=2)[..., 0]
    edge = np.where(is_end_inside, [[0.0], [1.0]], (inside + outside) / 2)
    edges_us: Ints = np.rint(ends.at_us[0] + edge * (ends.at_us[1] - ends.at_us[0])).astype(
        np.int64
    )
    return edges_us

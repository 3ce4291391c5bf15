"""Finds the times in which nobody knows where a person was, and what he could have reached.

A silence is not a violation and not nothing: within it he may have been in a zone unseen. What
could be reached is the ellipse of the space-time prism (Hagerstrand 1970; Miller, Int. Journal of
GIS 5, 1991): all places whose distances from both fixes add up to no more than the way that can
be made in the time between them.
"""

from typing import NamedTuple

import numpy as np

from geofence.rules.accuracy import is_telling, usable_accuracy_m
from geofence.rules.movement import REACH_MPS, apart_m
from supervision.core.fixes import Floats, LocatedFixes

# Without a telling fix for longer than two and a half minutes he is unseen: at one fix a minute,
# that is one that did not come and another that did not.
UNSEEN_AFTER_US = 150 * 1_000_000
# A silence that lasts is told in pieces of a day, so that a device that never tells is on record.
PIECE_US = 24 * 3600 * 1_000_000
# A fix puts somebody within this many times its accuracy (see `evidence.GONE_NATS`).
SURELY_WITHIN_TIMES = 2.5


class Silence(NamedTuple):
    """A time without a telling fix, from one to the next.

    It begins at the last telling fix, or the person's first fix of all; it is over with the next
    telling one, or when it has lasted a day. `first` and `last` are places of its fixes: those
    between them cannot tell where he was, but bound where he can have been.
    """

    from_us: int
    until_us: int
    first: int
    last: int
    is_over: bool


def find_silences(fixes: LocatedFixes) -> list[Silence]:
    """The silences among a person's fixes, in time order; the first counts as their beginning.

    Only the last can be under way still.
    """
    telling = is_telling(usable_accuracy_m(fixes.accuracy_m, fixes.source))
    found: list[Silence] = []
    start = 0
    for place in range(1, len(fixes)):
        is_over = bool(telling[place])
        lasted_us = int(fixes.fixed_at_us[place] - fixes.fixed_at_us[start])
        if not (is_over or lasted_us >= PIECE_US or place == len(fixes) - 1):
            continue
        if lasted_us > UNSEEN_AFTER_US:
            found.append(_silence(fixes, start, place, is_over or lasted_us >= PIECE_US))
        start = place
    return found


def spare_m(fixes: LocatedFixes, silence: Silence, distance_m: Floats) -> Floats:
    """How much farther he could have gone than to a zone and on; negative: it was out of reach.

    The way to the zone and on is taken at its least: the distances of both fixes to the zone, and
    no less than from one fix to the other. So no zone in reach is ever called out of reach.

    Args:
        fixes: The person's, in time order.
        silence: One of theirs.
        distance_m: Signed distances, a row for each zone: of each fix of the silence, first to
            last.

    Returns:
        Metres, one for each zone.
    """
    part = fixes.take(np.arange(silence.first, silence.last + 1))
    spare: Floats = spares_m(part, distance_m).max(axis=-1)
    return spare


def spares_m(fixes: LocatedFixes, distance_m: Floats) -> Floats:
    """The same between each fix and the next, one less than there are fixes.

    Args:
        fixes: In time order.
        distance_m: Signed distance of each, a row for each zone if there are several.
    """
    within_m = SURELY_WITHIN_TIMES * usable_accuracy_m(fixes.accuracy_m, fixes.source)
    can_go_m = REACH_MPS * np.diff(fixes.fixed_at_us) / 1e6 + within_m[:-1] + within_m[1:]
    to_zone_m = np.maximum(distance_m, 0.0)
    straight_m = apart_m(fixes.lon[:-1], fixes.lat[:-1], fixes.lon[1:], fixes.lat[1:])
    spare: Floats = can_go_m - np.maximum(to_zone_m[..., :-1] + to_zone_m[..., 1:], straight_m)
    return spare


def _silence(fixes: LocatedFixes, first: int, last: int, is_over: bool) -> Silence:  # noqa: FBT001
    from_us, until_us = int(fixes.fixed_at_us[first]), int(fixes.fixed_at_us[last])
    return Silence(from_us, until_us, first, last, is_over)

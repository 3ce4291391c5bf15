"""All that a whole track shows of one zone, beside which tests put the rest."""

from typing import NamedTuple

from geofence.rules.observing import Ground
from geofence.rules.silence import Silence
from geofence.rules.stays import Stay
from geofence.rules.track import both_rings, unseen
from supervision.core.fixes import Floats, LocatedFixes


class Judged(NamedTuple):
    """Stays in the zone and in its warning ring, and silences in which it was in reach."""

    stays: list[Stay]
    approaches: list[Stay]
    unseen: list[Silence]


def judge_track(fixes: LocatedFixes, ground: Ground, warning_m: Floats, now_us: int) -> Judged:
    """Judge as `both_rings` does."""
    stays, approaches = both_rings(fixes, ground, warning_m, now_us)
    return Judged(stays, approaches, unseen(fixes, ground))

"""Judges sightings one by one against a zone, each with the evidence of those before it."""

from typing import NamedTuple

import numpy as np

from geofence.rules.accuracy import usable_accuracy_m
from geofence.rules.belief import beliefs_nats
from geofence.rules.evidence import CONFIRMED_NATS, WEAK_NATS, evidence_nats, is_contrary
from geofence.rules.movement import is_impossible_jump
from geofence.rules.sighting import FRESH_FOR_US, Sightings
from supervision.core.fixes import Bools, Floats, LocatedFixes, Source

# A weak fix does not open a stay while one of the last minute put the person outside; ten seconds
# more, because devices that report each minute are seldom on time.
CONTRADICTED_FOR_US = 70 * 1_000_000


class Verdicts(NamedTuple):
    """What each sighting says, in parallel arrays.

    Attributes:
        accuracy_m: What the fix is worth.
        own_nats: What it says by itself about being inside.
        belief_nats: What all say up to it; 0 outside, and before the first that was wanted.
        opens: Whether it opens a stay.
        confirms: Whether it confirms one.
        is_contrary: Whether it puts the person outside.
        is_weak: Whether it may not confirm.
    """

    accuracy_m: Floats
    own_nats: Floats
    belief_nats: Floats
    opens: Bools
    confirms: Bools
    is_contrary: Bools
    is_weak: Bools


def judge_sightings(
    fixes: LocatedFixes, seen: Sightings, distance_m: Floats, first: int
) -> Verdicts:
    """Judge each sighting.

    Args:
        fixes: The person's, in time order.
        seen: Which of them is judged for which moment, in the order in which they count.
        distance_m: Signed distance of each to the edge that judges it.
        first: The place of the first whose belief is wanted.
    """
    source = fixes.source[seen.fix]
    accuracy_m = usable_accuracy_m(fixes.accuracy_m[seen.fix], source)
    own = evidence_nats(distance_m, accuracy_m)
    is_jump = is_impossible_jump(fixes)[seen.fix]
    is_weak = (source == Source.CELL) | is_jump | (seen.carried_us > FRESH_FOR_US)
    contrary = is_contrary(distance_m, accuracy_m)
    is_inside = distance_m < 0
    belief = np.zeros(len(own))
    capped = np.where(is_weak, np.minimum(own, WEAK_NATS), own)
    # Only inside does it open or confirm anything.
    wanted = first + np.flatnonzero(is_inside[first:])
    belief[wanted] = beliefs_nats(seen.at_us, seen.span, capped, wanted)
    opens = is_inside & ((belief >= 0) | ~_is_contradicted(seen, contrary))
    confirms = is_inside & (belief >= CONFIRMED_NATS) & ~is_weak
    return Verdicts(accuracy_m, own, belief, opens, confirms, contrary, is_weak)


def _is_contradicted(seen: Sightings, contrary: Bools) -> Bools:
    """Which sightings follow, within `CONTRADICTED_FOR_US`, one that put the person outside."""
    place = np.arange(len(contrary))
    latest = np.maximum.accumulate(np.where(contrary, place, -1))
    before = np.concatenate([[-1], latest[:-1]])
    has_one = (before >= 0) & (seen.span[before] == seen.span)
    is_recent: Bools = seen.at_us - seen.at_us[before] <= CONTRADICTED_FOR_US
    contradicted: Bools = has_one & is_recent
    return contradicted

"""Adds up what successive fixes say about being in a zone.

Errors of fixes a few seconds apart are the same errors; a minute apart they are new ones. And who
was outside a moment ago is likely to be outside still, but not for long. So belief is carried from
fix to fix within ten minutes, loses what it held against the zone as time goes by, and takes from
each fix only what is new in it.
"""

import numpy as np

from geofence.rules.evidence import ONE_FIX_NATS
from supervision.core.fixes import Floats, Ints

# How far back evidence counts; so a late fix can change no verdict later than this after it.
LOOK_BACK_US = 600 * 1_000_000
# GPS errors die away within 10 to 20 s (an Ornstein-Uhlenbeck process); a part is new at once.
ERRORS_LAST_S = 10.0
# However sure fixes were that he is outside, he may have walked in since: what is held against
# being inside is bounded, and halves in half a minute (40 s to a third).
AGAINST_MOST_NATS = 2.0
AGAINST_LASTS_S = 40.0
# Nor is he inside for sure after an hour there: he may have walked out, and one fix that puts him
# outside beyond doubt outweighs all before it.
FOR_MOST_NATS = ONE_FIX_NATS


def beliefs_nats(at_us: Ints, span: Ints, evidence_nats: Floats, wanted: Ints) -> Floats:
    """The belief at some sightings that the person is inside, by all evidence up to each.

    It is a function of the sightings of the last ten minutes alone, so that nothing depends on
    when anything arrived or from where one began to reckon.

    Args:
        at_us: When, in order.
        span: Which drawing judged each; evidence against one drawing says nothing about another.
        evidence_nats: From `evidence.evidence_nats`, capped where a fix is weak.
        wanted: The places of the sightings whose belief is wanted.

    Returns:
        Nats, in the order of `wanted`; positive for inside.
    """
    own = np.clip(evidence_nats, -ONE_FIX_NATS, ONE_FIX_NATS)
    start = np.maximum(
        np.searchsorted(at_us, at_us[wanted] - LOOK_BACK_US, side="left"),
        np.searchsorted(span, span[wanted], side="left"),
    )
    belief = np.maximum(own[start], -AGAINST_MOST_NATS)
    for step in range(1, int((wanted - start).max(initial=0)) + 1):
        now = start + step
        going = now <= wanted
        at, before = now[going], now[going] - 1
        apart_s = (at_us[at] - at_us[before]) / 1e6
        belief[going] = _added(belief[going], own[at], apart_s)
    return belief


def _added(belief_nats: Floats, own_nats: Floats, apart_s: Floats) -> Floats:
    """The belief after one more fix, so many seconds after the last."""
    kept = np.where(belief_nats < 0, belief_nats * np.exp(-apart_s / AGAINST_LASTS_S), belief_nats)
    is_more_of_the_same = kept * own_nats > 0
    new_share = np.where(is_more_of_the_same, 1 - np.exp(-apart_s / ERRORS_LAST_S), 1.0)
    added: Floats = np.clip(kept + new_share * own_nats, -AGAINST_MOST_NATS, FOR_MOST_NATS)
    return added

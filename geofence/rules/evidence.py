"""How much one fix speaks for having crossed a zone's edge.

Evidence is a logarithm of odds (nats): 0 is even, 1.7 is 85 in 100, 9.2 is 9,999 in 10,000.
Independent evidence adds up (Good, Probability and the Weighing of Evidence, 1950).
"""

import math
from typing import Final

import numpy as np

from geofence.rules.accuracy import deviation_m
from supervision.core.fixes import Bools, Floats

# A finding is confirmed at this probability, by all evidence of the last minutes together.
CONFIRMED_SHARE = 0.85
# Evidence that may not confirm by itself is cut off just below that: a cell-tower fix, one that
# would need an impossible jump, one that is too old.
WEAK_SHARE = 0.84
# One fix counts for no more than this either way: real errors have longer tails than a normal
# distribution (4 % beyond three radii, where the normal has 0.003 %).
ONE_FIX_NATS = 6.0
# Nobody is taken for gone before the chance that he is still there is one in ten thousand: the
# next fix back in the zone would be a new alert. A fix 2.5 times its accuracy outside says as much.
GONE_NATS = 9.2

_FARTHEST_DEVIATIONS = 8.0

_erfc = np.frompyfunc(math.erfc, 1, 1)


def nats(share: float) -> float:
    """The logarithm of odds that a probability stands for."""
    return math.log(share / (1 - share))


CONFIRMED_NATS: Final = nats(CONFIRMED_SHARE)
WEAK_NATS: Final = nats(WEAK_SHARE)


def share_of(evidence_nats: float) -> float:
    """The probability that a logarithm of odds stands for."""
    return 1 / (1 + math.exp(-evidence_nats))


def normal_share(deviations: Floats) -> Floats:
    """The share of a normal distribution below so many standard deviations."""
    return 0.5 * np.asarray(_erfc(-deviations / math.sqrt(2)), np.float64)


def evidence_nats(distance_m: Floats, accuracy_m: Floats) -> Floats:
    """What each fix says about being inside, by itself: positive for inside, 0 on the edge.

    The edge near the fix is taken for straight: the probability is that of a normal distribution
    lying on the inner side of a line at the signed distance.

    Args:
        distance_m: Signed distance to the edge, negative inside.
        accuracy_m: From `usable_accuracy_m`.

    Returns:
        Nats, not cut off at `ONE_FIX_NATS`, at most 35 either way.
    """
    deviations = np.clip(
        -distance_m / deviation_m(accuracy_m), -_FARTHEST_DEVIATIONS, _FARTHEST_DEVIATIONS
    )
    log_odds: Floats = np.log(normal_share(deviations)) - np.log(normal_share(-deviations))
    return log_odds


def is_contrary(distance_m: Floats, accuracy_m: Floats) -> Bools:
    """Which fixes put the person outside: by as much as their accuracy, or more."""
    contrary: Bools = distance_m >= accuracy_m
    return contrary

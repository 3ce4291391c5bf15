"""What a position from a person's own phone may say, and when it cannot be where the tracker is.

He holds the phone, and may have it say anything; so it is never more than possible (ADR-0014).

Browsers hand on the accuracy that the phone states. The W3C's Geolocation asks for a radius that
holds 95 %, Android's `Location` states one that holds 68 %, and a page cannot tell which it was
given. It is taken for 68 %, as a tracker's is: rather too wide than too narrow.
"""

from geofence.rules.evidence import WEAK_NATS, share_of
from geofence.rules.movement import REACH_MPS

# A tracker's fix older or newer than this says too little of where he was: at the speed below it
# is 31 km away.
COMPARED_FOR_S = 900.0
# Recorded phones err by more than three times what they state in 4 % of fixes, and seldom just
# away from a tracker that errs the other way by as much (see `accuracy`).
ERRORS_TIMES = 3.0
# What a slow line takes from when the phone knew its place until we noted the time.
SLOW_LINE_S = 10.0


def possible_share(evidence_nats: float) -> float:
    """The probability of being inside, by a phone alone: never enough to confirm."""
    return share_of(min(evidence_nats, WEAK_NATS))


def explained_m(phone_accuracy_m: float, device_accuracy_m: float, apart_s: float) -> float:
    """How far phone and tracker may show him apart and still both be right, in metres.

    Both may err, away from each other, and he may have driven from one place to the other in the
    time between, at the fastest that people drive for long (`movement.REACH_MPS`).

    Args:
        phone_accuracy_m: 68 % radius of the phone's position, usable.
        device_accuracy_m: The same of the tracker's fix.
        apart_s: Seconds between the two, not negative.
    """
    errors_m = ERRORS_TIMES * (phone_accuracy_m + device_accuracy_m)
    return errors_m + REACH_MPS * (apart_s + SLOW_LINE_S)

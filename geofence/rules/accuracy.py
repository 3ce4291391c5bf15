"""What a fix's stated accuracy is worth, and which fixes can tell anything at all.

A device states a radius in which its fix lies with 68 % probability. Recorded phones keep to that:
69 % of their errors lie within once the radius, 90 % within twice, 96 % within three times.
"""

import numpy as np

from supervision.core.fixes import TELLING_M, Bools, Floats, Ints, Source

# A circular normal distribution holds 68.27 % of its errors, as one standard deviation does of a
# line's, within 1.515 standard deviations of either axis: sqrt(-2 ln 0.3173), the Rayleigh
# distribution.
DEVIATIONS_IN_68_PCT = 1.515
# For a fix that states no accuracy: what its source is usually worth (68 % radius, metres).
ASSUMED_ACCURACY_M = {
    Source.UNKNOWN: 100.0,
    Source.GPS: 30.0,
    Source.WIFI: 60.0,
    Source.CELL: 2000.0,
    Source.RF: 50.0,
    Source.BLE: 50.0,
    Source.PHONE: 100.0,
}
# No satellite fix is better than this, whatever it states (NIJ 1004.00 asks for 10 m at 90 %).
BEST_ACCURACY_M = 3.0

_ASSUMED = np.array([ASSUMED_ACCURACY_M[source] for source in sorted(ASSUMED_ACCURACY_M)])


def usable_accuracy_m(accuracy_m: Floats, source: Ints) -> Floats:
    """The 68 % radius to reckon with, for each fix, in metres.

    Args:
        accuracy_m: As stated; NaN where the device stated none.
        source: `Source` numbers of the same fixes.

    Returns:
        The stated radius, never under `BEST_ACCURACY_M`; the source's assumed one where none was
        stated.
    """
    stated = np.maximum(accuracy_m, BEST_ACCURACY_M)
    return np.where(np.isnan(accuracy_m), _ASSUMED[source], stated)


def deviation_m(accuracy_m: Floats) -> Floats:
    """The standard deviation of either axis that a 68 % radius stands for, in metres."""
    deviation: Floats = accuracy_m / DEVIATIONS_IN_68_PCT
    return deviation


def is_telling(accuracy_m: Floats) -> Bools:
    """Which fixes say where somebody is, of usable accuracies; the others leave him unseen.

    A cell tower covers a quarter of a city: its fix ends no silence, and no way leads from it.
    """
    telling: Bools = accuracy_m <= TELLING_M
    return telling

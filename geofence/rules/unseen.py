"""Says when a draft could have been reached unseen."""

import numpy as np

from geofence.rules.draft import Draft
from geofence.rules.silence import find_silences, spares_m
from geofence.rules.spans import Span, intersect
from supervision.core.fixes import LocatedFixes


def times_unseen(fixes: LocatedFixes, draft: Draft) -> list[list[Span]]:
    """Of each silence that is over and had the draft in reach: the times in which it counted.

    The same silences as `track.unseen` tells, all of them worked out at once.

    Args:
        fixes: A person's, in time order.
        draft: The zone.
    """
    counting = [(span.from_us, span.until_us) for span in draft.spans]
    silences = [one for one in find_silences(fixes) if one.is_over]
    times = [intersect([(one.from_us, one.until_us)], counting) for one in silences]
    concern = [(one, spans) for one, spans in zip(silences, times, strict=True) if spans]
    is_end = np.zeros(len(fixes), np.bool_)
    for silence, _ in concern:
        is_end[silence.first : silence.last + 1] = True
    distance_m = np.full(len(fixes), np.nan)
    distance_m[is_end] = draft.distances_m(fixes.lon[is_end], fixes.lat[is_end])
    spare_m = spares_m(fixes, distance_m)
    return [spans for one, spans in concern if spare_m[one.first : one.last].max() >= 0]

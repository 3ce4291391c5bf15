"""Where a person spends his nights and working hours, held against a drawing.

Home is where the nights are spent and work where the working days are: so both are commonly told
from tracks (de Sojo et al., HoWDe, arXiv 2506.20679, 2025). Here each night and each working day
has one vote, by the median of its fixes, so that neither an evening out nor a device that sends
more often on one day decides.
"""

from datetime import date, time
from typing import NamedTuple

import numpy as np

from geofence.rules.accuracy import is_telling, usable_accuracy_m
from geofence.rules.draft import Draft
from geofence.rules.schedule import Schedule, Window, active_spans
from supervision.core.fixes import Floats, LocatedFixes

# By the person's own clocks. From midnight to five nearly everybody is where he sleeps.
FIRST_DATE = date(1970, 1, 1)
NIGHTS = Window("FREQ=DAILY", FIRST_DATE, time(0), time(5))
WORKING_HOURS = Window("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", FIRST_DATE, time(9), time(17))

HALF_TURN_DEG, TURN_DEG = 180.0, 360.0


class Haunt(NamedTuple):
    """How many of the nights, or of the working days, were spent in a drawing.

    Attributes:
        days: Those with fixes that can tell.
        inside: Those whose median position lies in the drawing.
        in_ring: Those whose median position lies in the warning ring around it; the ring of a place
            to be kept in lies within it.
    """

    days: int
    inside: int
    in_ring: int

    @property
    def is_mostly_inside(self) -> bool:
        """Whether half of them or more were spent in the drawing."""
        return 0 < self.days <= 2 * self.inside

    @property
    def is_mostly_near(self) -> bool:
        """Whether half of them or more were spent in the drawing or its ring."""
        return 0 < self.days <= 2 * (self.inside + self.in_ring)


def find_haunt(fixes: LocatedFixes, draft: Draft, window: Window, time_zone: str) -> Haunt:
    """How much of a recurring time of day a person spent in a drawing, whenever it counts.

    Args:
        fixes: In time order.
        draft: The drawing.
        window: The time of day.
        time_zone: By which clocks.
    """
    telling = fixes.take(is_telling(usable_accuracy_m(fixes.accuracy_m, fixes.source)))
    middles = _medians(telling, window, time_zone)
    outside_m = draft.outside_m(*middles.T)
    inside = int((outside_m <= 0).sum())
    around_m = 0.0 if draft.is_inclusion else draft.warning_m
    return Haunt(len(middles), inside, int((outside_m <= around_m).sum()) - inside)


def counts_in(draft: Draft, window: Window, time_zone: str, from_us: int, until_us: int) -> bool:
    """Whether the draft ever counts in the window's hours of a stretch of time."""
    hours = active_spans(Schedule(time_zone, (window,)), from_us, until_us)
    return any(
        span.from_us < until and begins < span.until_us
        for begins, until in hours
        for span in draft.spans
    )


def _medians(fixes: LocatedFixes, window: Window, time_zone: str) -> Floats:
    """The median longitude and latitude of each occurrence that has fixes, a row each."""
    at_us = fixes.fixed_at_us
    if not len(at_us):
        return np.empty((0, 2))
    spans = active_spans(Schedule(time_zone, (window,)), int(at_us[0]), int(at_us[-1]) + 1)
    edges = np.searchsorted(at_us, np.array(spans, np.int64).reshape(-1, 2))
    rows = [
        _median(fixes.lon[first:last], fixes.lat[first:last])
        for first, last in edges.tolist()
        if first < last
    ]
    return np.array(rows, np.float64).reshape(-1, 2)


def _median(lon: Floats, lat: Floats) -> tuple[float, float]:
    """Of each coordinate; degrees east are counted from one of the points, for the date line."""
    east = (lon - lon[0] + HALF_TURN_DEG) % TURN_DEG - HALF_TURN_DEG
    middle = float(lon[0] + np.median(east))
    return (middle + HALF_TURN_DEG) % TURN_DEG - HALF_TURN_DEG, float(np.median(lat))

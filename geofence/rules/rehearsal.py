"""Says what a drawing would have done, had it been armed some time ago.

The very rules that judge a zone judge the draft, over the person's own fixes: what the rehearsal
says is what arming it at the beginning of the stretch would have produced. Officers ask for that
before a threshold is changed (research/field.md, section (a), fatigue budget).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from geofence.rules.accuracy import ASSUMED_ACCURACY_M, is_telling, usable_accuracy_m
from geofence.rules.cautions import Caution, Facts, find_cautions
from geofence.rules.draft import Draft
from geofence.rules.haunts import NIGHTS, WORKING_HOURS, Haunt, counts_in, find_haunt
from geofence.rules.rehearsed import PastApproach, PastStay, past_approach, past_stay
from geofence.rules.settled import margin_m, must_be_judged
from geofence.rules.silence import Silence
from geofence.rules.spans import Span, intersect
from geofence.rules.track import judge_track, unseen
from supervision.core.clock import from_us
from supervision.core.fixes import Bools, Floats, LocatedFixes, Source

DAY_US = 24 * 3600 * 1_000_000


class Stretch(NamedTuple):
    """What is replayed: from when until when, by whose clocks, and whether more was left out."""

    from_us: int
    until_us: int
    time_zone: str
    is_cut_short: bool = False


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a draft would have done.

    Attributes:
        begins_at: From when it was taken to be armed, aware UTC.
        ends_at: Until when fixes were replayed.
        time_zone: By which clocks nights and working hours were told.
        days: From the first fix on, at least one.
        fixes: Of the stretch.
        fixes_judged: Those of times in which the draft counts.
        fixes_near_edge: Those nearer to its edge than their accuracy, on either side.
        usual_accuracy_m: The median 68 % radius of the telling fixes; assumed where there are none.
        stays: Each would have been an alert, also one in which he was seen once before it counted.
        approaches: In the warning ring, coming nearer; each would have been an alert.
        silences: How often he was unseen for so long that the zone was in reach.
        silent_s: How long altogether, of the times in which it counts.
        nights: Where he was from 00:00 to 05:00.
        work_days: Where he was from 09:00 to 17:00, Monday to Friday.
        warnings: What the officer should know before drawing it.
    """

    begins_at: datetime
    ends_at: datetime
    time_zone: str
    days: float
    fixes: int
    fixes_judged: int
    fixes_near_edge: int
    usual_accuracy_m: float
    stays: list[PastStay]
    approaches: list[PastApproach]
    silences: int
    silent_s: float
    nights: Haunt
    work_days: Haunt
    warnings: list[Caution]

    @property
    def alerts(self) -> int:
        """How many alerts it would have raised."""
        return len(self.stays) + len(self.approaches)

    @property
    def alerts_per_day(self) -> float:
        """The same for each day."""
        return self.alerts / self.days

    @property
    def stays_near_edge(self) -> int:
        """Stays that the error of a fix may explain."""
        return sum(stay.is_near_edge for stay in self.stays)


def rehearse(fixes: LocatedFixes, draft: Draft, stretch: Stretch) -> Rehearsal:
    """Replay a person's fixes against a draft that was armed at the beginning of the stretch.

    Args:
        fixes: In time order, none after the stretch; from `belief.LOOK_BACK_US` before it on, and
            the last one before that.
        draft: The zone; its spans begin no earlier than the stretch.
        stretch: What is replayed.
    """
    own = fixes.take(fixes.fixed_at_us >= stretch.from_us)
    distance_m = draft.at_least_m(fixes.lon, fixes.lat, margin_m(fixes, draft))
    stays, approaches = _alerts(fixes, draft, distance_m, stretch)
    silent = _silences(fixes, draft, stretch)
    is_judged = draft.counts(fixes.fixed_at_us)
    is_near = np.abs(distance_m) <= usable_accuracy_m(fixes.accuracy_m, fixes.source)
    begun_us = max(stretch.from_us, int(own.fixed_at_us[0])) if len(own) else stretch.until_us
    days = max(1.0, (stretch.until_us - begun_us) / DAY_US)
    nights, work_days = (
        find_haunt(own, draft, window, stretch.time_zone) for window in (NIGHTS, WORKING_HOURS)
    )
    facts = Facts(
        _usual_accuracy_m(own),
        nights,
        work_days,
        counts_in(draft, NIGHTS, stretch.time_zone, stretch.from_us, stretch.until_us),
        int(is_judged.sum()),
        (len(stays) + len(approaches)) / days,
        stretch.is_cut_short,
    )
    return Rehearsal(
        begins_at=from_us(stretch.from_us),
        ends_at=from_us(stretch.until_us),
        time_zone=stretch.time_zone,
        days=days,
        fixes=len(own),
        fixes_judged=facts.fixes_judged,
        fixes_near_edge=int((is_judged & is_near).sum()),
        usual_accuracy_m=facts.usual_accuracy_m,
        stays=stays,
        approaches=approaches,
        silences=len(silent),
        silent_s=sum(until_us - begins_us for begins_us, until_us in silent) / 1e6,
        nights=nights,
        work_days=work_days,
        warnings=find_cautions(draft, facts),
    )

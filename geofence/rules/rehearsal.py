"""Says what a drawing would have done, had it been armed some time ago.

The very rules that judge a zone judge the draft, over the person's own fixes: what the rehearsal
says is what arming it at the beginning of the stretch would have produced. Officers should see
that before a zone begins to alert (research/field.md, section (a): "what would this threshold
have done last month").
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from geofence.rules.accuracy import ASSUMED_ACCURACY_M, is_telling, usable_accuracy_m
from geofence.rules.cautions import Facts, find_cautions
from geofence.rules.draft import Draft
from geofence.rules.haunts import NIGHTS, WORKING_HOURS, counts_in, find_haunt
from geofence.rules.rehearsed import FixCounts, PastApproach, PastStay, Rehearsal
from geofence.rules.settled import margin_m, must_be_judged
from geofence.rules.stays import Stay
from geofence.rules.track import both_rings
from geofence.rules.unseen import times_unseen
from supervision.core.clock import from_us
from supervision.core.fixes import Floats, LocatedFixes, Source

DAY_US = 24 * 3600 * 1_000_000


class Stretch(NamedTuple):
    """What is replayed: from when until when, by whose clocks, and whether more was left out."""

    from_us: int
    until_us: int
    time_zone: str
    is_cut_short: bool = False


def rehearse(fixes: LocatedFixes, draft: Draft, stretch: Stretch) -> Rehearsal:
    """Replay a person's fixes against a draft that was armed at the beginning of the stretch.

    Args:
        fixes: In time order, none after the stretch; from `observing.LEAD_US` before it on, and the
            last one before that.
        draft: The zone; its spans begin no earlier than the stretch.
        stretch: What is replayed.
    """
    own = fixes.take(fixes.fixed_at_us >= stretch.from_us)
    begun_us = int(own.fixed_at_us[0]) if len(own) else stretch.until_us
    distance_m = draft.at_least_m(fixes.lon, fixes.lat, margin_m(fixes, draft))
    stays, rings = _judged(fixes, draft, distance_m, stretch.until_us)
    unseen = times_unseen(fixes, draft)
    rehearsal = Rehearsal(
        begins_at=from_us(stretch.from_us),
        ends_at=from_us(stretch.until_us),
        time_zone=stretch.time_zone,
        days=max(1.0, (stretch.until_us - begun_us) / DAY_US),
        fixes=_counts(fixes, draft, distance_m, own),
        stays=[_past_stay(stay, stretch.until_us) for stay in stays],
        approaches=_told(rings, draft.warning_m),
        silences=len(unseen),
        silent_s=sum(until - begins for spans in unseen for begins, until in spans) / 1e6,
        nights=find_haunt(own, draft, NIGHTS, stretch.time_zone),
        work_days=find_haunt(own, draft, WORKING_HOURS, stretch.time_zone),
        warnings=[],
    )
    return replace(rehearsal, warnings=find_cautions(draft, _facts(rehearsal, draft, stretch)))


def _judged(
    fixes: LocatedFixes, draft: Draft, distance_m: Floats, now_us: int
) -> tuple[list[Stay], list[Stay]]:
    """The stays in the zone, and those in the zone with its warning ring."""
    is_judged = must_be_judged(fixes, draft, distance_m)
    warning_m = np.full(len(draft.spans), draft.warning_m, np.float64)
    stays, rings = both_rings(fixes.take(is_judged), draft.ground(), warning_m, now_us)
    others = fixes.take(~is_judged)
    return [_deepened(stay, others, distance_m[~is_judged]) for stay in stays], rings


def _deepened(stay: Stay, others: LocatedFixes, distance_m: Floats) -> Stay:
    """The stay, as deep as also those of its fixes show that need not have been judged."""
    first = np.searchsorted(others.fixed_at_us, stay.entered_us)
    last = np.searchsorted(others.fixed_at_us, stay.last_seen_us, side="right")
    if first >= last:
        return stay
    place = first + int(distance_m[first:last].argmin())
    if -distance_m[place] <= stay.deepest_m:
        return stay
    accuracy_m = usable_accuracy_m(others.accuracy_m[[place]], others.source[[place]])
    deepest_m = -float(distance_m[place])
    return replace(stay, deepest_m=deepest_m, deepest_accuracy_m=float(accuracy_m[0]))


def _past_stay(stay: Stay, now_us: int) -> PastStay:
    return PastStay(
        entered_at=from_us(stay.entered_us),
        left_at=None if stay.left_us is None else from_us(stay.left_us),
        duration_s=((stay.left_us or now_us) - stay.entered_us) / 1e6,
        grade=stay.grade,
        by=stay.kind,
        deepest_m=stay.deepest_m,
        accuracy_m=stay.deepest_accuracy_m,
    )


def _told(rings: list[Stay], warning_m: float) -> list[PastApproach]:
    return [
        PastApproach(
            entered_at=from_us(stay.entered_us),
            told_at=from_us(closing.at_us),
            left_at=None if stay.left_us is None else from_us(stay.left_us),
            closing_mps=closing.speed_mps,
            eta_s=closing.eta_s,
            nearest_m=max(0.0, warning_m - stay.deepest_m),
        )
        for stay in rings
        if (closing := stay.closing) is not None
    ]


def _counts(fixes: LocatedFixes, draft: Draft, distance_m: Floats, own: LocatedFixes) -> FixCounts:
    is_judged = draft.counts(fixes.fixed_at_us)
    is_near = np.abs(distance_m) <= usable_accuracy_m(fixes.accuracy_m, fixes.source)
    accuracy_m = usable_accuracy_m(own.accuracy_m, own.source)
    telling_m = accuracy_m[is_telling(accuracy_m)]
    usual_m = float(np.median(telling_m)) if len(telling_m) else ASSUMED_ACCURACY_M[Source.GPS]
    return FixCounts(len(own), int(is_judged.sum()), int((is_judged & is_near).sum()), usual_m)


def _facts(rehearsal: Rehearsal, draft: Draft, stretch: Stretch) -> Facts:
    return Facts(
        rehearsal.fixes.usual_accuracy_m,
        rehearsal.nights,
        rehearsal.work_days,
        counts_in(draft, NIGHTS, stretch.time_zone, stretch.from_us, stretch.until_us),
        rehearsal.fixes.judged,
        rehearsal.alerts_per_day,
        stretch.is_cut_short,
    )

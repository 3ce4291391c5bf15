"""Turns what fixes and ways say into stays: one stay, however many pings.

A stay opens at a fix whose centre lies in the zone, unless a fix of the last minute put the
person outside and all evidence together is still against it. It is confirmed once the evidence of
some minutes reaches 85 in 100, or a way between two fixes reaches 90. It goes on through weak and
contrary fixes until those in a row that put him outside leave one chance in ten thousand that he
is still there; it ended with the first of them. A way that led through the zone between two fixes
outside is a stay by itself, with times read off the straight line.

Because only fixes' own times count, the stays are a function of the set of fixes: arrival order,
repetition and delay change nothing.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from geofence.rules.approach import Closing
from geofence.rules.belief import ERRORS_LAST_S
from geofence.rules.evidence import GONE_NATS, share_of
from geofence.rules.observing import End, Observation
from geofence.rules.way import Way


class Grade(StrEnum):
    """How much the evidence for a stay is worth."""

    POSSIBLE = "possible"
    CONFIRMED = "confirmed"


class EvidenceKind(StrEnum):
    """What opened a stay: a fix, the way between two, or a fix from before the zone counted."""

    FIX = "fix"
    WAY = "way"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Decision:
    """What decided a stay's grade.

    Attributes:
        at_us: Time of the fix with which it was decided.
        share: The probability of having been inside, by all evidence then.
        distance_m: That fix's signed distance to the edge, negative inside; of a way, its deepest.
        accuracy_m: That fix's 68 % radius, or the way's.
        position_id: That fix.
    """

    at_us: int
    share: float
    distance_m: float
    accuracy_m: float
    position_id: int


@dataclass(frozen=True, slots=True)
class Stay:
    """A time in a zone, as the fixes known so far show it.

    Attributes:
        entered_after_us: The last fix before it; he entered after this. None: none within a day.
        entered_us: The fix that opened it, or when the way's straight line entered.
        last_seen_us: Its last fix not outside, or when the way's straight line left.
        left_us: The first fix known to be outside after it; None while it lasts.
        left_before_us: The fix that settled that he had left; of a way, its later one.
        version_id: The zone's drawing that judged the opening fix.
        kind: What opened it.
        grade: Possible, or confirmed.
        decided: What decided the grade.
        deepest_m: Farthest inside the edge, as a positive number of metres.
        deepest_accuracy_m: Accuracy of that fix.
        entry_position_id: The opening fix.
        deepest_position_id: The deepest fix.
        fix_count: Fixes in it; none if only a way led through.
        is_late: The opening fix came late (see `service.judging`).
        closing: When he was first seen coming nearer; only for a stay in a warning ring.
    """

    entered_after_us: int | None
    entered_us: int
    last_seen_us: int
    left_us: int | None
    left_before_us: int | None
    version_id: int
    kind: EvidenceKind
    grade: Grade
    decided: Decision
    deepest_m: float
    deepest_accuracy_m: float
    entry_position_id: int
    deepest_position_id: int
    fix_count: int
    is_late: bool
    closing: Closing | None


def find_stays(observed: Iterable[Observation | End], under_way: Stay | None = None) -> list[Stay]:
    """The stays that a person's observations in one zone show, in time order.

    Args:
        observed: In the order that `observe` gives.
        under_way: A stay that lasts at the moment of the first observation, if any.

    Returns:
        `under_way` continued first, if given; at most the last stay has no end.
    """
    walk = _Walk(under_way)
    for seen in observed:
        if isinstance(seen, End):
            walk.end(seen.at_us)
        else:
            walk.take(seen)
    return walk.stays if walk.current is None else [*walk.stays, walk.current]


class _Walk:
    """Goes through observations with at most one stay under way."""

    def __init__(self, under_way: Stay | None) -> None:
        self.stays: list[Stay] = []
        self.current = under_way
        self._left_us: int | None = None
        self._gone_nats = 0.0
        self._last_us = 0

    def take(self, seen: Observation) -> None:
        if self.current is None:
            self._outside(seen)
        else:
            self._inside(self.current, seen)

    def end(self, at_us: int) -> None:
        if self.current is not None:
            self._close(self.current, self._left_us or at_us, at_us)

    def _outside(self, seen: Observation) -> None:
        way = seen.way
        if seen.opens:
            self.current = _opened(seen)
            if way is not None and way.confirms:
                self.current = _confirmed(self.current, _by_way(seen, way))
        elif way is not None and (way.is_crossing or way.confirms):
            stay = _crossed(seen, way)
            if seen.distance_m < 0:
                self.current = replace(extend_stay(stay, seen), left_us=None, left_before_us=None)
            else:
                self.stays.append(stay)

    def _inside(self, stay: Stay, seen: Observation) -> None:
        if seen.way is not None and seen.way.confirms:
            stay = _confirmed(stay, _by_way(seen, seen.way))
        if not seen.is_contrary:
            self.current = extend_stay(stay, seen)
            self._left_us, self._gone_nats = None, 0.0
            return
        self.current = stay
        self._add_contrary(seen)
        if self._gone_nats >= GONE_NATS:
            self._close(stay, self._left_us or seen.at_us, seen.at_us)

    def _add_contrary(self, seen: Observation) -> None:
        """Add what one more fix outside says: all of the first, then what is new in each."""
        new_share = 1.0
        if self._left_us is None:
            self._left_us = seen.at_us
        else:
            new_share = 1 - math.exp(-(seen.at_us - self._last_us) / 1e6 / ERRORS_LAST_S)
        self._gone_nats += -seen.own_nats * new_share
        self._last_us = seen.at_us

    def _close(self, stay: Stay, left_us: int, settled_us: int) -> None:
        self.stays.append(replace(stay, left_us=left_us, left_before_us=settled_us))
        self.current, self._left_us, self._gone_nats = None, None, 0.0


def extend_stay(stay: Stay, seen: Observation) -> Stay:
    """The stay with one more observation that is not outside."""
    longer = replace(stay, last_seen_us=seen.at_us, fix_count=stay.fix_count + 1)
    if seen.confirms:
        longer = _confirmed(longer, _by_fix(seen))
    if longer.closing is None and seen.closing is not None:
        longer = replace(longer, closing=seen.closing)
    if -seen.distance_m > stay.deepest_m:
        longer = replace(
            longer,
            deepest_m=-seen.distance_m,
            deepest_accuracy_m=seen.accuracy_m,
            deepest_position_id=seen.position_id,
        )
    return longer


def _opened(first: Observation) -> Stay:
    return Stay(
        entered_after_us=first.before_us,
        entered_us=first.at_us,
        last_seen_us=first.at_us,
        left_us=None,
        left_before_us=None,
        version_id=first.version_id,
        kind=EvidenceKind.CARRIED if first.is_carried else EvidenceKind.FIX,
        grade=Grade.CONFIRMED if first.confirms else Grade.POSSIBLE,
        decided=_by_fix(first),
        deepest_m=-first.distance_m,
        deepest_accuracy_m=first.accuracy_m,
        entry_position_id=first.position_id,
        deepest_position_id=first.position_id,
        fix_count=1,
        is_late=first.is_late,
        closing=first.closing,
    )


def _crossed(seen: Observation, way: Way) -> Stay:
    return Stay(
        entered_after_us=seen.before_us,
        entered_us=way.enters_us,
        last_seen_us=way.leaves_us,
        left_us=way.leaves_us,
        left_before_us=seen.at_us,
        version_id=seen.version_id,
        kind=EvidenceKind.WAY,
        grade=Grade.CONFIRMED if way.confirms else Grade.POSSIBLE,
        decided=_by_way(seen, way),
        deepest_m=way.deepest_m,
        deepest_accuracy_m=way.accuracy_m,
        entry_position_id=seen.position_id,
        deepest_position_id=seen.position_id,
        fix_count=0,
        is_late=seen.is_late,
        closing=None,
    )


def _confirmed(stay: Stay, decision: Decision) -> Stay:
    """The stay confirmed; what confirmed it first is what decided."""
    if stay.grade is Grade.CONFIRMED:
        return stay
    return replace(stay, grade=Grade.CONFIRMED, decided=decision)


def _by_fix(seen: Observation) -> Decision:
    return Decision(
        seen.at_us,
        share_of(seen.belief_nats),
        seen.distance_m,
        seen.accuracy_m,
        seen.position_id,
    )


def _by_way(seen: Observation, way: Way) -> Decision:
    return Decision(seen.at_us, way.share, -way.deepest_m, way.accuracy_m, seen.position_id)

"""Turns the verdicts on a person's fixes into stays: one stay, however many pings.

A stay opens at the first fix whose centre lies in the zone, goes on through fixes that are inside
or uncertain, and ends at the first fix that is outside for certain. It is confirmed once a fix is
inside for certain. Because only fixes' own times count, the stays are a function of the set of
fixes: arrival order, repetition and delay change nothing. Of fixes of one moment, those outside
count first and then the deepest, so that none opens a stay that another of that moment ends.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from geofence.rules.presence import Presence


class Grade(StrEnum):
    """How much the evidence for a stay is worth."""

    POSSIBLE = "possible"
    CONFIRMED = "confirmed"


class Observation(NamedTuple):
    """One fix judged against one zone.

    `at_us` is the fix's own time, or the moment from which the zone counted when the fix is the
    last one known before it. `version_id` is the drawing of the zone that judged it.
    """

    at_us: int
    position_id: int
    version_id: int
    presence: int
    opens: bool
    distance_m: float
    accuracy_m: float
    is_late: bool


@dataclass(frozen=True, slots=True)
class Stay:
    """A time in a zone, as the fixes known so far show it.

    Attributes:
        entered_us: Time of the fix that opened it.
        last_seen_us: Time of its last fix not outside.
        left_us: Time of the first fix outside after it; None while it lasts.
        version_id: The zone's drawing that judged the opening fix.
        grade: Possible, or confirmed once one fix was inside for certain.
        deepest_m: Farthest inside the edge, as a positive number of metres.
        deepest_accuracy_m: Accuracy of that fix.
        entry_position_id: The opening fix.
        deepest_position_id: The deepest fix.
        fix_count: Fixes in it.
        is_late: The opening fix came late (see `service.judging`).
    """

    entered_us: int
    last_seen_us: int
    left_us: int | None
    version_id: int
    grade: Grade
    deepest_m: float
    deepest_accuracy_m: float
    entry_position_id: int
    deepest_position_id: int
    fix_count: int
    is_late: bool


def open_stay(first: Observation) -> Stay:
    """The stay that this observation opens."""
    return Stay(
        entered_us=first.at_us,
        last_seen_us=first.at_us,
        left_us=None,
        version_id=first.version_id,
        grade=_grade(first),
        deepest_m=-first.distance_m,
        deepest_accuracy_m=first.accuracy_m,
        entry_position_id=first.position_id,
        deepest_position_id=first.position_id,
        fix_count=1,
        is_late=first.is_late,
    )


def extend_stay(stay: Stay, seen: Observation) -> Stay:
    """The stay with one more observation that is not outside."""
    longer = replace(stay, last_seen_us=seen.at_us, fix_count=stay.fix_count + 1)
    if _grade(seen) is Grade.CONFIRMED:
        longer = replace(longer, grade=Grade.CONFIRMED)
    if -seen.distance_m > stay.deepest_m:
        longer = replace(
            longer,
            deepest_m=-seen.distance_m,
            deepest_accuracy_m=seen.accuracy_m,
            deepest_position_id=seen.position_id,
        )
    return longer


def find_stays(observations: Iterable[Observation], under_way: Stay | None = None) -> list[Stay]:
    """The stays that a person's observations in one zone show, in time order.

    Args:
        observations: In any order; of one moment and depth, in one that does not depend on
            arrival.
        under_way: A stay that lasts at the moment of the first observation, if any.

    Returns:
        `under_way` continued first, if given; at most the last stay has no end.
    """
    stays: list[Stay] = []
    current = under_way
    for seen in sorted(observations, key=_in_line):
        if current is None:
            current = open_stay(seen) if seen.opens else None
        elif seen.presence == Presence.OUTSIDE:
            stays.append(replace(current, left_us=seen.at_us))
            current = None
        else:
            current = extend_stay(current, seen)
    return stays if current is None else [*stays, current]


def _in_line(seen: Observation) -> tuple[int, bool, float]:
    return seen.at_us, seen.presence != Presence.OUTSIDE, seen.distance_m


def _grade(seen: Observation) -> Grade:
    return Grade.CONFIRMED if seen.presence == Presence.INSIDE else Grade.POSSIBLE

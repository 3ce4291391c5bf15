"""What an order's clause asks for, and when it is left without it. Pure.

The codes are those of the NCIC Protection Order File, which every court order in the United
States is entered under.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple


class ConditionCode(StrEnum):
    """A protection order condition; what each says stands in `MEANINGS`."""

    NO_HARM = "01"
    NO_THREAT_TO_FAMILY = "02"
    RESIDENCE = "03"
    STAY_AWAY = "04"
    NO_COMMUNICATION = "05"
    VISITATION = "06"
    NO_FIREARM = "07"
    OTHER = "08"
    CUSTODY = "09"


MEANINGS: dict[ConditionCode, str] = {
    ConditionCode.NO_HARM: (
        "Not to assault, threaten, abuse, harass, follow, interfere with or stalk the protected"
        " person or child"
    ),
    ConditionCode.NO_THREAT_TO_FAMILY: "Not to threaten the protected person's family or household",
    ConditionCode.RESIDENCE: "The protected person has exclusive possession of the residence",
    ConditionCode.STAY_AWAY: (
        "To stay away from the residence, property, school or workplace of the protected person"
        " or family"
    ),
    ConditionCode.NO_COMMUNICATION: "Not to communicate with the protected person",
    ConditionCode.VISITATION: "Has visitation or custody of the children named",
    ConditionCode.NO_FIREARM: "Not to possess a firearm",
    ConditionCode.OTHER: "As the miscellaneous field of the order says",
    ConditionCode.CUSTODY: "The protected person has temporary exclusive custody",
}

_NEVER = datetime.max.replace(tzinfo=UTC)

NEED_A_ZONE = frozenset({ConditionCode.NO_HARM, ConditionCode.RESIDENCE, ConditionCode.STAY_AWAY})
MAY_HAVE_A_ZONE = NEED_A_ZONE | {ConditionCode.VISITATION, ConditionCode.OTHER}


class Span(NamedTuple):
    """A time from `begins_at` until before `ends_at`; without one it has no end."""

    begins_at: datetime
    ends_at: datetime | None

    def holds_at(self, at: datetime) -> bool:
        """Whether the instant lies in it."""
        return self.begins_at <= at and (self.ends_at is None or at < self.ends_at)

    @property
    def lasts(self) -> bool:
        """Whether it lasts at all: what was replaced from its own beginning on never did."""
        return self.ends_at is None or self.begins_at < self.ends_at


def needs_zone(code: str) -> bool:
    """Whether a clause of this code must have a zone, or a signed waiver instead."""
    return code in NEED_A_ZONE


def may_have_zone(code: str) -> bool:
    """Whether a zone may be drawn by a clause of this code."""
    return code in MAY_HAVE_A_ZONE


def is_covered(covers: Iterable[Span], at: datetime) -> bool:
    """Whether a zone, a set or a waiver covers the clause then."""
    return any(cover.holds_at(at) for cover in covers)


def gaps(duty: Span, covers: Iterable[Span], now: datetime) -> list[Span]:
    """The times until now in which a clause should have been covered and was not, in order.

    Args:
        duty: From when until when the clause needs cover.
        covers: What covered it when, in any order; they may overlap.
        now: Aware UTC; what lies ahead is not looked at.

    Returns:
        Each with its end, except a last one that still lasts.
    """
    bare_from = duty.begins_at
    bare: list[tuple[datetime, datetime]] = []
    for cover in sorted((one for one in covers if one.lasts), key=lambda one: one.begins_at):
        bare.append((bare_from, cover.begins_at))
        bare_from = max(bare_from, cover.ends_at or _NEVER)
    bare.append((bare_from, _NEVER))
    until = duty.ends_at or _NEVER
    within = [(begins_at, min(ends_at, until)) for begins_at, ends_at in bare]
    return [
        Span(begins_at, ends_at if ends_at <= now else None)
        for begins_at, ends_at in within
        if begins_at < ends_at and begins_at <= now
    ]


def uncovered_since(duty: Span, covers: Iterable[Span], now: datetime) -> datetime | None:
    """Since when a clause is without cover; None where it has one, or needs none now."""
    found = gaps(duty, covers, now)
    return found[-1].begins_at if found and found[-1].ends_at is None else None

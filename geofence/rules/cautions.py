"""What an officer should know of a draft before it is drawn: warnings, each with its reason."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from geofence.rules.draft import Draft
from geofence.rules.haunts import Haunt

# A radius of twice the usual accuracy leaves one fix in ten of somebody in the very middle
# outside: recorded phones' errors lie within it in 90 % (see `accuracy`).
LEAST_TIMES_ACCURACY = 2.0
# What agencies that take their alerts seriously aim at, for each person and day; where it was 1 to
# 7, officers came to ignore them (Wisconsin, Los Angeles County: research/field.md, section (a)).
MOST_ALERTS_A_DAY = 0.3
# Our own choice: at one fix a minute, less than two hours.
FEWEST_FIXES = 100


class CautionCode(StrEnum):
    """What a warning is about; stable, for programs to read."""

    TOO_SMALL = "too_small"
    COVERS_HOME = "covers_home"
    COVERS_HOME_IN_RING = "covers_home_in_ring"
    HOME_OUTSIDE = "home_outside"
    COVERS_WORK = "covers_work"
    COVERS_WORK_IN_RING = "covers_work_in_ring"
    REPAIRED = "repaired"
    MANY_ALERTS = "many_alerts"
    FEW_FIXES = "few_fixes"
    CUT_SHORT = "cut_short"


class Caution(NamedTuple):
    """A warning: its code, and a sentence for the officer without coordinates."""

    code: CautionCode
    sentence: str


class Facts(NamedTuple):
    """What warnings are drawn from.

    Attributes:
        usual_accuracy_m: The median 68 % radius of his telling fixes, or what is assumed.
        nights: Where he was at night.
        work_days: Where he was in working hours.
        counts_at_night: Whether the zone counts at night at all.
        fixes_judged: Fixes of the times in which it counts.
        alerts_per_day: What it would have raised.
        is_cut_short: Whether there were more fixes than were replayed.
    """

    usual_accuracy_m: float
    nights: Haunt
    work_days: Haunt
    counts_at_night: bool
    fixes_judged: int
    alerts_per_day: float
    is_cut_short: bool


def find_cautions(draft: Draft, facts: Facts) -> list[Caution]:
    """The warnings that a draft deserves, those about the drawing first."""
    places = _of_inclusion if draft.is_inclusion else _of_exclusion
    return [*_of_drawing(draft, facts), *places(facts), *_of_numbers(facts)]


def _of_drawing(draft: Draft, facts: Facts) -> Iterator[Caution]:
    usual_m = facts.usual_accuracy_m
    if draft.inradius_m < LEAST_TIMES_ACCURACY * usual_m:
        sentence = (
            f"The largest circle in the zone has a radius of {draft.inradius_m:.0f} m, less than"
            f" twice the usual error of a fix ({usual_m:.0f} m): many fixes of somebody in its"
            " middle will lie outside."
        )
        yield Caution(CautionCode.TOO_SMALL, sentence)
    if draft.notes:
        yield Caution(CautionCode.REPAIRED, " ".join(draft.notes))


def _of_exclusion(facts: Facts) -> Iterator[Caution]:
    """Whether it lies around his home or work, whenever it counts.

    A zone for school hours around his home keeps him out of it in these.
    """
    home = (CautionCode.COVERS_HOME, CautionCode.COVERS_HOME_IN_RING, "home")
    yield from _covers(facts.nights, _nights(facts.nights), home)
    work = (CautionCode.COVERS_WORK, CautionCode.COVERS_WORK_IN_RING, "place of work")
    days = f"of {facts.work_days.days} working days (09:00 to 17:00)"
    yield from _covers(facts.work_days, days, work)


def _covers(
    haunt: Haunt, of_all: str, names: tuple[CautionCode, CautionCode, str]
) -> Iterator[Caution]:
    in_zone, in_ring, what = names
    if haunt.is_mostly_inside:
        sentence = f"On {haunt.inside} {of_all} he was in the zone: it may cover his {what}."
        yield Caution(in_zone, sentence)
    elif haunt.is_mostly_near:
        sentence = (
            f"On {haunt.inside + haunt.in_ring} {of_all} he was in the zone or its warning ring:"
            f" the ring may cover his {what}."
        )
        yield Caution(in_ring, sentence)


def _of_inclusion(facts: Facts) -> Iterator[Caution]:
    """Whether it leaves his home out; a place to be kept in by day only need not hold it."""
    nights = facts.nights
    if facts.counts_at_night and nights.days and not nights.is_mostly_inside:
        sentence = (
            f"On {nights.inside} {_nights(nights)} he was in the zone: his home may lie outside the"
            " place he is to be kept in."
        )
        yield Caution(CautionCode.HOME_OUTSIDE, sentence)


def _of_numbers(facts: Facts) -> Iterator[Caution]:
    if facts.alerts_per_day > MOST_ALERTS_A_DAY:
        sentence = (
            f"It would have raised {facts.alerts_per_day:.1f} alerts a day; with more than"
            f" {MOST_ALERTS_A_DAY} for one person, the next true one is easily overlooked."
        )
        yield Caution(CautionCode.MANY_ALERTS, sentence)
    if facts.fixes_judged < FEWEST_FIXES:
        sentence = f"It was held against {facts.fixes_judged} fixes only: this says little."
        yield Caution(CautionCode.FEW_FIXES, sentence)
    if facts.is_cut_short:
        sentence = "There are more fixes than can be replayed at once: the last ones were left out."
        yield Caution(CautionCode.CUT_SHORT, sentence)


def _nights(nights: Haunt) -> str:
    return f"of {nights.days} nights (00:00 to 05:00)"

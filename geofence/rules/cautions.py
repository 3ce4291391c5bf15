"""What an officer should know of a draft before it is drawn: warnings, each with its reason."""

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
    found = [*_of_drawing(draft, facts), *_of_places(draft, facts), *_of_numbers(facts)]
    return [Caution(code, sentence) for code, sentence in found]


def _of_drawing(draft: Draft, facts: Facts) -> list[tuple[CautionCode, str]]:
    found = []
    if draft.inradius_m < LEAST_TIMES_ACCURACY * facts.usual_accuracy_m:
        found.append(
            (
                CautionCode.TOO_SMALL,
                f"The largest circle in the zone has a radius of {draft.inradius_m:.0f} m, less"
                f" than twice the usual error of a fix ({facts.usual_accuracy_m:.0f} m): many"
                " fixes of somebody in its middle will lie outside.",
            )
        )
    if draft.notes:
        found.append((CautionCode.REPAIRED, " ".join(draft.notes)))
    return found


def _of_places(draft: Draft, facts: Facts) -> list[tuple[CautionCode, str]]:
    """An exclusion zone around his home or work; an inclusion zone that leaves his home out.

    Home and work count at whatever times the zone does: a zone for school hours around his home
    keeps him out of it in these. But a place to be kept in by day need not hold his home.
    """
    nights, work_days = facts.nights, facts.work_days
    if draft.is_inclusion:
        if not nights.days or nights.is_mostly_inside or not facts.counts_at_night:
            return []
        sentence = f"On {_nights(nights, nights.inside)} he was in the zone: his home may lie"
        return [(CautionCode.HOME_OUTSIDE, f"{sentence} outside the place he is to be kept in.")]
    found = []
    if nights.is_mostly_inside:
        sentence = f"On {_nights(nights, nights.inside)} he was in the zone: it may cover his home."
        found.append((CautionCode.COVERS_HOME, sentence))
    elif nights.is_mostly_near:
        sentence = f"On {_nights(nights, nights.inside + nights.in_ring)} he was in the zone or its"
        sentence += " warning ring: the ring may cover his home."
        found.append((CautionCode.COVERS_HOME_IN_RING, sentence))
    if work_days.is_mostly_inside:
        sentence = f"On {_work_days(work_days, work_days.inside)} he was in the zone: it may cover"
        found.append((CautionCode.COVERS_WORK, f"{sentence} his place of work."))
    elif work_days.is_mostly_near:
        sentence = f"On {_work_days(work_days, work_days.inside + work_days.in_ring)} he was in the"
        sentence += " zone or its warning ring: the ring may cover his place of work."
        found.append((CautionCode.COVERS_WORK_IN_RING, sentence))
    return found


def _of_numbers(facts: Facts) -> list[tuple[CautionCode, str]]:
    found = []
    if facts.alerts_per_day > MOST_ALERTS_A_DAY:
        sentence = (
            f"It would have raised {facts.alerts_per_day:.1f} alerts a day; above"
            f" {MOST_ALERTS_A_DAY} for one person, the next true one is easily overlooked."
        )
        found.append((CautionCode.MANY_ALERTS, sentence))
    if facts.fixes_judged < FEWEST_FIXES:
        sentence = f"It was held against {facts.fixes_judged} fixes only: this says little."
        found.append((CautionCode.FEW_FIXES, sentence))
    if facts.is_cut_short:
        sentence = "There are more fixes than can be replayed at once: the last ones were left out."
        found.append((CautionCode.CUT_SHORT, sentence))
    return found


def _nights(nights: Haunt, count: int) -> str:
    return f"{count} of {nights.days} nights (00:00 to 05:00)"


def _work_days(work_days: Haunt, count: int) -> str:
    return f"{count} of {work_days.days} working days (09:00 to 17:00)"

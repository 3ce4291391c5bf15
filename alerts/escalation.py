"""Says when an alert climbs, and to whom: a ladder, step by step, until somebody acts on it.

An alert that nobody has seen to climbs its ladder, and begins again from below when it is at the
top. Whoever acknowledges it or takes it in hand stops that; if nothing more is done with it for
`untouched_s`, it is new again and climbs again. Only closing it ends this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from alerts.catalogue import CATALOGUE, AlertKind, Urgency
from supervision.core.errors import Invalid

MOST_RUNGS = 10
LONGEST_S = 7 * 24 * 3600
# What no agency may be slower than where an alert may become critical (see docs/glossary.md).
CRITICAL_SECOND_S = 300
CRITICAL_AGAIN_S = 1800
CRITICAL_UNTOUCHED_S = 1800


class Post(StrEnum):
    """Who stands on a rung; an officer, a rota or a contact point is named by its id besides."""

    RESPONSIBLE = "responsible"
    BACKUP = "backup"
    SUPERVISORS = "supervisors"
    OFFICER = "officer"
    ROTA = "rota"
    OUTSIDE = "outside"


_NAMED = {Post.OFFICER, Post.ROTA, Post.OUTSIDE}


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: who is told so many seconds after the climb began."""

    after_s: int
    post: Post
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """How an alert climbs.

    Attributes:
        rungs: From below; their times do not fall.
        again_s: How long after the last rung it begins from below again.
        untouched_s: How long an alert that was acknowledged or taken may lie untouched.
    """

    rungs: tuple[Rung, ...]
    again_s: int
    untouched_s: int


@dataclass(frozen=True, slots=True)
class Climb:
    """Where an alert is on its ladder: the rung that is told next, and how often it began."""

    rung: int = 0
    round: int = 0


LADDERS: dict[Urgency, Ladder] = {
    Urgency.ALARM: Ladder(
        (
            Rung(0, Post.RESPONSIBLE),
            Rung(180, Post.BACKUP),
            Rung(300, Post.SUPERVISORS),
        ),
        again_s=600,
        untouched_s=1800,
    ),
    Urgency.TASK: Ladder(
        (
            Rung(0, Post.RESPONSIBLE),
            Rung(4 * 3600, Post.BACKUP),
            Rung(24 * 3600, Post.SUPERVISORS),
        ),
        again_s=24 * 3600,
        untouched_s=3 * 24 * 3600,
    ),
}


def catalogued(kind: AlertKind) -> Ladder:
    """The ladder of a kind, until an agency sets its own."""
    return LADDERS[CATALOGUE[kind].urgency]


def due_at(ladder: Ladder, climb: Climb, began_at: datetime) -> datetime:
    """When the next rung is told, of a round that began then; at the top, when it begins again."""
    if climb.rung < len(ladder.rungs):
        return began_at + timedelta(seconds=ladder.rungs[climb.rung].after_s)
    return began_at + timedelta(seconds=ladder.rungs[-1].after_s + ladder.again_s)


def deadline_s(ladder: Ladder) -> int:
    """How long whoever is told first has to see to an alert: until the next is told, if any."""
    if len(ladder.rungs) > 1:
        return ladder.rungs[1].after_s
    return ladder.rungs[-1].after_s + ladder.again_s


def is_at_the_top(ladder: Ladder, climb: Climb) -> bool:
    """Whether every rung of this round has been told."""
    return climb.rung >= len(ladder.rungs)


def untouched_at(ladder: Ladder, touched_at: datetime) -> datetime:
    """When an alert that was last touched then is new again."""
    return touched_at + timedelta(seconds=ladder.untouched_s)


def require_sense(kind: AlertKind, ladder: Ladder) -> None:
    """Stop here unless a ladder of an agency's own reaches somebody, and in time.

    Raises:
        Invalid: It has no rung, or too many; its times fall, or last too long; it does not begin
            with the officer responsible at once; or it is slower than a critical kind allows.
    """
    _require_order(ladder.rungs)
    if not 0 < ladder.again_s <= LONGEST_S or not 0 < ladder.untouched_s <= LONGEST_S:
        raise Invalid("Say within 7 days when it begins again, and when it may lie untouched.")
    if CATALOGUE[kind].is_ever_critical:
        _require_floor(ladder)


def _require_order(rungs: Sequence[Rung]) -> None:
    if not 0 < len(rungs) <= MOST_RUNGS:
        message = f"A ladder has from 1 to {MOST_RUNGS} rungs."
        raise Invalid(message)
    if rungs[0].after_s != 0 or rungs[0].post is not Post.RESPONSIBLE:
        raise Invalid("The first rung is the officer responsible, at once.")
    times_s = [rung.after_s for rung in rungs]
    if times_s != sorted(times_s) or times_s[-1] > LONGEST_S:
        raise Invalid("The rungs' times must not fall, nor be longer than 7 days.")
    for rung in rungs:
        if (rung.id is None) is (rung.post in _NAMED):
            raise Invalid("Name the officer, rota or contact point, and no id on another rung.")


def _require_floor(ladder: Ladder) -> None:
    # Not every officer has a backup.
    others = [rung for rung in ladder.rungs if rung.post not in {Post.RESPONSIBLE, Post.BACKUP}]
    if not others or others[0].after_s > CRITICAL_SECOND_S:
        raise Invalid("Within 5 minutes this kind must reach more than the officer and his backup.")
    if ladder.again_s > CRITICAL_AGAIN_S or ladder.untouched_s > CRITICAL_UNTOUCHED_S:
        raise Invalid("This kind must begin again, and be new again, within 30 minutes.")

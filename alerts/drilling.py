"""Says what came of a drill: on each rung who was reached, by which way and when, and who was not.

A drill walks the ladder that an alert of its kind would climb, once from below to the top. Nothing
is told by it alone: it says what the rows say of messages that went the way of every alert's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from alerts.catalogue import AlertKind, Severity
from alerts.escalation import Ladder, Post
from alerts.rules import Means

# After its last rung a drill is given so long to settle: a way that fails has been tried half a
# dozen times by then (`delivery.next_try_at`).
SETTLES_S = 600


class Outcome(StrEnum):
    """What came of a rung, or of telling one person."""

    AHEAD = "ahead"
    NOBODY = "nobody"
    NOT_TOLD = "not_told"
    UNDER_WAY = "under_way"
    REACHED = "reached"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class DrillMessage:
    """One message of a drill, as the outbox has it.

    Attributes:
        state: As in the table `notification`.
        sent_at: When its channel took it.
        delivered_at: When it arrived, where the gateway says so.
        error: Why its last failed attempt failed, if any did.
        is_logged: It went to the log alone, which stands in for a mail server.
    """

    means: Means
    state: str
    attempts: int
    due_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    error: str | None
    is_logged: bool = False

    @property
    def has_gone(self) -> bool:
        """Whether it went out to where somebody reads it."""
        return self.sent_at is not None and self.state != "failed" and not self.is_logged

    @property
    def has_failed(self) -> bool:
        """Whether this way was tried, and has not worked."""
        return self.is_logged or (not self.has_gone and self.error is not None)


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who was to be told: an officer, or a contact point outside the agency."""

    officer_id: int | None
    point_id: int | None
    name: str
    messages: tuple[DrillMessage, ...]

    def outcome(self, *, is_over: bool) -> Outcome:
        """One message that went out has reached him; without any, it is tried until the end."""
        if any(one.has_gone for one in self.messages):
            return Outcome.REACHED
        is_tried = any(one.state in {"pending", "sending"} for one in self.messages)
        return Outcome.UNDER_WAY if is_tried and not is_over else Outcome.UNREACHED


@dataclass(frozen=True, slots=True)
class DrillStep:
    """A rung of the drill.

    Attributes:
        rung: Its number from 0; None for those outside the agency who are told at once.
        due_at: When it is to be told.
        told_at: When it was, if it was.
    """

    rung: int | None
    post: Post
    due_at: datetime
    told_at: datetime | None
    told: tuple[Told, ...]

    def outcome(self, *, is_over: bool) -> Outcome:
        """The worst that came of anybody on it."""
        if self.told_at is None:
            return Outcome.NOT_TOLD if is_over else Outcome.AHEAD
        found = {one.outcome(is_over=is_over) for one in self.told}
        for worst in (Outcome.UNREACHED, Outcome.UNDER_WAY, Outcome.REACHED):
            if worst in found:
                return worst
        return Outcome.NOBODY


@dataclass(frozen=True, slots=True)
class Answer:
    """An officer said that the drill reached him."""

    officer_id: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DrillReport:
    """A drill as it stands.

    Attributes:
        officer_id: The officer responsible, with whom the ladder begins.
        is_at_once: Whether its rungs are told without the ladder's delays.
        started_by: None where a command began it.
        ended_at: None while it is under way.
    """

    id: int
    kind: AlertKind
    severity: Severity
    officer_id: int
    officer: str
    is_at_once: bool
    started_by: str | None
    started_at: datetime
    ended_at: datetime | None
    steps: tuple[DrillStep, ...]
    answers: tuple[Answer, ...]

    @property
    def is_over(self) -> bool:
        """Whether nothing more is told."""
        return self.ended_at is not None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What came of each step."""
        return tuple(one.outcome(is_over=self.is_over) for one in self.steps)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is still to come."""
        return not {Outcome.AHEAD, Outcome.UNDER_WAY} & set(self.outcomes)

    @property
    def failures(self) -> tuple[tuple[str, DrillMessage], ...]:
        """The messages whose way has not worked, with whom they were to reach."""
        people = [one for step in self.steps for one in step.told]
        return tuple((one.name, sent) for one in people for sent in one.messages if sent.has_failed)

    @property
    def has_passed(self) -> bool:
        """Whether everybody was reached, by every way, and somebody stood on every rung.

        Not every officer has a backup: that nobody stands there is said, and is no failure.
        """
        return not self.failures and all(
            outcome is Outcome.REACHED or (outcome is Outcome.NOBODY and step.post is Post.BACKUP)
            for step, outcome in zip(self.steps, self.outcomes, strict=True)
        )


def walked(ladder: Ladder, *, is_at_once: bool) -> Ladder:
    """The ladder as a drill walks it: the same rungs, and soon over after the last."""
    rungs = ladder.rungs
    if is_at_once:
        rungs = tuple(replace(rung, after_s=0) for rung in rungs)
    return replace(ladder, rungs=rungs, again_s=min(ladder.again_s, SETTLES_S))


def lay_out(
    ladder: Ladder,
    dues: Sequence[datetime],
    told: Sequence[tuple[Post, datetime, tuple[Told, ...]]],
) -> tuple[DrillStep, ...]:
    """The steps of a drill from below: those that were told, then those that are ahead.

    Args:
        ladder: As the drill walks it now.
        dues: When each of its rungs is due.
        told: Post, instant and people of each rung that was told.
    """
    done = [
        DrillStep(rung, post, due_at, told_at, people)
        for rung, ((post, told_at, people), due_at) in enumerate(zip(told, dues, strict=False))
    ]
    ahead = [
        DrillStep(rung, ladder.rungs[rung].post, dues[rung], None, ())
        for rung in range(len(told), len(ladder.rungs))
    ]
    return (*done, *ahead)

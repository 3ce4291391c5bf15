"""When a person is reminded of a check-in, and whether a reminder still helps when it is found.

A reminder before the opening that would fall into quiet hours comes a minute before they begin;
one at the opening always comes at the opening, for then the duty has begun.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from supervision.checkins.rules import State
from supervision.core.quiet_hours import QuietHours

BEFORE_QUIET = timedelta(minutes=1)
# Quiet hours that leave less than a minute a day leave no room for a reminder.
MOVES_MOST = 3

_STILL_TO_DO = frozenset({State.SCHEDULED, State.OPEN})


class ReminderKind(StrEnum):
    """What a reminder says: that a check-in is coming, or that it may be done now."""

    AHEAD = "ahead"
    OPEN = "open"


class Outcome(StrEnum):
    """What became of a reminder: it went to the outbox, helped nobody, or had no address."""

    QUEUED = "queued"
    POINTLESS = "pointless"
    UNREACHABLE = "unreachable"


class Reminder(NamedTuple):
    """One message to be sent; `due_at` is aware UTC."""

    kind: ReminderKind
    due_at: datetime


class Overdue(NamedTuple):
    """A reminder whose time has come, and the check-in it reminds of.

    Attributes:
        is_newest: No later reminder of the same check-in is due by now.
    """

    state: State
    opens_at: datetime
    closes_at: datetime
    is_newest: bool
    quiet: QuietHours | None


def reminders_of(
    opens_at: datetime,
    ahead_s: Iterable[int],
    quiet: QuietHours | None,
    *,
    is_unannounced: bool,
) -> list[Reminder]:
    """The reminders of one check-in, in order, no two at the same instant.

    Args:
        opens_at: Aware UTC.
        ahead_s: How many seconds before the opening each was asked for; 0: at the opening.
        quiet: When there is to be none before the opening.
        is_unannounced: Nobody may know before it opens: all that was asked for comes then.
    """
    asked_s = {0 if is_unannounced else seconds for seconds in ahead_s}
    moved = {_moved(opens_at - timedelta(seconds=one), quiet) for one in asked_s - {0}}
    ahead = sorted(due_at for due_at in moved if due_at is not None)
    found = [Reminder(ReminderKind.AHEAD, due_at) for due_at in ahead]
    if 0 in asked_s:
        found.append(Reminder(ReminderKind.OPEN, opens_at))
    return found


def has_sense(one: Overdue, now: datetime) -> bool:
    """Whether a reminder still helps, however late it is found.

    It does while there is something to do, and unless a newer one says it better. Before the
    opening nobody is woken in quiet hours by one that should have come before them.
    """
    if not one.is_newest or one.state not in _STILL_TO_DO or now >= one.closes_at:
        return False
    return now >= one.opens_at or one.quiet is None or not one.quiet.includes(now)


def _moved(due_at: datetime, quiet: QuietHours | None) -> datetime | None:
    """The instant itself, or one before the quiet hours it falls into; None: there is no room."""
    for _ in range(MOVES_MOST):
        if quiet is None or not quiet.includes(due_at):
            return due_at
        due_at = quiet.begun_at(due_at) - BEFORE_QUIET
    return None

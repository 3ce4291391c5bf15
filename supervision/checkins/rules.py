"""What a check-in is: how it is done, its states and who may move it where, and its window.

Times are half-open: a check-in may be done from `opens_at` until before `closes_at`; whoever does
it in the grace after that has done it, and at `missed_at` it is missed.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from supervision.core.errors import Conflict, Invalid

# One miss may have a reason; the third within a month is a pattern (see docs/glossary.md).
PATTERN_MISSES = 3
PATTERN_DAYS = 30
SHORTEST_WINDOW = timedelta(minutes=5)
LONGEST_WINDOW = timedelta(days=7)
LONGEST_GRACE = timedelta(days=3)
# So long before its window closes, one that nobody has tried to call needs the officer.
CLOSING_SOON = timedelta(minutes=30)
# When a video room is of use: a little before, for whoever is early, and a day after a miss.
ROOM_BEFORE = timedelta(minutes=15)
ROOM_AFTER = timedelta(days=1)


class Method(StrEnum):
    """How the officer hears or sees the person; `SELF`: he answers questions by himself."""

    VIDEO = "video"
    PHONE = "phone"
    PHONE_IN_SIGHT = "phone_in_sight"
    IN_PERSON = "in_person"
    SELF = "self"


class Purpose(StrEnum):
    """What somebody must keep: a check-in, a hearing of the court, or another appointment."""

    CHECKIN = "checkin"
    COURT = "court"
    APPOINTMENT = "appointment"


class State(StrEnum):
    """How far a check-in has come."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    ATTENDED = "attended"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    MISSED = "missed"
    EXCUSED = "excused"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class Change(StrEnum):
    """What can happen to a check-in; each leaves a row in its history."""

    OPENED = "opened"
    ATTEMPTED = "attempted"
    ATTENDED = "attended"
    SEEN = "seen"
    SUBMITTED = "submitted"
    CALL_ASKED = "call_asked"
    NOT_REACHED = "not_reached"
    REVIEWED = "reviewed"
    MISSED = "missed"
    ATTENDED_LATE = "attended_late"
    SUBMITTED_LATE = "submitted_late"
    EXCUSED = "excused"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class Need(StrEnum):
    """The officer's three lists: what needs him, what is to come, and what is settled."""

    ATTENTION = "attention"
    AWAITING = "awaiting"
    REVIEWED = "reviewed"


class Attention(StrEnum):
    """Why a check-in needs an officer; what can still be saved comes first."""

    CLOSING = "closing"
    CALL_ASKED = "call_asked"
    CONCERNS = "concerns"
    MISSED = "missed"
    SUBMITTED = "submitted"


class Attempt(StrEnum):
    """Why a call reached nobody."""

    NO_ANSWER = "no_answer"
    BUSY = "busy"
    VOICEMAIL = "voicemail"
    REFUSED = "refused"
    WRONG_PERSON = "wrong_person"
    NO_CONNECTION = "no_connection"


# Nobody does these but when the officer calls.
CALLED = (Method.VIDEO, Method.PHONE, Method.PHONE_IN_SIGHT)

TRANSITIONS: dict[tuple[State, Change], State] = {
    (State.SCHEDULED, Change.OPENED): State.OPEN,
    (State.SCHEDULED, Change.MISSED): State.MISSED,  # found both at once, after a standstill
    (State.SCHEDULED, Change.CANCELLED): State.CANCELLED,
    # A reminder had no address to go to; nothing else changes.
    (State.SCHEDULED, Change.NOT_REACHED): State.SCHEDULED,
    (State.SCHEDULED, Change.REPLACED): State.REPLACED,  # the plan was changed
    (State.OPEN, Change.ATTEMPTED): State.OPEN,
    (State.OPEN, Change.SEEN): State.OPEN,
    (State.OPEN, Change.ATTENDED): State.ATTENDED,
    (State.OPEN, Change.SUBMITTED): State.SUBMITTED,
    (State.OPEN, Change.CALL_ASKED): State.OPEN,
    (State.OPEN, Change.NOT_REACHED): State.OPEN,
    (State.OPEN, Change.MISSED): State.MISSED,
    (State.OPEN, Change.CANCELLED): State.CANCELLED,
    # An officer hears him instead, or looks at what he told.
    (State.SUBMITTED, Change.ATTEMPTED): State.SUBMITTED,
    (State.SUBMITTED, Change.REVIEWED): State.REVIEWED,
    (State.SUBMITTED, Change.CALL_ASKED): State.SUBMITTED,
    (State.MISSED, Change.ATTEMPTED): State.MISSED,
    (State.MISSED, Change.CALL_ASKED): State.MISSED,
    (State.MISSED, Change.SEEN): State.MISSED,
    # An officer has looked at the miss; it stays one.
    (State.MISSED, Change.REVIEWED): State.MISSED,
    # What is logged only after the miss makes up for it, and does not take it back.
    (State.MISSED, Change.ATTENDED_LATE): State.MISSED,
    (State.MISSED, Change.SUBMITTED_LATE): State.MISSED,
    (State.MISSED, Change.EXCUSED): State.EXCUSED,
}


class Window(NamedTuple):
    """When a check-in may be done, aware UTC."""

    opens_at: datetime
    closes_at: datetime
    missed_at: datetime


def next_state(state: State, change: Change) -> State:
    """Where a change takes a check-in.

    Raises:
        Conflict: The state does not allow it; nothing was changed.
    """
    try:
        return TRANSITIONS[state, change]
    except KeyError:
        message = f"A check-in that is {state} cannot be {change.replace('_', ' ')}."
        raise Conflict(message) from None


def window_of(due_at: datetime, length: timedelta, grace: timedelta) -> Window:
    """The window of a check-in that is due at an instant."""
    closes_at = due_at + length
    return Window(due_at, closes_at, closes_at + grace)


def require_sense(length: timedelta, grace: timedelta) -> None:
    """Stop here unless somebody can keep such a window, and a miss is told while it matters.

    Raises:
        Invalid: It is too short or too long.
    """
    if not SHORTEST_WINDOW <= length <= LONGEST_WINDOW:
        raise Invalid("The window must last from 5 minutes to 7 days.")
    if not timedelta(0) <= grace <= LONGEST_GRACE:
        raise Invalid("The grace must be from none to 3 days.")


def is_pattern(misses: int) -> bool:
    """Whether so many misses within `PATTERN_DAYS`, this one included, are more than a lapse."""
    return misses >= PATTERN_MISSES


def has_room(method: Method, state: State, window: Window, now: datetime) -> bool:
    """Whether a video call can be joined: from a little before it opens until a day after a miss.

    Args:
        method: Only a video call has a room.
        state: One that is over has none.
        window: When it may be done.
        now: Aware UTC.
    """
    is_wanted = state in {State.SCHEDULED, State.OPEN, State.MISSED}
    is_time = window.opens_at - ROOM_BEFORE <= now < window.missed_at + ROOM_AFTER
    return method is Method.VIDEO and is_wanted and is_time

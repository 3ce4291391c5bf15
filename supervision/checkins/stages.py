"""What a check-in looks like from the side of the person who must do it.

It follows from the state and the time alone, so that a scheduler that is late changes nothing that
he sees. Of an unannounced check-in that has not opened he sees nothing.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from supervision.checkins.rules import State, Window

# So long after a miss it can still be sent late; then the link opens nothing, and whoever finds it
# on a phone learns nothing.
LINK_LASTS = timedelta(hours=24)


class Stage(StrEnum):
    """How far a check-in has come for the person; `NOTHING`: he has nothing to do now."""

    NOTHING = "nothing"
    AHEAD = "ahead"
    OPEN = "open"
    GRACE = "grace"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"
    OVER = "over"


_ENDED = {
    State.ATTENDED: Stage.DONE,
    State.SUBMITTED: Stage.DONE,
    State.REVIEWED: Stage.DONE,
    State.MISSED: Stage.MISSED,
    State.EXCUSED: Stage.CANCELLED,
    State.CANCELLED: Stage.CANCELLED,
    State.REPLACED: Stage.CANCELLED,
}


def stage_of(state: State, window: Window, now: datetime, *, is_unannounced: bool) -> Stage:
    """What the person sees of a check-in.

    Args:
        state: As it is stored; it may lag behind the time.
        window: When it may be done.
        now: Aware UTC.
        is_unannounced: Whether he may not know of it before it opens.
    """
    if now >= window.missed_at + LINK_LASTS:
        return Stage.OVER
    if is_unannounced and now < window.opens_at:
        return Stage.NOTHING
    if state in _ENDED:
        return _ENDED[state]
    if now < window.opens_at:
        return Stage.AHEAD
    if now >= window.missed_at:
        return Stage.MISSED
    return Stage.OPEN if now < window.closes_at else Stage.GRACE

"""An officer has looked at what somebody told, or at a miss."""

from datetime import datetime

from sqlalchemy.orm import Session

from supervision.checkins.rules import Change, State, next_state
from supervision.checkins.service.handling import hold
from supervision.checkins.service.history import move
from supervision.core.errors import Invalid


def review(session: Session, checkin_id: int, officer_id: int, note: str, now: datetime) -> None:
    """Write down that an officer has looked at it; a miss stays one. The caller commits.

    Args:
        session: Open transaction.
        checkin_id: Which; the caller has asked whether the officer may handle it.
        officer_id: Who has looked.
        note: What was made of it; a miss needs one.
        now: Aware UTC.

    Raises:
        NotFound: No such check-in.
        Conflict: There is nothing to review.
        Invalid: A miss without a note. In each case nothing was changed.
    """
    row = hold(session, checkin_id, now)
    note = note.strip()
    if row.state == State.MISSED and not note:
        raise Invalid("Write what you made of the miss.")
    next_state(State(row.state), Change.REVIEWED)
    row.reviewed_at, row.reviewed_by_id = now, officer_id
    move(session, row, Change.REVIEWED, now, officer_id, note=note)

"""Moves a check-in from state to state, each time with a line in its history."""

from datetime import datetime

from sqlalchemy.orm import Session

from supervision.checkins.models import Checkin, CheckinEvent
from supervision.checkins.rules import Change, State, next_state


def move(
    session: Session,
    row: Checkin,
    change: Change,
    at: datetime,
    officer_id: int | None,
    **detail: object,
) -> None:
    """Let something happen to a check-in; the caller commits.

    Args:
        session: Open transaction that holds the row.
        row: Which.
        change: What.
        at: Now, aware UTC.
        officer_id: Who; None: the software.
        detail: Plain JSON values.

    Raises:
        Conflict: Its state does not allow it; nothing was changed.
    """
    row.state = next_state(State(row.state), change)
    session.add(
        CheckinEvent(
            agency_id=row.agency_id,
            checkin_id=row.id,
            kind=change,
            at=at,
            officer_id=officer_id,
            detail=dict(detail),
        )
    )
    session.flush()

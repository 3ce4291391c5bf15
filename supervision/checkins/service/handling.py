"""What an officer does about a check-in: logs it, logs a call in vain, excuses or cancels it."""

from datetime import datetime

from sqlalchemy.orm import Session

from supervision.checkins.models import Checkin
from supervision.checkins.rules import Attempt, Change, State
from supervision.checkins.service.history import move
from supervision.core.errors import Conflict, Invalid, NotFound


def attend(
    session: Session, checkin_id: int, officer_id: int, attended_at: datetime, now: datetime
) -> bool:
    """Log that the person was heard or seen; the caller commits.

    What is logged only after it was missed makes up for the miss, once, and it stays a miss, also
    where the person was heard in time; only `excuse` takes it away.

    Args:
        session: Open transaction.
        checkin_id: Which; the caller has asked whether the officer may handle it, and claimed the
            miss if there is one (`claim_missed`).
        officer_id: Who says so.
        attended_at: When it was, aware.
        now: Aware UTC.

    Returns:
        Whether it had been missed.

    Raises:
        NotFound: No such check-in.
        Invalid: It lies in the future, or before the window.
        Conflict: The check-in's state does not allow it. In each case nothing was changed.
    """
    row = _held(session, checkin_id, now)
    if not row.opens_at <= attended_at <= now:
        raise Invalid("It must have been after the window opened, and not in the future.")
    is_missed = row.state == State.MISSED
    if is_missed and row.attended_at is not None:
        raise Conflict("This miss has been made up for already.")
    row.attended_at = attended_at
    change = Change.ATTENDED_LATE if is_missed else Change.ATTENDED
    move(session, row, change, now, officer_id, attended_at=attended_at.isoformat())
    return is_missed


def attempt(
    session: Session, checkin_id: int, officer_id: int, why: Attempt, now: datetime
) -> None:
    """Log a call that reached nobody; raises as `attend`, but for times. The caller commits."""
    move(session, _held(session, checkin_id, now), Change.ATTEMPTED, now, officer_id, why=why)


def excuse(session: Session, checkin_id: int, officer_id: int, reason: str, now: datetime) -> None:
    """Take a miss off the person's account, with a reason. The caller commits.

    Raises:
        NotFound: No such check-in.
        Invalid: No reason.
        Conflict: It was not missed. In each case nothing was changed.
    """
    reason = _reason(reason)
    move(session, _held(session, checkin_id, now), Change.EXCUSED, now, officer_id, reason=reason)


def cancel(session: Session, checkin_id: int, officer_id: int, reason: str, now: datetime) -> None:
    """Ask for this one no more, with a reason; raises as `excuse`. The caller commits."""
    reason = _reason(reason)
    row = _held(session, checkin_id, now)
    move(session, row, Change.CANCELLED, now, officer_id, reason=reason)


def _held(session: Session, checkin_id: int, now: datetime) -> Checkin:
    """The check-in, locked; opened if it is due and no scheduler has come by."""
    row = session.get(Checkin, checkin_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.state == State.SCHEDULED and row.opens_at <= now:
        move(session, row, Change.OPENED, now, None)
    return row


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Invalid("Give a reason.")
    return reason.strip()

"""What an officer does about a check-in: logs it, logs a call in vain, excuses or cancels it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from supervision.checkins.models import Checkin, CheckinSighting
from supervision.checkins.rules import Attempt, Change, Method, State, next_state
from supervision.checkins.service.history import move
from supervision.core.errors import Conflict, Invalid, NotFound

MOST_LON, MOST_LAT = 180.0, 90.0


@dataclass(frozen=True, slots=True)
class Seen:
    """Where an officer was when he saw the person from a distance.

    Attributes:
        seen_at: When, aware.
        lon: Of the officer's own position, WGS 84.
        lat: The same.
        accuracy_m: Of that position, if it is known.
        place: In words, as the officer would say it in court.
    """

    seen_at: datetime
    lon: float
    lat: float
    accuracy_m: float | None
    place: str


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
        Conflict: The check-in's state does not allow it, or it is a call within sight, which only
            `attest` logs. In each case nothing was changed.
    """
    row = hold(session, checkin_id, now)
    if row.method == Method.PHONE_IN_SIGHT:
        raise Conflict("A call within sight counts once you attest from where you saw the person.")
    return _attend(session, row, officer_id, attended_at, now)


def attest(session: Session, checkin_id: int, officer_id: int, seen: Seen, now: datetime) -> bool:
    """Log that the person was seen from a distance while he telephoned, and so has attended.

    The caller commits.

    Returns:
        Whether it had been missed.

    Raises:
        NotFound: No such check-in.
        Invalid: As `attend`; or there is no such place on Earth, or none in words.
        Conflict: As `attend`; or it is no call within sight. In each case nothing was changed.
    """
    row = hold(session, checkin_id, now)
    if row.method != Method.PHONE_IN_SIGHT:
        raise Conflict("Only a telephone call within sight is attested with a place.")
    _require_place(seen)
    is_missed = _attend(session, row, officer_id, seen.seen_at, now, Change.SEEN)
    session.add(
        CheckinSighting(
            agency_id=row.agency_id,
            checkin_id=row.id,
            officer_id=officer_id,
            seen_at=seen.seen_at,
            told_at=now,
            lon=seen.lon,
            lat=seen.lat,
            accuracy_m=seen.accuracy_m,
            place=seen.place.strip(),
        )
    )
    session.flush()
    return is_missed


def attempt(
    session: Session, checkin_id: int, officer_id: int, why: Attempt, now: datetime
) -> None:
    """Log a call that reached nobody; raises as `attend`, but for times. The caller commits."""
    move(session, hold(session, checkin_id, now), Change.ATTEMPTED, now, officer_id, why=why)


def excuse(session: Session, checkin_id: int, officer_id: int, reason: str, now: datetime) -> None:
    """Take a miss off the person's account, with a reason. The caller commits.

    Raises:
        NotFound: No such check-in.
        Invalid: No reason.
        Conflict: It was not missed. In each case nothing was changed.
    """
    reason = _reason(reason)
    move(session, hold(session, checkin_id, now), Change.EXCUSED, now, officer_id, reason=reason)


def cancel(session: Session, checkin_id: int, officer_id: int, reason: str, now: datetime) -> None:
    """Ask for this one no more, with a reason; raises as `excuse`. The caller commits."""
    reason = _reason(reason)
    row = hold(session, checkin_id, now)
    move(session, row, Change.CANCELLED, now, officer_id, reason=reason)


def hold(session: Session, checkin_id: int, now: datetime) -> Checkin:
    """The check-in, locked; opened if it is due and no scheduler has come by.

    Raises:
        NotFound: No such check-in.
    """
    row = session.get(Checkin, checkin_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.state == State.SCHEDULED and row.opens_at <= now:
        move(session, row, Change.OPENED, now, None)
    return row


def _attend(
    session: Session,
    row: Checkin,
    officer_id: int,
    attended_at: datetime,
    now: datetime,
    *before: Change,
) -> bool:
    """Write the attendance, and before it what led to it, of the same moment."""
    if not row.opens_at <= attended_at <= now:
        raise Invalid("It must have been after the window opened, and not in the future.")
    is_missed = row.state == State.MISSED
    if is_missed and row.attended_at is not None:
        raise Conflict("This miss has been made up for already.")
    change = Change.ATTENDED_LATE if is_missed else Change.ATTENDED
    next_state(State(row.state), change)
    for earlier in before:
        move(session, row, earlier, now, officer_id, seen_at=attended_at.isoformat())
    row.attended_at = attended_at
    move(session, row, change, now, officer_id, attended_at=attended_at.isoformat())
    return is_missed


def _require_place(seen: Seen) -> None:
    # Comparisons with what is no number are false.
    if not (abs(seen.lon) <= MOST_LON and abs(seen.lat) <= MOST_LAT):
        raise Invalid("The longitude lies from -180 to 180 and the latitude from -90 to 90.")
    if seen.accuracy_m is not None and not 0 <= seen.accuracy_m < float("inf"):
        raise Invalid("The accuracy is a distance in metres.")
    if not seen.place.strip():
        raise Invalid("Say in words from where you saw the person.")


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Invalid("Give a reason.")
    return reason.strip()

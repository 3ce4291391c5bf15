"""What somebody tells at a check-in by himself: once, and kept as it came."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from supervision.checkins.models import Checkin, CheckinSubmission
from supervision.checkins.questions import concerned, read_answers
from supervision.checkins.rules import Change, State
from supervision.checkins.service.duties import Duty
from supervision.checkins.service.history import move
from supervision.core.errors import Conflict, Invalid, NotFound

# Half round the earth: nothing on it is known worse.
WORST_ACCURACY_M = 20_100_000.0
HALF_WORLD_DEG, POLE_DEG = 180.0, 90.0


class NoPosition(StrEnum):
    """Why a phone shared no position; `NO_SCRIPT`: its browser did not run the page's script."""

    DENIED = "denied"
    UNAVAILABLE = "unavailable"
    TIMEOUT = "timeout"
    NO_SCRIPT = "no_script"


class Concern(StrEnum):
    """What makes an officer look at a check-in before others."""

    FLAGGED_ANSWER = "flagged_answer"
    NO_POSITION = "no_position"
    FAR_POSITION = "far_position"
    WANTS_CALL = "wants_call"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Place:
    """Where his phone says that he is, by its browser.

    Attributes:
        lon: Degrees east.
        lat: Degrees north.
        accuracy_m: As the phone states it.
        located_at: When, aware UTC, by our clock.
    """

    lon: float
    lat: float
    accuracy_m: float
    located_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What he tells: answers by the questions' keys, and where he is or why that is not known."""

    answers: Mapping[str, str]
    where: Place | NoPosition
    wants_call: bool
    language: str


def submit(session: Session, duty: Duty, told: Told, now: datetime) -> bool:
    """Keep what somebody tells; the caller holds the check-in, has claimed its miss, and commits.

    A miss stays a miss. Has an officer looked at it already, it waits to be looked at again.

    Args:
        session: Open transaction that holds the check-in (`hold_duty`).
        duty: As it stands now.
        told: Kept as it is.
        now: Aware UTC.

    Returns:
        Whether it had been missed.

    Raises:
        Conflict: It cannot be sent now, or was sent already.
        Invalid: An answer is missing, or the position is none. In each case nothing was changed.
    """
    if not duty.may_submit(now):
        raise Conflict("This check-in cannot be sent now.")
    answers = read_answers(duty.questions, told.answers)
    if isinstance(told.where, Place):
        _require_place(told.where)
    row = _opened(session, duty.id, now)
    is_missed = row.state == State.MISSED
    concerns = _concerns(duty, answers, told, is_missed=is_missed)
    session.add(_submission(row, answers, told, concerns, now))
    row.submitted_at, row.reviewed_at, row.reviewed_by_id = now, None, None
    change = Change.SUBMITTED_LATE if is_missed else Change.SUBMITTED
    move(session, row, change, now, None, concerns=concerns)
    if told.wants_call and duty.call_asked_at is None:
        _note_call(session, row, now)
    return is_missed


def ask_call(session: Session, duty: Duty, now: datetime) -> None:
    """Note that somebody asks to be called back; as `submit`.

    Raises:
        Conflict: It cannot be asked now, or was asked already; nothing was changed.
    """
    if not duty.may_ask_for_call(now):
        raise Conflict("A call cannot be asked for now.")
    _note_call(session, _opened(session, duty.id, now), now)


def _note_call(session: Session, row: Checkin, now: datetime) -> None:
    row.call_asked_at = now
    move(session, row, Change.CALL_ASKED, now, None)


def _opened(session: Session, checkin_id: int, now: datetime) -> Checkin:
    """The check-in as it is stored now; opened if it is due and no scheduler has come by."""
    row = session.get(Checkin, checkin_id, populate_existing=True)
    if row is None:
        raise NotFound
    if row.state == State.SCHEDULED:
        move(session, row, Change.OPENED, now, None)
    return row


def _concerns(duty: Duty, answers: Mapping[str, str], told: Told, *, is_missed: bool) -> list[str]:
    """In the order of `Concern`; that a position is far is found out later."""
    found = {
        Concern.FLAGGED_ANSWER: bool(concerned(duty.questions, answers)),
        Concern.NO_POSITION: isinstance(told.where, NoPosition),
        Concern.WANTS_CALL: told.wants_call,
        Concern.LATE: is_missed,
    }
    return [str(concern) for concern, is_so in found.items() if is_so]


def _submission(
    row: Checkin, answers: dict[str, str], told: Told, concerns: list[str], now: datetime
) -> CheckinSubmission:
    submission = CheckinSubmission(
        agency_id=row.agency_id,
        checkin_id=row.id,
        submitted_at=now,
        language=told.language,
        answers=answers,
        wants_call=told.wants_call,
        concerns=concerns,
    )
    if isinstance(told.where, NoPosition):
        submission.no_position_reason = told.where
        return submission
    submission.lon, submission.lat = told.where.lon, told.where.lat
    submission.accuracy_m = told.where.accuracy_m
    submission.located_at = told.where.located_at
    return submission


def _require_place(place: Place) -> None:
    numbers = (place.lon, place.lat, place.accuracy_m)
    is_place = all(map(math.isfinite, numbers)) and 0 <= place.accuracy_m <= WORST_ACCURACY_M
    if not is_place or abs(place.lon) > HALF_WORLD_DEG or abs(place.lat) > POLE_DEG:
        raise Invalid("The position is none on earth.")

"""Reads a check-in from the side of the person who must do it: what is asked, and what came of it.

Nothing of it tells of zones, other people, or what the officer noted.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.checkins.questions import Question, read_questions
from supervision.checkins.rules import Change, Method, Purpose, State, Window
from supervision.checkins.stages import Stage, stage_of
from supervision.core.errors import NotFound


class Happened(NamedTuple):
    """One thing that happened to a check-in, as far as the person knows of it himself."""

    kind: Change
    at: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """What he has told; his position only as how well it was known.

    Attributes:
        no_position_reason: Why there is none.
    """

    submitted_at: datetime
    answers: dict[str, str]
    wants_call: bool
    has_position: bool
    accuracy_m: float | None
    no_position_reason: str | None


@dataclass(frozen=True, slots=True)
class Duty:
    """One date's duty, as its person sees it.

    Attributes:
        id: The check-in.
        time_zone: By whose clocks he lives.
        language: In which he is written to.
        place: Where, if its plan names a place.
        room: Of its video call.
        received: What he has told already, if he has.
    """

    id: int
    supervisee_id: int
    method: Method
    purpose: Purpose
    is_unannounced: bool
    time_zone: str
    language: str
    place: str | None
    room: str
    questions: tuple[Question, ...]
    window: Window
    state: State
    attended_at: datetime | None
    call_asked_at: datetime | None
    received: Received | None
    happened: tuple[Happened, ...]

    def stage(self, now: datetime) -> Stage:
        """How far it has come for him."""
        return stage_of(self.state, self.window, now, is_unannounced=self.is_unannounced)

    def may_submit(self, now: datetime) -> bool:
        """Whether he may tell by himself now, be it late; once."""
        is_time = self.stage(now) in {Stage.OPEN, Stage.GRACE, Stage.MISSED}
        is_new = self.received is None and self.attended_at is None
        return self.method is Method.SELF and is_time and is_new

    def may_ask_for_call(self, now: datetime) -> bool:
        """Whether he may ask to be called back now; once."""
        is_open = self.stage(now) in {Stage.OPEN, Stage.GRACE, Stage.MISSED}
        return self.call_asked_at is None and (is_open or self.state is State.SUBMITTED)


def hold_duty(session: Session, agency_id: int, checkin_id: int) -> None:
    """Wait until nobody else handles a check-in; held until the caller commits.

    Raises:
        NotFound: The agency has no such check-in.
    """
    held = "SELECT FROM checkin WHERE id = :id AND agency_id = :agency FOR UPDATE"
    if session.execute(text(held), {"id": checkin_id, "agency": agency_id}).first() is None:
        raise NotFound


def read_duty(session: Session, agency_id: int, checkin_id: int) -> Duty:
    """One check-in as its person sees it.

    Raises:
        NotFound: The agency has no such check-in.
    """
    values = {"id": checkin_id, "agency": agency_id}
    row = session.execute(_DUTY, values).one_or_none()
    if row is None:
        raise NotFound
    return Duty(
        id=row.id,
        supervisee_id=row.supervisee_id,
        method=Method(row.method),
        purpose=Purpose(row.purpose),
        is_unannounced=row.is_unannounced,
        time_zone=row.time_zone,
        language=row.language,
        place=row.place,
        room=row.room,
        questions=read_questions(row.questions),
        window=Window(row.opens_at, row.closes_at, row.missed_at),
        state=State(row.state),
        attended_at=row.attended_at,
        call_asked_at=row.call_asked_at,
        received=_received(session, checkin_id),
        happened=_happened(session, checkin_id),
    )


_DUTY = text(
    "SELECT c.id, c.supervisee_id, c.method, c.purpose, c.is_unannounced, s.time_zone, s.language,"
    " v.place, c.room, v.questions, c.opens_at, c.closes_at, c.missed_at, c.state, c.attended_at,"
    " c.call_asked_at FROM checkin c JOIN supervisee s ON s.id = c.supervisee_id"
    " JOIN checkin_plan_version v ON v.id = c.checkin_plan_version_id"
    " WHERE c.id = :id AND c.agency_id = :agency"
)
_RECEIVED = text(
    "SELECT submitted_at, answers, wants_call, lon IS NOT NULL AS has_position, accuracy_m,"
    " no_position_reason FROM checkin_submission WHERE checkin_id = :id"
)
# That he was heard counts from when it was, not from when it was logged.
_HAPPENED = text(
    "SELECT kind, coalesce((detail ->> 'attended_at')::timestamptz, at) AS at FROM checkin_event"
    " WHERE checkin_id = :id AND kind = ANY(:kinds) ORDER BY id"
)
_TOLD = (
    Change.ATTEMPTED,
    Change.ATTENDED,
    Change.ATTENDED_LATE,
    Change.SUBMITTED,
    Change.SUBMITTED_LATE,
    Change.CALL_ASKED,
    Change.MISSED,
)


def _received(session: Session, checkin_id: int) -> Received | None:
    row = session.execute(_RECEIVED, {"id": checkin_id}).mappings().one_or_none()
    return None if row is None else Received(**row)


def _happened(session: Session, checkin_id: int) -> tuple[Happened, ...]:
    values: dict[str, Any] = {"id": checkin_id, "kinds": [str(kind) for kind in _TOLD]}
    rows = session.execute(_HAPPENED, values)
    return tuple(Happened(Change(row.kind), row.at) for row in rows)

"""Reads check-ins as the console shows them: each with its person and why it needs an officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.checkins.rules import Attention, Method, Need, State, Window, has_room
from supervision.checkins.service.needs import ATTEMPTS, CLOSING, NEEDS, STANDING
from supervision.core.access import Actor
from supervision.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class CheckinRow:
    """One check-in as listed.

    Attributes:
        officer: Who supervises the person.
        time_zone: By whose clocks it was asked for.
        state: By the time alone, whether a scheduler has come by or not.
        why: Why it needs an officer, if it does.
        attempts: Calls that reached nobody.
        concerns: What an officer should look at first in what the person told.
    """

    id: int
    supervisee_id: int
    person: str
    case_number: str
    officer: str
    method: str
    purpose: str
    is_unannounced: bool
    room: str
    time_zone: str
    opens_at: datetime
    closes_at: datetime
    missed_at: datetime
    state: str
    attended_at: datetime | None
    submitted_at: datetime | None
    reviewed_at: datetime | None
    call_asked_at: datetime | None
    why: str | None
    attempts: int
    concerns: list[str]

    def has_room(self, now: datetime) -> bool:
        """Whether there is a video call to join."""
        window = Window(self.opens_at, self.closes_at, self.missed_at)
        return has_room(Method(self.method), State(self.state), window, now)


# The first that is true of one on the list; the order of `Attention`.
_WHY = (
    f"CASE WHEN {NEEDS[Need.ATTENTION]} IS NOT TRUE THEN NULL"
    f" WHEN {CLOSING} THEN '{Attention.CLOSING}'"
    " WHEN c.call_asked_at > coalesce(c.reviewed_at, '-infinity')"
    "  AND c.call_asked_at > coalesce(c.attended_at, '-infinity')"
    f" THEN '{Attention.CALL_ASKED}'"
    f" WHEN cardinality(t.concerns) > 0 THEN '{Attention.CONCERNS}'"
    f" WHEN c.state = 'submitted' THEN '{Attention.SUBMITTED}' ELSE '{Attention.MISSED}' END"
)
_COLUMNS = (
    "c.id, c.supervisee_id, s.full_name AS person, s.case_number, o.display_name AS officer,"
    " c.method, c.purpose, c.is_unannounced, c.room, v.time_zone, c.opens_at, c.closes_at,"
    f" c.missed_at, {STANDING} AS state, c.attended_at, c.submitted_at, c.reviewed_at,"
    f" c.call_asked_at, {_WHY} AS why, {ATTEMPTS} AS attempts,"
    " coalesce(t.concerns, '{}') AS concerns"
)
# A caseload of None is the whole agency; row-level security ends there.
MINE = "(CAST(:caseload AS bigint) IS NULL OR s.supervising_officer_id = :caseload)"
OF_PERSON = "(CAST(:person AS bigint) IS NULL OR c.supervisee_id = :person)"


def select(which: str) -> str:
    """The statement that reads the check-ins of a caseload for which this is true.

    It takes `:now` and `:caseload` beside what the condition takes.
    """
    return (
        f"SELECT {_COLUMNS} FROM checkin c JOIN supervisee s ON s.id = c.supervisee_id"
        " JOIN officer o ON o.id = s.supervising_officer_id"
        " JOIN checkin_plan_version v ON v.id = c.checkin_plan_version_id"
        " LEFT JOIN checkin_submission t ON t.checkin_id = c.id"
        f" WHERE c.state <> 'replaced' AND {MINE} AND {which}"
    )


def read(
    session: Session, statement: str, actor: Actor, now: datetime, **values: object
) -> Sequence[CheckinRow]:
    """The rows of a `select`, completed as one likes."""
    known = {"now": now, "caseload": actor.caseload_officer_id, **values}
    return [CheckinRow(**row) for row in session.execute(text(statement), known).mappings()]


def find_checkin(session: Session, actor: Actor, checkin_id: int, now: datetime) -> CheckinRow:
    """One check-in.

    Raises:
        NotFound: Not there, or not in the actor's caseload.
    """
    rows = read(session, select("c.id = :id"), actor, now, id=checkin_id)
    if not rows:
        raise NotFound
    return rows[0]


def next_of_person(
    session: Session, actor: Actor, supervisee_id: int, now: datetime, most: int
) -> Sequence[CheckinRow]:
    """What is open or still to come for a person, in order."""
    ahead = select(f"c.supervisee_id = :person AND {NEEDS[Need.AWAITING]}")
    statement = f"{ahead} ORDER BY c.opens_at, c.id LIMIT :most"
    return read(session, statement, actor, now, person=supervisee_id, most=most)


def last_of_person(
    session: Session, actor: Actor, supervisee_id: int, now: datetime, most: int
) -> Sequence[CheckinRow]:
    """A person's latest check-ins that are over, newest first."""
    behind = "c.supervisee_id = :person AND c.opens_at <= :now"
    over = select(f"{behind} AND NOT {NEEDS[Need.AWAITING]}")
    statement = f"{over} ORDER BY c.opens_at DESC, c.id DESC LIMIT :most"
    return read(session, statement, actor, now, person=supervisee_id, most=most)

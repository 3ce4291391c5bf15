"""What waits for an officer's look: what people told by themselves, and what was missed."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.checkins.models import Checkin
from supervision.checkins.rules import Change, State
from supervision.checkins.service.history import move
from supervision.checkins.service.outcomes import SubmissionRecord
from supervision.checkins.service.submissions import Concern
from supervision.core.errors import Conflict, Invalid, NotFound

# Which concerns put a check-in before the others; that it was late is told by the miss.
URGENT = (
    Concern.FLAGGED_ANSWER,
    Concern.NO_POSITION,
    Concern.FAR_POSITION,
    Concern.WANTS_CALL,
)


class ReviewKey(NamedTuple):
    """A check-in's place in the list: by rank, 0 first, then by when it opened."""

    rank: int
    opens_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class WaitingRecord:
    """A check-in that nobody has looked at.

    Attributes:
        rank: 0 if something about it is urgent, else 1.
        concerns: What an officer should look at; empty for a miss of which nothing was heard.
    """

    id: int
    rank: int
    supervisee_id: int
    method: str
    state: str
    opens_at: datetime
    missed_at: datetime
    attended_at: datetime | None
    submitted_at: datetime | None
    call_asked_at: datetime | None
    concerns: list[str]

    @property
    def key(self) -> ReviewKey:
        """Its place in the list."""
        return ReviewKey(self.rank, self.opens_at, self.id)


# A caseload of None is the whole agency; row-level security ends there.
_MINE = "(CAST(:caseload AS bigint) IS NULL OR p.supervising_officer_id = :caseload)"
# What comes after a look needs another.
_UNSEEN = (
    "(c.reviewed_at IS NULL OR c.submitted_at > c.reviewed_at OR c.call_asked_at > c.reviewed_at)"
)
# A call asked for outside the form is a concern as one asked for in it.
_CONCERNS = (
    "CASE WHEN c.call_asked_at IS NULL OR 'wants_call' = ANY(coalesce(t.concerns, '{}'))"
    " THEN coalesce(t.concerns, '{}') ELSE coalesce(t.concerns, '{}') || '{wants_call}' END"
)
_WAITING = text(
    "SELECT * FROM (SELECT w.*, CASE WHEN w.concerns && CAST(:urgent AS text[]) THEN 0 ELSE 1 END"
    " AS rank FROM (SELECT c.id, c.supervisee_id, c.method, c.state, c.opens_at, c.missed_at,"
    f" c.attended_at, c.submitted_at, c.call_asked_at, {_CONCERNS} AS concerns FROM checkin c"
    " JOIN supervisee p ON p.id = c.supervisee_id"
    " LEFT JOIN checkin_submission t ON t.checkin_id = c.id"
    f" WHERE c.state IN ('submitted', 'missed') AND {_UNSEEN} AND {_MINE}) w) r"
    " WHERE CAST(:after_rank AS bigint) IS NULL"
    " OR (rank, opens_at, id) > (:after_rank, CAST(:after_at AS timestamptz), :after_id)"
    " ORDER BY rank, opens_at, id LIMIT :limit"
)
_SUBMISSION = text(
    "SELECT t.checkin_id, t.submitted_at, t.language, t.answers, t.wants_call, t.lon, t.lat,"
    " t.accuracy_m, t.located_at, t.no_position_reason, t.device_position_id, t.device_fixed_at,"
    " t.distance_m, t.concerns, t.judged_at FROM checkin_submission t"
    " JOIN checkin c ON c.id = t.checkin_id JOIN supervisee p ON p.id = c.supervisee_id"
    f" WHERE c.id = :id AND {_MINE}"
)


def list_for_review(
    session: Session, caseload_officer_id: int | None, after: ReviewKey | None, limit: int
) -> list[WaitingRecord]:
    """What waits to be looked at: first what has concerns, then the rest, the oldest first.

    Args:
        session: Open transaction, only read.
        caseload_officer_id: Whose people; None for the whole agency.
        after: Those behind this one.
        limit: How many at most.
    """
    rank, at, last_id = after or (None, None, None)
    values = {"caseload": caseload_officer_id, "limit": limit, "urgent": [str(u) for u in URGENT]}
    behind = {"after_rank": rank, "after_at": at, "after_id": last_id}
    return [WaitingRecord(**row) for row in session.execute(_WAITING, values | behind).mappings()]


def get_submission(
    session: Session, checkin_id: int, caseload_officer_id: int | None
) -> SubmissionRecord:
    """What somebody told at a check-in; it holds a place, so whoever shows it puts it on record.

    Raises:
        NotFound: Nothing was told, or there is no such check-in on this caseload.
    """
    values = {"id": checkin_id, "caseload": caseload_officer_id}
    row = session.execute(_SUBMISSION, values).mappings().one_or_none()
    if row is None:
        raise NotFound
    return SubmissionRecord(**row)


def review(session: Session, checkin_id: int, officer_id: int, note: str, now: datetime) -> None:
    """Note that an officer has looked at a check-in; a miss stays one. The caller commits.

    Raises:
        NotFound: No such check-in.
        Conflict: It does not wait for a look.
        Invalid: A miss, or one with concerns, needs a note. In each case nothing was changed.
    """
    row = session.get(Checkin, checkin_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.reviewed_at is not None and not _is_news(row, row.reviewed_at):
        raise Conflict("Somebody has looked at this check-in already.")
    if not note.strip() and _needs_note(session, row):
        raise Invalid("Write a note: a miss, or one with concerns, is not reviewed without one.")
    row.reviewed_at, row.reviewed_by_id = now, officer_id
    move(session, row, Change.REVIEWED, now, officer_id, note=note.strip())


def _needs_note(session: Session, row: Checkin) -> bool:
    concerns = "SELECT FROM checkin_submission WHERE checkin_id = :id AND concerns <> '{}'"
    is_of_concern = session.execute(text(concerns), {"id": row.id}).first() is not None
    return row.state == State.MISSED or row.call_asked_at is not None or is_of_concern


def _is_news(row: Checkin, reviewed_at: datetime) -> bool:
    """Whether something was told or asked for after the last look."""
    later = (row.submitted_at, row.call_asked_at)
    return any(at is not None and at > reviewed_at for at in later)

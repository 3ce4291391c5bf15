"""Reads check-ins and their history, as far as an officer's caseload goes."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from supervision.checkins.rules import Need
from supervision.checkins.service.needs import ATTEMPTS, FOUND
from supervision.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class CheckinRecord:
    """One date's duty (`checkins.models.Checkin`), with how many calls reached nobody."""

    id: int
    supervisee_id: int
    checkin_plan_id: int
    method: str
    purpose: str
    is_unannounced: bool
    room: str
    local_date: date
    time_zone: str
    opens_at: datetime
    closes_at: datetime
    missed_at: datetime
    state: str
    attended_at: datetime | None
    submitted_at: datetime | None
    reviewed_at: datetime | None
    call_asked_at: datetime | None
    attempts: int


@dataclass(frozen=True, slots=True)
class CheckinLine:
    """One thing that happened to a check-in; `officer_id` is None where the software did it."""

    kind: str
    at: datetime
    officer_id: int | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sought:
    """Which check-ins are asked for; None lets all through.

    Attributes:
        since: Those that open from then on, aware.
        until: Those that open before then, aware.
        supervisee_id: Of one person only.
        state: In one state only.
        need: On one of the officer's lists only.
    """

    since: datetime | None
    until: datetime | None
    supervisee_id: int | None = None
    state: str | None = None
    need: Need | None = None


# A caseload of None is the whole agency; row-level security ends there.
_MINE = "(CAST(:caseload AS bigint) IS NULL OR s.supervising_officer_id = :caseload)"
_CHECKIN = (
    "SELECT c.id, c.supervisee_id, c.checkin_plan_id, c.method, c.purpose, c.is_unannounced,"
    " c.room, c.local_date, v.time_zone, c.opens_at, c.closes_at, c.missed_at, c.state,"
    f" c.attended_at, c.submitted_at, c.reviewed_at, c.call_asked_at, {ATTEMPTS} AS attempts"
    " FROM checkin c JOIN checkin_plan_version v ON v.id = c.checkin_plan_version_id"
    f" JOIN supervisee s ON s.id = c.supervisee_id WHERE {_MINE}"
)


def _asking(condition: str) -> TextClause:
    return text(
        f"{_CHECKIN} AND {condition}"
        " AND (CAST(:since AS timestamptz) IS NULL OR c.opens_at >= :since)"
        " AND (CAST(:until AS timestamptz) IS NULL OR c.opens_at < :until)"
        " AND (CAST(:supervisee_id AS bigint) IS NULL OR c.supervisee_id = :supervisee_id)"
        " AND (CAST(:state AS text) IS NULL OR c.state = :state)"
        " AND (CAST(:after_at AS timestamptz) IS NULL"
        "  OR (c.opens_at, c.id) > (:after_at, :after_id))"
        " ORDER BY c.opens_at, c.id LIMIT :limit"
    )


_SOUGHT = {None: _asking("true")} | {need: _asking(FOUND[need]) for need in Need}


def get_checkin(
    session: Session, checkin_id: int, caseload_officer_id: int | None
) -> CheckinRecord:
    """One check-in.

    Raises:
        NotFound: There is no such check-in, or not on this caseload.
    """
    values = {"id": checkin_id, "caseload": caseload_officer_id}
    row = session.execute(text(f"{_CHECKIN} AND c.id = :id"), values).mappings().one_or_none()
    if row is None:
        raise NotFound
    return CheckinRecord(**row)


def list_checkins(
    session: Session,
    caseload_officer_id: int | None,
    sought: Sought,
    after: tuple[datetime, int] | None,
    limit: int,
    now: datetime,
) -> list[CheckinRecord]:
    """Check-ins in the order in which they open.

    Args:
        session: Open transaction, only read.
        caseload_officer_id: Whose people; None for the whole agency.
        sought: Which.
        after: Those behind this one, given by when it opens and its id.
        limit: How many at most.
        now: Aware UTC; what a list asks for depends on it.
    """
    after_at, after_id = after or (None, 0)
    values = {"caseload": caseload_officer_id, "limit": limit, **asdict(sought)}
    values |= {"after_at": after_at, "after_id": after_id, "now": now}
    rows = session.execute(_SOUGHT[sought.need], values)
    return [CheckinRecord(**row) for row in rows.mappings()]


def read_history(session: Session, checkin_id: int) -> list[CheckinLine]:
    """All that happened to a check-in, in order; whether it may be seen is asked before."""
    rows = session.execute(
        text(
            "SELECT kind, at, officer_id, detail FROM checkin_event WHERE checkin_id = :id"
            " ORDER BY id"
        ),
        {"id": checkin_id},
    ).mappings()
    return [CheckinLine(**row) for row in rows]

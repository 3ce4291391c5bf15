"""Finds check-ins that have opened or were missed, each of them once, whoever sweeps."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.checkins.rules import PATTERN_DAYS


class Missed(NamedTuple):
    """A check-in that nobody attended.

    Attributes:
        id: The check-in.
        attempts: Calls that reached nobody.
        misses: How many were missed in the last `PATTERN_DAYS`, this one included.
    """

    id: int
    agency_id: int
    supervisee_id: int
    checkin_plan_id: int
    method: str
    local_date: date
    opens_at: datetime
    closes_at: datetime
    missed_at: datetime
    attempts: int
    misses: int


def open_due(session: Session, now: datetime, most: int) -> int:
    """Open check-ins whose window has begun, and not ended; the caller commits.

    Args:
        session: Open transaction of the engine role.
        now: Aware UTC.
        most: At most so many; those that another transaction holds are left to it.

    Returns:
        How many.
    """
    return len(session.execute(_OPEN, {"now": now, "most": most}).all())


def claim_missed(
    session: Session, now: datetime, most: int, checkin_id: int | None = None
) -> list[Missed]:
    """Mark check-ins as missed whose window and grace are over; the caller tells and commits.

    Args:
        session: Open transaction of the engine role.
        now: Aware UTC.
        most: At most so many, the longest missed first; those that another transaction holds are
            left to it.
        checkin_id: Only this one, for whoever is about to handle it.
    """
    values = {"now": now, "most": most, "only": checkin_id}
    ids = session.execute(_MISS, values).scalars().all()
    found = {"ids": ids, "days": timedelta(days=PATTERN_DAYS)}
    return [Missed(*row) for row in session.execute(_MISSED, found)] if ids else []


_OPEN = text(
    "WITH due AS (SELECT id FROM checkin WHERE state = 'scheduled' AND opens_at <= :now"
    " AND missed_at > :now ORDER BY opens_at, id LIMIT :most FOR UPDATE SKIP LOCKED),"
    " opened AS (UPDATE checkin c SET state = 'open' FROM due WHERE c.id = due.id"
    " RETURNING c.id, c.agency_id)"
    " INSERT INTO checkin_event (agency_id, checkin_id, kind, at)"
    " SELECT agency_id, id, 'opened', :now FROM opened RETURNING checkin_id"
)
_MISS = text(
    "WITH due AS (SELECT id FROM checkin WHERE state IN ('scheduled', 'open')"
    " AND missed_at <= :now AND (CAST(:only AS bigint) IS NULL OR id = :only)"
    " ORDER BY missed_at, id LIMIT :most FOR UPDATE SKIP LOCKED),"
    " missed AS (UPDATE checkin c SET state = 'missed' FROM due WHERE c.id = due.id"
    " RETURNING c.id, c.agency_id, c.missed_at)"
    " INSERT INTO checkin_event (agency_id, checkin_id, kind, at)"
    " SELECT agency_id, id, 'missed', :now FROM missed ORDER BY missed_at, id RETURNING checkin_id"
)
_MISSED = text(
    "SELECT c.id, c.agency_id, c.supervisee_id, c.checkin_plan_id, c.method, c.local_date,"
    " c.opens_at, c.closes_at, c.missed_at,"
    " (SELECT count(*) FROM checkin_event e WHERE e.checkin_id = c.id AND e.kind = 'attempted'),"
    " (SELECT count(*) FROM checkin m WHERE m.supervisee_id = c.supervisee_id"
    "  AND m.state = 'missed' AND m.missed_at > c.missed_at - :days"
    "  AND (m.missed_at, m.id) <= (c.missed_at, c.id))"
    " FROM checkin c WHERE c.id = ANY(:ids) ORDER BY c.missed_at, c.id"
)

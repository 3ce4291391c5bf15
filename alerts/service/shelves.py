"""Shelves as they are listed: which source, who shelved it, why, until when, and what it holds."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from supervision.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class ShelfRecord:
    """A shelf, also one that is over.

    Attributes:
        ends_at: As it was set; `ended_at` where it was taken back or prolonged.
        stretch_began_at: Since when the source was shelved without a gap.
        held_count: Alerts that are held by it and that nobody has seen to.
    """

    id: int
    supervisee_id: int
    person: str
    kind: str
    reason: str
    shelved_by_id: int
    shelved_by: str
    begins_at: datetime
    ends_at: datetime
    stretch_began_at: datetime
    prolongs_id: int | None
    ended_at: datetime | None
    ended_by_id: int | None
    is_in_force: bool
    held_count: int


_LISTED = """
SELECT s.id, s.supervisee_id, p.full_name AS person, s.kind, s.reason, s.shelved_by_id,
    o.display_name AS shelved_by, s.begins_at, s.ends_at, s.stretch_began_at, s.prolongs_id,
    s.ended_at, s.ended_by_id,
    s.begins_at <= :now AND coalesce(s.ended_at, s.ends_at) > :now AS is_in_force,
    (SELECT count(*) FROM alert_climb c JOIN alert a ON a.id = c.alert_id
     WHERE c.shelf_id = s.id AND a.handling = 'new') AS held_count
FROM alert_shelf s
JOIN supervisee p ON p.id = s.supervisee_id
JOIN officer o ON o.id = s.shelved_by_id
WHERE (CAST(:officer AS bigint) IS NULL OR p.supervising_officer_id = :officer) AND {where}
"""
_IN_FORCE = text(
    _LISTED.format(where="s.begins_at <= :now AND coalesce(s.ended_at, s.ends_at) > :now")
    + " ORDER BY s.ends_at, s.id"
)
_ALL = text(
    _LISTED.format(where="(CAST(:before AS bigint) IS NULL OR s.id < :before)")
    + " ORDER BY s.id DESC LIMIT :most"
)
_ONE = text(_LISTED.format(where="s.id = :shelf"))


def list_shelved(session: Session, officer_id: int | None, now: datetime) -> list[ShelfRecord]:
    """What is shelved now, what ends first first.

    Args:
        session: Open transaction bound to the agency, only read.
        officer_id: Of this officer's caseload; None for the whole agency's.
        now: Aware UTC.
    """
    values = {"officer": officer_id, "now": now}
    return [_record(row) for row in session.execute(_IN_FORCE, values).mappings()]


def list_shelves(
    session: Session, officer_id: int | None, now: datetime, before_id: int | None, most: int
) -> list[ShelfRecord]:
    """All shelves, newest first, also those that are over; as many as `most` before an id."""
    values = {"officer": officer_id, "now": now, "before": before_id, "most": most}
    return [_record(row) for row in session.execute(_ALL, values).mappings()]


def get_shelf(
    session: Session, officer_id: int | None, now: datetime, shelf_id: int
) -> ShelfRecord:
    """One shelf, also one that is over.

    Raises:
        NotFound: Not there, or its person is not in the caseload.
    """
    values = {"officer": officer_id, "now": now, "shelf": shelf_id}
    row = session.execute(_ONE, values).mappings().one_or_none()
    if row is None:
        raise NotFound
    return _record(row)


def _record(row: RowMapping) -> ShelfRecord:
    return ShelfRecord(**row)

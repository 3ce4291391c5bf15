"""Reads the check-ins of a calendar: those of the last days and of the weeks to come."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.checkins.ical import Entry
from supervision.checkins.rules import Method, Purpose, State
from supervision.checkins.service.agenda import AHEAD_DAYS

BEHIND = timedelta(days=7)
AHEAD = timedelta(days=AHEAD_DAYS)
# A slot is a date or a week: its check-ins, made one after another, lie within so long.
SLOT = timedelta(days=15)


def read_entries(
    session: Session, now: datetime, *, officer_id: int | None, supervisee_id: int | None
) -> list[Entry]:
    """The newest check-in of each slot that is not long over, nor far ahead, in order.

    Args:
        session: Open transaction, only read.
        now: Aware UTC.
        officer_id: Of the people whom this officer supervises now,
        supervisee_id: or of this person.
    """
    values = {
        "officer": officer_id,
        "person": supervisee_id,
        "since": now - BEHIND,
        "until": now + AHEAD,
        "slot": SLOT,
    }
    return [
        Entry(
            checkin_id=row.id,
            replaced=row.replaced,
            first_room=row.first_room,
            method=Method(row.method),
            purpose=Purpose(row.purpose),
            state=State(row.state),
            is_unannounced=row.is_unannounced,
            was_opened=row.was_opened,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            place=row.place,
            changed_at=row.dropped_at or row.made_at,
        )
        for row in session.execute(_ENTRIES, values)
    ]


_ENTRIES = text(
    "WITH near AS (SELECT c.*, count(*) OVER earlier - 1 AS replaced,"
    " first_value(c.room) OVER earlier AS first_room, lead(c.id) OVER earlier AS next_id"
    " FROM checkin c WHERE c.supervisee_id = ANY(ARRAY(SELECT s.id FROM supervisee s"
    " WHERE s.id = :person OR s.supervising_officer_id = :officer))"
    " AND c.opens_at > :since - CAST(:slot AS interval)"
    " AND c.opens_at < :until + CAST(:slot AS interval)"
    " WINDOW earlier AS (PARTITION BY c.checkin_plan_id, c.slot ORDER BY c.id))"
    " SELECT n.id, n.replaced, n.first_room, n.method, n.purpose, n.state, n.is_unannounced,"
    " n.opens_at, n.closes_at, n.made_at, v.place, e.dropped_at, e.was_opened FROM near n"
    " JOIN checkin_plan_version v ON v.id = n.checkin_plan_version_id"
    " CROSS JOIN LATERAL (SELECT"
    " max(e.at) FILTER (WHERE e.kind IN ('cancelled', 'replaced')) AS dropped_at,"
    " coalesce(bool_or(e.kind IN ('opened', 'missed')), false) AS was_opened"
    " FROM checkin_event e WHERE e.checkin_id = n.id) e"
    " WHERE n.next_id IS NULL AND n.closes_at > :since AND n.opens_at < :until"
    " ORDER BY n.opens_at, n.id"
)

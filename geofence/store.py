"""Reads and writes stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from geofence.rules.stays import Grade, Stay
from geofence.zones import Pair
from supervision.core.clock import from_us, to_us


@dataclass(frozen=True, slots=True)
class StoredStay:
    """A stay as a row: its id, whose, and where."""

    id: int
    agency_id: int
    pair: Pair
    stay: Stay


_TOUCHED = text(
    "SELECT s.* FROM unnest(CAST(:ids AS bigint[]), CAST(:since AS timestamptz[]))"
    " AS person (supervisee_id, since_at)"
    " JOIN zone_stay s ON s.supervisee_id = person.supervisee_id"
    " AND (s.left_at IS NULL OR s.left_at >= person.since_at) AND s.withdrawn_at IS NULL"
    " ORDER BY s.entered_at, s.id"
)


def stays_since(session: Session, earliest_us: dict[int, int]) -> list[StoredStay]:
    """The stays of these people that last at, or begin after, the given instants, in order.

    Args:
        session: Open transaction, only read.
        earliest_us: For each supervisee, from when.
    """
    values = {
        "ids": list(earliest_us),
        "since": [from_us(instant_us) for instant_us in earliest_us.values()],
    }
    return [
        StoredStay(
            row.id,
            row.agency_id,
            Pair(row.supervisee_id, row.zone_id),
            Stay(
                entered_us=to_us(row.entered_at),
                last_seen_us=to_us(row.last_seen_at),
                left_us=None if row.left_at is None else to_us(row.left_at),
                version_id=row.zone_version_id,
                grade=Grade(row.grade),
                deepest_m=row.deepest_m,
                deepest_accuracy_m=row.deepest_accuracy_m,
                entry_position_id=row.entry_position_id,
                deepest_position_id=row.deepest_position_id,
                fix_count=row.fix_count,
                is_late=row.is_late,
            ),
        )
        for row in session.execute(_TOUCHED, values)
    ]


_INSERT = text(
    "INSERT INTO zone_stay (agency_id, supervisee_id, zone_id, zone_version_id, grade, entered_at,"
    " last_seen_at, left_at, deepest_m, deepest_accuracy_m, entry_position_id,"
    " deepest_position_id, fix_count, is_late, found_at)"
    " VALUES (:agency_id, :supervisee_id, :zone_id, :zone_version_id, :grade, :entered_at,"
    " :last_seen_at, :left_at, :deepest_m, :deepest_accuracy_m, :entry_position_id,"
    " :deepest_position_id, :fix_count, :is_late, :found_at) RETURNING id"
)

_UPDATE = text(
    "UPDATE zone_stay SET zone_version_id = :zone_version_id, grade = :grade,"
    " entered_at = :entered_at, last_seen_at = :last_seen_at, left_at = :left_at,"
    " deepest_m = :deepest_m, deepest_accuracy_m = :deepest_accuracy_m,"
    " entry_position_id = :entry_position_id, deepest_position_id = :deepest_position_id,"
    " fix_count = :fix_count WHERE id = :id"
)


def insert_stay(
    session: Session, agency_id: int, pair: Pair, stay: Stay, found_at: datetime
) -> StoredStay:
    """Write a stay found just now; the caller commits."""
    values = _columns(stay) | {
        "agency_id": agency_id,
        "supervisee_id": pair.supervisee_id,
        "zone_id": pair.zone_id,
        "is_late": stay.is_late,
        "found_at": found_at,
    }
    stay_id: int = session.execute(_INSERT, values).scalar_one()
    return StoredStay(stay_id, agency_id, pair, stay)


def update_stay(session: Session, stored: StoredStay) -> None:
    """Bring a stay's row in step with all known fixes; the caller commits."""
    session.execute(_UPDATE, _columns(stored.stay) | {"id": stored.id})


def withdraw_stays(session: Session, stay_ids: Iterable[int], now: datetime) -> None:
    """Mark stays that the fixes known now no longer show; their rows remain."""
    session.execute(
        text("UPDATE zone_stay SET withdrawn_at = :now WHERE id = ANY(:ids)"),
        {"now": now, "ids": list(stay_ids)},
    )


def _columns(stay: Stay) -> dict[str, object]:
    return {
        "zone_version_id": stay.version_id,
        "grade": str(stay.grade),
        "entered_at": from_us(stay.entered_us),
        "last_seen_at": from_us(stay.last_seen_us),
        "left_at": None if stay.left_us is None else from_us(stay.left_us),
        "deepest_m": stay.deepest_m,
        "deepest_accuracy_m": stay.deepest_accuracy_m,
        "entry_position_id": stay.entry_position_id,
        "deepest_position_id": stay.deepest_position_id,
        "fix_count": stay.fix_count,
    }

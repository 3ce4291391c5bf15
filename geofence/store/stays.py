"""Reads and writes stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from geofence.rules.approach import Closing
from geofence.rules.stays import Decision, EvidenceKind, Grade, Stay
from geofence.zones import Pair
from supervision.core.clock import from_us, to_us
from supervision.core.db import bigints


class Ring(StrEnum):
    """Whether a stay is one in the zone itself or in the warning ring around it."""

    ZONE = "zone"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class StoredStay:
    """A stay as a row: its id, whose, and where."""

    id: int
    agency_id: int
    pair: Pair
    ring: Ring
    stay: Stay


_TOUCHED = text(
    "SELECT s.* FROM unnest(CAST(:ids AS bigint[]), CAST(:since AS bigint[]))"
    " AS person (supervisee_id, since_us)"
    " JOIN zone_stay s ON s.supervisee_id = person.supervisee_id"
    " AND (s.left_before_at IS NULL OR s.left_before_at >="
    "  timestamptz 'epoch' + person.since_us * interval '1 microsecond')"
    " AND s.withdrawn_at IS NULL"
    " ORDER BY s.entered_at, s.id"
)


def stays_since(session: Session, earliest_us: dict[int, int]) -> list[StoredStay]:
    """The stays of these people that last at, or begin after, the given instants, in order.

    Args:
        session: Open transaction, only read.
        earliest_us: For each supervisee, from when.
    """
    values = {"ids": bigints(earliest_us), "since": bigints(earliest_us.values())}
    return [
        StoredStay(
            row.id,
            row.agency_id,
            Pair(row.supervisee_id, row.zone_id),
            Ring(row.ring),
            _stay(row),
        )
        for row in session.execute(_TOUCHED, values)
    ]


_COLUMNS = (
    "zone_version_id",
    "evidence_kind",
    "grade",
    "entered_after_at",
    "entered_at",
    "last_seen_at",
    "left_at",
    "left_before_at",
    "decided_at",
    "decided_share",
    "decided_distance_m",
    "decided_accuracy_m",
    "decided_position_id",
    "deepest_m",
    "deepest_accuracy_m",
    "entry_position_id",
    "deepest_position_id",
    "fix_count",
    "closing_at",
    "closing_mps",
    "eta_s",
)
_WHOSE = ("agency_id", "supervisee_id", "zone_id", "ring", "is_late", "found_at")
_INSERT = text(
    f"INSERT INTO zone_stay ({', '.join(_WHOSE + _COLUMNS)})"
    f" VALUES ({', '.join(f':{name}' for name in _WHOSE + _COLUMNS)}) RETURNING id"
)
_UPDATE = text(
    f"UPDATE zone_stay SET {', '.join(f'{name} = :{name}' for name in _COLUMNS)} WHERE id = :id"
)


def insert_stay(
    session: Session, place: tuple[int, Pair, Ring], stay: Stay, found_at: datetime
) -> StoredStay:
    """Write a stay found just now, for an agency's pair and ring; the caller commits."""
    agency_id, pair, ring = place
    values = _columns(stay) | {
        "agency_id": agency_id,
        "supervisee_id": pair.supervisee_id,
        "zone_id": pair.zone_id,
        "ring": str(ring),
        "is_late": stay.is_late,
        "found_at": found_at,
    }
    stay_id: int = session.execute(_INSERT, values).scalar_one()
    return StoredStay(stay_id, agency_id, pair, ring, stay)


def update_stay(session: Session, stored: StoredStay) -> None:
    """Bring a stay's row in step with all known fixes; the caller commits."""
    session.execute(_UPDATE, _columns(stored.stay) | {"id": stored.id})


def withdraw_stays(session: Session, stay_ids: Iterable[int], now: datetime) -> None:
    """Mark stays that the fixes known now no longer show; their rows remain."""
    session.execute(
        text("UPDATE zone_stay SET withdrawn_at = :now WHERE id = ANY(:ids)"),
        {"now": now, "ids": list(stay_ids)},
    )


def _stay(row: Row[Any]) -> Stay:
    closing = None
    if row.closing_at is not None:
        closing = Closing(to_us(row.closing_at), row.closing_mps, row.eta_s)
    return Stay(
        entered_after_us=_maybe_us(row.entered_after_at),
        entered_us=to_us(row.entered_at),
        last_seen_us=to_us(row.last_seen_at),
        left_us=_maybe_us(row.left_at),
        left_before_us=_maybe_us(row.left_before_at),
        version_id=row.zone_version_id,
        kind=EvidenceKind(row.evidence_kind),
        grade=Grade(row.grade),
        decided=Decision(
            to_us(row.decided_at),
            row.decided_share,
            row.decided_distance_m,
            row.decided_accuracy_m,
            row.decided_position_id,
        ),
        deepest_m=row.deepest_m,
        deepest_accuracy_m=row.deepest_accuracy_m,
        entry_position_id=row.entry_position_id,
        deepest_position_id=row.deepest_position_id,
        fix_count=row.fix_count,
        is_late=row.is_late,
        closing=closing,
    )


def _columns(stay: Stay) -> dict[str, object]:
    closing = stay.closing
    return {
        "zone_version_id": stay.version_id,
        "evidence_kind": str(stay.kind),
        "grade": str(stay.grade),
        "entered_after_at": _maybe_at(stay.entered_after_us),
        "entered_at": from_us(stay.entered_us),
        "last_seen_at": from_us(stay.last_seen_us),
        "left_at": _maybe_at(stay.left_us),
        "left_before_at": _maybe_at(stay.left_before_us),
        "decided_at": from_us(stay.decided.at_us),
        "decided_share": stay.decided.share,
        "decided_distance_m": stay.decided.distance_m,
        "decided_accuracy_m": stay.decided.accuracy_m,
        "decided_position_id": stay.decided.position_id,
        "deepest_m": stay.deepest_m,
        "deepest_accuracy_m": stay.deepest_accuracy_m,
        "entry_position_id": stay.entry_position_id,
        "deepest_position_id": stay.deepest_position_id,
        "fix_count": stay.fix_count,
        "closing_at": None if closing is None else from_us(closing.at_us),
        "closing_mps": None if closing is None else closing.speed_mps,
        "eta_s": None if closing is None else closing.eta_s,
    }


def _maybe_us(instant: datetime | None) -> int | None:
    return None if instant is None else to_us(instant)


def _maybe_at(instant_us: int | None) -> datetime | None:
    return None if instant_us is None else from_us(instant_us)

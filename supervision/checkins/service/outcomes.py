"""Reads what came of a check-in: where the person was seen, and what he told by himself.

Both hold places: whoever shows them puts the look on the audit trail.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class SightingRecord:
    """An officer saw the person from a distance; the position is the officer's own."""

    id: int
    officer_id: int
    seen_at: datetime
    told_at: datetime
    lon: float
    lat: float
    accuracy_m: float | None
    place: str


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """What somebody told by himself (`checkins.models.CheckinSubmission`).

    Attributes:
        distance_m: From his tracker's position at that time; None where it is not known (yet).
        concerns: What an officer should look at first, as slugs.
    """

    checkin_id: int
    submitted_at: datetime
    language: str
    answers: dict[str, str]
    wants_call: bool
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    located_at: datetime | None
    no_position_reason: str | None
    device_position_id: int | None
    device_fixed_at: datetime | None
    distance_m: float | None
    concerns: list[str]
    judged_at: datetime | None


_SIGHTINGS = text(
    "SELECT id, officer_id, seen_at, told_at, lon, lat, accuracy_m, place FROM checkin_sighting"
    " WHERE checkin_id = :id ORDER BY seen_at, id"
)
_SUBMISSION = text(
    "SELECT checkin_id, submitted_at, language, answers, wants_call, lon, lat, accuracy_m,"
    " located_at, no_position_reason, device_position_id, device_fixed_at, distance_m, concerns,"
    " judged_at FROM checkin_submission WHERE checkin_id = :id"
)


def list_sightings(session: Session, checkin_id: int) -> list[SightingRecord]:
    """Where the person was seen, in order; whether it may be seen is asked before."""
    rows = session.execute(_SIGHTINGS, {"id": checkin_id}).mappings()
    return [SightingRecord(**row) for row in rows]


def find_submission(session: Session, checkin_id: int) -> SubmissionRecord | None:
    """What the person told, if he did; whether it may be seen is asked before."""
    row = session.execute(_SUBMISSION, {"id": checkin_id}).mappings().one_or_none()
    return None if row is None else SubmissionRecord(**row)

"""Hands on what phones said of their owners' places, each once, and keeps what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.checkins.service.submissions import Concern


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A position told at a check-in that nobody has compared yet."""

    id: int
    agency_id: int
    checkin_id: int
    supervisee_id: int
    lon: float
    lat: float
    accuracy_m: float
    located_at: datetime


@dataclass(frozen=True, slots=True)
class DeviceThen:
    """Where the tracker was then: its nearest fix in time, and how far away that was."""

    position_id: int
    fixed_at: datetime
    distance_m: float
    is_far: bool


def claim_unjudged(session: Session, most: int) -> list[Unjudged]:
    """Positions to be judged; the caller settles each of them and commits.

    Args:
        session: Open transaction of the engine role.
        most: At most so many, the oldest first; those that another transaction holds are left to
            it.
    """
    return [Unjudged(*row) for row in session.execute(_CLAIM, {"most": most})]


def settle_judged(
    session: Session, submission_id: int, device: DeviceThen | None, now: datetime
) -> None:
    """Note that a position has been judged, and where the tracker was; the caller commits."""
    values = {
        "id": submission_id,
        "now": now,
        "position": None if device is None else device.position_id,
        "fixed": None if device is None else device.fixed_at,
        "distance": None if device is None else device.distance_m,
        "more": [str(Concern.FAR_POSITION)] if device is not None and device.is_far else [],
    }
    session.execute(_SETTLE, values)


_CLAIM = text(
    "SELECT t.id, t.agency_id, t.checkin_id, c.supervisee_id, t.lon, t.lat, t.accuracy_m,"
    " t.located_at FROM checkin_submission t JOIN checkin c ON c.id = t.checkin_id"
    " WHERE t.judged_at IS NULL AND t.lon IS NOT NULL ORDER BY t.id LIMIT :most"
    " FOR UPDATE OF t SKIP LOCKED"
)
_SETTLE = text(
    "UPDATE checkin_submission SET judged_at = :now, device_position_id = :position,"
    " device_fixed_at = :fixed, distance_m = :distance,"
    " concerns = concerns || CAST(:more AS text[]) WHERE id = :id"
)

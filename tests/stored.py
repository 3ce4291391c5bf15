"""What is stored of stays, as the oracle shows them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from supervision.core.clock import to_us
from tests.oracle import StayShown
from tests.oracle_ways import Nearing

STAYS = (
    "SELECT s.*, v.version FROM zone_stay s JOIN zone_version v ON v.id = s.zone_version_id"
    " WHERE s.supervisee_id = :him AND s.withdrawn_at IS NULL"
    " ORDER BY s.zone_id, s.ring, s.entered_at, s.last_seen_at"
)
POSITIONS = (
    "SELECT id, fixed_at, lon, lat, accuracy_m, source FROM position WHERE supervisee_id = :him"
)
ALERTS_OF_STAYS = (
    "SELECT s.id AS stay_id, s.ring, s.grade, s.left_at, s.closing_at, s.withdrawn_at,"
    " a.id AS alert_id, a.handling, a.cleared_at, a.grade AS told,"
    " coalesce(a.evidence -> 'is_withdrawn' = 'true', false) AS is_told_withdrawn"
    " FROM zone_stay s FULL JOIN alert a ON a.supervisee_id = s.supervisee_id"
    " AND a.dedup_key LIKE 'zone_%:1:stay:' || s.id"
    " WHERE coalesce(s.supervisee_id, a.supervisee_id) = :him"
)


def stay_shown(row: Row[Any], span: int = 0) -> StayShown:
    """A row of `zone_stay`."""
    nearing = None
    if row.closing_at is not None:
        nearing = Nearing(to_us(row.closing_at), row.closing_mps, row.eta_s)
    return StayShown(
        to_us(row.entered_at),
        _maybe_us(row.left_at),
        row.grade,
        row.evidence_kind,
        to_us(row.last_seen_at),
        _maybe_us(row.left_before_at),
        _maybe_us(row.entered_after_at),
        span,
        row.fix_count,
        row.deepest_m,
        to_us(row.decided_at),
        row.decided_share,
        nearing,
    )


def _maybe_us(at: datetime | None) -> int | None:
    return None if at is None else to_us(at)

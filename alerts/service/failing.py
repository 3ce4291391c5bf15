"""Reads which means of sending fail now, from an agency's attempts."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.failing import LOOK_BACK, Failing, Tried, failing
from alerts.rules import Means


def read_failing(session: Session, agency_id: int, now: datetime) -> list[Failing]:
    """The means that fail in an agency now (`alerts.failing`), the first to fail first.

    Args:
        session: Open transaction, only read.
        agency_id: Whose messages; to officers, to people, and outside.
        now: Aware UTC.
    """
    rows = session.execute(_TRIED, {"agency": agency_id, "since": now - LOOK_BACK})
    tried = [
        Tried(Means(row.means), row.failures, row.since, row.went_out_at) for row in rows.all()
    ]
    return failing(tried)


_TRIED = text(
    "WITH tried AS (SELECT n.channel AS means, t.outcome, t.ended_at FROM notification_attempt t"
    "  JOIN notification n ON n.id = t.notification_id"
    "  WHERE t.agency_id = :agency AND t.ended_at > :since),"
    " sent AS (SELECT means, max(ended_at) FILTER (WHERE outcome = 'sent') AS went_out_at"
    "  FROM tried GROUP BY means)"
    " SELECT s.means, s.went_out_at, count(t.means) AS failures, min(t.ended_at) AS since"
    " FROM sent s LEFT JOIN tried t ON t.means = s.means AND t.outcome IN ('failed', 'refused')"
    "  AND (s.went_out_at IS NULL OR t.ended_at > s.went_out_at)"
    " GROUP BY s.means, s.went_out_at ORDER BY s.means"
)

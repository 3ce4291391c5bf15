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
        Tried(Means(row.means), row.failures, row.since, row.went_out_at, row.is_one_receivers)
        for row in rows.all()
    ]
    return failing(tried)


# One pass over the attempts: in an outage there are many, and each first screen asks for this.
_FAILED = (
    "outcome IN ('failed', 'refused', 'undelivered')"
    " AND (went_out_at IS NULL OR ended_at > went_out_at)"
)
_TRIED = text(
    "SELECT means, max(went_out_at) AS went_out_at,"
    f" count(*) FILTER (WHERE {_FAILED}) AS failures,"
    f" min(ended_at) FILTER (WHERE {_FAILED}) AS since,"
    f" coalesce(bool_and(outcome <> 'failed') FILTER (WHERE {_FAILED})"
    f"  AND count(DISTINCT receiver) FILTER (WHERE {_FAILED}) = 1, false) AS is_one_receivers"
    " FROM (SELECT n.channel AS means, t.outcome, t.ended_at,"
    "  concat_ws('/', coalesce(n.contact_point_id, 0), n.officer_id, n.supervisee_id) AS receiver,"
    "  max(t.ended_at) FILTER (WHERE t.outcome = 'sent') OVER (PARTITION BY n.channel)"
    "  AS went_out_at"
    "  FROM notification_attempt t JOIN notification n ON n.id = t.notification_id"
    "  WHERE t.agency_id = :agency AND t.ended_at > :since) AS tried"
    " GROUP BY means ORDER BY means"
)

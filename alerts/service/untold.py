"""Reads which of an agency's officers would be told nothing, and why."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.receivers import read_points
from alerts.rules import Means
from alerts.untold import LOOK_BACK, Standing, Untold, why_untold
from supervision.core.access import GRANTS, Permission, Role


def read_untold(
    session: Session, agency_id: int, working: Collection[Means], now: datetime
) -> dict[int, Untold]:
    """The officers to whom messages are in vain (`alerts.untold`), whether or not they are on duty.

    Args:
        session: Open transaction, only read.
        agency_id: Whose.
        working: The means by which this installation can reach anybody.
        now: Aware UTC.
    """
    values = {"agency": agency_id, "since": now - LOOK_BACK}
    officers = session.execute(_OFFICERS, values).all()
    points = read_points(session, {row.id for row in officers})
    told = {
        row.id: why_untold(
            Standing(
                row.is_active,
                Permission.READ_ALERTS in GRANTS[Role(row.role)],
                points[row.id],
                row.failures,
            ),
            working,
        )
        for row in officers
    }
    return {officer_id: why for officer_id, why in told.items() if why is not None}


_OFFICERS = text(
    "WITH tried AS (SELECT n.officer_id, t.outcome, t.ended_at,"
    "  max(t.ended_at) FILTER (WHERE t.outcome = 'sent') OVER (PARTITION BY n.officer_id)"
    "  AS reached_at"
    "  FROM notification_attempt t JOIN notification n ON n.id = t.notification_id"
    "  WHERE t.agency_id = :agency AND t.ended_at > :since AND n.officer_id IS NOT NULL),"
    " failed AS (SELECT officer_id, count(*) AS failures FROM tried"
    "  WHERE outcome <> 'sent' AND (reached_at IS NULL OR ended_at > reached_at)"
    "  GROUP BY officer_id)"
    " SELECT o.id, o.role, o.is_active, coalesce(f.failures, 0) AS failures"
    " FROM officer o LEFT JOIN failed f ON f.officer_id = o.id"
    " WHERE o.agency_id = :agency ORDER BY o.id"
)

"""Reads by which contact points officers, and others outside the agency, are reached now."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.catalogue import Severity
from alerts.models import Alert
from alerts.points import Point
from alerts.rules import Means
from supervision.core.quiet_hours import QuietHours


def read_points(session: Session, officer_ids: set[int]) -> dict[int, list[Point]]:
    """The ways that officers have set up, oldest first; of who has none, an empty list."""
    found = defaultdict[int, list[Point]](list)
    for row in session.execute(_POINTS, {"officers": sorted(officer_ids)}):
        found[row.officer_id].append(_point(row))
    return found


def subscribers(session: Session, alerts: Sequence[Alert]) -> list[tuple[Alert, int]]:
    """Which contact points outside the agency are told of which alerts at once."""
    values = {"agencies": sorted({alert.agency_id for alert in alerts})}
    found = session.execute(_SUBSCRIBED, values).all()
    return [
        (alert, row.id)
        for alert in alerts
        for row in found
        if row.agency_id == alert.agency_id and alert.severity in row.severities
    ]


def _point(row: Any) -> Point:  # noqa: ANN401 -- a row
    quiet = None
    if row.quiet_from is not None:
        quiet = QuietHours(row.quiet_from, row.quiet_until, ZoneInfo(row.time_zone))
    severities = frozenset(map(Severity, row.severities))
    return Point(row.id, Means(row.means), severities, row.after_s, quiet)


_POINTS = text(
    "SELECT p.*, a.time_zone FROM contact_point p JOIN agency a ON a.id = p.agency_id"
    " WHERE p.officer_id = ANY(:officers) AND p.ended_at IS NULL ORDER BY p.id"
)
_SUBSCRIBED = text(
    "SELECT id, agency_id, severities FROM contact_point WHERE agency_id = ANY(:agencies)"
    " AND officer_id IS NULL AND ended_at IS NULL AND severities <> '{}' ORDER BY id"
)

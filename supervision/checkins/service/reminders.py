"""Writes reminders with their check-ins, and finds those whose time has come, each once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from supervision.checkins.models import CheckinPlanVersion, CheckinReminder
from supervision.checkins.reminding import (
    Outcome,
    Overdue,
    ReminderKind,
    has_sense,
    reminders_of,
)
from supervision.checkins.rules import Change, State
from supervision.checkins.service.made import Made
from supervision.core.quiet_hours import QuietHours


class DueReminder(NamedTuple):
    """A reminder whose time has come.

    Attributes:
        closes_at: Of the check-in: afterwards it helps nobody.
        helps: Whether it still does; settle it as pointless if not.
    """

    id: int
    agency_id: int
    checkin_id: int
    supervisee_id: int
    kind: ReminderKind
    closes_at: datetime
    helps: bool


def plan_reminders(session: Session, version: CheckinPlanVersion, made: Sequence[Made]) -> None:
    """Write down when the person is reminded of new check-ins; the caller commits.

    Args:
        session: Open transaction in which the check-ins were made.
        version: What they were made by.
        made: The new ones alone.
    """
    quiet = _quiet(version.quiet_from, version.quiet_until, version.time_zone)
    rows = [
        {
            "agency_id": version.agency_id,
            "checkin_id": one.id,
            "kind": reminder.kind,
            "due_at": reminder.due_at,
        }
        for one in made
        for reminder in reminders_of(
            one.opens_at,
            version.reminders_s,
            quiet,
            is_unannounced=version.per_week is not None,
        )
    ]
    if rows:
        session.execute(insert(CheckinReminder), rows)


def claim_reminders(session: Session, now: datetime, most: int) -> list[DueReminder]:
    """Take on reminders whose time has come; settle each in the same transaction.

    Args:
        session: Open transaction of the engine role.
        now: Aware UTC.
        most: At most so many, the longest due first; those that another transaction holds are
            left to it.
    """
    return [_due(row, now) for row in session.execute(_CLAIM, {"now": now, "most": most})]


def settle_reminders(session: Session, outcomes: Mapping[int, Outcome], now: datetime) -> None:
    """Note what became of claimed reminders; that somebody has no address goes on record."""
    values = {
        "ids": list(outcomes),
        "outcomes": [str(outcome) for outcome in outcomes.values()],
        "not_reached": str(Change.NOT_REACHED),
        "now": now,
    }
    session.execute(_SETTLE, values)


def _quiet(begins: time | None, ends: time | None, zone: str) -> QuietHours | None:
    return None if begins is None or ends is None else QuietHours(begins, ends, ZoneInfo(zone))


def _due(row: Row[tuple[object, ...]], now: datetime) -> DueReminder:
    quiet = _quiet(row.quiet_from, row.quiet_until, row.time_zone)
    overdue = Overdue(State(row.state), row.opens_at, row.closes_at, row.is_newest, quiet)
    return DueReminder(
        row.id,
        row.agency_id,
        row.checkin_id,
        row.supervisee_id,
        ReminderKind(row.kind),
        row.closes_at,
        has_sense(overdue, now),
    )


# A newer one counts whoever holds it or has settled it, so that two schedulers agree.
_CLAIM = text(
    "SELECT r.id, r.agency_id, r.checkin_id, c.supervisee_id, r.kind, c.state, c.opens_at,"
    " c.closes_at, v.quiet_from, v.quiet_until, v.time_zone,"
    " NOT EXISTS (SELECT FROM checkin_reminder n WHERE n.checkin_id = r.checkin_id"
    "  AND n.due_at > r.due_at AND n.due_at <= :now) AS is_newest"
    " FROM checkin_reminder r JOIN checkin c ON c.id = r.checkin_id"
    " JOIN checkin_plan_version v ON v.id = c.checkin_plan_version_id"
    " WHERE r.outcome IS NULL AND r.due_at <= :now"
    " ORDER BY r.due_at, r.id LIMIT :most FOR UPDATE OF r SKIP LOCKED"
)
_SETTLE = text(
    "WITH settled AS (UPDATE checkin_reminder r SET outcome = s.outcome, settled_at = :now"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:outcomes AS text[])) AS s (id, outcome)"
    " WHERE r.id = s.id RETURNING r.agency_id, r.checkin_id, r.kind, r.outcome)"
    " INSERT INTO checkin_event (agency_id, checkin_id, kind, at, detail)"
    " SELECT agency_id, checkin_id, :not_reached, :now, jsonb_build_object('reminder', kind)"
    " FROM settled WHERE outcome = 'unreachable'"
)

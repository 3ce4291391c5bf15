"""Tells the officer responsible of missed check-ins, in the transaction that found them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.rules import dedup_key
from supervision.checkins.rules import is_pattern
from supervision.checkins.service import Missed
from supervision.corridor.reminded import as_evidence, read_reminders
from supervision.register.roster import responsible_officers


def key_of(checkin_id: int) -> str:
    """The key under which a miss is one alert, whatever it is called."""
    return dedup_key(AlertKind.CHECKIN_MISSED, "checkin", checkin_id)


def tell_of_missed(
    session: Session, missed: Sequence[Missed], now: datetime, late_after: timedelta
) -> None:
    """Raise an alert for each miss; one that makes a pattern with others is graver.

    Args:
        session: Open transaction in which they were claimed; the caller commits.
        missed: Each for the first time.
        now: Aware UTC.
        late_after: What was found later than this after it happened is marked late.
    """
    if not missed:
        return
    alerting.hold_ledgers(session, {one.agency_id for one in missed})
    people = sorted({one.supervisee_id for one in missed})
    officers, seen = responsible_officers(session, people), _last_fixes(session, people, now)
    reminders = read_reminders(session, [one.id for one in missed])
    alerts = [
        _alert(
            one,
            officers[one.supervisee_id].officer_id,
            _evidence(one)
            | {"reminders": as_evidence(reminders[one.id])}
            | {"last_fix": seen.get(one.supervisee_id)},
            is_late=now - one.missed_at > late_after,
        )
        for one in missed
    ]
    alerting.raise_alerts(session, alerts, now)


def _alert(
    one: Missed, officer_id: int, evidence: dict[str, Any], *, is_late: bool
) -> alerting.NewAlert:
    kind = AlertKind.CHECKINS_MISSED if is_pattern(one.misses) else AlertKind.CHECKIN_MISSED
    return alerting.NewAlert(
        agency_id=one.agency_id,
        supervisee_id=one.supervisee_id,
        officer_id=officer_id,
        kind=kind,
        grade=None,
        dedup_key=key_of(one.id),
        zone_id=None,
        zone_version_id=None,
        occurred_at=one.missed_at,
        is_late=is_late,
        evidence=evidence,
    )


def _evidence(one: Missed) -> dict[str, Any]:
    return {
        "checkin_id": one.id,
        "method": one.method,
        "local_date": one.local_date.isoformat(),
        "opened_at": one.opens_at.isoformat(),
        "closed_at": one.closes_at.isoformat(),
        "missed_at": one.missed_at.isoformat(),
        "attempts": one.attempts,
        "misses_in_30_days": one.misses,
    }


# By id and time: where somebody was stays among the positions.
_LAST_FIXES = text(
    "SELECT w.person_id, p.id, p.fixed_at FROM unnest(CAST(:people AS bigint[])) AS w (person_id)"
    " CROSS JOIN LATERAL (SELECT q.id, q.fixed_at FROM position q"
    " WHERE q.supervisee_id = w.person_id AND q.fixed_at <= :now"
    " ORDER BY q.fixed_at DESC, q.id DESC LIMIT 1) p"
)


def _last_fixes(
    session: Session, people: Sequence[int], now: datetime
) -> dict[int, dict[str, Any]]:
    return {
        row.person_id: {"position_id": row.id, "fixed_at": row.fixed_at.isoformat()}
        for row in session.execute(_LAST_FIXES, {"people": list(people), "now": now})
    }

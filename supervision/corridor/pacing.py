"""Asks a device for fixes faster while its wearer approaches a zone or a protected person calls.

The device is told an interval and nothing else: it must learn of no zone and of no alarm.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from geofence.store import StoredStay
from ingest.store import NewCommand, is_asked, request_interval
from supervision.register.roster import Guarding, worn_devices

# Four fixes a minute near a zone, one a minute elsewhere: what agencies that vary it do (SCRAM's
# pursuit mode, tiered zones in domestic-violence cases).
NEAR_INTERVAL_S = 15
USUAL_INTERVAL_S = 60
# A tracker that is never told to relax does so by itself.
NEAR_FOR = timedelta(hours=1)
WORTH_SENDING_FOR = timedelta(minutes=15)
# How the reason begins of what is asked because a protected person called.
ALARM = "protected_alarm:"


def quicken(session: Session, approach: StoredStay, now: datetime) -> None:
    """Ask whatever the approaching person wears for a fix each 15 s; the caller commits."""
    _ask(session, _of(approach, "near"), NEAR_INTERVAL_S, now)


def relax(session: Session, approach: StoredStay, now: datetime) -> None:
    """Ask for the usual fix a minute again, unless she has called; the caller commits."""
    if not is_asked(session, approach.pair.supervisee_id, ALARM, now):
        _ask(session, _of(approach, "usual"), USUAL_INTERVAL_S, now)


def quicken_for_alarm(session: Session, guarding: Guarding, event_id: int, now: datetime) -> None:
    """Ask whatever he wears for a fix each 15 s for an hour: she called. The caller commits."""
    reason = f"{ALARM}{event_id}"
    key = f"{reason}:{guarding.supervisee_id}"
    wish = _Wish(guarding.agency_id, guarding.supervisee_id, key, reason)
    _ask(session, wish, NEAR_INTERVAL_S, now)


class _Wish(NamedTuple):
    """Of whose devices something is asked, by which key, and why."""

    agency_id: int
    supervisee_id: int
    key: str
    reason: str


def _of(approach: StoredStay, wish: str) -> _Wish:
    person = approach.pair.supervisee_id
    key = f"approach:{approach.id}:{wish}"
    return _Wish(approach.agency_id, person, key, f"zone_approach:{approach.id}")


def _ask(session: Session, wish: _Wish, interval_s: int, now: datetime) -> None:
    for device_id in worn_devices(session, wish.supervisee_id, now):
        command = NewCommand(
            agency_id=wish.agency_id,
            device_id=device_id,
            supervisee_id=wish.supervisee_id,
            idempotency_key=f"{wish.key}:{device_id}:{now.isoformat()}",
            reason=wish.reason,
            expires_at=now + WORTH_SENDING_FOR,
            interval_s=interval_s,
            ends_at=now + NEAR_FOR if interval_s < USUAL_INTERVAL_S else None,
        )
        request_interval(session, command, now)

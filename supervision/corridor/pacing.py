"""Asks a device for fixes faster while its wearer approaches a zone, and relaxes it afterwards.

The device is told an interval and nothing else: it must learn of no zone.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geofence.store import StoredStay
from ingest.store import NewCommand, request_interval
from supervision.register.roster import worn_devices

# Four fixes a minute near a zone, one a minute elsewhere: what agencies that vary it do (SCRAM's
# pursuit mode, tiered zones in domestic-violence cases).
NEAR_INTERVAL_S = 15
USUAL_INTERVAL_S = 60
# A tracker that is never told to relax does so by itself.
NEAR_FOR = timedelta(hours=1)
WORTH_SENDING_FOR = timedelta(minutes=15)


def quicken(session: Session, approach: StoredStay, now: datetime) -> None:
    """Ask whatever the approaching person wears for a fix each 15 s; the caller commits."""
    _ask(session, approach, "near", NEAR_INTERVAL_S, now)


def relax(session: Session, approach: StoredStay, now: datetime) -> None:
    """Ask for the usual fix a minute again; the caller commits."""
    _ask(session, approach, "usual", USUAL_INTERVAL_S, now)


def _ask(session: Session, approach: StoredStay, wish: str, interval_s: int, now: datetime) -> None:
    person = approach.pair.supervisee_id
    for device_id in worn_devices(session, person, now):
        command = NewCommand(
            agency_id=approach.agency_id,
            device_id=device_id,
            supervisee_id=person,
            idempotency_key=f"approach:{approach.id}:{wish}:{device_id}:{now.isoformat()}",
            reason=f"zone_approach:{approach.id}",
            expires_at=now + WORTH_SENDING_FOR,
            interval_s=interval_s,
            ends_at=now + NEAR_FOR if interval_s < USUAL_INTERVAL_S else None,
        )
        request_interval(session, command, now)

"""Turns what devices report into alerts for the officer responsible, in the same transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts import service as alerting
from alerts.catalogue import RAISED_BY, AlertKind
from alerts.rules import dedup_key
from ingest.models import DeviceEventRow
from ingest.store import OwnedEvent
from supervision.core.clock import from_us
from supervision.core.fixes import EventKind
from supervision.register.roster import Responsible, responsible_officers


def tell_of_events(
    session: Session, events: Sequence[OwnedEvent], now: datetime, late_after: timedelta
) -> None:
    """Raise an alert for each device event that calls for one; a restored strap clears its cut.

    Which of the two arrives first changes nothing. The caller commits.
    """
    if not events:
        return
    alerting.hold_ledgers(session, {one.agency_id for one in events})
    people = sorted({one.supervisee_id for one in events})
    officers = responsible_officers(session, people)
    for one in events:
        kind = RAISED_BY.get(one.event.kind)
        if kind is not None:
            officer = officers[one.supervisee_id]
            alerting.raise_alert(session, _event_alert(one, kind, officer, now, late_after), now)
        restored_at = _restored_at(session, one)
        if restored_at is not None:
            alerting.clear_tamper(
                session, one.agency_id, one.supervisee_id, one.device_id, restored_at, now
            )


def _restored_at(session: Session, one: OwnedEvent) -> datetime | None:
    """When the strap was closed again: told by this event, or before the cut that it follows."""
    occurred_at = from_us(one.event.occurred_at_us)
    if one.event.kind is EventKind.STRAP_RESTORED:
        return occurred_at
    if one.event.kind is not EventKind.STRAP_CUT:
        return None
    return session.scalars(
        select(func.min(DeviceEventRow.occurred_at)).where(
            DeviceEventRow.supervisee_id == one.supervisee_id,
            DeviceEventRow.device_id == one.device_id,
            DeviceEventRow.kind == EventKind.STRAP_RESTORED,
            DeviceEventRow.occurred_at >= occurred_at,
        )
    ).one()


def _event_alert(
    one: OwnedEvent, kind: AlertKind, officer: Responsible, now: datetime, late_after: timedelta
) -> alerting.NewAlert:
    occurred_at = from_us(one.event.occurred_at_us)
    return alerting.NewAlert(
        agency_id=one.agency_id,
        supervisee_id=one.supervisee_id,
        officer_id=officer.officer_id,
        kind=kind,
        grade=None,
        dedup_key=dedup_key(kind, "device", one.device_id, one.event.occurred_at_us),
        zone_id=None,
        zone_version_id=None,
        occurred_at=occurred_at,
        is_late=now - occurred_at > late_after,
        evidence={"device_id": one.device_id, "event": str(one.event.kind)},
    )

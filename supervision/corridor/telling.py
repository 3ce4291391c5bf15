"""Turns what the rooms find into alerts for the officer responsible, in the same transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts import service as alerting
from alerts.rules import RAISED_BY, AlertKind, dedup_key
from geofence.service import StayChange, StayFinding
from geofence.store import StoredStay
from ingest.models import DeviceEventRow
from ingest.store import OwnedEvent
from supervision.core.clock import from_us
from supervision.core.fixes import EventKind
from supervision.register.roster import Responsible, responsible_officers


def tell_of_stays(
    session: Session, findings: Sequence[StayFinding], now: datetime, late_after: timedelta
) -> None:
    """Raise, confirm, clear or complete the alert of each stay that changed.

    One stay is one alert, however often it changes. The caller commits.
    """
    if not findings:
        return
    alerting.hold_ledgers(session, {finding.stored.agency_id for finding in findings})
    people = sorted({finding.stored.pair.supervisee_id for finding in findings})
    officers = responsible_officers(session, people)
    for finding in findings:
        stored = finding.stored
        officer = officers[stored.pair.supervisee_id]
        if finding.change is StayChange.FOUND:
            alerting.raise_alert(session, _stay_alert(stored, officer, now, late_after), now)
        else:
            _tell_change(session, finding.change, stored, now)


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


def stay_key(stored: StoredStay) -> str:
    """The dedup key of a stay's alert."""
    return dedup_key(AlertKind.ZONE_ENTRY, "stay", stored.id)


def _tell_change(session: Session, change: StayChange, stored: StoredStay, now: datetime) -> None:
    agency_id, key, evidence = stored.agency_id, stay_key(stored), _evidence(stored)
    match change:
        case StayChange.CONFIRMED:
            alerting.confirm(session, agency_id, key, evidence, now)
        case StayChange.ENDED:
            left_at = from_us(stored.stay.left_us or stored.stay.last_seen_us)
            alerting.clear(session, agency_id, key, left_at, now)
        case StayChange.RESUMED:
            alerting.reactivate(session, agency_id, key, now)
        case StayChange.WITHDRAWN:
            alerting.add_evidence(session, agency_id, key, evidence | {"is_withdrawn": True}, now)
            alerting.clear(session, agency_id, key, from_us(stored.stay.entered_us), now)
        case _:
            alerting.add_evidence(session, agency_id, key, evidence, now)
            if stored.stay.left_us is not None:
                alerting.clear(session, agency_id, key, from_us(stored.stay.left_us), now)


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


def _stay_alert(
    stored: StoredStay, officer: Responsible, now: datetime, late_after: timedelta
) -> alerting.NewAlert:
    occurred_at = from_us(stored.stay.entered_us)
    return alerting.NewAlert(
        agency_id=stored.agency_id,
        supervisee_id=stored.pair.supervisee_id,
        officer_id=officer.officer_id,
        kind=AlertKind.ZONE_ENTRY,
        grade=str(stored.stay.grade),
        dedup_key=stay_key(stored),
        zone_id=stored.pair.zone_id,
        zone_version_id=stored.stay.version_id,
        occurred_at=occurred_at,
        is_late=stored.stay.is_late or now - occurred_at > late_after,
        evidence=_evidence(stored),
    )


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


def _evidence(stored: StoredStay) -> dict[str, Any]:
    """What decided, in ids, times and metres: no coordinates leave the positions themselves."""
    stay = stored.stay
    return {
        "stay_id": stored.id,
        "grade": str(stay.grade),
        "entered_at": from_us(stay.entered_us).isoformat(),
        "left_at": None if stay.left_us is None else from_us(stay.left_us).isoformat(),
        "deepest_m": round(stay.deepest_m, 1),
        "accuracy_m": round(stay.deepest_accuracy_m, 1),
        "zone_version_id": stay.version_id,
        "entry_position_id": stay.entry_position_id,
        "deepest_position_id": stay.deepest_position_id,
        "fix_count": stay.fix_count,
    }

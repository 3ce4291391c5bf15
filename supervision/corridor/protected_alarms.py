"""Turns what a protected person's device reports into alerts, in the same transaction.

A press of its button is told of every supervisee whom an order keeps away from her: an alert for
each, to his officer. A press while the alert before it is still unseen is put beside that one,
which climbs anyway; once somebody has acknowledged it, the next press is an alert of its own.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from alerts import service as alerting
from alerts.catalogue import RAISED_FOR_PROTECTED_BY, AlertKind
from alerts.rules import dedup_key
from ingest.store import KeptEvent, ProtectedEvent
from supervision.core.clock import from_us
from supervision.corridor.pacing import quicken_for_alarm
from supervision.register.roster import Guarding, orders_guarding


def people_concerned(session: Session, events: Sequence[ProtectedEvent]) -> set[int]:
    """The supervisees whom alerts about these events may be about: to be locked before."""
    hers = {one.protected_person_id for one in events}
    if not hers:
        return set()
    instants = {from_us(one.event.occurred_at_us) for one in events}
    return {one.supervisee_id for at in instants for one in orders_guarding(session, hers, at)}


def tell_of_alarms(
    session: Session, kept: Sequence[KeptEvent], now: datetime, late_after: timedelta
) -> None:
    """Raise an alert, or complete one, for each event that calls for it. The caller commits."""
    for one in sorted(kept, key=lambda one: one.protected.event.occurred_at_us):
        kind = RAISED_FOR_PROTECTED_BY.get(one.protected.event.kind)
        if kind is None:
            continue
        occurred_at = from_us(one.protected.event.occurred_at_us)
        hers = [one.protected.protected_person_id]
        for guarding in orders_guarding(session, hers, occurred_at):
            is_late = now - occurred_at > late_after
            _tell(session, _alert(one, kind, guarding, is_late=is_late), one.id, now)
            if kind is AlertKind.PROTECTED_BUTTON and not is_late:
                quicken_for_alarm(session, guarding, one.id, now)


def _tell(session: Session, new: alerting.NewAlert, event_id: int, now: datetime) -> None:
    device_id = new.evidence["device_id"]
    source = (new.agency_id, new.supervisee_id, device_id, new.kind)
    unseen = alerting.find_unseen(session, *source)
    if unseen is None:
        alerting.raise_alert(session, new, now)
        return
    event_ids = [*unseen.evidence["event_ids"], event_id]
    alerting.add_evidence(session, new.agency_id, unseen.dedup_key, {"event_ids": event_ids}, now)


def _alert(
    one: KeptEvent, kind: AlertKind, guarding: Guarding, *, is_late: bool
) -> alerting.NewAlert:
    told = one.protected
    instant_us = told.event.occurred_at_us
    evidence: dict[str, Any] = {
        "device_id": told.device_id,
        "event": str(told.event.kind),
        "event_ids": [one.id],
        "protected_person_id": told.protected_person_id,
        "order_id": guarding.order_id,
        "is_order_in_force": guarding.is_in_force,
    }
    return alerting.NewAlert(
        agency_id=told.agency_id,
        supervisee_id=guarding.supervisee_id,
        officer_id=guarding.officer_id,
        kind=kind,
        grade=None,
        dedup_key=dedup_key(kind, "device", told.device_id, instant_us, guarding.supervisee_id),
        zone_id=None,
        zone_version_id=None,
        occurred_at=from_us(instant_us),
        is_late=is_late,
        evidence=evidence,
    )

"""Turns what a protected person's device reports into alerts, in the same transaction.

A press of its button is told of every supervisee whom an order keeps away from her: an alert for
each, to his officer. A press while the alert before it has never been seen is put beside that one,
which climbs anyway; once somebody has seen it, the next press is an alert of its own.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
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

# Of a button that is stuck the first and the newest presses are named, and all are counted.
MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class _Reported:
    """What one device reported of one kind in a batch, oldest first."""

    kind: AlertKind
    events: Sequence[KeptEvent]

    @property
    def first(self) -> ProtectedEvent:
        return self.events[0].protected

    @property
    def occurred_at(self) -> datetime:
        return from_us(self.first.event.occurred_at_us)

    @property
    def source(self) -> dict[str, int]:
        """What the evidence of every alert of it says: whose device."""
        her = self.first.protected_person_id
        return {"device_id": self.first.device_id, "protected_person_id": her}


def people_concerned(session: Session, events: Sequence[ProtectedEvent]) -> set[int]:
    """The supervisees whom alerts about these events may be about: to be locked before."""
    by_person = defaultdict[int, list[ProtectedEvent]](list)
    for one in events:
        by_person[one.protected_person_id].append(one)
    return {
        guarding.supervisee_id
        for told in by_person.values()
        for guarding in _guardings(session, told)
    }


def tell_of_alarms(
    session: Session, kept: Sequence[KeptEvent], now: datetime, late_after: timedelta
) -> None:
    """Raise an alert, or complete one, for each event that calls for it. The caller commits."""
    reports = _reported(kept)
    # Before anybody's officer is read: whoever hands people over waits for it too.
    alerting.hold_ledgers(session, {one.first.agency_id for one in reports})
    for reported in reports:
        newest = from_us(reported.events[-1].protected.event.occurred_at_us)
        is_late = now - newest > late_after
        for guarding in _guardings(session, [one.protected for one in reported.events]):
            _tell(session, reported, guarding, now, is_late=is_late)
            if reported.kind is AlertKind.PROTECTED_BUTTON and not is_late:
                quicken_for_alarm(session, guarding, reported.events[-1].id, now)


def _reported(kept: Sequence[KeptEvent]) -> list[_Reported]:
    groups = defaultdict[tuple[int, int, AlertKind], list[KeptEvent]](list)
    for one in sorted(kept, key=lambda one: one.protected.event.occurred_at_us):
        kind = RAISED_FOR_PROTECTED_BY.get(one.protected.event.kind)
        if kind is not None:
            told = one.protected
            groups[told.device_id, told.protected_person_id, kind].append(one)
    return [_Reported(kind, events) for (_, _, kind), events in groups.items()]


def _guardings(session: Session, told: Sequence[ProtectedEvent]) -> Collection[Guarding]:
    """By the orders of then and of when it reached us: a device's clock may be wrong."""
    hers = {told[0].protected_person_id}
    instants_us = [one.event.occurred_at_us for one in told]
    instants_us += [one.event.received_at_us for one in told]
    found: dict[int, Guarding] = {}
    for instant_us in {min(instants_us), max(instants_us)}:
        for one in orders_guarding(session, hers, from_us(instant_us)):
            known = found.get(one.supervisee_id)
            if known is None or not known.is_in_force:
                found[one.supervisee_id] = one
    in_force = [one for one in found.values() if one.is_in_force]
    return in_force or list(found.values())


def _tell(
    session: Session, reported: _Reported, guarding: Guarding, now: datetime, *, is_late: bool
) -> None:
    agency_id, ids = guarding.agency_id, [one.id for one in reported.events]
    source = (agency_id, guarding.supervisee_id, reported.kind, reported.source)
    unseen = alerting.find_unseen(session, *source)
    if unseen is not None:
        added = _counted(unseen.evidence["event_ids"] + ids, unseen.evidence["times"] + len(ids))
        alerting.add_evidence(session, agency_id, unseen.dedup_key, added, now)
        return
    evidence = {
        **reported.source,
        **_counted(ids, len(ids)),
        "event": str(reported.first.event.kind),
        "order_id": guarding.order_id,
        "is_order_in_force": guarding.is_in_force,
    }
    alerting.raise_alert(session, _alert(reported, guarding, evidence, is_late=is_late), now)


def _counted(event_ids: list[int], times: int) -> dict[str, Any]:
    """Which events an alert rests on, and how many these are."""
    named = event_ids
    if len(named) > MOST_NAMED:
        named = [event_ids[0], *event_ids[1 - MOST_NAMED :]]
    return {"event_ids": named, "times": times}


def _alert(
    reported: _Reported, guarding: Guarding, evidence: dict[str, Any], *, is_late: bool
) -> alerting.NewAlert:
    told, supervisee_id = reported.first, guarding.supervisee_id
    whose = (told.device_id, told.event.occurred_at_us, told.protected_person_id, supervisee_id)
    return alerting.NewAlert(
        agency_id=guarding.agency_id,
        supervisee_id=supervisee_id,
        officer_id=guarding.officer_id,
        kind=reported.kind,
        grade=None,
        dedup_key=dedup_key(reported.kind, "device", *whose),
        zone_id=None,
        zone_version_id=None,
        occurred_at=reported.occurred_at,
        is_late=is_late,
        evidence=evidence,
    )

"""Turns what the geofence finds into alerts for the officer responsible, in the same transaction.

A stay in a zone is one alert, however often it changes. So is an approach: a stay in a zone's
warning ring in which the person was seen coming nearer; to be in the ring alone is nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.rules import dedup_key
from geofence.service import StayChange, StayFinding, zone_kinds
from geofence.store import Ring, StoredStay
from supervision.core.clock import from_us
from supervision.corridor.pacing import quicken, relax
from supervision.register.roster import Responsible, responsible_officers


@dataclass(frozen=True, slots=True)
class _Telling:
    """What is needed to tell of a batch of findings."""

    session: Session
    officers: Mapping[int, Responsible]
    kinds: Mapping[int, str]
    now: datetime
    late_after: timedelta


def tell_of_stays(
    session: Session, findings: Sequence[StayFinding], now: datetime, late_after: timedelta
) -> None:
    """Raise, confirm, clear or complete the alert of each stay that changed.

    The caller commits.
    """
    if not findings:
        return
    alerting.hold_ledgers(session, {finding.stored.agency_id for finding in findings})
    people = sorted({finding.stored.pair.supervisee_id for finding in findings})
    zones = sorted({finding.stored.pair.zone_id for finding in findings})
    telling = _Telling(
        session,
        responsible_officers(session, people),
        zone_kinds(session, zones),
        now,
        late_after,
    )
    for finding in findings:
        _tell(telling, finding.change, finding.stored)


def _tell(telling: _Telling, change: StayChange, stored: StoredStay) -> None:
    if stored.ring is Ring.WARNING:
        _tell_of_approach(telling, change, stored)
    elif change is StayChange.FOUND:
        alerting.raise_alert(telling.session, _stay_alert(telling, stored), telling.now)
    else:
        _tell_change(telling, change, stored)


def _tell_of_approach(telling: _Telling, change: StayChange, stored: StoredStay) -> None:
    """Tell of a stay in a ring once it is an approach, and hurry the device while it lasts."""
    session, now = telling.session, telling.now
    if change is StayChange.NOT_CLOSING:
        _tell_change(telling, StayChange.WITHDRAWN, stored)
        relax(session, stored, now)
    elif stored.stay.closing is None:
        return
    elif change is StayChange.CLOSING:
        _raise_approach(telling, stored)
    elif change is not StayChange.FOUND:
        _tell_change(telling, change, stored)
        if change in (StayChange.ENDED, StayChange.WITHDRAWN):
            relax(session, stored, now)


def _raise_approach(telling: _Telling, stored: StoredStay) -> None:
    """Raise the alert, or bring it back if it was thought to be none; it may be over already."""
    alert = _stay_alert(telling, stored)
    _, is_new = alerting.raise_alert(telling.session, alert, telling.now)
    if not is_new:
        back = alert.evidence | {"is_withdrawn": False}
        alerting.add_evidence(telling.session, stored.agency_id, alert.dedup_key, back, telling.now)
    if stored.stay.left_us is not None:
        _tell_change(telling, StayChange.ENDED, stored)
        return
    if not is_new:
        _tell_change(telling, StayChange.RESUMED, stored)
    if not alert.is_late:
        quicken(telling.session, stored, telling.now)


def _tell_change(telling: _Telling, change: StayChange, stored: StoredStay) -> None:
    session, now, agency_id = telling.session, telling.now, stored.agency_id
    key, evidence = dedup_key(_kind(telling, stored), "stay", stored.id), _evidence(stored)
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


def _kind(telling: _Telling, stored: StoredStay) -> AlertKind:
    if stored.ring is Ring.WARNING:
        return AlertKind.ZONE_APPROACH
    is_inclusion = telling.kinds[stored.pair.zone_id] == "inclusion"
    return AlertKind.ZONE_ABSENCE if is_inclusion else AlertKind.ZONE_ENTRY


def _stay_alert(telling: _Telling, stored: StoredStay) -> alerting.NewAlert:
    closing = stored.stay.closing
    occurred_at = from_us(stored.stay.entered_us if closing is None else closing.at_us)
    kind = _kind(telling, stored)
    return alerting.NewAlert(
        agency_id=stored.agency_id,
        supervisee_id=stored.pair.supervisee_id,
        officer_id=telling.officers[stored.pair.supervisee_id].officer_id,
        kind=kind,
        grade=str(stored.stay.grade),
        dedup_key=dedup_key(kind, "stay", stored.id),
        zone_id=stored.pair.zone_id,
        zone_version_id=stored.stay.version_id,
        occurred_at=occurred_at,
        is_late=stored.stay.is_late or telling.now - occurred_at > telling.late_after,
        evidence=_evidence(stored),
    )


def _evidence(stored: StoredStay) -> dict[str, Any]:
    """What decided, in ids, times and metres: no coordinates leave the positions themselves."""
    stay, decided = stored.stay, stored.stay.decided
    evidence = {
        "stay_id": stored.id,
        "grade": str(stay.grade),
        "by": str(stay.kind),
        "entered_after": _text(stay.entered_after_us),
        "entered_at": _text(stay.entered_us),
        "left_at": _text(stay.left_us),
        "left_before": _text(stay.left_before_us),
        "decided_at": _text(decided.at_us),
        "probability": round(decided.share, 4),
        "distance_m": round(decided.distance_m, 1),
        "accuracy_m": round(decided.accuracy_m, 1),
        "deepest_m": round(stay.deepest_m, 1),
        "deepest_accuracy_m": round(stay.deepest_accuracy_m, 1),
        "zone_version_id": stay.version_id,
        "entry_position_id": stay.entry_position_id,
        "decided_position_id": decided.position_id,
        "deepest_position_id": stay.deepest_position_id,
        "fix_count": stay.fix_count,
    }
    if stay.closing is not None:
        evidence["closing_mps"] = round(stay.closing.speed_mps, 1)
        evidence["eta_s"] = round(stay.closing.eta_s)
    return evidence


def _text(instant_us: int | None) -> str | None:
    return None if instant_us is None else from_us(instant_us).isoformat()

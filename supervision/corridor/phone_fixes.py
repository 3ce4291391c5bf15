"""Has the places that phones gave at check-ins judged, and tells of what was found, in one go.

The phone's position is compared with the tracker's and with the person's zones, and enters neither
the tracker's track nor any stay (ADR-0014).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.rules import dedup_key
from geofence.service import (
    Compared,
    PhoneFinding,
    PhoneFix,
    Positions,
    compare_with_device,
    judge_phone_fix,
)
from supervision.checkins import service as checkins
from supervision.checkins.service import DeviceThen, Unjudged
from supervision.core.clock import from_us, to_us
from supervision.core.locks import lock_people
from supervision.register.roster import Responsible, responsible_officers


def judge_phone_fixes(
    session: Session, positions: Positions, most: int, now: datetime, late_after: timedelta
) -> int:
    """Judge some of the positions that wait for it; the caller commits.

    Args:
        session: Open transaction of the engine role.
        positions: Reads the trackers' stored fixes.
        most: At most so many.
        now: Aware UTC.
        late_after: What was found later than this after it happened is marked late.

    Returns:
        How many; none is left when it is 0.
    """
    claimed = checkins.claim_unjudged(session, most)
    people = sorted({one.supervisee_id for one in claimed})
    lock_people(session, people)
    officers = responsible_officers(session, people)
    alerts: list[alerting.NewAlert] = []
    for one in claimed:
        telling = _Telling(one, officers, is_late=now - one.located_at > late_after)
        fix = _fix(one)
        compared = compare_with_device(session, fix, positions)
        checkins.settle_judged(session, one.id, _device(compared), now)
        if compared is not None and compared.is_far:
            alerts.append(telling.of_distance(compared))
        alerts += [telling.of_zone(found) for found in judge_phone_fix(session, fix, to_us(now))]
    if alerts:
        alerting.raise_alerts(session, alerts, now)
    return len(claimed)


def _fix(one: Unjudged) -> PhoneFix:
    return PhoneFix(one.supervisee_id, to_us(one.located_at), one.lon, one.lat, one.accuracy_m)


def _device(compared: Compared | None) -> DeviceThen | None:
    if compared is None:
        return None
    fixed_at = from_us(compared.fixed_at_us)
    return DeviceThen(compared.position_id, fixed_at, compared.distance_m, compared.is_far)


class _Telling:
    """Makes alerts of what one phone's position shows; evidence in ids, metres and seconds."""

    def __init__(
        self, one: Unjudged, officers: Mapping[int, Responsible], *, is_late: bool
    ) -> None:
        self._one = one
        self._officer_id = officers[one.supervisee_id].officer_id
        self._is_late = is_late

    def of_distance(self, compared: Compared) -> alerting.NewAlert:
        """The phone was where the tracker cannot have been."""
        evidence = {
            "device_position_id": compared.position_id,
            "device_fixed_at": from_us(compared.fixed_at_us).isoformat(),
            "seconds_apart": round(compared.apart_s, 1),
            "distance_m": round(compared.distance_m),
            "explained_m": round(compared.explained_m),
        }
        key = dedup_key(AlertKind.CHECKIN_FAR, "checkin", self._one.checkin_id)
        return self._alert(AlertKind.CHECKIN_FAR, key, evidence)

    def of_zone(self, found: PhoneFinding) -> alerting.NewAlert:
        """The phone was in a zone, or away from a place to be in: possible, and no stay."""
        kind = AlertKind.ZONE_ABSENCE if found.is_inclusion else AlertKind.ZONE_ENTRY
        evidence = {
            "grade": "possible",
            "zone_version_id": found.version_id,
            "probability": round(found.share, 4),
            "distance_m": round(found.distance_m, 1),
            "accuracy_m": round(found.accuracy_m, 1),
        }
        zone_id = found.pair.zone_id
        key = dedup_key(kind, "checkin", self._one.checkin_id, "zone", zone_id)
        return self._alert(kind, key, evidence, zone=(zone_id, found.version_id))

    def _alert(
        self,
        kind: AlertKind,
        key: str,
        evidence: dict[str, Any],
        zone: tuple[int, int] | None = None,
    ) -> alerting.NewAlert:
        one = self._one
        zone_id, version_id = zone or (None, None)
        said = {"source": "phone", "checkin_id": one.checkin_id, "submission_id": one.id}
        return alerting.NewAlert(
            agency_id=one.agency_id,
            supervisee_id=one.supervisee_id,
            officer_id=self._officer_id,
            kind=kind,
            grade=None if zone is None else "possible",
            dedup_key=key,
            zone_id=zone_id,
            zone_version_id=version_id,
            occurred_at=one.located_at,
            is_late=self._is_late,
            evidence=said | {"located_at": one.located_at.isoformat()} | evidence,
        )

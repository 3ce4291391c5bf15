"""Reads what an alert about a protected person's device rests on: when, and where, she pressed.

It is the one place of hers that is kept: whoever is shown it, that is on record.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.core.audit import Tag


@dataclass(frozen=True, slots=True)
class Press:
    """One report of her device, by her device's time and by ours.

    Attributes:
        lon: Degrees east where she was, as far as her device said; so `lat`.
        accuracy_m: Radius of 68 %, if stated.
        his_fixed_at: When his tracker's fix nearest in time was true, if one is near enough.
        his_accuracy_m: How exact that fix is, if stated.
        apart_m: How far it lies from where she was.
    """

    at: datetime
    received_at: datetime
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    his_fixed_at: datetime | None
    his_accuracy_m: float | None
    apart_m: float | None


@dataclass(frozen=True, slots=True)
class ProtectedAlarm:
    """An alert's grounds: who carries the device, whether her order holds, and what it reported.

    Attributes:
        times: How often it was told; of very many the first and the newest are named.
    """

    protected_person_id: int
    is_order_in_force: bool
    times: int
    presses: list[Press]

    def shows(self, supervisee_id: int) -> list[tuple[Tag, str]]:
        """What somebody who is shown all of it has seen, as the audit trail names it."""
        seen = [(Tag.PROTECTED_PERSON_VIEWED, f"protected_person:{self.protected_person_id}")]
        if any(press.apart_m is not None for press in self.presses):
            seen.append((Tag.POSITIONS_VIEWED, f"supervisee:{supervisee_id}"))
        return seen


# What his tracker said half an hour away from a press tells little; it is shown with its time.
_PRESSES = text(
    "SELECT e.occurred_at AS at, e.received_at, e.lon, e.lat, e.accuracy_m,"
    " h.fixed_at AS his_fixed_at, nullif(h.accuracy_m, 'NaN') AS his_accuracy_m, h.apart_m"
    " FROM alert a JOIN protected_event e ON e.id IN (SELECT CAST(told AS bigint)"
    "  FROM jsonb_array_elements_text(a.evidence -> 'event_ids') AS told)"
    " LEFT JOIN LATERAL (SELECT p.fixed_at, p.accuracy_m, ST_Distance(CAST(p.geom AS geography),"
    "  CAST(ST_SetSRID(ST_MakePoint(e.lon, e.lat), 4326) AS geography)) AS apart_m"
    "  FROM position p WHERE p.supervisee_id = a.supervisee_id AND p.fixed_at BETWEEN"
    "  e.occurred_at - interval '30 minutes' AND e.occurred_at + interval '30 minutes'"
    "  ORDER BY abs(extract(epoch FROM p.fixed_at - e.occurred_at)), p.id LIMIT 1) h"
    " ON e.lon IS NOT NULL WHERE a.id = :alert ORDER BY e.occurred_at, e.id"
)
_ALARM = text(
    "SELECT CAST(evidence ->> 'protected_person_id' AS bigint) AS protected_person_id,"
    " CAST(evidence ->> 'is_order_in_force' AS boolean) AS is_order_in_force,"
    " CAST(evidence ->> 'times' AS integer) AS times"
    " FROM alert WHERE id = :alert AND evidence ? 'protected_person_id'"
)


def find_alarm(session: Session, alert_id: int) -> ProtectedAlarm | None:
    """What her device reported for this alert; None where no device of hers raised it.

    Args:
        session: Open transaction bound to the agency, only read.
        alert_id: An alert that the actor may see.
    """
    row = session.execute(_ALARM, {"alert": alert_id}).one_or_none()
    if row is None:
        return None
    presses = session.execute(_PRESSES, {"alert": alert_id}).mappings()
    told = [Press(**press) for press in presses]
    return ProtectedAlarm(row.protected_person_id, row.is_order_in_force, row.times, told)

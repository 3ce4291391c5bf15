"""Reads what one alert rests on: the stay, the zone's drawing, the order behind it, its history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.register.clauses import MEANINGS, ConditionCode
from supervision.web.console.history_words import said


@dataclass(frozen=True, slots=True)
class Grounds:
    """The order, its clause and the zone's drawing that an alert rests on."""

    court: str
    court_case_number: str
    begins_at: datetime
    ends_at: datetime | None
    clause_code: ConditionCode
    shape: str
    version: int
    armed_at: datetime
    drawn_by: str | None

    @property
    def clause_meaning(self) -> str:
        """What kind of clause it is, in words."""
        return MEANINGS[self.clause_code]


@dataclass(frozen=True, slots=True)
class StayFacts:
    """The time in the zone, as the fixes known by now show it; see `geofence.models.ZoneStay`."""

    ring: str
    evidence_kind: str
    entered_after_at: datetime | None
    entered_at: datetime
    last_seen_at: datetime
    left_at: datetime | None
    left_before_at: datetime | None
    decided_at: datetime
    decided_share: float
    decided_distance_m: float
    decided_accuracy_m: float
    closing_at: datetime | None
    closing_mps: float | None
    eta_s: float | None
    deepest_m: float
    deepest_accuracy_m: float
    entry_position_id: int
    deepest_position_id: int
    fix_count: int
    entry_received_at: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened to the alert; `actor` is None where the software did it."""

    kind: str
    at: datetime
    actor: str | None
    detail: dict[str, Any]

    @property
    def said(self) -> str:
        """What there is to say beside who did it."""
        return said(self.kind, self.detail)


_GROUNDS = text(
    "SELECT o.court, o.court_case_number, o.begins_at, o.ends_at, c.condition_code AS clause_code,"
    " v.shape, v.version, v.armed_at, d.display_name AS drawn_by FROM zone_version v"
    " JOIN zone z ON z.id = v.zone_id JOIN order_clause c ON c.id = coalesce(z.order_clause_id,"
    " (SELECT m.order_clause_id FROM zone_set_member m WHERE m.zone_set_id = z.zone_set_id"
    "  AND m.supervisee_id = :person ORDER BY m.begins_at DESC LIMIT 1))"
    " JOIN court_order o ON o.id = c.court_order_id"
    " LEFT JOIN officer d ON d.id = v.drawn_by_id WHERE v.id = :version"
)
_STAY = text(
    "SELECT t.ring, t.evidence_kind, t.entered_after_at, t.entered_at, t.last_seen_at, t.left_at,"
    " t.left_before_at, t.decided_at, t.decided_share, t.decided_distance_m,"
    " t.decided_accuracy_m, t.closing_at, t.closing_mps, t.eta_s, t.deepest_m,"
    " t.deepest_accuracy_m,"
    " t.entry_position_id, t.deepest_position_id, t.fix_count,"
    " (SELECT p.received_at FROM position p WHERE p.supervisee_id = t.supervisee_id"
    "  AND p.fixed_at BETWEEN t.entered_at - interval '1 day' AND t.entered_at"
    "  AND p.id = t.entry_position_id) AS entry_received_at"
    " FROM alert a JOIN zone_stay t ON t.id = (a.evidence ->> 'stay_id')::bigint"
    " WHERE a.id = :alert"
)
_HISTORY = text(
    "SELECT e.kind, e.at, o.display_name AS actor, e.detail FROM alert_event e"
    " LEFT JOIN officer o ON o.id = e.actor_id WHERE e.alert_id = :alert ORDER BY e.seq"
)


def find_grounds(
    session: Session, zone_version_id: int | None, supervisee_id: int
) -> Grounds | None:
    """The order and clause behind a zone's drawing; None where the alert is about no zone.

    Of a shared zone it is the order by whose clause its set applies to the person.
    """
    if zone_version_id is None:
        return None
    values = {"version": zone_version_id, "person": supervisee_id}
    row = session.execute(_GROUNDS, values).mappings().one()
    return Grounds(**dict(row) | {"clause_code": ConditionCode(row["clause_code"])})


def find_stay(session: Session, alert_id: int) -> StayFacts | None:
    """The stay that an alert tells of, if it tells of one."""
    row = session.execute(_STAY, {"alert": alert_id}).mappings().one_or_none()
    return None if row is None else StayFacts(**row)


def read_history(session: Session, alert_id: int) -> list[HistoryLine]:
    """All that happened to an alert, in order."""
    rows = session.execute(_HISTORY, {"alert": alert_id}).mappings()
    return [HistoryLine(**row) for row in rows]

"""Reads what is known of a person beside alerts: the tracker worn, its last fix, the zones."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Tracker:
    """The device worn now, and when it was last heard with a position.

    Attributes:
        uid: Its name on the broker; None where none is worn.
        last_fixed_at: By the device's own time; None where it never had a fix.
        last_accuracy_m: Of that fix, if it stated one.
        battery_pct: At that fix, if it stated one.
    """

    uid: str | None
    model: str | None
    assigned_at: datetime | None
    last_fixed_at: datetime | None
    last_received_at: datetime | None
    last_accuracy_m: float | None
    battery_pct: float | None


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """An exclusion zone as listed: its present version and its order, without its shape's place."""

    id: int
    name: str
    shape: str
    version: int
    armed_at: datetime
    ends_at: datetime | None
    court: str
    court_case_number: str
    is_in_force: bool


_TRACKER = text(
    "SELECT d.uid, d.model, a.assigned_at, p.fixed_at AS last_fixed_at,"
    " p.received_at AS last_received_at, p.accuracy_m AS last_accuracy_m, p.battery_pct"
    " FROM (SELECT CAST(:person AS bigint) AS id) person"
    " LEFT JOIN device_assignment a ON a.supervisee_id = person.id AND a.assigned_at <= :now"
    "  AND (a.returned_at IS NULL OR a.returned_at > :now)"
    " LEFT JOIN device d ON d.id = a.device_id"
    " LEFT JOIN LATERAL (SELECT * FROM position WHERE supervisee_id = person.id"
    "  ORDER BY fixed_at DESC LIMIT 1) p ON true"
    " ORDER BY a.assigned_at DESC LIMIT 1"
)
_ZONES = text(
    "SELECT z.id, z.name, v.shape, v.version, v.armed_at, v.ends_at, o.court,"
    " o.court_case_number, v.shape <> 'retired' AND v.armed_at <= :now"
    "  AND (v.ends_at IS NULL OR v.ends_at > :now) AS is_in_force"
    " FROM zone z JOIN court_order o ON o.id = z.court_order_id"
    " JOIN LATERAL (SELECT * FROM zone_version WHERE zone_id = z.id"
    "  ORDER BY version DESC LIMIT 1) v ON true"
    " WHERE z.supervisee_id = :person ORDER BY is_in_force DESC, z.name, z.id"
)


def responsible_officer(session: Session, officer_id: int) -> str:
    """The name of the supervising officer."""
    name: str = session.execute(
        text("SELECT display_name FROM officer WHERE id = :officer"), {"officer": officer_id}
    ).scalar_one()
    return name


def read_tracker(session: Session, supervisee_id: int, now: datetime) -> Tracker:
    """The device that the person wears now, and the last fix of the person from any device."""
    row = session.execute(_TRACKER, {"person": supervisee_id, "now": now}).mappings().one()
    return Tracker(**row)


def read_zones(session: Session, supervisee_id: int, now: datetime) -> list[ZoneLine]:
    """The person's zones by their latest version, those in force first."""
    rows = session.execute(_ZONES, {"person": supervisee_id, "now": now}).mappings()
    return [ZoneLine(**row) for row in rows]

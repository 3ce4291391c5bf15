"""Reads the alerts that a console lists: each with its person, its zone and who deals with it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from alerts.catalogue import SEVERITY_ORDER, AlertKind, Severity
from alerts.rules import Handling
from supervision.core.access import Actor
from supervision.core.errors import NotFound

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert as listed.

    Attributes:
        is_supervised: Whether the officer may open the person's own page; one who was told as
            backup or from a rota sees the alert alone.
        phone: The person's, where it is known.
        depth_m: How far inside the zone's edge at the deepest, if it is about a zone.
        eta_s: In how many seconds he would be at the edge, if it is about an approach.
        by_way: Only the way between two fixes led through the zone.
        is_withdrawn: Later fixes show that there was no stay after all.
        by_phone: What shows it is a phone's position at a check-in, not the tracker's.
        apart_m: How far that phone was from the tracker, if it is about that.
        officer: Whose alert it is.
        acknowledged_by: Who saw it first, if anybody.
        in_hand_by: Who deals with it, if anybody.
        shelved_until: When somebody is told of it, if its source is shelved and nobody saw to it.
    """

    id: int
    version: int
    kind: str
    severity: str
    grade: str | None
    handling: str
    supervisee_id: int
    person: str
    is_supervised: bool
    phone: str | None
    case_number: str
    zone_id: int | None
    zone_version_id: int | None
    zone: str | None
    occurred_at: datetime
    found_at: datetime
    is_late: bool
    cleared_at: datetime | None
    depth_m: float | None
    eta_s: float | None
    by_way: bool
    is_withdrawn: bool
    by_phone: bool
    apart_m: float | None
    officer: str
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    in_hand_at: datetime | None
    in_hand_by: str | None
    shelved_until: datetime | None
    closed_at: datetime | None
    closed_by: str | None
    disposition: str | None
    note: str | None

    @property
    def rank(self) -> int:
        """Place of its severity, 0 the worst."""
        return SEVERITY_ORDER.index(Severity(self.severity))

    @property
    def needs_note(self) -> bool:
        """Whether it is not closed without a written note, whatever the judgement."""
        return self.severity == Severity.CRITICAL


@dataclass(frozen=True, slots=True)
class Filter:
    """Which alerts to list: None lets through all that nobody has closed."""

    handling: Handling | None = None
    severity: Severity | None = None
    kind: AlertKind | None = None

    def lets_through(self, row: AlertRow) -> bool:
        """Whether an alert is on the list now."""
        is_wanted = self.handling is None or row.handling == self.handling
        is_severe = self.severity is None or row.severity == self.severity
        is_of_kind = self.kind is None or row.kind == self.kind
        return row.handling != Handling.CLOSED and is_wanted and is_severe and is_of_kind


@dataclass(frozen=True, slots=True)
class AlertList:
    """What the first screen shows.

    Attributes:
        seq: The agency's feed number before the rows were read; the live feed goes on from here.
        rows: Worst first, then those that wait longest.
        count: How many there are, also beyond the rows.
    """

    seq: int
    rows: list[AlertRow]
    count: int


_SELECT = """
SELECT a.id, a.version, a.kind, a.severity, a.grade, a.handling, a.supervisee_id,
    s.full_name AS person, s.phone, s.case_number,
    CAST(:officer AS bigint) IS NULL OR s.supervising_officer_id = :officer AS is_supervised,
    a.zone_id, a.zone_version_id, z.name AS zone,
    a.occurred_at, a.found_at, a.is_late, a.cleared_at,
    coalesce(t.deepest_m, (a.evidence ->> 'deepest_m')::double precision) AS depth_m,
    t.eta_s, coalesce(t.evidence_kind = 'way' AND t.fix_count = 0, false) AS by_way,
    coalesce((a.evidence ->> 'is_withdrawn')::boolean, false) AS is_withdrawn,
    coalesce(a.evidence ->> 'source' = 'phone', false) AS by_phone,
    CASE a.kind WHEN 'checkin_far' THEN (a.evidence ->> 'distance_m')::double precision END
        AS apart_m,
    o.display_name AS officer, a.acknowledged_at, k.display_name AS acknowledged_by,
    a.in_hand_at, h.display_name AS in_hand_by,
    coalesce(f.ended_at, f.ends_at) AS shelved_until,
    a.closed_at, c.display_name AS closed_by, a.disposition, a.note,
    count(*) OVER () AS row_count
FROM alert a
JOIN supervisee s ON s.id = a.supervisee_id
JOIN officer o ON o.id = a.officer_id
LEFT JOIN zone z ON z.id = a.zone_id
LEFT JOIN zone_stay t ON t.id = (a.evidence ->> 'stay_id')::bigint
LEFT JOIN officer k ON k.id = a.acknowledged_by_id
LEFT JOIN officer h ON h.id = a.in_hand_by_id
LEFT JOIN officer c ON c.id = a.closed_by_id
LEFT JOIN alert_climb b ON b.alert_id = a.id AND a.handling = 'new'
LEFT JOIN alert_shelf f ON f.id = b.shelf_id
WHERE (CAST(:officer AS bigint) IS NULL OR :officer IN (a.officer_id, s.supervising_officer_id)
        OR ((a.handling <> 'closed' OR a.closed_by_id = :officer)
            AND EXISTS (SELECT 1 FROM notification n
                        WHERE n.alert_id = a.id AND n.officer_id = :officer)))
    AND {where}
ORDER BY {order} LIMIT :most
"""
_WORST_FIRST = (
    "array_position(ARRAY['critical', 'high', 'medium', 'low'], a.severity), a.found_at, a.id"
)
_UNCLOSED = text(
    _SELECT.format(
        where="a.handling = ANY(:handlings) AND a.severity = ANY(:severities)"
        " AND (CAST(:kind AS text) IS NULL OR a.kind = :kind)",
        order=_WORST_FIRST,
    )
)
_ONE = text(_SELECT.format(where="a.id = :alert", order="a.id"))
_OF_PERSON = text(
    _SELECT.format(where="a.supervisee_id = :person", order="a.found_at DESC, a.id DESC")
)


def read_feed_seq(session: Session) -> int:
    """The agency's newest feed number; read it before what the feed is to keep current."""
    seq: int = session.execute(text("SELECT alert_event_seq FROM agency_ledger")).scalar_one()
    return seq


def list_unclosed(session: Session, actor: Actor, wanted: Filter) -> AlertList:
    """The open and acknowledged alerts of the actor's caseload, `MOST_ROWS` at most.

    Args:
        session: Open transaction bound to the actor's agency, only read.
        actor: Whose caseload.
        wanted: Which of them.
    """
    seq = read_feed_seq(session)
    unclosed = [one for one in Handling if one is not Handling.CLOSED]
    values = {
        "officer": actor.caseload_officer_id,
        "handlings": [str(one) for one in unclosed if wanted.handling in {None, one}],
        "severities": [str(one) for one in Severity if wanted.severity in {None, one}],
        "kind": wanted.kind,
        "most": MOST_ROWS,
    }
    rows = session.execute(_UNCLOSED, values).mappings().all()
    return AlertList(seq, [_row(row) for row in rows], rows[0]["row_count"] if rows else 0)


def find_alert(session: Session, actor: Actor, alert_id: int) -> AlertRow:
    """One alert, closed ones too.

    Raises:
        NotFound: Not there, or not in the actor's caseload.
    """
    values = {"officer": actor.caseload_officer_id, "alert": alert_id, "most": 1}
    row = session.execute(_ONE, values).mappings().one_or_none()
    if row is None:
        raise NotFound
    return _row(row)


def list_of_person(session: Session, actor: Actor, supervisee_id: int, most: int) -> list[AlertRow]:
    """A person's latest alerts in the actor's caseload, newest first, closed ones too."""
    values = {"officer": actor.caseload_officer_id, "person": supervisee_id, "most": most}
    return [_row(row) for row in session.execute(_OF_PERSON, values).mappings()]


def _row(row: RowMapping) -> AlertRow:
    return AlertRow(**{name: value for name, value in row.items() if name != "row_count"})

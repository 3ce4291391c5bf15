"""Reads on in the history of alerts by its numbers, agency by agency, so that no line is missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind, Severity
from alerts.rules import TRANSITIONS, Change, Handling
from supervision.core.errors import NotFound

READ_AT_ONCE = 500

BECAME: dict[Change, Handling] = {Change.RAISED: Handling.NEW} | {
    change: handling for (_, change), handling in TRANSITIONS.items()
}
"""What an alert's handling is after a change; the others leave it as it was."""

Place = dict[int, int]
"""The last number read of each agency's history; of an agency it does not know, none was."""


@dataclass(frozen=True, slots=True)
class Step:
    """An alert was raised, or its handling changed.

    Attributes:
        severity: As it is now.
        handling: What it became then.
        is_drill: Whether it is only a drill's.
    """

    agency_id: int
    seq: int
    at: datetime
    alert_id: int
    kind: AlertKind
    severity: Severity
    change: Change
    handling: Handling
    is_drill: bool


def find_place(session: Session, agency_id: int | None, since: datetime | None) -> Place:
    """Where to begin: before the first line since an instant, or at the end.

    Args:
        session: Open transaction of the engine role, only read.
        agency_id: Of one agency; None: of all.
        since: None: with what comes next.

    Raises:
        NotFound: There is no such agency.
    """
    rows = session.execute(_PLACE, {"agency": agency_id, "since": since}).all()
    if agency_id is not None and not rows:
        message = f"There is no agency {agency_id}."
        raise NotFound(message)
    return {row.agency_id: row.seq for row in rows}


def read_on(session: Session, agency_id: int | None, place: Place) -> tuple[Sequence[Step], Place]:
    """The steps after a place, by agency and number, and the place after them.

    Ask again from there until the place no longer moves: a stretch is of limited length, and may
    hold no step.
    """
    known = {"agencies": list(place), "seqs": list(place.values())}
    values = {"agency": agency_id, "most": READ_AT_ONCE, **known}
    rows = session.execute(_LINES, values).all()
    steps = [
        Step(
            row.agency_id,
            row.seq,
            row.at,
            row.alert_id,
            AlertKind(row.kind),
            Severity(row.severity),
            Change(row.change),
            BECAME[Change(row.change)],
            row.is_drill,
        )
        for row in rows
        if row.change in BECAME
    ]
    return steps, place | {row.agency_id: row.seq for row in rows}


# Instants need not rise with the numbers, so the first number of those since then is looked for.
_PLACE = text(
    "SELECT l.agency_id, coalesce((SELECT min(e.seq) - 1 FROM alert_event e"
    "  WHERE e.agency_id = l.agency_id AND e.at >= CAST(:since AS timestamptz)),"
    " l.alert_event_seq) AS seq FROM agency_ledger l"
    " WHERE CAST(:agency AS bigint) IS NULL OR l.agency_id = :agency"
)
_LINES = text(
    "SELECT e.agency_id, e.seq, e.at, e.alert_id, e.kind AS change, a.kind, a.severity,"
    " a.drill_id IS NOT NULL AS is_drill"
    " FROM agency_ledger l"
    " LEFT JOIN unnest(CAST(:agencies AS bigint[]), CAST(:seqs AS bigint[])) AS p (agency_id, seq)"
    "  ON p.agency_id = l.agency_id"
    " CROSS JOIN LATERAL (SELECT * FROM alert_event h WHERE h.agency_id = l.agency_id"
    "  AND h.seq > coalesce(p.seq, 0) ORDER BY h.seq LIMIT :most) e"
    " JOIN alert a ON a.id = e.alert_id"
    " WHERE CAST(:agency AS bigint) IS NULL OR l.agency_id = :agency"
    " ORDER BY e.agency_id, e.seq"
)

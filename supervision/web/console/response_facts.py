"""Reads how far the response to an alert has come: its steps and the people spoken to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind
from alerts.escalation import Post
from alerts.rules import Handling
from alerts.service import read_ladder, read_protocol
from supervision.web.console.alert_rows import AlertRow


@dataclass(frozen=True, slots=True)
class StepFacts:
    """A step of the response; the last tick counts, and without one all the rest is None."""

    key: str
    wording: str
    outcome: str | None = None
    note: str | None = None
    at: datetime | None = None
    officer: str | None = None


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """Somebody was spoken to, or not reached."""

    whom: str
    means: str
    was_reached: bool
    note: str
    at: datetime
    officer: str


@dataclass(frozen=True, slots=True)
class ClimbFacts:
    """What happens next if nobody does anything: who is told then, or that it is new again."""

    due_at: datetime
    post: Post | None


_CLIMB = text("SELECT rung, due_at FROM alert_climb WHERE alert_id = :alert")
_TICKS = text(
    "SELECT DISTINCT ON (t.step) t.step AS key, t.wording, t.outcome, t.note, t.at,"
    " o.display_name AS officer FROM alert_step t JOIN officer o ON o.id = t.officer_id"
    " WHERE t.alert_id = :alert ORDER BY t.step, t.id DESC"
)
_CONTACTS = text(
    "SELECT c.whom, c.means, c.was_reached, c.note, c.at, o.display_name AS officer"
    " FROM alert_contact c JOIN officer o ON o.id = c.officer_id WHERE c.alert_id = :alert"
    " ORDER BY c.at, c.id"
)


def read_steps(session: Session, agency_id: int, kind: AlertKind, alert_id: int) -> list[StepFacts]:
    """The steps of the response in order; ticked ones that it no longer has come last."""
    rows = session.execute(_TICKS, {"alert": alert_id}).mappings()
    ticked = {row["key"]: StepFacts(**row) for row in rows}
    asked = [
        ticked.pop(step.key, StepFacts(step.key, step.wording))
        for step in read_protocol(session, agency_id, kind)
    ]
    return asked + list(ticked.values())


def read_contacts(session: Session, alert_id: int) -> list[ContactFacts]:
    """Who was spoken to, in order."""
    rows = session.execute(_CONTACTS, {"alert": alert_id}).mappings()
    return [ContactFacts(**row) for row in rows]


def find_climb(session: Session, agency_id: int, row: AlertRow) -> ClimbFacts | None:
    """When the alert climbs next, and to whom; None where it is closed."""
    climb = session.execute(_CLIMB, {"alert": row.id}).one_or_none()
    if climb is None:
        return None
    rungs = read_ladder(session, agency_id, AlertKind(row.kind)).rungs
    rung = climb.rung if climb.rung < len(rungs) else 0
    is_new = row.handling == Handling.NEW
    return ClimbFacts(climb.due_at, rungs[rung].post if is_new else None)

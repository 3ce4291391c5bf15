"""What an officer does about an alert, step by step, and whom he speaks to; never rewritten."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind
from alerts.ledger import Line, add_events
from alerts.models import Alert, AlertContact, AlertStep, ResponseProtocol
from alerts.protocols import (
    Medium,
    Outcome,
    Step,
    Whom,
    catalogued,
    require_floor,
    wording_of,
)
from alerts.rules import Change
from alerts.service.handling import take_up
from alerts.store import hold_ledgers
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Tick:
    """A step of the response and what came of it; what was not needed says why."""

    step: str
    outcome: Outcome
    note: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who was spoken to, how, when (aware), and whether he was reached."""

    whom: Whom
    means: Medium
    was_reached: bool
    at: datetime
    note: str = ""


def read_protocol(session: Session, agency_id: int, kind: AlertKind) -> tuple[Step, ...]:
    """The response an agency wants for a kind: its own, else the catalogue's."""
    steps = session.scalars(
        select(ResponseProtocol.steps)
        .where(ResponseProtocol.agency_id == agency_id, ResponseProtocol.kind == kind)
        .order_by(ResponseProtocol.version.desc())
        .limit(1)
    ).one_or_none()
    return catalogued(kind) if steps is None else tuple(Step(**step) for step in steps)


def write_protocol(
    session: Session, actor: Actor, kind: AlertKind, steps: Sequence[Step], now: datetime
) -> None:
    """Set the agency's response for a kind; a new version, the caller commits.

    Raises:
        NotAllowed: The actor does not set responses.
        Invalid: It makes no sense, or leaves out what no agency may. Nothing was written.
    """
    actor.require(Permission.SET_RESPONSES)
    require_floor(kind, steps)
    hold_ledgers(session, [actor.agency_id])
    last = session.scalars(
        select(func.max(ResponseProtocol.version)).where(
            ResponseProtocol.agency_id == actor.agency_id, ResponseProtocol.kind == kind
        )
    ).one()
    session.add(
        ResponseProtocol(
            agency_id=actor.agency_id,
            kind=kind,
            version=(last or 0) + 1,
            steps=[asdict(step) for step in steps],
            written_by_id=actor.officer_id,
            written_at=now,
        )
    )
    session.flush()
    audit.record_by(session, actor, now, audit.Tag.RESPONSE_SET, f"alert_kind:{kind}")


def tick(session: Session, actor: Actor, alert_id: int, done: Tick, now: datetime) -> Alert:
    """Say what came of a step; whoever ticks has the alert in hand. The caller commits.

    Raises:
        NotAllowed: The actor's role handles no alerts, or none of this kind.
        NotFound: Not there, or not in the caseload.
        Conflict: The alert is closed.
        Invalid: No such step, or no reason why it was not needed. In each case nothing changed.
    """
    alert = take_up(session, actor, alert_id, now)
    steps = read_protocol(session, alert.agency_id, AlertKind(alert.kind))
    note = done.note.strip()
    if done.outcome is Outcome.NOT_NEEDED and not note:
        raise Invalid("Say why this step was not needed.")
    row = AlertStep(
        agency_id=alert.agency_id,
        alert_id=alert.id,
        step=done.step,
        wording=wording_of(done.step, steps),
        outcome=done.outcome,
        note=note,
        at=now,
        officer_id=actor.officer_id,
    )
    told = {"step": done.step, "wording": row.wording, "outcome": done.outcome}
    _write(session, actor, alert, row, Change.STEP_TICKED, told, now)
    return alert


def log_contact(
    session: Session, actor: Actor, alert_id: int, contact: Contact, now: datetime
) -> Alert:
    """Say who was spoken to about an alert; raises as `tick`. The caller commits."""
    if contact.at > now:
        raise Invalid("It cannot have been in the future.")
    alert = take_up(session, actor, alert_id, now)
    row = AlertContact(
        agency_id=alert.agency_id,
        alert_id=alert.id,
        whom=contact.whom,
        means=contact.means,
        was_reached=contact.was_reached,
        note=contact.note.strip(),
        at=contact.at,
        told_at=now,
        officer_id=actor.officer_id,
    )
    told = {"whom": contact.whom, "means": contact.means, "was_reached": contact.was_reached}
    _write(session, actor, alert, row, Change.CONTACT_LOGGED, told, now)
    return alert


def _write(
    session: Session,
    actor: Actor,
    alert: Alert,
    row: AlertStep | AlertContact,
    change: Change,
    told: dict[str, Any],
    now: datetime,
) -> None:
    session.add(row)
    session.flush()
    add_events(session, [Line(alert, change, actor.officer_id, told)], now)
    tag = audit.Tag.ALERT_STEP if change is Change.STEP_TICKED else audit.Tag.ALERT_CONTACT
    audit.record_by(session, actor, now, tag, f"alert:{alert.id}", **told)

"""Begins and ends drills, and takes the word of officers whom one has reached (ADR-0022)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from alerts.announcing import announce
from alerts.catalogue import CATALOGUE, AlertKind
from alerts.drills import conclude
from alerts.ledger import Line, add_events
from alerts.models import Alert, DrillRow
from alerts.rules import Change, Handling
from alerts.store import hold_ledgers
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class NewDrill:
    """A drill that is wanted.

    Attributes:
        kind: Whose ladder is walked.
        officer_id: With whom it begins; None: with whoever supervises people and was not drilled
            for the longest.
        is_at_once: Whether every rung is told without the ladder's delays.
    """

    kind: AlertKind
    officer_id: int | None = None
    is_at_once: bool = False


def start_drill(
    session: Session, agency_id: int, new: NewDrill, actor: Actor | None, now: datetime
) -> int:
    """Raise a marked test alert, which walks the agency's ladder and goes out by its channels.

    Args:
        session: Open transaction; the caller commits.
        agency_id: Whose ladder.
        new: What is wanted.
        actor: Who begins it; None: whoever may run commands on the installation.
        now: Aware UTC.

    Returns:
        The drill's id.

    Raises:
        NotAllowed: The actor does not set responses.
        NotFound: No such agency, or no such active officer in it.
        Conflict: A drill of the agency is under way, or nobody supervises anybody. In each case
            nothing was written.
    """
    if actor is not None:
        actor.require(Permission.SET_RESPONSES)
    hold_ledgers(session, [agency_id])
    _require_none_under_way(session, agency_id)
    row = DrillRow(
        agency_id=agency_id,
        kind=new.kind,
        officer_id=_find_officer(session, agency_id, new.officer_id),
        is_at_once=new.is_at_once,
        started_by_id=None if actor is None else actor.officer_id,
        started_at=now,
    )
    session.add(row)
    session.flush()
    _raise(session, row, now)
    _record(session, audit.Tag.DRILL_STARTED, row, actor, now)
    return row.id


def answer_drill(session: Session, actor: Actor, drill_id: int, now: datetime) -> None:
    """Note that the drill reached this officer, also after it is over; again changes nothing.

    Raises:
        NotFound: No such drill, or it has told him nothing. Nothing was written.
    """
    actor.require(Permission.READ_ALERTS)
    row, alert = _hold(session, drill_id)
    values = {"alert": alert.id, "officer": actor.officer_id}
    if not session.execute(_WAS_TOLD, values).scalar_one():
        raise NotFound("This drill has not told you anything.")
    if session.execute(_HAS_ANSWERED, values).scalar_one():
        return
    add_events(session, [Line(alert, Change.DRILL_ANSWERED, actor.officer_id)], now)
    _record(session, audit.Tag.DRILL_ANSWERED, row, actor, now)


def end_drill(session: Session, actor: Actor | None, drill_id: int, now: datetime) -> None:
    """End a drill before it is over by itself: nobody more is told. The caller commits.

    Args:
        session: Open transaction.
        actor: Who ends it; None: whoever may run commands on the installation.
        drill_id: Which.
        now: Aware UTC.

    Raises:
        NotAllowed: The actor does not set responses.
        NotFound: No such drill.
        Conflict: It is over. Nothing was written.
    """
    if actor is not None:
        actor.require(Permission.SET_RESPONSES)
    row, alert = _hold(session, drill_id)
    if alert.handling == Handling.CLOSED:
        raise Conflict("This drill is over.")
    conclude(session, alert, None if actor is None else actor.officer_id, now)
    _record(session, audit.Tag.DRILL_ENDED, row, actor, now)


def _require_none_under_way(session: Session, agency_id: int) -> None:
    under_way = select(Alert.drill_id).where(
        Alert.agency_id == agency_id,
        Alert.drill_id.is_not(None),
        Alert.handling != Handling.CLOSED,
    )
    drill_id = session.scalars(under_way).one_or_none()
    if drill_id is not None:
        message = f"Drill {drill_id} of this agency is under way; end it first, or wait for it."
        raise Conflict(message)


def _find_officer(session: Session, agency_id: int, officer_id: int | None) -> int:
    values = {"agency": agency_id, "officer": officer_id}
    found: int | None = session.execute(_OFFICER, values).scalar_one_or_none()
    if found is not None:
        return found
    if officer_id is None:
        raise Conflict("No active officer of this agency supervises anybody: name one.")
    raise NotFound("The agency has no such active officer.")


def _raise(session: Session, row: DrillRow, now: datetime) -> None:
    """The drill's alert, as grave as its kind may become, told and begun to climb as any other."""
    entry = CATALOGUE[AlertKind(row.kind)]
    alert = Alert(
        agency_id=row.agency_id,
        drill_id=row.id,
        officer_id=row.officer_id,
        kind=row.kind,
        severity=entry.confirmed,
        dedup_key=f"drill:1:{row.id}",
        occurred_at=now,
        found_at=now,
        is_late=False,
        evidence={},
    )
    session.add(alert)
    session.flush()
    add_events(session, [Line(alert, Change.RAISED)], now)
    announce(session, [alert], now)


def _hold(session: Session, drill_id: int) -> tuple[DrillRow, Alert]:
    row = session.get(DrillRow, drill_id)
    if row is None:
        raise NotFound
    hold_ledgers(session, [row.agency_id])
    return row, session.scalars(
        select(Alert).where(Alert.drill_id == drill_id).with_for_update()
    ).one()


def _record(
    session: Session, tag: audit.Tag, row: DrillRow, actor: Actor | None, now: datetime
) -> None:
    who = audit.SYSTEM if actor is None else audit.officer(actor.officer_id)
    audit.record(session, row.agency_id, now, who, tag, f"drill:{row.id}")


# Of those who supervise somebody, in turn.
_OFFICER = text(
    "SELECT o.id FROM officer o WHERE o.agency_id = :agency AND o.is_active"
    " AND CASE WHEN CAST(:officer AS bigint) IS NULL"
    "  THEN EXISTS (SELECT 1 FROM supervisee s WHERE s.supervising_officer_id = o.id)"
    "  ELSE o.id = :officer END ORDER BY (SELECT max(d.started_at) FROM alert_drill d"
    "  WHERE d.officer_id = o.id) NULLS FIRST, o.id LIMIT 1"
)
_WAS_TOLD = text(
    "SELECT EXISTS (SELECT 1 FROM notification WHERE alert_id = :alert AND officer_id = :officer)"
)
_HAS_ANSWERED = text(
    "SELECT EXISTS (SELECT 1 FROM alert_event WHERE alert_id = :alert AND actor_id = :officer"
    " AND kind = 'drill_answered')"
)

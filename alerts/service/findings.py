"""What the software may do to an alert: raise it, add evidence, note that it cleared. Never close.

Every function writes alert, history, outbox and audit in the caller's transaction: the finding
and its alert stand or fall together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from alerts.announcing import announce, announce_graver
from alerts.catalogue import AlertKind
from alerts.ledger import Line, add_events
from alerts.models import Alert
from alerts.rules import Change, Handling, severity_of
from alerts.store import find_by_keys, find_lasting, find_never_seen, hold_ledgers
from supervision.core import audit
from supervision.core.errors import Broken

# Ends the key of the alert that follows one closed while its finding was only possible.
CONFIRMED_LATER = ":confirmed"


@dataclass(frozen=True, slots=True)
class NewAlert:
    """A finding to be told.

    Attributes:
        officer_id: Who must act.
        grade: `confirmed` or `possible`, None where grades do not apply.
        dedup_key: One occurrence, one key, one alert.
        occurred_at: When it happened, by the device's own time.
        evidence: Plain JSON: ids, metres, seconds; what an officer and a court may ask for.
        order_clause_id: Of which order's clause, where that is what it is about.
    """

    agency_id: int
    supervisee_id: int
    officer_id: int
    kind: AlertKind
    grade: str | None
    dedup_key: str
    zone_id: int | None
    zone_version_id: int | None
    occurred_at: datetime
    is_late: bool
    evidence: dict[str, Any]
    order_clause_id: int | None = None


def raise_alert(session: Session, new: NewAlert, now: datetime) -> tuple[int, bool]:
    """Open an alert, or note that this occurrence has one already.

    Returns:
        The alert's id, and whether it is new. A repeat leaves a `suppressed` line, no silence.
    """
    (raised,) = raise_alerts(session, [new], now)
    return raised


def raise_alerts(
    session: Session, news: Sequence[NewAlert], now: datetime
) -> list[tuple[int, bool]]:
    """The same for many findings of one moment; thousands cost what some dozens do one by one."""
    hold_ledgers(session, {new.agency_id for new in news})
    known = find_by_keys(session, [_key(new) for new in news])
    fresh = {_key(new): new for new in news if _key(new) not in known}
    rows = {key: _new_row(new, now) for key, new in fresh.items()}
    session.add_all(rows.values())
    session.flush()
    is_new = [fresh.get(_key(new)) is new for new in news]
    alerts = [(rows | known)[_key(new)] for new in news]
    lines = [
        Line(alert, Change.RAISED, detail={"grade": new.grade, "is_late": new.is_late})
        if first
        else Line(alert, Change.SUPPRESSED)
        for alert, new, first in zip(alerts, news, is_new, strict=True)
    ]
    add_events(session, lines, now)
    if rows:
        _tell(session, list(rows.values()), now)
    return [(alert.id, first) for alert, first in zip(alerts, is_new, strict=True)]


def _key(new: NewAlert) -> tuple[int, str]:
    return new.agency_id, new.dedup_key


def _tell(session: Session, raised: Sequence[Alert], now: datetime) -> None:
    announce(session, raised, now)
    facts = [
        audit.Fact(
            one.agency_id,
            audit.Tag.ALERT_RAISED,
            f"alert:{one.id}",
            {"kind": one.kind, "dedup_key": one.dedup_key},
        )
        for one in raised
    ]
    audit.record_many(session, now, audit.SYSTEM, facts)


def confirm(
    session: Session, agency_id: int, dedup_key: str, evidence: dict[str, Any], now: datetime
) -> None:
    """Raise a possible finding to confirmed, with its severity; its officer is told again.

    While its source is shelved he is not, unless it is critical now. Where a person has closed it
    as possible, the confirmation is an alert of its own: a closed one is on nobody's list.
    """
    alert = _known(session, agency_id, dedup_key)
    if alert.handling == Handling.CLOSED:
        raise_alert(session, _confirmed_after_closing(alert, evidence), now)
        return
    alert.grade = "confirmed"
    alert.severity = severity_of(AlertKind(alert.kind), alert.grade)
    added = _put_beside(alert, evidence)
    session.flush()
    detail = {"severity": alert.severity, **added}
    add_events(session, [Line(alert, Change.CONFIRMED, detail=detail)], now)
    announce_graver(session, alert, now)


def clear(
    session: Session, agency_id: int, dedup_key: str, cleared_at: datetime, now: datetime
) -> None:
    """Note that the condition is over. The alert stays with its officer until a person closes it.

    Args:
        session: Open transaction; the caller commits.
        agency_id: Whose.
        dedup_key: Which.
        cleared_at: When the condition ended, by the device's own time.
        now: When we learned it.
    """
    _clear(session, _known(session, agency_id, dedup_key), cleared_at, now)


def clear_tamper(
    session: Session,
    agency_id: int,
    supervisee_id: int,
    device_id: int,
    cleared_at: datetime,
    now: datetime,
) -> None:
    """Note that a device's strap is closed again; its tampers before stay with their officer."""
    hold_ledgers(session, [agency_id])
    kind = AlertKind.STRAP_TAMPER
    for alert in find_lasting(session, supervisee_id, device_id, kind, cleared_at):
        _clear(session, alert, cleared_at, now)


@dataclass(frozen=True, slots=True)
class Unseen:
    """An alert that nobody has ever seen, by its key, and what it rests on."""

    dedup_key: str
    evidence: dict[str, Any]


def find_unseen(
    session: Session, agency_id: int, supervisee_id: int, kind: AlertKind, source: dict[str, int]
) -> Unseen | None:
    """The newest alert of this kind about somebody, from this source, that nobody has ever seen.

    Locked until the caller commits: nobody acknowledges it meanwhile.

    Args:
        session: Open transaction.
        agency_id: Whose.
        supervisee_id: About whom.
        kind: Of which kind.
        source: What its evidence must say, such as by which device it was found.
    """
    hold_ledgers(session, [agency_id])
    found = find_never_seen(session, supervisee_id, kind, source)
    return None if found is None else Unseen(found.dedup_key, found.evidence)


def reactivate(session: Session, agency_id: int, dedup_key: str, now: datetime) -> None:
    """Note that new evidence shows the condition was not over after all."""
    alert = _known(session, agency_id, dedup_key)
    alert.cleared_at = None
    session.flush()
    add_events(session, [Line(alert, Change.ACTIVE_AGAIN)], now)


def add_evidence(
    session: Session,
    agency_id: int,
    dedup_key: str,
    evidence: dict[str, Any],
    now: datetime,
) -> None:
    """Put later evidence beside an alert; what an officer already saw stays in its history."""
    alert = _known(session, agency_id, dedup_key)
    added = _put_beside(alert, evidence)
    session.flush()
    add_events(session, [Line(alert, Change.EVIDENCE_ADDED, detail=added)], now)


def _put_beside(alert: Alert, evidence: dict[str, Any]) -> dict[str, Any]:
    """Complete an alert's evidence; returns what stood there and what does now, for its history."""
    before = {key: alert.evidence.get(key) for key in evidence}
    alert.evidence = alert.evidence | evidence
    return {"before": before, "after": evidence}


def _clear(session: Session, alert: Alert, cleared_at: datetime, now: datetime) -> None:
    if alert.cleared_at == cleared_at:
        return
    alert.cleared_at = cleared_at
    session.flush()
    detail = {"cleared_at": cleared_at.isoformat()}
    add_events(session, [Line(alert, Change.CLEARED, detail=detail)], now)


def _new_row(new: NewAlert, now: datetime) -> Alert:
    return Alert(
        agency_id=new.agency_id,
        supervisee_id=new.supervisee_id,
        officer_id=new.officer_id,
        kind=str(new.kind),
        severity=str(severity_of(new.kind, new.grade)),
        grade=new.grade,
        dedup_key=new.dedup_key,
        zone_id=new.zone_id,
        zone_version_id=new.zone_version_id,
        order_clause_id=new.order_clause_id,
        occurred_at=new.occurred_at,
        found_at=now,
        is_late=new.is_late,
        evidence=new.evidence,
    )


def _confirmed_after_closing(closed: Alert, evidence: dict[str, Any]) -> NewAlert:
    return NewAlert(
        agency_id=closed.agency_id,
        supervisee_id=closed.person_id,
        officer_id=closed.officer_id,
        kind=AlertKind(closed.kind),
        grade="confirmed",
        dedup_key=closed.dedup_key + CONFIRMED_LATER,
        zone_id=closed.zone_id,
        zone_version_id=closed.zone_version_id,
        occurred_at=closed.occurred_at,
        is_late=closed.is_late,
        evidence=closed.evidence | evidence | {"closed_as_possible": closed.id},
    )


def _known(session: Session, agency_id: int, dedup_key: str) -> Alert:
    hold_ledgers(session, [agency_id])
    keys = [(agency_id, dedup_key + CONFIRMED_LATER), (agency_id, dedup_key)]
    found = find_by_keys(session, keys)
    alert = next((found[key] for key in keys if key in found), None)
    if alert is None:
        message = f"No alert under the key {dedup_key}, though its finding is stored."
        raise Broken(message)
    return alert

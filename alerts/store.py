"""Writes alerts and their history; every line of history takes the agency's next feed number.

Every transaction takes the agency's ledger row before any alert's row: an officer who handles one
alert while a batch changes two can then never wait for it in a circle.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, column, or_, select, table, text, true
from sqlalchemy.orm import Session

from alerts.models import Alert
from alerts.rules import Change


def hold_ledgers(session: Session, agency_ids: Iterable[int]) -> None:
    """Lock these agencies' ledger rows until the caller commits, in one order everywhere."""
    session.execute(
        text(
            "SELECT 1 FROM agency_ledger WHERE agency_id = ANY(:agencies)"
            " ORDER BY agency_id FOR UPDATE"
        ),
        {"agencies": sorted(set(agency_ids))},
    )


# Another room's table, by its name alone.
_SUPERVISEE = table("supervisee", column("id"), column("supervising_officer_id"))


def find_by_key(session: Session, agency_id: int, dedup_key: str) -> Alert | None:
    """The alert of one occurrence, locked until the caller commits."""
    hold_ledgers(session, [agency_id])
    return session.scalars(
        select(Alert)
        .where(Alert.agency_id == agency_id, Alert.dedup_key == dedup_key)
        .with_for_update()
    ).one_or_none()


def find_lasting(
    session: Session, supervisee_id: int, device_id: int, kind: str, at: datetime
) -> Sequence[Alert]:
    """Alerts of one kind whose condition lasted then, locked until the caller commits.

    Args:
        session: Open transaction that holds the agency's ledger.
        supervisee_id: About whom.
        device_id: Found by which device, as their evidence says.
        kind: Of which kind.
        at: Begun by then, and not known to be over by then.
    """
    return session.scalars(
        select(Alert)
        .where(
            Alert.supervisee_id == supervisee_id,
            Alert.kind == kind,
            Alert.evidence["device_id"].as_integer() == device_id,
            Alert.occurred_at <= at,
            or_(Alert.cleared_at.is_(None), Alert.cleared_at > at),
        )
        .order_by(Alert.id)
        .with_for_update()
    ).all()


def in_caseload(officer_id: int | None) -> ColumnElement[bool]:
    """Which alerts an officer sees: those raised for him, and those of people he supervises now.

    So a person who changes officers leaves no alert behind with nobody.

    Args:
        officer_id: Whose caseload; None for the whole agency's.
    """
    if officer_id is None:
        return true()
    supervised = select(_SUPERVISEE.c.id).where(_SUPERVISEE.c.supervising_officer_id == officer_id)
    return or_(Alert.officer_id == officer_id, Alert.supervisee_id.in_(supervised))


def find_for_handling(session: Session, alert_id: int, officer_id: int | None) -> Alert | None:
    """An alert to act on, locked until the caller commits.

    Args:
        session: Open transaction, bound to the agency.
        alert_id: Which.
        officer_id: Only if it is in this officer's caseload; None for the whole agency's.
    """
    session.execute(
        text(
            "SELECT 1 FROM agency_ledger l JOIN alert a ON a.agency_id = l.agency_id"
            " WHERE a.id = :alert FOR UPDATE OF l"
        ),
        {"alert": alert_id},
    )
    query = select(Alert).where(Alert.id == alert_id, in_caseload(officer_id)).with_for_update()
    return session.scalars(query).one_or_none()


def add_event(
    session: Session,
    alert: Alert,
    change: Change,
    at: datetime,
    actor_id: int | None = None,
    **detail: Any,  # noqa: ANN401 -- plain JSON values
) -> int:
    """Write one line of an alert's history and wake the live feed when it commits.

    Takes the agency's ledger row until the caller commits, so that feed numbers commit in order
    (ADR-0003); call it late in the transaction.

    Returns:
        The line's number in the agency's feed.
    """
    seq: int = session.execute(
        text(
            "UPDATE agency_ledger SET alert_event_seq = alert_event_seq + 1"
            " WHERE agency_id = :agency RETURNING alert_event_seq"
        ),
        {"agency": alert.agency_id},
    ).scalar_one()
    session.execute(
        text(
            "INSERT INTO alert_event (agency_id, alert_id, seq, kind, at, actor_id, detail)"
            " VALUES (:agency, :alert, :seq, :kind, :at, :actor, CAST(:detail AS jsonb));"
            " SELECT pg_notify('alert_event', :notice)"
        ),
        {
            "agency": alert.agency_id,
            "alert": alert.id,
            "seq": seq,
            "kind": str(change),
            "at": at,
            "actor": actor_id,
            "detail": json.dumps(detail),
            "notice": f"{alert.agency_id}:{seq}",
        },
    )
    return seq


def enqueue(session: Session, alert: Alert, reason: Change, now: datetime) -> None:
    """Put a message to the alert's officer in the outbox; sending is the delivery's business."""
    session.execute(
        text(
            "INSERT INTO notification (agency_id, alert_id, officer_id, channel, idempotency_key,"
            " due_at, created_at) VALUES (:agency, :alert, :officer, 'email', :key, :now, :now)"
            " ON CONFLICT (idempotency_key) DO NOTHING"
        ),
        {
            "agency": alert.agency_id,
            "alert": alert.id,
            "officer": alert.officer_id,
            "key": f"alert:{alert.id}:{reason}:email:{alert.officer_id}",
            "now": now,
        },
    )

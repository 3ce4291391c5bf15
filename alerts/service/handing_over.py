"""Gives what is open about somebody to who supervises him now, and tells him of it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.ledger import Line, add_events
from alerts.models import Alert
from alerts.outbox import Call, enqueue
from alerts.rules import Change, Handling
from alerts.store import hold_ledgers
from supervision.core.access import Actor


def hand_over_alerts(
    session: Session,
    actor: Actor,
    supervisee_ids: Collection[int],
    officer_id: int,
    now: datetime,
) -> int:
    """Make another officer responsible for all that nobody has closed; returns how many alerts.

    He is told of each, several in a bundle. How far people have come stays as it is, and ladders
    go on: what nobody touches is new again.

    Args:
        session: Open transaction, bound to the actor's agency; the caller commits.
        actor: Who hands over.
        supervisee_ids: About whom.
        officer_id: Who is responsible from now on.
        now: Aware UTC.
    """
    hold_ledgers(session, [actor.agency_id])
    alerts = session.scalars(
        select(Alert)
        .where(Alert.supervisee_id.in_(supervisee_ids), Alert.handling != Handling.CLOSED)
        .order_by(Alert.id)
        .with_for_update()
    ).all()
    lines = []
    for alert in alerts:
        detail = {"from_id": alert.officer_id, "to_id": officer_id}
        lines.append(Line(alert, Change.HANDED_OVER, actor.officer_id, detail))
        alert.officer_id = officer_id
    session.flush()
    add_events(session, lines, now)
    # By the moment: somebody may be handed over there and back.
    reason = f"{Change.HANDED_OVER}.{now.timestamp():.0f}"
    enqueue(session, [Call(alert, officer_id, reason) for alert in alerts], now)
    return len(alerts)

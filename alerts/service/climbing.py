"""Lets alerts climb that nobody has seen to, each step once, whoever sweeps."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.announcing import tell_subscribers
from alerts.climbs import ladder_of
from alerts.drills import conclude
from alerts.escalation import Climb, Ladder, Post, due_at, is_at_the_top
from alerts.ledger import Line, add_events
from alerts.models import Alert, AlertClimb
from alerts.outbox import Call, OutsideCall, enqueue, enqueue_outside
from alerts.posts import who_stands
from alerts.rules import Change, Handling, next_state
from alerts.store import hold_ledgers


def climb_due(session: Session, now: datetime, most: int) -> int:
    """Take the next step of alerts for which one is due; the caller commits.

    The agencies' ledgers are taken before any alert's row, as by whoever handles one; what another
    sweep holds is left to it.

    Args:
        session: Open transaction of the engine role.
        now: Aware UTC.
        most: Alerts at most.

    Returns:
        How many steps were taken; none is due any more when it is 0.
    """
    due = session.scalars(
        select(AlertClimb.agency_id).where(AlertClimb.due_at <= now).distinct()
    ).all()
    if not due:
        return 0
    hold_ledgers(session, due)
    rows = session.execute(
        select(AlertClimb, Alert)
        .join(Alert, Alert.id == AlertClimb.alert_id)
        .where(AlertClimb.due_at <= now)
        .order_by(AlertClimb.due_at, AlertClimb.alert_id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for climb, alert in rows:
        _step(session, climb, alert, now)
    return len(rows)


def _step(session: Session, climb: AlertClimb, alert: Alert, now: datetime) -> None:
    ladder = ladder_of(session, alert)
    if alert.drill_id is not None and is_at_the_top(ladder, Climb(climb.rung)):
        conclude(session, alert, None, now)
        return
    if alert.handling != Handling.NEW:
        _reopen(session, alert, now)
        _stand(climb, ladder, Climb(0, climb.round + 1), now)
    elif climb.shelf_id is not None:
        _release(session, climb, alert, now)
        _stand(climb, ladder, Climb(0, climb.round), now)
    elif is_at_the_top(ladder, Climb(climb.rung)):
        _stand(climb, ladder, Climb(0, climb.round + 1), now)
    climb.shelf_id = None
    _tell(session, climb, ladder, alert, now)


def _release(session: Session, climb: AlertClimb, alert: Alert, now: datetime) -> None:
    """The shelf that held it is over: whoever is told at once is told now."""
    line = Line(alert, Change.RELEASED, detail={"shelf_id": climb.shelf_id})
    add_events(session, [line], now)
    tell_subscribers(session, [alert], Change.RELEASED, now)


def _reopen(session: Session, alert: Alert, now: datetime) -> None:
    """Nobody has touched it for too long: it is new again, and who had it stays in its history."""
    was = alert.handling
    alert.handling = next_state(Handling(was), Change.REOPENED)
    session.flush()
    add_events(session, [Line(alert, Change.REOPENED, detail={"was": was})], now)


def _tell(session: Session, climb: AlertClimb, ladder: Ladder, alert: Alert, now: datetime) -> None:
    """Tell whoever stands on the rung that is due; that nobody does is in the history too."""
    rung = ladder.rungs[climb.rung]
    officers = who_stands(session, rung, alert, now)
    reason = f"climb:{climb.round}:{climb.rung}"
    told = {"post": rung.post, "round": climb.round, "officer_ids": officers}
    if officers:
        enqueue(session, [Call(alert, officer, reason) for officer in officers], now)
    if rung.post is Post.OUTSIDE and rung.id is not None:
        told["point_ids"] = enqueue_outside(session, [OutsideCall(alert, rung.id, reason)], now)
    add_events(session, [Line(alert, Change.ESCALATED, detail=told)], now)
    _stand(climb, ladder, Climb(climb.rung + 1, climb.round), climb.began_at)
    session.flush()


def _stand(climb: AlertClimb, ladder: Ladder, at: Climb, began_at: datetime) -> None:
    climb.rung, climb.round = asdict(at).values()
    climb.began_at = began_at
    climb.due_at = due_at(ladder, at, began_at)

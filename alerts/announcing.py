"""Tells whoever must know of an alert and lets it climb; holds it while its source is shelved."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from alerts.climbs import begin, put_off
from alerts.holds import held_until, hold_shelved, let_go
from alerts.models import Alert
from alerts.outbox import Call, OutsideCall, enqueue, enqueue_outside
from alerts.receivers import subscribers
from alerts.rules import Change, Handling


def announce(session: Session, raised: Sequence[Alert], now: datetime) -> None:
    """Tell the officers of new alerts, but for those that are held; the caller commits."""
    held = hold_shelved(session, raised, now)
    loud = [one for one in raised if one.id not in held]
    if loud:
        _tell(session, loud, Change.RAISED, now)
        begin(session, loud, now)


def announce_graver(session: Session, alert: Alert, now: datetime) -> None:
    """Tell the officer that an alert is confirmed, unless it is held; what is critical never is."""
    if held_until(session, alert, now) is not None:
        return
    let_go(session, alert, now)
    _tell(session, [alert], Change.CONFIRMED, now)
    if alert.handling == Handling.IN_HAND:
        put_off(session, alert, now)
    else:
        begin(session, [alert], now)


def tell_subscribers(
    session: Session, alerts: Sequence[Alert], change: Change, now: datetime
) -> None:
    """Tell those outside the agency who are told at once; the caller commits."""
    calls = [OutsideCall(one, point_id, change) for one, point_id in subscribers(session, alerts)]
    if calls:
        enqueue_outside(session, calls, now)


def _tell(session: Session, alerts: Sequence[Alert], change: Change, now: datetime) -> None:
    enqueue(session, [Call(one, one.officer_id, change) for one in alerts], now)
    tell_subscribers(session, alerts, change, now)

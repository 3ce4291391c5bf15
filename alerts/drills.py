"""Ends a drill, which has walked its ladder with all other alerts."""

from datetime import datetime

from sqlalchemy.orm import Session

from alerts import climbs
from alerts.ledger import Line, add_events
from alerts.models import Alert
from alerts.rules import Change, Handling, next_state


def conclude(session: Session, alert: Alert, actor_id: int | None, now: datetime) -> None:
    """Tell nobody more; the caller commits.

    Args:
        session: Open transaction that holds the agency's ledger.
        alert: The drill's, held.
        actor_id: Who ends it; None where it is over by itself, or ended by a command.
        now: Aware UTC.
    """
    alert.handling = next_state(Handling(alert.handling), Change.DRILL_ENDED)
    alert.closed_at = now
    session.flush()
    add_events(session, [Line(alert, Change.DRILL_ENDED, actor_id)], now)
    climbs.end(session, alert)

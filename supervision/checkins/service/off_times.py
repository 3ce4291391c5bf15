"""Reads when nothing is asked of somebody: exceptions, public holidays, pauses."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.checkins.asking import NewPlan
from supervision.checkins.timing import Off, Pause

_HOLIDAYS = text("SELECT on_date FROM public_holiday WHERE agency_id = :agency")
_PAUSES = text(
    "SELECT begins_at, ends_at FROM checkin_pause WHERE supervisee_id = :person"
    " ORDER BY begins_at, id"
)


def read_off(session: Session, asked: NewPlan, agency_id: int, supervisee_id: int) -> Off:
    """When a plan asks for nothing though its rule or its hours would allow it.

    Args:
        session: Open transaction, only read.
        asked: What the plan asks.
        agency_id: Whose holidays count, if the plan skips them.
        supervisee_id: Whose pauses count.
    """
    dates = set(asked.except_on)
    if asked.skips_holidays:
        dates |= set(session.scalars(_HOLIDAYS, {"agency": agency_id}))
    pauses = session.execute(_PAUSES, {"person": supervisee_id})
    return Off(frozenset(dates), tuple(Pause(*row) for row in pauses))

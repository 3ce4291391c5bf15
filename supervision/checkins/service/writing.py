"""Writes check-ins down, each slot of a plan once."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from supervision.checkins.models import Checkin, CheckinPlanVersion
from supervision.checkins.rules import State, window_of
from supervision.checkins.service.made import Made
from supervision.checkins.service.reminders import plan_reminders

ROOM_BYTES = 16


class Duty(NamedTuple):
    """A check-in to be written down.

    Attributes:
        slot: What it is within its plan; not there twice unless the other was replaced.
        local_date: By the person's clocks.
        opens_at: Aware UTC.
    """

    slot: str
    local_date: date
    opens_at: datetime


def write_down(
    session: Session,
    version: CheckinPlanVersion,
    supervisee_id: int,
    duties: Sequence[Duty],
    now: datetime,
) -> None:
    """Write what is not there yet, with its reminders; the caller commits."""
    if not duties:
        return
    statement = (
        insert(Checkin)
        .on_conflict_do_nothing()
        .returning(Checkin.id, Checkin.opens_at, Checkin.closes_at)
    )
    rows = [_row(version, supervisee_id, duty, now) for duty in duties]
    made = [Made(*row) for row in session.execute(statement, rows)]
    plan_reminders(session, version, made)


def _row(
    version: CheckinPlanVersion, supervisee_id: int, duty: Duty, now: datetime
) -> dict[str, object]:
    length, grace = timedelta(seconds=version.window_s), timedelta(seconds=version.grace_s)
    return {
        "agency_id": version.agency_id,
        "supervisee_id": supervisee_id,
        "checkin_plan_id": version.checkin_plan_id,
        "checkin_plan_version_id": version.id,
        "method": version.method,
        "purpose": version.purpose,
        "slot": duty.slot,
        "is_unannounced": version.per_week is not None,
        "room": secrets.token_urlsafe(ROOM_BYTES),
        "local_date": duty.local_date,
        **window_of(duty.opens_at, length, grace)._asdict(),
        "state": State.SCHEDULED,
        "made_at": now,
    }

"""Reads the check-in that an alert says was missed, as it stands now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.checkins.rules import Method, State
from supervision.corridor.reminded import ReminderRecord, read_reminders, told_of


@dataclass(frozen=True, slots=True)
class MissFacts:
    """A missed check-in.

    Attributes:
        attempts: Calls that reached nobody, by now.
        misses: In the 30 days up to this one, when it was found.
        reminders: What the person was sent, in order; those that helped nobody are left out.
    """

    method: Method
    state: State
    opens_at: datetime
    closes_at: datetime
    missed_at: datetime
    attended_at: datetime | None
    attempts: int
    misses: int
    reminders: list[ReminderRecord]


_MISS = text(
    "SELECT c.id, c.method, c.state, c.opens_at, c.closes_at, c.missed_at, c.attended_at,"
    " (SELECT count(*) FROM checkin_event e WHERE e.checkin_id = c.id AND e.kind = 'attempted')"
    " AS attempts, (a.evidence ->> 'misses_in_30_days')::integer AS misses"
    " FROM alert a JOIN checkin c ON c.id = (a.evidence ->> 'checkin_id')::bigint"
    " WHERE a.id = :alert AND a.kind IN ('checkin_missed', 'checkins_missed')"
)


def find_miss(session: Session, alert_id: int) -> MissFacts | None:
    """The check-in that an alert tells of, if it tells of one."""
    row = session.execute(_MISS, {"alert": alert_id}).mappings().one_or_none()
    if row is None:
        return None
    facts = dict(row) | {"method": Method(row["method"]), "state": State(row["state"])}
    checkin_id = facts.pop("id")
    return MissFacts(**facts, reminders=told_of(read_reminders(session, [checkin_id])[checkin_id]))

"""Reads what became of the reminders of check-ins, up to whether they were sent."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.rules import Means
from supervision.checkins.reminding import ReminderKind


class ReminderState(StrEnum):
    """How far a reminder has come; `LOGGED`: only written to the log, so read by nobody.

    `UNDELIVERED`: sent, and the gateway says that it did not arrive.
    """

    PLANNED = "planned"
    WAITING = "waiting"
    SENT = "sent"
    LOGGED = "logged"
    UNDELIVERED = "undelivered"
    EXPIRED = "expired"
    NOT_REACHED = "not_reached"
    POINTLESS = "pointless"


_TOLD_OF = frozenset(ReminderState) - {ReminderState.PLANNED, ReminderState.POINTLESS}


@dataclass(frozen=True, slots=True)
class ReminderRecord:
    """A reminder.

    Attributes:
        due_at: When it was to be sent.
        means: How; None while it is planned, or where there is no way.
        at: When it was sent, or else settled; None while it is planned.
    """

    kind: ReminderKind
    due_at: datetime
    state: ReminderState
    means: Means | None
    at: datetime | None


def read_reminders(
    session: Session, checkin_ids: Collection[int]
) -> dict[int, list[ReminderRecord]]:
    """The reminders of these check-ins, in the order in which they are due.

    Args:
        session: Open transaction, only read; whether they may be seen is asked before.
        checkin_ids: Which; those without reminders have an empty list.
    """
    found = defaultdict[int, list[ReminderRecord]](list)
    for row in session.execute(_REMINDERS, {"ids": list(checkin_ids)}):
        means = None if row.channel is None else Means(row.channel)
        record = ReminderRecord(
            ReminderKind(row.kind), row.due_at, ReminderState(row.state), means, row.at
        )
        found[row.checkin_id].append(record)
    return found


def told_of(reminders: Sequence[ReminderRecord]) -> list[ReminderRecord]:
    """Those of which an officer is told: that were sent, or that should have been."""
    return [one for one in reminders if one.state in _TOLD_OF]


def as_evidence(reminders: Sequence[ReminderRecord]) -> list[dict[str, Any]]:
    """The same for an alert, as plain JSON."""
    return [
        {"kind": one.kind, "state": one.state, "means": one.means, "at": one.at.isoformat()}
        for one in told_of(reminders)
        if one.at is not None
    ]


# The message is found by the key that `reminding.key_of` gave it.
_REMINDERS = text(
    "SELECT r.checkin_id, r.kind, r.due_at, n.channel, coalesce(n.sent_at, r.settled_at) AS at,"
    " CASE WHEN r.outcome IS NULL THEN 'planned' WHEN r.outcome = 'pointless' THEN 'pointless'"
    "  WHEN r.outcome = 'unreachable' THEN 'not_reached' WHEN n.state = 'expired' THEN 'expired'"
    "  WHEN n.sent_at IS NULL THEN 'waiting' WHEN n.channel = 'log' THEN 'logged'"
    "  WHEN n.state = 'failed' THEN 'undelivered' ELSE 'sent' END"
    "  AS state FROM checkin_reminder r LEFT JOIN notification n ON n.idempotency_key"
    "  = concat('checkin:', r.checkin_id, ':reminder:', r.id)"
    " WHERE r.checkin_id = ANY(:ids) ORDER BY r.due_at, r.id"
)

"""The outbox towards devices: written with the finding, claimed by one process, settled after.

A claim lapses: a process that dies between sending and settling leaves its command to the next
one, which sends it again under the same id.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

# Longer than a broker under full load takes to confirm (ADR-0006 measured seven seconds).
CLAIM_LASTS = timedelta(seconds=30)
BACKOFF_FIRST_S, BACKOFF_MOST_S, DOUBLINGS_MOST = 5, 300, 10


class CommandKind(StrEnum):
    """What a device can be told."""

    SET_INTERVAL = "set_interval"
    LOCATE = "locate"


class NewCommand(NamedTuple):
    """What somebody wants a device to do.

    Attributes:
        agency_id: Whose device.
        device_id: Which.
        supervisee_id: Who wears it.
        idempotency_key: The same wish has the same key, whoever writes it and how often.
        reason: Why, for ourselves: it never reaches the device, which must learn of no zone.
        expires_at: Not worth sending from then on.
        interval_s: Seconds between two fixes; None to locate.
        ends_at: When the device goes back to its own interval by itself; None: when told to.
    """

    agency_id: int
    device_id: int
    supervisee_id: int
    idempotency_key: str
    reason: str
    expires_at: datetime
    interval_s: int | None = None
    ends_at: datetime | None = None


class DueCommand(NamedTuple):
    """A command this process has taken upon itself to send, and how long it is worth having."""

    id: int
    device_uid: str
    kind: CommandKind
    interval_s: int | None
    ends_at: datetime | None
    expires_in_s: int


class Outcome(NamedTuple):
    """How sending went: `failure` is None once the broker has the command."""

    command_id: int
    failure: str | None


_INSERT = text(
    "INSERT INTO device_command (agency_id, device_id, supervisee_id, kind, interval_s, ends_at,"
    " reason, idempotency_key, created_at, due_at, expires_at)"
    " VALUES (:agency_id, :device_id, :supervisee_id, :kind, :interval_s, :ends_at,"
    " :reason, :idempotency_key, :now, :now, :expires_at)"
    " ON CONFLICT ON CONSTRAINT uq_device_command_idempotency_key DO NOTHING RETURNING id"
)


def request_interval(session: Session, command: NewCommand, now: datetime) -> int | None:
    """Ask a device for a fix every `interval_s`; the caller commits, then it is sent.

    Whatever other interval the device has not been told yet, it is never told: that command is
    superseded by this one when sending is next looked at.

    Returns:
        The command's id; None where its key is known, and nothing was written.
    """
    return _write(session, CommandKind.SET_INTERVAL, command, now)


def is_asked(session: Session, supervisee_id: int, reason: str, now: datetime) -> bool:
    """Whether somebody's devices are asked for faster fixes still, for a reason that begins so."""
    values = {"person": supervisee_id, "reason": f"{reason}%", "now": now}
    found: bool = session.execute(_ASKED, values).scalar_one()
    return found


def request_locate(session: Session, command: NewCommand, now: datetime) -> int | None:
    """Ask a device for one fix at once; else as `request_interval`, and supersedes nothing."""
    return _write(session, CommandKind.LOCATE, command, now)


def _write(session: Session, kind: CommandKind, command: NewCommand, now: datetime) -> int | None:
    values = command._asdict() | {"kind": str(kind), "now": now}
    written: int | None = session.execute(_INSERT, values).scalar_one_or_none()
    return written


_ASKED = text(
    "SELECT EXISTS (SELECT 1 FROM device_command WHERE supervisee_id = :person"
    " AND created_at > CAST(:now AS timestamptz) - interval '1 day'"
    " AND reason LIKE :reason AND ends_at > :now)"
)
# What is neither sent nor being sent: a claim older than this belongs to nobody any more.
_OPEN = "(c.state = 'pending' OR (c.state = 'sending' AND c.claimed_at < :stale))"
_NEWER = (
    "(SELECT max(n.id) FROM device_command n WHERE c.kind = 'set_interval'"
    " AND n.device_id = c.device_id AND n.id > c.id AND n.kind = 'set_interval')"
)
_RETIRE = text(
    "UPDATE device_command r SET claimed_at = NULL, superseded_by_id = old.newer_id,"
    " state = CASE WHEN old.newer_id IS NULL THEN 'expired' ELSE 'superseded' END"
    f" FROM (SELECT c.id, {_NEWER} AS newer_id FROM device_command c WHERE {_OPEN}"
    f"   AND (c.expires_at <= :now OR {_NEWER} IS NOT NULL) FOR UPDATE OF c SKIP LOCKED) old"
    " WHERE r.id = old.id"
)
# What was never tried goes first: devices that cannot be reached hold up nobody else's.
_CLAIM = text(
    "UPDATE device_command t SET state = 'sending', claimed_at = :now, attempts = attempts + 1"
    f" FROM (SELECT c.id FROM device_command c WHERE {_OPEN} AND c.due_at <= :now"
    "   AND c.expires_at > :now"
    "   ORDER BY c.attempts, c.due_at, c.id LIMIT :most FOR UPDATE OF c SKIP LOCKED) due, device d"
    " WHERE t.id = due.id AND d.id = t.device_id"
    " RETURNING t.id, d.uid, t.kind, t.interval_s, t.ends_at,"
    " ceil(extract(epoch FROM t.expires_at - :now))::integer AS expires_in_s"
)


def claim_commands(session: Session, most: int, now: datetime) -> list[DueCommand]:
    """Take on what is due, after retiring what expired or was superseded.

    Any number of processes may do so at once; none waits for another.

    Args:
        session: Open transaction of the engine role. Publish only after it is committed.
        most: Commands at most; 0 retires only.
        now: The present.

    Returns:
        In the order in which they were asked for.
    """
    values = {"now": now, "stale": now - CLAIM_LASTS, "most": most}
    session.execute(_RETIRE, values)
    rows = session.execute(_CLAIM, values).all()
    due = [DueCommand(row.id, row.uid, CommandKind(row.kind), *row[3:]) for row in rows]
    return sorted(due)


# Even one retired meanwhile did go out: the row says so. In one order, that none waits in a circle.
_SENT = text(
    "UPDATE device_command t SET state = 'sent', sent_at = :now, claimed_at = NULL,"
    " superseded_by_id = NULL FROM (SELECT c.id FROM device_command c WHERE c.id = ANY(:ids)"
    "   AND c.state <> 'sent' ORDER BY c.id FOR UPDATE) done WHERE t.id = done.id"
)
_NOT_SENT = text(
    "UPDATE device_command t SET state = 'pending', claimed_at = NULL, last_error = failed.reason,"
    " due_at = :now + interval '1 second'"
    f" * least({BACKOFF_FIRST_S} * 2 ^ least(t.attempts - 1, {DOUBLINGS_MOST}), {BACKOFF_MOST_S})"
    " FROM (SELECT c.id, f.reason FROM device_command c"
    "   JOIN unnest(CAST(:ids AS bigint[]), CAST(:reasons AS text[])) AS f (id, reason)"
    "   ON f.id = c.id WHERE c.state = 'sending' ORDER BY c.id FOR UPDATE OF c) failed"
    " WHERE t.id = failed.id"
)


def settle_commands(session: Session, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Note which commands the broker has, and put back those that it did not take.

    Those are tried again after 5 s, doubling to at most 5 minutes, until they expire. The same
    outcome may be noted twice. The caller commits.
    """
    sent = [one.command_id for one in outcomes if one.failure is None]
    failed = [one for one in outcomes if one.failure is not None]
    if sent:
        session.execute(_SENT, {"ids": sent, "now": now})
    if failed:
        values = {
            "ids": [one.command_id for one in failed],
            "reasons": [one.failure for one in failed],
            "now": now,
        }
        session.execute(_NOT_SENT, values)

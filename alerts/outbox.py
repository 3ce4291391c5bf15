"""Puts messages into the outbox with what they tell of; `claims` takes them out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.catalogue import Severity
from alerts.models import Alert
from alerts.points import ACCOUNT, Point, chosen, due_at
from alerts.receivers import read_points
from alerts.rules import Means, Notice


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A message to a person about his check-in.

    Attributes:
        key: What it is known by over every attempt.
        expires_at: It is not sent from then on.
    """

    agency_id: int
    supervisee_id: int
    checkin_id: int
    notice: Notice
    means: Means
    key: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """An officer is to be told of an alert; the reason makes it one message by each of his ways."""

    alert: Alert
    officer_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class OutsideCall:
    """Somebody outside the agency is to be told of an alert, by a contact point."""

    alert: Alert
    point_id: int
    reason: str


def enqueue(session: Session, calls: Sequence[Call], now: datetime) -> None:
    """Put messages to officers in the outbox, by the ways that they chose; the caller commits."""
    points = read_points(session, {call.officer_id for call in calls})
    rows = [
        _row(call, point, now)
        for call in calls
        for point in chosen(points[call.officer_id], Severity(call.alert.severity))
    ]
    _put(session, rows, now)


def enqueue_around(
    session: Session, calls: Sequence[Call], points: Sequence[Point], now: datetime
) -> list[list[Means]]:
    """Put messages in the outbox by other ways, as far as they are not there yet.

    Returns:
        For each call, by which means it goes now.
    """
    # Whoever could not be told at once is not left to a delay of his choice.
    rows_of = [
        [_row(call, point, now) | {"is_only_while_new": False} for point in points]
        for call in calls
    ]
    put = _put(session, [row for rows in rows_of for row in rows], now)
    return [sorted(row["channel"] for row in rows if row["key"] in put) for rows in rows_of]


def enqueue_outside(session: Session, calls: Sequence[OutsideCall], now: datetime) -> list[int]:
    """Put messages to contact points outside the agency in the outbox; ended ones get none.

    Returns:
        The contact points that are told.
    """
    ids = sorted({call.point_id for call in calls})
    means = {row.id: Means(row.means) for row in session.execute(_OUTSIDE, {"ids": ids})}
    rows = [
        {
            **_of(call.alert),
            "officer_id": None,
            "point_id": call.point_id,
            "channel": means[call.point_id],
            "key": f"alert:{call.alert.id}:{call.reason}:point:{call.point_id}",
            "due_at": now,
            "is_only_while_new": False,
        }
        for call in calls
        if call.point_id in means
    ]
    _put(session, rows, now)
    return sorted({row["point_id"] for row in rows})


def enqueue_notices(session: Session, notices: Sequence[NewNotice], now: datetime) -> None:
    """Put messages to people in the outbox; one whose key is there already changes nothing."""
    session.execute(
        _ENQUEUE_NOTICES,
        {
            "agencies": [one.agency_id for one in notices],
            "people": [one.supervisee_id for one in notices],
            "checkins": [one.checkin_id for one in notices],
            "kinds": [str(one.notice) for one in notices],
            "means": [str(one.means) for one in notices],
            "keys": [one.key for one in notices],
            "expiries": [one.expires_at for one in notices],
            "now": now,
        },
    )


def reason_of(key: str) -> str:
    """For which reason a message about an alert was put in, by its key."""
    return ":".join(key.split(":")[2:-2])


def _of(alert: Alert) -> dict[str, Any]:
    return {"agency_id": alert.agency_id, "alert_id": alert.id}


def _row(call: Call, point: Point, now: datetime) -> dict[str, Any]:
    way = f"email:{call.officer_id}" if point is ACCOUNT else f"point:{point.id}"
    return {
        **_of(call.alert),
        "officer_id": call.officer_id,
        "point_id": point.id,
        "channel": point.means,
        "key": f"alert:{call.alert.id}:{call.reason}:{way}",
        "due_at": due_at(point, Severity(call.alert.severity), now),
        "is_only_while_new": point.after_s > 0,
    }


def _put(session: Session, rows: Sequence[dict[str, Any]], now: datetime) -> set[str]:
    """Write them; returns the keys of those that were not there yet."""
    columns = {name: [row[name] for row in rows] for name in _COLUMNS}
    return set(session.execute(_ENQUEUE, columns | {"now": now}).scalars())


_COLUMNS = (
    "agency_id",
    "alert_id",
    "officer_id",
    "point_id",
    "channel",
    "key",
    "due_at",
    "is_only_while_new",
)
_ENQUEUE = text(
    "INSERT INTO notification (agency_id, alert_id, officer_id, contact_point_id, channel,"
    " idempotency_key, due_at, is_only_while_new, created_at) SELECT n.agency_id, n.alert_id,"
    " n.officer_id, n.point_id, n.channel, n.key, n.due_at, n.is_only_while_new, :now"
    " FROM unnest(CAST(:agency_id AS bigint[]), CAST(:alert_id AS bigint[]),"
    " CAST(:officer_id AS bigint[]), CAST(:point_id AS bigint[]), CAST(:channel AS text[]),"
    " CAST(:key AS text[]), CAST(:due_at AS timestamptz[]), CAST(:is_only_while_new AS boolean[]))"
    " WITH ORDINALITY AS n (agency_id, alert_id, officer_id, point_id, channel, key, due_at,"
    " is_only_while_new, number) ORDER BY n.number"
    " ON CONFLICT (idempotency_key) DO NOTHING RETURNING idempotency_key"
)
_ENQUEUE_NOTICES = text(
    "INSERT INTO notification (agency_id, supervisee_id, checkin_id, kind, channel,"
    " idempotency_key, expires_at, due_at, created_at) SELECT n.agency_id, n.supervisee_id,"
    " n.checkin_id, n.kind, n.channel, n.key, n.expires_at, :now, :now"
    " FROM unnest(CAST(:agencies AS bigint[]), CAST(:people AS bigint[]),"
    " CAST(:checkins AS bigint[]), CAST(:kinds AS text[]), CAST(:means AS text[]),"
    " CAST(:keys AS text[]), CAST(:expiries AS timestamptz[])) WITH ORDINALITY AS n (agency_id,"
    " supervisee_id, checkin_id, kind, channel, key, expires_at, number) ORDER BY n.number"
    " ON CONFLICT (idempotency_key) DO NOTHING"
)
_OUTSIDE = text(
    "SELECT id, means FROM contact_point"
    " WHERE id = ANY(:ids) AND officer_id IS NULL AND ended_at IS NULL"
)

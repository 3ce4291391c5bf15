"""Where alerts are on their ladders: rows that are begun, put off and ended with the handling."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind
from alerts.drilling import walked
from alerts.escalation import Climb, Ladder, Post, Rung, catalogued, due_at, untouched_at
from alerts.holds import held_until
from alerts.models import Alert, DrillRow
from supervision.core.errors import Conflict

# The first rung is told by the message with which an alert is raised.
_FIRST = Climb(rung=1)


def read_ladder(session: Session, agency_id: int, kind: AlertKind) -> Ladder:
    """How alerts of a kind climb in an agency: by its own ladder, else the catalogue's."""
    row = session.execute(_LADDER, {"agency": agency_id, "kind": kind}).one_or_none()
    return catalogued(kind) if row is None else _ladder(row)


def ladder_of(session: Session, alert: Alert) -> Ladder:
    """The ladder on which an alert is: of a drill's, as the drill walks it."""
    return _ladders_of(session, [alert])[alert.id]


def read_ladders(session: Session, agency_id: int) -> dict[AlertKind, Ladder]:
    """The same for every kind."""
    rows = session.execute(_LADDERS, {"agency": agency_id})
    own = {AlertKind(row.kind): _ladder(row) for row in rows}
    return {kind: own.get(kind) or catalogued(kind) for kind in AlertKind}


def require_unnamed(session: Session, agency_id: int, post: Post, named_id: int) -> None:
    """Stop here if a ladder in force leads to this rota or contact point.

    Raises:
        Conflict: One does: whoever ended it would take a rung out of the ladder unnoticed.
    """
    for kind, ladder in read_ladders(session, agency_id).items():
        if any(rung.post is post and rung.id == named_id for rung in ladder.rungs):
            what = kind.replace("_", " ")
            message = f"The ladder of {what} alerts leads there; change that ladder first."
            raise Conflict(message)


def _ladder(row: Row[Any]) -> Ladder:
    rungs = (Rung(one["after_s"], Post(one["post"]), one["id"]) for one in row.rungs)
    return Ladder(tuple(rungs), row.again_s, row.untouched_s)


def begin(session: Session, alerts: Sequence[Alert], now: datetime) -> None:
    """Let alerts climb from now on, whose officers have just been told; the caller commits.

    One that climbs already, or was acknowledged, begins anew: it has become graver.
    """
    ladders = _ladders_of(session, alerts)
    dues = [due_at(ladders[one.id], _FIRST, now) for one in alerts]
    values = {
        "alerts": [alert.id for alert in alerts],
        "agencies": [alert.agency_id for alert in alerts],
        "dues": dues,
        "now": now,
        **asdict(_FIRST),
    }
    session.execute(_BEGIN, values)


def put_off(session: Session, alert: Alert, now: datetime) -> None:
    """Somebody did something about an alert: it climbs only if nothing more is done for long.

    While its source is shelved nobody is told that it lies untouched: that counts from the end.
    """
    ladder = read_ladder(session, alert.agency_id, AlertKind(alert.kind))
    counted_from = held_until(session, alert, now) or now
    session.execute(_PUT_OFF, {"alert": alert.id, "due": untouched_at(ladder, counted_from)})


def hurry(session: Session, alerts: Sequence[Alert], now: datetime) -> None:
    """Let the next rung be told at once; at the top it begins again in its own time."""
    ladders = _ladders_of(session, alerts)
    values = {
        "alerts": [alert.id for alert in alerts],
        "rungs": [len(ladders[one.id].rungs) for one in alerts],
        "now": now,
    }
    session.execute(_HURRY, values)


def end(session: Session, alert: Alert) -> None:
    """A closed alert climbs no more."""
    session.execute(text("DELETE FROM alert_climb WHERE alert_id = :alert"), {"alert": alert.id})


def _ladders_of(session: Session, alerts: Sequence[Alert]) -> dict[int, Ladder]:
    """Each alert's ladder; that of an agency and kind is read once for however many."""
    ladders = {
        (agency_id, kind): read_ladder(session, agency_id, AlertKind(kind))
        for agency_id, kind in {(alert.agency_id, alert.kind) for alert in alerts}
    }
    return {one.id: _as_walked(session, one, ladders[one.agency_id, one.kind]) for one in alerts}


def _as_walked(session: Session, alert: Alert, ladder: Ladder) -> Ladder:
    if alert.drill_id is None:
        return ladder
    return walked(ladder, is_at_once=session.get_one(DrillRow, alert.drill_id).is_at_once)


_LADDER = text(
    "SELECT rungs, again_s, untouched_s FROM escalation_ladder"
    " WHERE agency_id = :agency AND kind = :kind ORDER BY version DESC LIMIT 1"
)
_LADDERS = text(
    "SELECT DISTINCT ON (kind) kind, rungs, again_s, untouched_s FROM escalation_ladder"
    " WHERE agency_id = :agency ORDER BY kind, version DESC"
)
_BEGIN = text(
    "INSERT INTO alert_climb (alert_id, agency_id, began_at, rung, round, due_at)"
    " SELECT w.alert_id, w.agency_id, :now, :rung, :round, w.due_at"
    " FROM unnest(CAST(:alerts AS bigint[]), CAST(:agencies AS bigint[]),"
    " CAST(:dues AS timestamptz[])) AS w (alert_id, agency_id, due_at)"
    " ON CONFLICT (alert_id) DO UPDATE SET began_at = excluded.began_at, rung = excluded.rung,"
    " round = alert_climb.round + 1, due_at = excluded.due_at"
)
_HURRY = text(
    "UPDATE alert_climb c SET due_at = :now"
    " FROM unnest(CAST(:alerts AS bigint[]), CAST(:rungs AS integer[])) AS w (alert_id, rungs)"
    " WHERE c.alert_id = w.alert_id AND c.rung < w.rungs AND c.due_at > :now"
)
_PUT_OFF = text("UPDATE alert_climb SET due_at = :due WHERE alert_id = :alert")

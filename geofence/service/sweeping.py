"""Finds the boundaries that are due, a portion at a time, each of them once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from geofence.zones import Pair
from supervision.core.clock import to_us
from supervision.core.locks import lock_people

# No transaction judges many more; a set that is larger is judged by itself.
PAIRS_AT_ONCE = 500


class Due(NamedTuple):
    """A boundary: its person, its zone, or the one that stands for a set, and its moment."""

    supervisee_id: int
    zone_id: int
    at: datetime


def due_boundaries(session: Session, now: datetime) -> dict[Pair, int]:
    """Claim some of the boundaries that are due and lock their people; the caller commits.

    Only looked at first: rows are claimed when the people's locks are held, as everybody does who
    writes them (see `core.locks`). Another scheduler then finds them swept, and an officer who
    changes the same zone waits for the lock, not for us with it in his hands.

    Args:
        session: Open transaction of the engine role.
        now: Aware UTC.

    Returns:
        The pairs to judge anew, each with its earliest due moment in microseconds; empty when
        nothing is due. A row committed late, its moment gone by, is found like any other.
    """
    values = {"now": now, "most": PAIRS_AT_ONCE}
    seen = [Due(*row) for row in session.execute(_LOOK, values)]
    if not seen:
        return {}
    members = _set_members(session, {one.zone_id for one in seen})
    portion = _portion(seen, members)
    lock_people(session, {one.supervisee_id for one in portion})
    due: dict[Pair, int] = {}
    for one in _claim(session, portion, now):
        at_us = to_us(one.at)
        for zone_id in members.get(one.zone_id, [one.zone_id]):
            pair = Pair(one.supervisee_id, zone_id)
            due[pair] = min(at_us, due.get(pair, at_us))
    return due


def _portion(seen: Sequence[Due], members: dict[int, list[int]]) -> list[Due]:
    """As many from the front as make up a portion, and at least one."""
    portion: list[Due] = []
    pairs = 0
    for one in seen:
        pairs += len(members.get(one.zone_id, [one.zone_id]))
        if portion and pairs > PAIRS_AT_ONCE:
            break
        portion.append(one)
    return portion


def _set_members(session: Session, zone_ids: Iterable[int]) -> dict[int, list[int]]:
    """For each zone among these that stands for a set, all zones of the set."""
    rows = session.execute(_SETS, {"zones": sorted(zone_ids)}).all()
    return {row.zone_id: row.members for row in rows}


def _claim(session: Session, portion: Sequence[Due], now: datetime) -> list[Due]:
    people, zones, moments = zip(*portion, strict=True)
    values = {"person": list(people), "zone": list(zones), "at": list(moments), "now": now}
    return [Due(*row) for row in session.execute(_CLAIM, values)]


_LOOK = text(
    "SELECT supervisee_id, zone_id, at FROM zone_boundary WHERE swept_at IS NULL AND at <= :now"
    " ORDER BY at, supervisee_id, zone_id LIMIT :most"
)

_SETS = text(
    "SELECT min(o.id) AS zone_id, array_agg(o.id ORDER BY o.id) AS members FROM zone o"
    " WHERE o.zone_set_id IN (SELECT zone_set_id FROM zone WHERE id = ANY(:zones))"
    " GROUP BY o.zone_set_id"
)

_CLAIM = text(
    "WITH claimed AS (SELECT b.supervisee_id, b.zone_id, b.at FROM zone_boundary b JOIN unnest("
    "CAST(:person AS bigint[]), CAST(:zone AS bigint[]), CAST(:at AS timestamptz[]))"
    " AS due (supervisee_id, zone_id, at) USING (supervisee_id, zone_id, at)"
    " WHERE b.swept_at IS NULL FOR UPDATE OF b SKIP LOCKED)"
    " UPDATE zone_boundary b SET swept_at = :now FROM claimed c WHERE b.supervisee_id ="
    " c.supervisee_id AND b.zone_id = c.zone_id AND b.at = c.at"
    " RETURNING b.supervisee_id, b.zone_id, b.at"
)

"""Writes down ahead when zones begin or cease to count for whom; `sweeping` acts on it when due.

A boundary is written with what makes it (a drawing, a schedule, an exception, a membership), for
the five weeks ahead, and topped up from time to time. Of a set, the zone with the lowest id stands
for all: else a school holiday would be thousands of rows for each person.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from geofence.rules.schedule import active_spans, read_schedule
from supervision.core.clock import EPOCH, from_us, to_us
from supervision.core.sweeps import claim_sweep

AHEAD = timedelta(days=35)
# How far a top-up reaches back behind where the last one ended: no writing lasts longer.
OVERLAP = timedelta(hours=1)
KEPT_FOR = timedelta(days=7)
ROWS_AT_ONCE = 10_000


class Stretch(NamedTuple):
    """Moments behind `after_at`, up to and with `until_at`."""

    after_at: datetime
    until_at: datetime


def write_boundaries(session: Session, supervisee_ids: Sequence[int], now: datetime) -> None:
    """Write what lies ahead of these people and is not written yet; the caller commits.

    What lies in the past is the caller's to judge. Call it after `next_epoch`: of a set that is
    drawn into and given to somebody at the same time, one of the two then sees the other.
    """
    _write(session, Stretch(now, now + AHEAD), list(supervisee_ids))


def top_up_boundaries(session: Session, now: datetime) -> int:
    """Write everybody's boundaries as far as five weeks ahead, and forget those swept long ago.

    Args:
        session: Open transaction of the engine role; the caller commits.
        now: Aware UTC.

    Returns:
        How many were written; 0 when another process is at it.
    """
    since = claim_sweep(session, "zone_boundary_top_up", now)
    if since is None:
        return 0
    session.execute(
        text("DELETE FROM zone_boundary WHERE swept_at < :long_ago"), {"long_ago": now - KEPT_FOR}
    )
    # After a long pause it begins in the past: what was never written is then found by the sweep.
    after_at = now - OVERLAP if since == EPOCH else since + AHEAD - OVERLAP
    return _write(session, Stretch(after_at, now + AHEAD), None)


def leave_to_sweep(session: Session, zone_set_id: int, since_at: datetime, now: datetime) -> None:
    """Have the next sweep judge a set's members anew from `since_at` on; the caller commits.

    For changes to a set: they may concern thousands of people, more than one transaction should
    lock. What begins only later is written as a boundary.
    """
    values = {"set": zone_set_id, "since": since_at, "now": now}
    members = session.scalars(_MEMBERS, values).all()
    write_boundaries(session, members, now)
    session.execute(_LEAVE, values)


def _write(session: Session, stretch: Stretch, people: list[int] | None) -> int:
    """Write what lies in the stretch of these people's boundaries, or of all; returns how many."""
    values = {"after": stretch.after_at, "until": stretch.until_at, "people": people}
    written = len(session.execute(_MOMENTS, values).all())
    rows: list[tuple[int, int, int, datetime]] = []
    for version in session.execute(_SCHEDULED, values).all():
        rows += ((*version[:3], at) for at in _window_moments(version, stretch))
        if len(rows) >= ROWS_AT_ONCE:
            written += _insert(session, rows)
            rows = []
    return written + _insert(session, rows)


def _window_moments(version: Row[Any], stretch: Stretch) -> Iterator[datetime]:
    """When the windows of a version's schedule begin and end, while it is in force."""
    from_at = max(version.armed_at, stretch.after_at)
    until_at = min(version.until_at or stretch.until_at, stretch.until_at)
    schedule = read_schedule(version.schedule, version.time_zone)
    for span in active_spans(schedule, to_us(from_at), to_us(until_at)):
        for moment in map(from_us, span):
            if from_at < moment < until_at:
                yield moment


def _insert(session: Session, rows: Sequence[tuple[int, int, int, datetime]]) -> int:
    agencies, people, zones, moments = zip(*rows, strict=True) if rows else ((), (), (), ())
    values = {"agency": list(agencies), "person": list(people), "zone": list(zones)}
    return len(session.execute(_INSERT, values | {"at": list(moments)}).all())


_STAND_INS = (
    "stand_in AS MATERIALIZED (SELECT zone_set_id, min(id) AS zone_id FROM zone"
    " WHERE zone_set_id IS NOT NULL GROUP BY zone_set_id)"
)
_WHOSE = "(CAST(:people AS bigint[]) IS NULL OR {}.supervisee_id = ANY(CAST(:people AS bigint[])))"
_IN_STRETCH = "moment.at > :after AND moment.at <= :until"

_MOMENTS = text(f"""
WITH {_STAND_INS},
of_set AS (
    SELECT DISTINCT z.zone_set_id, moment.at FROM zone z JOIN zone_version v ON v.zone_id = z.id,
        unnest(ARRAY[v.armed_at, v.ends_at]) AS moment (at)
    WHERE z.zone_set_id IS NOT NULL AND {_IN_STRETCH}
)
INSERT INTO zone_boundary (agency_id, supervisee_id, zone_id, at)
    SELECT z.agency_id, z.supervisee_id, z.id, moment.at
    FROM zone z JOIN zone_version v ON v.zone_id = z.id,
        unnest(ARRAY[v.armed_at, v.ends_at]) AS moment (at)
    WHERE z.supervisee_id IS NOT NULL AND {_WHOSE.format("z")} AND {_IN_STRETCH}
UNION
    SELECT e.agency_id, e.supervisee_id, e.zone_id, moment.at
    FROM zone_exception e, unnest(ARRAY[e.begins_at, e.ends_at, e.withdrawn_at]) AS moment (at)
    WHERE {_WHOSE.format("e")} AND {_IN_STRETCH}
UNION
    SELECT m.agency_id, m.supervisee_id, s.zone_id, moment.at
    FROM zone_set_member m JOIN stand_in s USING (zone_set_id),
        unnest(ARRAY[m.begins_at, m.ends_at]) AS moment (at)
    WHERE {_WHOSE.format("m")} AND {_IN_STRETCH}
UNION
    SELECT m.agency_id, m.supervisee_id, s.zone_id, o.at
    FROM of_set o JOIN zone_set_member m USING (zone_set_id) JOIN stand_in s USING (zone_set_id)
    WHERE {_WHOSE.format("m")} AND o.at <@ tstzrange(m.begins_at, m.ends_at)
ON CONFLICT DO NOTHING RETURNING 1
""")

_SCHEDULED = text(f"""
SELECT agency_id, supervisee_id, zone_id, schedule, time_zone, armed_at, until_at FROM (
    SELECT v.*, least(v.ends_at, lead(v.armed_at) OVER (PARTITION BY v.zone_id ORDER BY v.version))
        AS until_at
    FROM zone z JOIN zone_version v ON v.zone_id = z.id
    WHERE z.supervisee_id IS NOT NULL AND {_WHOSE.format("z")}
) drawn
WHERE schedule IS NOT NULL AND armed_at < :until AND (until_at IS NULL OR until_at > :after)
""")

_INSERT = text(
    "INSERT INTO zone_boundary (agency_id, supervisee_id, zone_id, at) SELECT * FROM unnest("
    "CAST(:agency AS bigint[]), CAST(:person AS bigint[]), CAST(:zone AS bigint[]),"
    " CAST(:at AS timestamptz[])) ON CONFLICT DO NOTHING RETURNING 1"
)

_MEMBERS = text(
    "SELECT DISTINCT supervisee_id FROM zone_set_member"
    " WHERE zone_set_id = :set AND (ends_at IS NULL OR ends_at > :since)"
)

# A boundary of that very moment may have been swept already.
_LEAVE = text(
    "INSERT INTO zone_boundary (agency_id, supervisee_id, zone_id, at)"
    " SELECT DISTINCT m.agency_id, m.supervisee_id, s.zone_id, greatest(m.begins_at, :since)"
    " FROM zone_set_member m, (SELECT min(id) AS zone_id FROM zone WHERE zone_set_id = :set) s"
    " WHERE m.zone_set_id = :set AND s.zone_id IS NOT NULL"
    " AND (m.ends_at IS NULL OR m.ends_at > :since) AND greatest(m.begins_at, :since) <= :now"
    " ON CONFLICT (supervisee_id, zone_id, at) DO UPDATE SET swept_at = NULL"
)

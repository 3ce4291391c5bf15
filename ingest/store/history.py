"""Reads a person's stored fixes back, in an order that does not depend on how they arrived."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.core.clock import from_us
from supervision.core.fixes import CARRY_US, LocatedFixes

# One fix from before the window leads it: it says where the person was when the window opens.
_SINCE = text(
    "SELECT p.id, p.supervisee_id, (extract(epoch FROM p.fixed_at) * 1000000)::bigint AS fixed_us,"
    " (extract(epoch FROM p.received_at) * 1000000)::bigint AS received_us,"
    " p.lon, p.lat, p.accuracy_m, p.source"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:since AS timestamptz[])) AS w (person_id, since_at)"
    " CROSS JOIN LATERAL ("
    "  (SELECT * FROM position q WHERE q.supervisee_id = w.person_id AND q.fixed_at < w.since_at"
    "   AND q.fixed_at >= :carry_from ORDER BY q.fixed_at DESC, q.lon DESC, q.lat DESC,"
    "   q.accuracy_m DESC, q.source DESC LIMIT 1)"
    "  UNION ALL"
    "  (SELECT * FROM position q WHERE q.supervisee_id = w.person_id AND q.fixed_at >= w.since_at"
    "   AND q.fixed_at >= :earliest ORDER BY q.fixed_at, q.lon, q.lat, q.accuracy_m,"
    "   q.source LIMIT :most)) p"
    " ORDER BY p.supervisee_id, p.fixed_at, p.lon, p.lat, p.accuracy_m, p.source"
)


def fixes_since(session: Session, windows: Sequence[tuple[int, int]], most: int) -> LocatedFixes:
    """Stored fixes from each window's start on, and the last one in the day before it.

    Args:
        session: Open transaction, only read.
        windows: Supervisee id and microseconds, at most one each.
        most: Fixes for each person, at most; the earliest are given.

    Returns:
        By person, then time; ties by position, so that arrival plays no part.
    """
    earliest_us = min(since_us for _, since_us in windows)
    rows = session.execute(
        _SINCE,
        {
            "ids": [person for person, _ in windows],
            "since": [from_us(since_us) for _, since_us in windows],
            "earliest": from_us(earliest_us),
            "carry_from": from_us(earliest_us - CARRY_US),
            "most": most,
        },
    ).all()
    columns = list(zip(*rows, strict=True)) if rows else [()] * 8
    position_id, person, fixed_us, received_us = (np.array(c, np.int64) for c in columns[:4])
    lon, lat, accuracy_m = (np.array(c, np.float64) for c in columns[4:7])
    source = np.array(columns[7], np.int64)
    return LocatedFixes(position_id, person, fixed_us, received_us, lon, lat, accuracy_m, source)

"""Reads a person's stored fixes back, in an order that does not depend on how they arrived."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from supervision.core.clock import from_us
from supervision.core.fixes import CARRY_US, TELLING_M, LocatedFixes, Source

# One fix from before the window leads it: it says where the person was when the window opens.
_COLUMNS = (
    "p.id, p.supervisee_id, (extract(epoch FROM p.fixed_at) * 1000000)::bigint AS fixed_us,"
    " (extract(epoch FROM p.received_at) * 1000000)::bigint AS received_us,"
    " p.lon, p.lat, p.accuracy_m, p.source"
)
_SINCE = text(
    f"SELECT {_COLUMNS}"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:since AS timestamptz[]),"
    " CAST(:until AS timestamptz[])) AS w (person_id, since_at, until_at)"
    " CROSS JOIN LATERAL ("
    "  (SELECT * FROM position q WHERE q.supervisee_id = w.person_id AND q.fixed_at < w.since_at"
    "   AND q.fixed_at >= :carry_from ORDER BY q.fixed_at DESC, q.lon DESC, q.lat DESC,"
    "   q.accuracy_m DESC, q.source DESC LIMIT 1)"
    "  UNION ALL"
    "  (SELECT * FROM position q WHERE q.supervisee_id = w.person_id AND q.fixed_at >= w.since_at"
    "   AND q.fixed_at <= w.until_at AND q.fixed_at BETWEEN :earliest AND :latest"
    "   ORDER BY q.fixed_at, q.lon, q.lat, q.accuracy_m, q.source LIMIT :most)) p"
    " ORDER BY p.supervisee_id, p.fixed_at, p.lon, p.lat, p.accuracy_m, p.source"
)


# Which fixes say where somebody is; one that states no accuracy does, unless a tower found it.
_TELLING = f"(q.accuracy_m <= {TELLING_M} OR q.accuracy_m IS NULL AND q.source <> {Source.CELL:d})"
_AROUND = text(
    f"SELECT {_COLUMNS} FROM unnest(CAST(:ids AS bigint[]), CAST(:first AS timestamptz[]),"
    " CAST(:last AS timestamptz[])) AS w (person_id, first_at, last_at)"
    " CROSS JOIN LATERAL ("
    "  (SELECT * FROM position q WHERE q.supervisee_id = w.person_id AND q.fixed_at < w.first_at"
    f"   AND q.fixed_at >= :from_at AND {_TELLING} ORDER BY q.fixed_at DESC, q.lon DESC,"
    "   q.lat DESC, q.accuracy_m DESC, q.source DESC LIMIT 1)"
    "  UNION ALL"
    "  (SELECT * FROM position q WHERE q.supervisee_id = w.person_id AND q.fixed_at > w.last_at"
    f"   AND q.fixed_at <= :until_at AND {_TELLING} ORDER BY q.fixed_at, q.lon, q.lat,"
    "   q.accuracy_m, q.source LIMIT 1)) p"
    " ORDER BY p.supervisee_id, p.fixed_at"
)
_FIRST = text(
    "SELECT w.person_id, (extract(epoch FROM p.first_at) * 1000000)::bigint AS first_us"
    " FROM unnest(CAST(:ids AS bigint[])) AS w (person_id) CROSS JOIN LATERAL ("
    "  SELECT min(q.fixed_at) AS first_at FROM position q WHERE q.supervisee_id = w.person_id) p"
    " WHERE p.first_at IS NOT NULL"
)


def fixes_since(
    session: Session, windows: Sequence[tuple[int, int, int]], most: int
) -> LocatedFixes:
    """Stored fixes of each window, and the last one in the day before it.

    Args:
        session: Open transaction, only read.
        windows: Supervisee id, and microseconds from and until when, both included; at most one
            for each person.
        most: Fixes for each person, at most; the earliest are given.

    Returns:
        By person, then time; ties by position, so that arrival plays no part.
    """
    earliest_us = min(since_us for _, since_us, _ in windows)
    return _located(
        session.execute(
            _SINCE,
            {
                "ids": [person for person, _, _ in windows],
                "since": [from_us(since_us) for _, since_us, _ in windows],
                "until": [from_us(until_us) for _, _, until_us in windows],
                "earliest": from_us(earliest_us),
                "latest": from_us(max(until_us for _, _, until_us in windows)),
                "carry_from": from_us(earliest_us - CARRY_US),
                "most": most,
            },
        ).all()
    )


def telling_around(
    session: Session, windows: Sequence[tuple[int, int, int]], reach_us: int
) -> LocatedFixes:
    """The last fix that can tell before each window, and the first one after it.

    Args:
        session: Open transaction, only read.
        windows: Supervisee id, and microseconds from and until when; at most one a person.
        reach_us: How far before and after to look, at most.

    Returns:
        At most two for each person; by person, then time.
    """
    return _located(
        session.execute(
            _AROUND,
            {
                "ids": [person for person, _, _ in windows],
                "first": [from_us(first_us) for _, first_us, _ in windows],
                "last": [from_us(last_us) for _, _, last_us in windows],
                "from_at": from_us(min(first_us for _, first_us, _ in windows) - reach_us),
                "until_at": from_us(max(last_us for _, _, last_us in windows) + reach_us),
            },
        ).all()
    )


def first_fixes_us(session: Session, supervisee_ids: Sequence[int]) -> dict[int, int]:
    """When the first stored fix of each of these people was true; absent if there is none."""
    rows = session.execute(_FIRST, {"ids": list(supervisee_ids)})
    return {row.person_id: row.first_us for row in rows}


def _located(rows: Sequence[Row[Any]]) -> LocatedFixes:
    columns = list(zip(*rows, strict=True)) if rows else [()] * 8
    position_id, person, fixed_us, received_us = (np.array(c, np.int64) for c in columns[:4])
    lon, lat, accuracy_m = (np.array(c, np.float64) for c in columns[4:7])
    source = np.array(columns[7], np.int64)
    return LocatedFixes(position_id, person, fixed_us, received_us, lon, lat, accuracy_m, source)


class StoredPositions:
    """What the geofence asks of stored fixes (its `service.Positions`)."""

    since = staticmethod(fixes_since)
    telling_around = staticmethod(telling_around)
    first_us = staticmethod(first_fixes_us)

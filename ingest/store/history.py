"""Reads a person's stored fixes back, in an order that does not depend on how they arrived."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from supervision.core.clock import from_us, to_us
from supervision.core.fixes import CARRY_US, TELLING_M, Ints, LocatedFixes, Source

# One fix from before the window leads it: it says where the person was when the window opens.
# No fix is older or newer; both are dates that the database can hold.
EARLIEST_US, LATEST_US = (to_us(datetime(year, 1, 1, tzinfo=UTC)) for year in (1970, 9999))

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
    "  (SELECT * FROM position q WHERE q.supervisee_id = w.person_id"
    "   AND q.fixed_at BETWEEN w.first_at AND w.last_at AND q.fixed_at BETWEEN :begin AND :end)"
    "  UNION ALL"
    "  (SELECT * FROM position q WHERE q.supervisee_id = w.person_id AND q.fixed_at > w.last_at"
    f"   AND q.fixed_at <= :until_at AND {_TELLING} ORDER BY q.fixed_at, q.lon, q.lat,"
    "   q.accuracy_m, q.source LIMIT 1)) p"
    " ORDER BY p.supervisee_id, p.fixed_at, p.lon, p.lat, p.accuracy_m, p.source"
)
_FIRST = text(
    "SELECT w.person_id, (extract(epoch FROM p.first_at) * 1000000)::bigint AS first_us"
    " FROM unnest(CAST(:ids AS bigint[])) AS w (person_id) CROSS JOIN LATERAL ("
    "  SELECT min(q.fixed_at) AS first_at FROM position q WHERE q.supervisee_id = w.person_id) p"
    " WHERE p.first_at IS NOT NULL"
)
_WITH_OTHERS = text(
    "SELECT w.person_id FROM unnest(CAST(:ids AS bigint[]), CAST(:since AS timestamptz[]))"
    " AS w (person_id, since_at) WHERE EXISTS ("
    "  SELECT 1 FROM position q WHERE q.supervisee_id = w.person_id AND q.fixed_at > w.since_at"
    "   AND q.fixed_at > :earliest AND q.id <> ALL(CAST(:known AS bigint[])))"
)


class StoredPositions:
    """What the geofence asks of stored fixes (its `service.Positions`)."""

    def since(
        self, session: Session, windows: Sequence[tuple[int, int, int]], most: int
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

    def around(
        self, session: Session, windows: Sequence[tuple[int, int, int]], reach_us: int
    ) -> LocatedFixes:
        """All fixes of each window, the last one before it that can tell, and the first after it.

        Args:
            session: Open transaction, only read.
            windows: Supervisee id, and microseconds from and until when; at most one a person.
            reach_us: How far before and after a window to look, at most.

        Returns:
            By person, then time; ties by position.
        """
        first_us = min(one for _, one, _ in windows)
        last_us = max(one for _, _, one in windows)
        values = {
            "ids": [person for person, _, _ in windows],
            "first": [from_us(one) for _, one, _ in windows],
            "last": [from_us(one) for _, _, one in windows],
            "begin": from_us(first_us),
            "end": from_us(last_us),
            "from_at": from_us(max(first_us - reach_us, EARLIEST_US)),
            "until_at": from_us(min(last_us + reach_us, LATEST_US)),
        }
        return _located(session.execute(_AROUND, values).all())

    def first_us(self, session: Session, supervisee_ids: Sequence[int]) -> dict[int, int]:
        """When the first stored fix of each of these people was true; absent if there is none."""
        rows = session.execute(_FIRST, {"ids": list(supervisee_ids)})
        return {row.person_id: row.first_us for row in rows}

    def with_others_since(
        self, session: Session, windows: Sequence[tuple[int, int, int]], known: Ints
    ) -> set[int]:
        """Who has stored fixes after his window's begin that are not among the known.

        Args:
            session: Open transaction, only read.
            windows: Supervisee id, and microseconds from when (until when is not looked at).
            known: Positions' ids.
        """
        values = {
            "ids": [person for person, _, _ in windows],
            "since": [from_us(since_us) for _, since_us, _ in windows],
            "earliest": from_us(min(since_us for _, since_us, _ in windows)),
            "known": known.tolist(),
        }
        return set(session.execute(_WITH_OTHERS, values).scalars())


def _located(rows: Sequence[Row[Any]]) -> LocatedFixes:
    columns = list(zip(*rows, strict=True)) if rows else [()] * 8
    position_id, person, fixed_us, received_us = (np.array(c, np.int64) for c in columns[:4])
    lon, lat, accuracy_m = (np.array(c, np.float64) for c in columns[4:7])
    source = np.array(columns[7], np.int64)
    return LocatedFixes(position_id, person, fixed_us, received_us, lon, lat, accuracy_m, source)

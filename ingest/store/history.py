"""Reads a person's stored fixes back, in an order that does not depend on how they arrived."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ingest.store.reading import COLUMNS, read_fixes
from supervision.core.clock import from_us, to_us
from supervision.core.db import bigints
from supervision.core.fixes import CARRY_US, TELLING_M, LocatedFixes, Source

# No fix is older or newer; both are dates that the database can hold.
EARLIEST_US, LATEST_US = (to_us(datetime(year, 1, 1, tzinfo=UTC)) for year in (1970, 9999))

DAY_US = 24 * 3600 * 1_000_000

Windows = Sequence[tuple[int, int, int]]
"""Supervisee ids, and microseconds from and until when; at most one for each person."""

# The first and last moments of all windows stand in each query as well: by these the planner leaves
# out the days that no window touches.
_WINDOWS = (
    "(SELECT person_id, timestamptz 'epoch' + first_us * interval '1 microsecond' AS first_at,"
    " timestamptz 'epoch' + last_us * interval '1 microsecond' AS last_at"
    " FROM unnest(%(ids)s::bigint[], %(first)s::bigint[], %(last)s::bigint[])"
    " AS given (person_id, first_us, last_us)) w"
)
_IN_LINE = "p.supervisee_id, p.fixed_at, p.lon, p.lat, p.accuracy_m, p.source"

# One fix from before the window leads it: it says where the person was when the window opens.
_SINCE = (
    f"SELECT {COLUMNS} FROM {_WINDOWS} CROSS JOIN LATERAL ("
    "  (SELECT * FROM position q WHERE q.supervisee_id = w.person_id AND q.fixed_at < w.first_at"
    "   AND q.fixed_at >= %(from_at)s AND q.fixed_at < %(end)s ORDER BY q.fixed_at DESC,"
    "   q.lon DESC, q.lat DESC, q.accuracy_m DESC, q.source DESC LIMIT 1)"
    "  UNION ALL"
    "  (SELECT * FROM position q WHERE q.supervisee_id = w.person_id AND q.fixed_at >= w.first_at"
    "   AND q.fixed_at <= w.last_at AND q.fixed_at BETWEEN %(begin)s AND %(end)s"
    "   ORDER BY q.fixed_at, q.lon, q.lat, q.accuracy_m, q.source LIMIT %(most)s)) p"
    f" ORDER BY {_IN_LINE}"
)

# Which fixes say where somebody is; one that states no accuracy does, unless a tower found it.
_TELLING = f"(q.accuracy_m <= {TELLING_M} OR q.accuracy_m IS NULL AND q.source <> {Source.CELL:d})"
_ONE_BEFORE = (
    "(SELECT * FROM position q WHERE q.supervisee_id = w.person_id AND q.fixed_at < w.first_at"
    f"  AND q.fixed_at >= %(from_at)s AND q.fixed_at < %(end)s AND {_TELLING}"
    "  ORDER BY q.fixed_at DESC, q.lon DESC, q.lat DESC, q.accuracy_m DESC, q.source DESC LIMIT 1)"
)
_BEFORE = f"SELECT {COLUMNS} FROM {_WINDOWS} CROSS JOIN LATERAL {_ONE_BEFORE} p"
_AROUND = (
    f"SELECT {COLUMNS} FROM {_WINDOWS} CROSS JOIN LATERAL ({_ONE_BEFORE}"
    "  UNION ALL"
    "  (SELECT * FROM position q WHERE q.supervisee_id = w.person_id"
    "   AND q.fixed_at BETWEEN w.first_at AND w.last_at"
    "   AND q.fixed_at BETWEEN %(begin)s AND %(end)s)"
    "  UNION ALL"
    "  (SELECT * FROM position q WHERE q.supervisee_id = w.person_id AND q.fixed_at > w.last_at"
    f"   AND q.fixed_at > %(begin)s AND q.fixed_at <= %(until_at)s AND {_TELLING}"
    "   ORDER BY q.fixed_at, q.lon, q.lat, q.accuracy_m, q.source LIMIT 1)) p"
    f" ORDER BY {_IN_LINE}"
)
_FIRST = text(
    "SELECT w.person_id, (extract(epoch FROM p.first_at) * 1000000)::bigint AS first_us"
    " FROM unnest(CAST(:ids AS bigint[])) AS w (person_id) CROSS JOIN LATERAL ("
    "  SELECT min(q.fixed_at) AS first_at FROM position q WHERE q.supervisee_id = w.person_id) p"
    " WHERE p.first_at IS NOT NULL"
)
# With OFFSET it is asked person by person: as a join, PostgreSQL would read all that anybody has.
# Partitions stand ready for days to come. Whether anybody has a fix there is asked once for all.
_WITH_MORE = text(
    "SELECT w.person_id FROM unnest(CAST(:ids AS bigint[]), CAST(:since AS bigint[]),"
    " CAST(:count AS bigint[])) AS w (person_id, since_us, count)"
    " WHERE EXISTS (SELECT FROM position q WHERE q.supervisee_id = w.person_id"
    "   AND q.fixed_at >= timestamptz 'epoch' + w.since_us * interval '1 microsecond'"
    "   AND q.fixed_at >= :earliest AND q.fixed_at < :next_day OFFSET w.count)"
    " OR (SELECT EXISTS (SELECT FROM position WHERE fixed_at >= :next_day))"
    "  AND EXISTS (SELECT FROM position q WHERE q.supervisee_id = w.person_id"
    "   AND q.fixed_at >= :next_day)"
)


class StoredPositions:
    """What the geofence asks of stored fixes (its `service.Positions`)."""

    def since(self, session: Session, windows: Windows, most: int) -> LocatedFixes:
        """Stored fixes of each window, and the last one in the day before it.

        Args:
            session: Open transaction, only read.
            windows: Both ends included.
            most: Fixes for each person, at most; the earliest are given.

        Returns:
            By person, then time; ties by position, so that arrival plays no part.
        """
        return read_fixes(session, _SINCE, _values(windows, CARRY_US) | {"most": most})

    def around(self, session: Session, windows: Windows, reach_us: int) -> LocatedFixes:
        """All fixes of each window, the last one before it that can tell, and the first after it.

        Args:
            session: Open transaction, only read.
            windows: Both ends included.
            reach_us: How far before and after a window to look, at most.

        Returns:
            By person, then time; ties by position.
        """
        return read_fixes(session, _AROUND, _values(windows, reach_us))

    def before(self, session: Session, windows: Windows, reach_us: int) -> LocatedFixes:
        """The last fix before each window that can tell, if there is one; in any order.

        Args:
            session: Open transaction, only read.
            windows: What is in them or after them is not looked at.
            reach_us: How far before a window to look, at most.
        """
        return read_fixes(session, _BEFORE, _values(windows, reach_us))

    def first_us(self, session: Session, supervisee_ids: Sequence[int]) -> dict[int, int]:
        """When the first stored fix of each of these people was true; absent if there is none."""
        rows = session.execute(_FIRST, {"ids": list(supervisee_ids)})
        return {row.person_id: row.first_us for row in rows}

    def with_more_since(
        self, session: Session, windows: Windows, counts: Sequence[int]
    ) -> set[int]:
        """Who has more stored fixes from his window's begin on than so many.

        Args:
            session: Open transaction, only read.
            windows: What comes after their ends counts too.
            counts: For each window, not more than there are stored fixes in it.
        """
        ids, since, until = zip(*windows, strict=True)
        next_day_us = (max(until) // DAY_US + 1) * DAY_US
        values = {
            "ids": bigints(ids),
            "since": bigints(since),
            "count": bigints(counts),
            "earliest": from_us(min(since)),
            "next_day": from_us(next_day_us),
        }
        return set(session.execute(_WITH_MORE, values).scalars())


def _values(windows: Windows, reach_us: int) -> dict[str, Any]:
    ids, first, last = zip(*windows, strict=True)
    first_us, last_us = min(first), max(last)
    return {
        "ids": bigints(ids),
        "first": bigints(first),
        "last": bigints(last),
        "begin": from_us(first_us),
        "end": from_us(last_us),
        "from_at": from_us(max(first_us - reach_us, EARLIEST_US)),
        "until_at": from_us(min(last_us + reach_us, LATEST_US)),
    }

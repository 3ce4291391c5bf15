"""Writes fixes: one COPY into a staging table, then an insert that leaves known words alone."""

from collections.abc import Sequence
from datetime import date, timedelta
from io import StringIO
from typing import NamedTuple

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from supervision.core.clock import EPOCH
from supervision.core.fixes import Fix, Ints, LocatedFixes

_STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS staged_fix (
    id bigint, agency_id bigint, supervisee_id bigint, device_id bigint, fixed_us bigint,
    sent_us bigint, received_us bigint, lon double precision, lat double precision,
    accuracy_m double precision, source smallint, speed_mps double precision,
    course_deg double precision, altitude_m double precision, battery_pct double precision,
    session text, seq bigint, raw bytea
) ON COMMIT DELETE ROWS
"""

# One order for every worker: two that store the same fixes wait for each other, not in a circle.
_KEEP = """
INSERT INTO position (id, agency_id, supervisee_id, device_id, fixed_at, sent_at, received_at,
    lon, lat, accuracy_m, source, speed_mps, course_deg, altitude_m, battery_pct, session, seq, raw)
SELECT id, agency_id, supervisee_id, device_id,
    timestamptz 'epoch' + fixed_us * interval '1 microsecond',
    timestamptz 'epoch' + sent_us * interval '1 microsecond',
    timestamptz 'epoch' + received_us * interval '1 microsecond',
    lon, lat, accuracy_m, source, speed_mps, course_deg, altitude_m, battery_pct, session, seq, raw
FROM staged_fix ORDER BY device_id, fixed_us
ON CONFLICT ON CONSTRAINT uq_position_content DO NOTHING RETURNING id
"""

_US_PER_DAY = 86_400_000_000
# What the sequence counts up by: each number taken from it stands for this many ids.
ID_BLOCK = 1_000


class OwnedFix(NamedTuple):
    """A fix, and who wore its device at its own time."""

    fix: Fix
    device_id: int
    agency_id: int
    supervisee_id: int


class FixStore:
    """Writes fixes for one worker; remembers which days have a partition, and ids it may use."""

    def __init__(self) -> None:
        self._days: set[int] = set()
        self._free_ids = np.empty(0, np.int64)

    def store(self, session: Session, owned: Sequence[OwnedFix]) -> LocatedFixes:
        """Keep these fixes; one whose words are known already is left alone (ADR-0002).

        Args:
            session: Open transaction of the engine role; the caller commits.
            owned: In any order, repeats allowed.

        Returns:
            The fixes that are new, with their row's id, in the order given.
        """
        self._ensure_days(session, {one.fix.fixed_at_us // _US_PER_DAY for one in owned})
        ids = self._take_ids(session, len(owned))
        cursor = session.connection().connection.cursor()
        cursor.execute(_STAGE)
        lines = StringIO(copy_lines(owned, ids.tolist()))
        cursor.copy_expert("COPY staged_fix FROM STDIN", lines, size=1 << 20)
        cursor.execute(_KEEP)
        kept = np.array([row[0] for row in cursor.fetchall()], np.int64)
        cursor.close()
        places = np.flatnonzero(np.isin(ids, kept))
        return _located([owned[place] for place in places.tolist()], ids[places])

    def _ensure_days(self, session: Session, days: set[int]) -> None:
        # A day is remembered only when its partition was there before: one made just now goes
        # with the transaction if that is rolled back.
        self._days |= {
            day
            for day in sorted(days - self._days)
            if not ensure_partition(session, (EPOCH + timedelta(days=day)).date())
        }

    def _take_ids(self, session: Session, count: int) -> Ints:
        while len(self._free_ids) < count:
            first: int = session.execute(text("SELECT nextval('position_id_seq')")).scalar_one()
            block = np.arange(first, first + ID_BLOCK)
            self._free_ids = np.concatenate([self._free_ids, block])
        taken, self._free_ids = self._free_ids[:count], self._free_ids[count:]
        return taken


def ensure_partition(session: Session, day: date) -> bool:
    """Make the partition for one day (UTC) unless it is there; the caller commits.

    Returns:
        Whether it was made by this call.
    """
    made: bool = session.execute(
        text("SELECT ensure_position_partition(:day)"), {"day": day}
    ).scalar_one()
    return made


def _located(owned: Sequence[OwnedFix], position_id: Ints) -> LocatedFixes:
    fixes = [one.fix for one in owned]
    return LocatedFixes(
        position_id,
        np.array([one.supervisee_id for one in owned], np.int64),
        np.array([fix.fixed_at_us for fix in fixes], np.int64),
        np.array([fix.received_at_us for fix in fixes], np.int64),
        np.array([fix.lon for fix in fixes], np.float64),
        np.array([fix.lat for fix in fixes], np.float64),
        np.array([fix.accuracy_m for fix in fixes], np.float64),
        np.array([fix.source for fix in fixes], np.int64),
    )


def copy_lines(owned: Sequence[OwnedFix], ids: Sequence[int]) -> str:
    """The fixes as COPY's text format, in the staging table's columns, under these row ids."""
    return "".join(
        [
            f"{row_id}\t{agency_id}\t{supervisee_id}\t{device_id}"
            f"\t{fix.fixed_at_us}\t{_null(fix.sent_at_us)}\t{fix.received_at_us}"
            f"\t{fix.lon!r}\t{fix.lat!r}\t{_null(fix.accuracy_m)}"
            f"\t{int(fix.source)}\t{_null(fix.speed_mps)}\t{_null(fix.course_deg)}"
            f"\t{_null(fix.altitude_m)}\t{_null(fix.battery_pct)}"
            f"\t{_text(fix.session)}\t{_null(fix.seq)}\t\\\\x{fix.raw.hex()}\n"
            for row_id, (fix, device_id, agency_id, supervisee_id) in zip(ids, owned, strict=True)
        ]
    )


def _null(value: float | None) -> str:
    return r"\N" if value is None else repr(value)


def _text(value: str | None) -> str:
    if value is None:
        return r"\N"
    escaped = value.replace("\\", r"\\").replace("\t", r"\t")
    return escaped.replace("\n", r"\n").replace("\r", r"\r")

"""Reads and writes the silences in which zones could have been reached."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from geofence.models import ZoneSilence
from supervision.core.clock import from_us, to_us


class Reach(NamedTuple):
    """A zone, or the nearest of a set's, that could be reached in a silence.

    `zones_in_reach` is 1 for a zone of the person's own; `spare_m` is how much farther he could
    have gone than there and on.
    """

    agency_id: int
    supervisee_id: int
    zone_id: int
    zone_version_id: int
    zone_set_id: int | None
    zones_in_reach: int
    from_us: int
    until_us: int
    spare_m: float


Key = tuple[int, int, int, int]
"""A silence about a zone: the person, the zone (negative) or set, and both times."""


class StoredSilence(NamedTuple):
    """A row; `key` is what it says of whom, which zone and time."""

    id: int
    key: Key


_BETWEEN = text(
    "SELECT s.id, s.supervisee_id, coalesce(s.zone_set_id, -s.zone_id) AS place, s.from_at,"
    " s.until_at FROM unnest(CAST(:ids AS bigint[]), CAST(:since AS timestamptz[]),"
    " CAST(:until AS timestamptz[])) AS w (person_id, since_at, until_at)"
    " JOIN zone_silence s ON s.supervisee_id = w.person_id AND s.withdrawn_at IS NULL"
    " AND s.until_at > w.since_at AND s.from_at < w.until_at"
)


def key_of(reach: Reach) -> Key:
    """What is the same silence about the same zone or set."""
    place = -reach.zone_id if reach.zone_set_id is None else reach.zone_set_id
    return reach.supervisee_id, place, reach.from_us, reach.until_us


def silences_between(
    session: Session, windows: Sequence[tuple[int, int, int]]
) -> list[StoredSilence]:
    """The recorded silences that overlap these windows; only read.

    Args:
        session: Open transaction.
        windows: Supervisee id, and microseconds from and until when; at most one a person.
    """
    values = {
        "ids": [person for person, _, _ in windows],
        "since": [from_us(since_us) for _, since_us, _ in windows],
        "until": [from_us(until_us) for _, _, until_us in windows],
    }
    return [
        StoredSilence(
            row.id, (row.supervisee_id, row.place, to_us(row.from_at), to_us(row.until_at))
        )
        for row in session.execute(_BETWEEN, values)
    ]


def insert_silences(session: Session, found: Sequence[Reach], found_at: datetime) -> None:
    """Write silences found just now; the caller commits."""
    if found:
        session.execute(
            insert(ZoneSilence),
            [
                {
                    **{name: getattr(one, name) for name in Reach._fields if name[-3:] != "_us"},
                    "from_at": from_us(one.from_us),
                    "until_at": from_us(one.until_us),
                    "found_at": found_at,
                }
                for one in found
            ],
        )


def withdraw_silences(session: Session, silence_ids: Iterable[int], now: datetime) -> None:
    """Mark silences that later fixes filled; their rows remain."""
    session.execute(
        text("UPDATE zone_silence SET withdrawn_at = :now WHERE id = ANY(:ids)"),
        {"now": now, "ids": list(silence_ids)},
    )

"""Records the silences in which a person could have reached his zones."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from geofence.rules.silence import Silence, find_silences, spare_m
from geofence.rules.spans import intersect
from geofence.rules.track import counting_in
from geofence.service.lines import Line
from geofence.service.positions import Positions, Window
from geofence.service.quiet_times import maybe_silent
from geofence.store import Reach, insert_silences, silences_between, withdraw_silences
from geofence.store.silences import Key, key_of
from geofence.zones import Pair, ZoneBook
from supervision.core.fixes import LocatedFixes

FIXES_MOST = 100_000


def record_silences(
    session: Session,
    book: ZoneBook,
    line: Line,
    positions: Positions,
    now: datetime,
) -> None:
    """Bring the recorded silences in step with newly stored fixes; the caller commits.

    A silence is recorded once it is over: while it lasts, nobody can say how long it will be.

    Args:
        session: Open transaction in which the fixes are stored.
        book: The zones.
        line: The new fixes, and those beside them.
        positions: Reads stored fixes.
        now: Aware UTC.
    """
    silent = maybe_silent(session, line, positions)
    if not silent:
        return
    read = positions.since(session, silent, FIXES_MOST)
    shown: dict[Key, Reach] = {}
    known: dict[Key, int] = {one.key: one.id for one in silences_between(session, silent)}
    own = read.by_person()
    for window in silent:
        fixes = own[window.supervisee_id]
        fixes = fixes.take(fixes.fixed_at_us >= window.since_us)
        for silence in find_silences(fixes):
            if silence.is_over:
                reaches = _reaches(book, window.supervisee_id, fixes, silence)
                shown |= {key_of(reach): reach for reach in reaches}
        if len(fixes) >= FIXES_MOST:
            horizon_us = int(fixes.fixed_at_us[-1])
            known = {
                key: row for key, row in known.items() if not _is_beyond(key, window, horizon_us)
            }
    insert_silences(session, [reach for key, reach in shown.items() if key not in known], now)
    gone = [silence_id for key, silence_id in known.items() if key not in shown]
    if gone:
        withdraw_silences(session, gone, now)


def _is_beyond(key: Key, window: Window, horizon_us: int) -> bool:
    """Whether a recorded silence ends after the last fix that was read of its person."""
    person, _, _, until_us = key
    return person == window.supervisee_id and until_us > horizon_us


def _reaches(
    book: ZoneBook, supervisee_id: int, fixes: LocatedFixes, silence: Silence
) -> Iterator[Reach]:
    """The person's zones that were in reach: each of his own, and for each set the nearest."""
    part = fixes.take(np.arange(silence.first, silence.last + 1))
    whole = silence._replace(first=0, last=len(part) - 1)
    for page in book.own_pages:
        rows = page.rows_during(supervisee_id, silence.from_us, silence.until_us)
        spare = spare_m(part, whole, page.distances_to_all(rows, part.lon, part.lat))
        for row, spare_row_m in zip(rows.tolist(), spare.tolist(), strict=True):
            pair = Pair(supervisee_id, int(page.zone_id[row]))
            version_id = int(page.version_id[row])
            if spare_row_m >= 0 and version_id == _counting_version(book, pair, silence):
                agency_id = int(page.agency_id[row])
                span = silence.from_us, silence.until_us
                yield Reach(agency_id, *pair, version_id, None, 1, *span, spare_row_m)
    yield from _set_reaches(book, supervisee_id, fixes, silence)


def _counting_version(book: ZoneBook, pair: Pair, silence: Silence) -> int | None:
    """The last drawing that counted during a silence, by schedule and exceptions too."""
    zone = book.find(pair)
    if zone is None:
        return None
    ground = zone.ground(silence.from_us, silence.until_us)
    span = counting_in(ground, silence)
    return None if span is None else ground.version_ids[span]


def _set_reaches(
    book: ZoneBook, supervisee_id: int, fixes: LocatedFixes, silence: Silence
) -> Iterator[Reach]:
    """For each set that applied: how many of its zones were in reach, by the silence's two ends."""
    page, sets = book.sets_of(supervisee_id)
    during = [(silence.from_us, silence.until_us)]
    ends = fixes.take(np.array([silence.first, silence.last]))
    whole = silence._replace(first=0, last=1)
    for set_id, applies in sets.items():
        if not intersect(during, applies):
            continue
        rows = page.rows_during(set_id, silence.from_us, silence.until_us)
        spare = spare_m(ends, whole, page.distances_to_all(rows, ends.lon, ends.lat))
        reached = np.flatnonzero(spare >= 0)
        if len(reached):
            nearest = rows[reached[spare[reached].argmax()]]
            yield Reach(
                int(page.agency_id[nearest]),
                supervisee_id,
                int(page.zone_id[nearest]),
                int(page.version_id[nearest]),
                set_id,
                len(reached),
                silence.from_us,
                silence.until_us,
                float(spare.max()),
            )

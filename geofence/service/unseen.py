"""Records the silences in which a person could have reached his zones."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from geofence.rules.accuracy import is_telling, usable_accuracy_m
from geofence.rules.silence import PIECE_US, UNSEEN_AFTER_US, Silence, find_silences, spare_m
from geofence.rules.spans import intersect
from geofence.rules.track import counting_in
from geofence.service.positions import LATEST_US, Positions, Window
from geofence.store import Reach, insert_silences, silences_between, withdraw_silences
from geofence.store.silences import Key, key_of
from geofence.zones import Pair, ZoneBook
from supervision.core.fixes import LocatedFixes

FIXES_MOST = 100_000
# Farther back than any fix.
EVER_US = 100 * 366 * 24 * 3600 * 1_000_000


def record_silences(
    session: Session,
    book: ZoneBook,
    line: LocatedFixes,
    windows: list[Window],
    positions: Positions,
    now: datetime,
) -> None:
    """Bring the recorded silences in step with newly stored fixes; the caller commits.

    A silence is recorded once it is over: while it lasts, nobody can say how long it will be.

    Args:
        session: Open transaction in which the fixes are stored.
        book: The zones.
        line: The new fixes with the telling ones beside them, by person and time.
        windows: From the first to the last new fix of each person.
        positions: Reads stored fixes.
        now: Aware UTC.
    """
    silent = _maybe_silent(session, line, windows, positions)
    if not silent:
        return
    read = positions.since(session, silent, FIXES_MOST)
    shown: dict[Key, Reach] = {}
    known: dict[Key, int] = {one.key: one.id for one in silences_between(session, silent)}
    for window in silent:
        own = (read.supervisee_id == window.supervisee_id) & (read.fixed_at_us >= window.since_us)
        fixes = read.take(own)
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


def _maybe_silent(
    session: Session, line: LocatedFixes, windows: list[Window], positions: Positions
) -> list[Window]:
    """Who may have been silent around his new fixes, and from when until when to look.

    It is from the telling fix before them to that after them, however far off. Looked at is who
    was silent for long, who begins here, and whoever's new fixes came late: they may have filled
    a silence.
    """
    telling = line.take(is_telling(usable_accuracy_m(line.accuracy_m, line.source)))
    first_of, last_of = _ends_us(telling)
    _, latest_of = _ends_us(line)
    is_same = telling.supervisee_id[1:] == telling.supervisee_id[:-1]
    is_long = is_same & (np.diff(telling.fixed_at_us) > UNSEEN_AFTER_US)
    broken = set(telling.supervisee_id[1:][is_long].tolist())
    looked_at = [
        one
        for one in windows
        if one.supervisee_id in broken
        or first_of.get(one.supervisee_id, LATEST_US) >= one.since_us
        or latest_of.get(one.supervisee_id, 0) > one.until_us
        or one.until_us - last_of.get(one.supervisee_id, 0) >= PIECE_US
    ]
    return _between_telling(session, looked_at, positions) if looked_at else []


def _between_telling(session: Session, windows: list[Window], positions: Positions) -> list[Window]:
    """Each window widened to the telling fixes around it, or else to the first and last of all."""
    found = positions.around(session, windows, EVER_US)
    first_us = positions.first_us(session, [one.supervisee_id for one in windows])
    wide = []
    for person, since_us, until_us in windows:
        at_us = found.fixed_at_us[found.supervisee_id == person]
        before, after = at_us[at_us < since_us], at_us[at_us > until_us]
        begins_us = int(before[0]) if len(before) else first_us.get(person, since_us)
        # One fix alone, the first and the last of all, leaves nobody unseen.
        if begins_us < until_us or len(after):
            wide.append(Window(person, begins_us, int(after[-1]) if len(after) else LATEST_US))
    return wide


def _ends_us(fixes: LocatedFixes) -> tuple[dict[int, int], dict[int, int]]:
    """The times of each person's first and last fix; they are by person and time."""
    people, first, count = np.unique(fixes.supervisee_id, return_index=True, return_counts=True)
    at_us = fixes.fixed_at_us
    begins, ends = at_us[first].tolist(), at_us[first + count - 1].tolist()
    names = people.tolist()
    return dict(zip(names, begins, strict=True)), dict(zip(names, ends, strict=True))


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
    ground = book.ground(pair, silence.from_us, silence.until_us)
    span = None if ground is None else counting_in(ground, silence)
    return None if ground is None or span is None else ground.version_ids[span]


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

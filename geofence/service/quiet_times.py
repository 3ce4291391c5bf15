"""Finds out who may have been silent around his new fixes, and from when until when."""

import numpy as np
from sqlalchemy.orm import Session

from geofence.rules.accuracy import is_telling, usable_accuracy_m
from geofence.rules.silence import PIECE_US, UNSEEN_AFTER_US
from geofence.service.lines import Line
from geofence.service.positions import LATEST_US, Positions, Window
from supervision.core.fixes import LocatedFixes

# Farther back than any fix.
EVER_US = 100 * 366 * 24 * 3600 * 1_000_000


def maybe_silent(session: Session, line: Line, positions: Positions) -> list[Window]:
    """Who may have been silent around his new fixes, and from when until when to look.

    It is from the telling fix before them to that after them, however far off. Looked at is who
    was silent for long, who begins here, and whoever had told of as late a moment before: his new
    fixes may have filled a silence.

    Args:
        session: Open transaction in which the fixes are stored; only read.
        line: The new fixes, and those beside them.
        positions: Reads stored fixes.

    Returns:
        At most one for each person, in the order of the line's windows.
    """
    fixes = line.fixes
    telling = fixes.take(is_telling(usable_accuracy_m(fixes.accuracy_m, fixes.source)))
    first_of, last_of = _ends_us(telling)
    concerned = _long_unseen(telling) | line.joined
    looked_at = [
        one
        for one in line.windows
        if one.supervisee_id in concerned
        or first_of.get(one.supervisee_id, LATEST_US) >= one.since_us
        or one.until_us - last_of.get(one.supervisee_id, 0) >= PIECE_US
    ]
    return _between_telling(session, looked_at, positions, line.joined) if looked_at else []


def _long_unseen(telling: LocatedFixes) -> set[int]:
    is_same = telling.supervisee_id[1:] == telling.supervisee_id[:-1]
    is_long = is_same & (np.diff(telling.fixed_at_us) > UNSEEN_AFTER_US)
    return set(telling.supervisee_id[1:][is_long].tolist())


def _between_telling(
    session: Session, windows: list[Window], positions: Positions, joined: set[int]
) -> list[Window]:
    """Each window widened to the telling fixes around it, or else to the first and last of all."""
    found = positions.around(session, windows, EVER_US).by_person()
    first_us = positions.first_us(session, [one.supervisee_id for one in windows])
    wide = []
    for person, since_us, until_us in windows:
        if person not in found:
            continue
        at_us = found[person].fixed_at_us
        before, after = at_us[at_us < since_us], at_us[at_us > until_us]
        begins_us = int(before[0]) if len(before) else first_us.get(person, since_us)
        # One fix alone, the first and the last of all, leaves nobody unseen; weak ones may follow.
        if begins_us < until_us or len(after) or person in joined:
            wide.append(Window(person, begins_us, int(after[-1]) if len(after) else LATEST_US))
    return wide


def _ends_us(fixes: LocatedFixes) -> tuple[dict[int, int], dict[int, int]]:
    """The times of each person's first and last fix; they are by person and time."""
    people, first, count = np.unique(fixes.supervisee_id, return_index=True, return_counts=True)
    at_us = fixes.fixed_at_us
    begins, ends = at_us[first].tolist(), at_us[first + count - 1].tolist()
    names = people.tolist()
    return dict(zip(names, begins, strict=True)), dict(zip(names, ends, strict=True))

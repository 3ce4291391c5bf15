"""Judges newly stored fixes against their wearer's zones, and people anew when a zone changes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from geofence.rules.observing import LEAD_US
from geofence.service.findings import StayFinding
from geofence.service.lines import line_up
from geofence.service.narrowing import worth_judging
from geofence.service.pairs import judge_tasks
from geofence.service.positions import LATEST_US, Positions, Window, earliest_us
from geofence.service.silences import record_silences
from geofence.service.tasks import Task
from geofence.store import StoredStay, stays_since
from geofence.zones import Pair, ZoneBook
from geofence.zones.probes import whereabouts
from supervision.core.clock import to_us
from supervision.core.fixes import CARRY_US, LocatedFixes


def judge(
    session: Session, book: ZoneBook, fixes: LocatedFixes, positions: Positions, now: datetime
) -> list[StayFinding]:
    """Find what newly stored fixes change about anybody's stays, and record silences.

    The people's locks must be held (`core.locks`). Most fixes, and the ways to them, are far from
    every zone of their wearer, and in no stay: arrays settle those. Stored fixes that a late one
    can bear upon are looked at again with it.

    Args:
        session: Open transaction in which the fixes are stored; the caller commits.
        book: This worker's zones; brought up to date first.
        fixes: Any number of people's, in any order.
        positions: Reads stored fixes of the room that keeps them.
        now: Aware UTC; zones that begin to count later are not judged yet.

    Returns:
        The changes, by person and zone, each in time order.
    """
    book.refresh(session)
    if not len(fixes):
        return []
    windows = _windows(fixes)
    line = line_up(session, positions, windows, fixes, LEAD_US)
    near = book.pairs_near(whereabouts(line.fixes), to_us(now))
    spans = {one.supervisee_id: one for one in windows}
    stored = stays_since(session, {person: one.since_us for person, one in spans.items()})
    known = _by_pair(stored)
    # A late fix may be the one that counted when a zone was armed some time after it.
    lasting = {
        one.pair
        for one in stored
        if one.stay.entered_us <= spans[one.pair.supervisee_id].until_us + CARRY_US
    }
    tasks = [
        Task(pair, window.since_us, window.until_us, known[pair])
        for pair in sorted(near | lasting)
        for window in [spans[pair.supervisee_id]]
    ]
    record_silences(session, book, line, positions, now)
    return judge_tasks(session, book, tasks, positions, now)


def judge_again(
    session: Session, book: ZoneBook, since: dict[Pair, int], positions: Positions, now: datetime
) -> list[StayFinding]:
    """Judge pairs anew from given moments on, after a zone or an assignment changed.

    Of a time that has passed, silences are recorded too. Of a person's many pairs, those that
    nothing known can touch are left out.

    Args:
        session: Open transaction in which the change is written; the caller commits.
        book: Knows the change.
        since: From when to judge each pair, microseconds.
        positions: As for `judge`.
        now: Aware UTC.
    """
    worth = worth_judging(session, book, since, positions, to_us(now))
    earliest = earliest_us((pair.supervisee_id, since_us) for pair, since_us in worth.items())
    known = _by_pair(stays_since(session, earliest))
    tasks = [
        Task(pair, since_us, LATEST_US, known[pair]) for pair, since_us in sorted(worth.items())
    ]
    windows = [Window(person, since_us, to_us(now)) for person, since_us in earliest.items()]
    past = [one for one in windows if one.since_us < one.until_us]
    if past:
        line = line_up(session, positions, past, LocatedFixes.none(), 0)
        record_silences(session, book, line, positions, now)
    return judge_tasks(session, book, tasks, positions, now)


def _by_pair(stored: Iterable[StoredStay]) -> defaultdict[Pair, list[StoredStay]]:
    """The stays of each pair, in their order; of any other pair none."""
    known: defaultdict[Pair, list[StoredStay]] = defaultdict(list)
    for one in stored:
        known[one.pair].append(one)
    return known


def _windows(fixes: LocatedFixes) -> list[Window]:
    """From the first to the last new fix of each person."""
    people, place = np.unique(fixes.supervisee_id, return_inverse=True)
    first = np.full(len(people), LATEST_US, np.int64)
    last = np.zeros(len(people), np.int64)
    np.minimum.at(first, place, fixes.fixed_at_us)
    np.maximum.at(last, place, fixes.fixed_at_us)
    rows = zip(people.tolist(), first.tolist(), last.tolist(), strict=True)
    return [Window(*row) for row in rows]

"""Works out one person's stays in one zone from stored fixes, and compares them with known ones."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import dropwhile
from typing import NamedTuple

from sqlalchemy.orm import Session

from geofence.rules.observing import LEAD_US, End, Ground, Observation, observe
from geofence.rules.stays import Stay, find_stays
from geofence.rules.track import ring_of
from geofence.service.findings import StayFinding, reconcile
from geofence.service.positions import Positions, Window, earliest_us
from geofence.store import Ring, StoredStay
from geofence.zones import NEVER_US, Pair, ZoneBook
from supervision.core.clock import to_us
from supervision.core.fixes import CARRY_US, LocatedFixes

# Fixes read at once for each person; more are read only while a stay is unsettled, at last all.
FIXES_AT_ONCE = (2_000, 100_000, NEVER_US)


class Task(NamedTuple):
    """One pair to judge: from when, and the stays stored from then on.

    Up to `until_us` something new was said; later than the evidence of that lasts, only a stay
    that goes on can have changed.
    """

    pair: Pair
    since_us: int
    until_us: int
    known: list[StoredStay]


class _Beginning(NamedTuple):
    """From when one ring is walked through, with which stay under way, against which stored.

    `entry_position_id` is the fix to begin with where a stay is walked through anew: of its
    moment, and on the way to it, there may be others that ended the stay before.
    """

    since_us: int
    under_way: Stay | None
    known: list[StoredStay]
    entry_position_id: int | None = None


def judge_tasks(
    session: Session, book: ZoneBook, tasks: list[Task], positions: Positions, now: datetime
) -> list[StayFinding]:
    """Judge pairs, reading no more of each person's fixes than is needed to be sure.

    Args:
        session: Open transaction; the caller commits.
        book: The zones.
        tasks: By pair.
        positions: Reads stored fixes.
        now: Aware UTC.

    Returns:
        The changes, by person and zone, each in time order.
    """
    findings: list[StayFinding] = []
    for limit in FIXES_AT_ONCE:
        if not tasks:
            break
        found, tasks = _judge_reading(session, book, tasks, positions, limit, now)
        findings += found
    return findings


def _judge_reading(
    session: Session,
    book: ZoneBook,
    tasks: list[Task],
    positions: Positions,
    limit: int,
    now: datetime,
) -> tuple[list[StayFinding], list[Task]]:
    read = positions.since(session, _windows(tasks), limit)
    findings: list[StayFinding] = []
    unsettled: list[Task] = []
    for task in tasks:
        fixes = read.take(read.supervisee_id == task.pair.supervisee_id)
        horizon_us = int(fixes.fixed_at_us[-1]) if len(fixes) >= limit else NEVER_US
        found = _judge_task(session, book, task, fixes, horizon_us, now)
        if found is None:
            unsettled.append(task)
        else:
            findings += found
    return findings, unsettled


def _windows(tasks: list[Task]) -> list[Window]:
    begins = (
        (task.pair.supervisee_id, _begin(task, ring).since_us - LEAD_US)
        for task in tasks
        for ring in Ring
    )
    return [Window(*row) for row in earliest_us(begins).items()]


def _judge_task(
    session: Session,
    book: ZoneBook,
    task: Task,
    fixes: LocatedFixes,
    horizon_us: int,
    now: datetime,
) -> list[StayFinding] | None:
    """What changed in the zone and its ring; None if more fixes must be read to tell."""
    grounds = _grounds(book, task, fixes, to_us(now))
    agency_id = book.agency_of(task.pair) or (task.known[0].agency_id if task.known else 0)
    settled: list[tuple[Ring, list[StoredStay], list[Stay]]] = []
    for ring in Ring:
        begin = _begin(task, ring)
        shown = _shown(task, begin, grounds.get(ring), fixes, horizon_us, to_us(now))
        within = [one for one in begin.known if one.stay.entered_us < horizon_us]
        if not _is_settled(task, fixes, shown, within, horizon_us):
            return None
        settled.append((ring, within, shown))
    return [
        finding
        for ring, within, shown in settled
        for finding in reconcile(session, (agency_id, task.pair, ring), within, shown, now)
    ]


def _grounds(book: ZoneBook, task: Task, fixes: LocatedFixes, now_us: int) -> dict[Ring, Ground]:
    """The zone, and the zone with its warning ring if it has one, as they count in this time."""
    first_us = int(fixes.fixed_at_us[0]) if len(fixes) else task.since_us
    last_us = int(fixes.fixed_at_us[-1]) if len(fixes) else task.since_us
    from_us = min(first_us, task.since_us - LEAD_US) - CARRY_US
    ground = book.ground(task.pair, from_us, max(now_us, last_us) + 1)
    if ground is None or not ground.spans:
        return {}
    warning_m = book.warning_m(task.pair, ground)
    if not warning_m.any():
        return {Ring.ZONE: ground}
    return {Ring.ZONE: ground, Ring.WARNING: ring_of(ground, warning_m)}


def _begin(task: Task, ring: Ring) -> _Beginning:
    """Begin where the verdicts cannot have changed: at `since_us`, or in the stay around it."""
    since_us = task.since_us
    known = [
        one
        for one in task.known
        if one.ring is ring
        and (one.stay.left_before_us is None or since_us <= one.stay.left_before_us)
    ]
    # What only a way showed is found with its later fix, and was never under way.
    around = [one for one in known if one.stay.fix_count and one.stay.entered_us <= since_us]
    if not around:
        return _Beginning(since_us, None, known)
    first = around[0].stay
    # Only what was so by its last fix can be gone on with; else its fixes are walked through anew.
    if max(first.last_seen_us, first.decided.at_us) == first.last_seen_us < since_us:
        under_way = replace(first, left_us=None, left_before_us=None)
        return _Beginning(first.last_seen_us + 1, under_way, known)
    return _Beginning(first.entered_us, None, known, first.entry_position_id)


def _shown(
    task: Task,
    begin: _Beginning,
    ground: Ground | None,
    fixes: LocatedFixes,
    horizon_us: int,
    now_us: int,
) -> list[Stay]:
    if ground is None:
        return []
    seen = observe(fixes, ground, begin.since_us, now_us)
    if begin.entry_position_id is not None:
        seen = _from_entry(seen, begin.entry_position_id, task.since_us)
    # Of the horizon's own moment there may be fixes that were not read.
    return find_stays([one for one in seen if one.at_us < horizon_us], begin.under_way)


def _from_entry(
    seen: list[Observation | End], position_id: int, since_us: int
) -> list[Observation | End]:
    """What was seen from the fix that opened a stay on, or from what is new if that is earlier."""
    return list(
        dropwhile(
            lambda one: (
                one.at_us < since_us
                and not (isinstance(one, Observation) and one.position_id == position_id)
            ),
            seen,
        )
    )


def _is_settled(
    task: Task,
    fixes: LocatedFixes,
    shown: Sequence[Stay],
    within: Sequence[StoredStay],
    horizon_us: int,
) -> bool:
    """Whether fixes from the horizon on show what they showed before, whatever came to light."""
    if horizon_us == NEVER_US:
        return True
    # Until the fix after it, a new one counts for each drawing that begins.
    later = fixes.fixed_at_us[fixes.fixed_at_us > task.until_us]
    if not len(later):
        return False
    stays = [*shown, *(one.stay for one in within)]
    is_over = all(
        stay.left_before_us is not None and stay.left_before_us < horizon_us for stay in stays
    )
    return is_over and int(later[0]) + LEAD_US < horizon_us

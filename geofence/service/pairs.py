"""Works out one person's stays in one zone from stored fixes, and compares them with known ones."""

from collections.abc import Sequence
from datetime import datetime
from itertools import dropwhile

import numpy as np
from sqlalchemy.orm import Session

from geofence.rules.observing import LEAD_US, End, Ground, Observation, observe
from geofence.rules.stays import Stay, find_stays
from geofence.rules.track import ring_of
from geofence.service.findings import StayFinding, reconcile
from geofence.service.positions import Positions
from geofence.service.tasks import Beginning, Job, Task, job_of, windows_of
from geofence.store import Ring, StoredStay
from geofence.zones import NEVER_US, KnownZone, ZoneBook
from supervision.core.clock import to_us
from supervision.core.fixes import CARRY_US, Ints, LocatedFixes

# Fixes read at once for each person; more are read only while a stay is unsettled, at last all.
FIXES_AT_ONCE = (2_000, 100_000, NEVER_US)
NOBODYS: Ints = np.empty(0, np.int64)


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
    jobs = [job_of(task) for task in tasks]
    for limit in FIXES_AT_ONCE:
        if not jobs:
            break
        found, jobs = _judge_reading(session, book, jobs, positions, limit, now)
        findings += found
    return findings


def _judge_reading(
    session: Session,
    book: ZoneBook,
    jobs: list[Job],
    positions: Positions,
    limit: int,
    now: datetime,
) -> tuple[list[StayFinding], list[Job]]:
    read = positions.since(session, windows_of(jobs), limit)
    fixes_of, nothing = read.by_person(), read.take(NOBODYS)
    findings: list[StayFinding] = []
    unsettled: list[Job] = []
    for job in jobs:
        fixes = fixes_of.get(job.task.pair.supervisee_id, nothing)
        horizon_us = int(fixes.fixed_at_us[-1]) if len(fixes) >= limit else NEVER_US
        found = _judge_job(session, book.find(job.task.pair), job, fixes, horizon_us, now)
        if found is None:
            unsettled.append(job)
        else:
            findings += found
    return findings, unsettled


def _judge_job(
    session: Session,
    zone: KnownZone | None,
    job: Job,
    fixes: LocatedFixes,
    horizon_us: int,
    now: datetime,
) -> list[StayFinding] | None:
    """What changed in the zone and its ring; None if more fixes must be read to tell."""
    task = job.task
    grounds = {} if zone is None else _grounds(zone, task, fixes, to_us(now))
    settled: list[tuple[Ring, list[StoredStay], list[Stay]]] = []
    for ring, begin in job.begins.items():
        shown = _shown(task, begin, grounds.get(ring), fixes, horizon_us, to_us(now))
        within = [one for one in begin.known if one.stay.entered_us < horizon_us]
        if not _is_settled(task, fixes, shown, within, horizon_us):
            return None
        settled.append((ring, within, shown))
    agency_id = _agency_of(zone, task)
    return [
        finding
        for ring, within, shown in settled
        for finding in reconcile(session, (agency_id, task.pair, ring), within, shown, now)
    ]


def _agency_of(zone: KnownZone | None, task: Task) -> int:
    """Whose zone it is; of one that is the person's no more, whose its stays are."""
    if zone is not None:
        return zone.agency_id
    return task.known[0].agency_id if task.known else 0


def _grounds(zone: KnownZone, task: Task, fixes: LocatedFixes, now_us: int) -> dict[Ring, Ground]:
    """The zone, and the zone with its warning ring if it has one, as they count in this time."""
    first_us = int(fixes.fixed_at_us[0]) if len(fixes) else task.since_us
    last_us = int(fixes.fixed_at_us[-1]) if len(fixes) else task.since_us
    from_us = min(first_us, task.since_us - LEAD_US) - CARRY_US
    ground = zone.ground(from_us, max(now_us, last_us) + 1)
    if not ground.spans:
        return {}
    warning_m = zone.warning_m(ground)
    if not warning_m.any():
        return {Ring.ZONE: ground}
    return {Ring.ZONE: ground, Ring.WARNING: ring_of(ground, warning_m)}


def _shown(
    task: Task,
    begin: Beginning,
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

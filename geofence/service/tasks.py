"""What there is to judge of one person and zone: from when, and beginning with which stay."""

from dataclasses import replace
from typing import NamedTuple

from geofence.rules.observing import LEAD_US
from geofence.rules.stays import Stay
from geofence.service.positions import Window, earliest_us
from geofence.store import Ring, StoredStay
from geofence.zones import Pair


class Task(NamedTuple):
    """One pair to judge: from when, and the stays stored from then on.

    Up to `until_us` something new was said; later than the evidence of that lasts, only a stay
    that goes on can have changed.
    """

    pair: Pair
    since_us: int
    until_us: int
    known: list[StoredStay]


class Beginning(NamedTuple):
    """From when one ring is walked through, with which stay under way, against which stored.

    `entry_position_id` is the fix to begin with where a stay is walked through anew: of its
    moment, and on the way to it, there may be others that ended the stay before.
    """

    since_us: int
    under_way: Stay | None
    known: list[StoredStay]
    entry_position_id: int | None = None


class Job(NamedTuple):
    """A task, and where to begin in each ring."""

    task: Task
    begins: dict[Ring, Beginning]


def job_of(task: Task) -> Job:
    """The task with its beginnings."""
    return Job(task, {ring: _begin(task, ring) for ring in Ring})


def windows_of(jobs: list[Job]) -> list[Window]:
    """From when on each person's fixes are needed."""
    begins = (
        (job.task.pair.supervisee_id, begin.since_us - LEAD_US)
        for job in jobs
        for begin in job.begins.values()
    )
    return [Window(*row) for row in earliest_us(begins).items()]


def _begin(task: Task, ring: Ring) -> Beginning:
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
        return Beginning(since_us, None, known)
    first = around[0].stay
    # Only what was so by its last fix can be gone on with; else its fixes are walked through anew.
    if max(first.last_seen_us, first.decided.at_us) == first.last_seen_us < since_us:
        under_way = replace(first, left_us=None, left_before_us=None)
        return Beginning(first.last_seen_us + 1, under_way, known)
    return Beginning(first.entered_us, None, known, first.entry_position_id)

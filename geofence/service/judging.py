"""Judges fixes: which stays in exclusion zones they begin, confirm, lengthen, split or end."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from geofence.rules.observing import (
    FRESH_FOR_US,
    Sighting,
    Span,
    came_out_of_order,
    end_observation,
    ends,
    sightings,
)
from geofence.rules.presence import Presence, opens_stay, presence_of, usable_accuracy_m
from geofence.rules.stays import Observation, Stay, find_stays
from geofence.service.findings import StayFinding, reconcile
from geofence.store import StoredStay, stays_since
from geofence.zones import NEVER_US, Pair, Version, ZoneBook, distances_m
from supervision.core.clock import to_us
from supervision.core.fixes import CARRY_US, LocatedFixes

# Fixes read at once for each person; more are read only while a stay is unsettled, at last all.
FIXES_AT_ONCE = (2_000, 100_000, NEVER_US)


class Window(NamedTuple):
    """From when on a person's fixes are wanted."""

    supervisee_id: int
    since_us: int


History = Callable[[Session, Sequence[Window], int], LocatedFixes]
"""Reads stored fixes: for each window the last one before it and, from it on, at most so many;
by person, then time, ties in an order that does not depend on arrival."""


class _Task(NamedTuple):
    """One pair to judge: from when, with which stay under way, against which stored ones.

    Up to `until_us` something new was said; later, only a stay that lasts can have changed.
    """

    pair: Pair
    since_us: int
    until_us: int
    under_way: Stay | None
    known: list[StoredStay]


def judge(
    session: Session, book: ZoneBook, fixes: LocatedFixes, history: History, now: datetime
) -> list[StayFinding]:
    """Find what newly stored fixes change about anybody's stays.

    The people's locks must be held (`core.locks`). Most fixes are far from every zone of their
    wearer and in no stay: arrays settle those, and nothing more is read.

    Args:
        session: Open transaction in which the fixes are stored; the caller commits.
        book: This worker's zones; brought up to date first.
        fixes: Any number of people's, in any order.
        history: Reads stored fixes of the room that keeps them.
        now: Aware UTC; zones armed later are not judged yet.

    Returns:
        The changes, by person and zone, each in time order.
    """
    book.refresh(session)
    touched = book.pairs_near(fixes)
    spans = _time_spans(fixes)
    stored = stays_since(session, {person: span[0] for person, span in spans.items()})
    for one in stored:
        first_us, last_us = spans[one.pair.supervisee_id]
        # A late fix may be the one that counted when a zone was armed some time after it.
        if one.stay.entered_us <= last_us + CARRY_US:
            touched[one.pair] = min(first_us, touched.get(one.pair, first_us))
    latest = {pair: spans[pair.supervisee_id][1] for pair in touched}
    return _judge_pairs(session, book, touched, latest, stored, history, now)


def judge_again(
    session: Session, book: ZoneBook, since: dict[Pair, int], history: History, now: datetime
) -> list[StayFinding]:
    """Judge pairs anew from given moments on, after a zone or an assignment changed.

    Args:
        session: Open transaction in which the change is written; the caller commits.
        book: Knows the change.
        since: From when to judge each pair, microseconds.
        history: As for `judge`.
        now: Aware UTC.
    """
    earliest: dict[int, int] = {}
    for pair, since_us in since.items():
        person = pair.supervisee_id
        earliest[person] = min(since_us, earliest.get(person, since_us))
    stored = stays_since(session, earliest)
    latest = dict.fromkeys(since, NEVER_US)
    return _judge_pairs(session, book, since, latest, stored, history, now)


def _judge_pairs(
    session: Session,
    book: ZoneBook,
    since: dict[Pair, int],
    latest: dict[Pair, int],
    stored: list[StoredStay],
    history: History,
    now: datetime,
) -> list[StayFinding]:
    known: dict[Pair, list[StoredStay]] = defaultdict(list)
    for one in stored:
        known[one.pair].append(one)
    tasks = [_task(pair, since[pair], latest[pair], known[pair]) for pair in sorted(since)]
    findings: list[StayFinding] = []
    for limit in FIXES_AT_ONCE:
        if not tasks:
            break
        found, tasks = _judge_tasks(session, book, tasks, history, limit, now)
        findings += found
    return findings


def _time_spans(fixes: LocatedFixes) -> dict[int, tuple[int, int]]:
    people, place = np.unique(fixes.supervisee_id, return_inverse=True)
    first = np.full(len(people), NEVER_US, np.int64)
    last = np.zeros(len(people), np.int64)
    np.minimum.at(first, place, fixes.fixed_at_us)
    np.maximum.at(last, place, fixes.fixed_at_us)
    return dict(zip(people.tolist(), zip(first.tolist(), last.tolist(), strict=True), strict=True))


def _task(pair: Pair, since_us: int, until_us: int, known: list[StoredStay]) -> _Task:
    """Begin where the verdicts cannot have changed: at `since_us`, or in the stay around it."""
    around = [
        one
        for one in known
        if one.stay.entered_us <= since_us
        and (one.stay.left_us is None or since_us <= one.stay.left_us)
    ]
    if not around:
        later = [one for one in known if one.stay.entered_us >= since_us]
        return _Task(pair, since_us, until_us, None, later)
    first = around[0].stay
    from_here = known[known.index(around[0]) :]
    if since_us > first.last_seen_us:
        under_way = replace(first, left_us=None)
        return _Task(pair, first.last_seen_us + 1, until_us, under_way, from_here)
    return _Task(pair, first.entered_us, until_us, None, from_here)


def _judge_tasks(
    session: Session,
    book: ZoneBook,
    tasks: list[_Task],
    history: History,
    limit: int,
    now: datetime,
) -> tuple[list[StayFinding], list[_Task]]:
    earliest: dict[int, int] = {}
    for task in tasks:
        person = task.pair.supervisee_id
        earliest[person] = min(task.since_us, earliest.get(person, task.since_us))
    read = history(session, [Window(*item) for item in earliest.items()], limit)
    findings: list[StayFinding] = []
    unsettled: list[_Task] = []
    for task in tasks:
        versions = book.versions(task.pair)
        fixes = read.take(read.supervisee_id == task.pair.supervisee_id)
        horizon_us = int(fixes.fixed_at_us[-1]) if len(fixes) >= limit else NEVER_US
        seen = _observations(task, versions, fixes, to_us(now))
        # Of the horizon's own moment there may be fixes that were not read.
        shown = find_stays([one for one in seen if one.at_us < horizon_us], task.under_way)
        within = [one for one in task.known if one.stay.entered_us < horizon_us]
        if not _is_settled(task, shown, within, horizon_us):
            unsettled.append(task)
            continue
        agency_id = versions[0].agency_id if versions else task.known[0].agency_id
        findings += reconcile(session, agency_id, task.pair, within, shown, now)
    return findings, unsettled


def _is_settled(task: _Task, shown: list[Stay], within: list[StoredStay], horizon_us: int) -> bool:
    """Whether fixes from the horizon on show what they showed before, whatever came to light."""
    if horizon_us == NEVER_US:
        return True
    stays = [*shown, *(one.stay for one in within)]
    is_over = all(stay.left_us is not None and stay.left_us < horizon_us for stay in stays)
    return is_over and task.until_us < horizon_us


def _observations(
    task: _Task, versions: list[Version], fixes: LocatedFixes, now_us: int
) -> list[Observation]:
    spans = [Span(version.from_us, version.until_us) for version in versions]
    seen = sightings(fixes.fixed_at_us, spans, task.since_us, now_us)
    judged = _judged(seen, versions, fixes) if seen else []
    return judged + [end_observation(at_us) for at_us in ends(spans, task.since_us, now_us)]


def _judged(
    seen: list[Sighting], versions: list[Version], fixes: LocatedFixes
) -> list[Observation]:
    which = np.array([one.fix for one in seen], np.int64)
    looked_at = fixes.take(which)
    accuracy_m = usable_accuracy_m(looked_at.accuracy_m, looked_at.source)
    drawings = [versions[one.span] for one in seen]
    distance_m = distances_m(drawings, looked_at.lon, looked_at.lat)
    presence = presence_of(distance_m, accuracy_m, looked_at.source)
    is_stale = np.array([(one.carried_us or 0) > FRESH_FOR_US for one in seen])
    presence[is_stale & (presence == Presence.INSIDE)] = Presence.UNCERTAIN
    opens = opens_stay(distance_m, presence)
    is_carried = np.array([one.carried_us is not None for one in seen])
    is_late = came_out_of_order(fixes)[which] & ~is_carried
    return [
        Observation(
            one.at_us,
            int(looked_at.position_id[k]),
            drawings[k].version_id,
            int(presence[k]),
            bool(opens[k]),
            float(distance_m[k]),
            float(accuracy_m[k]),
            bool(is_late[k]),
        )
        for k, one in enumerate(seen)
    ]

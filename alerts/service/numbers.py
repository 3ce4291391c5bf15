"""Reads the numbers of an agency's alerts: how many, how fast seen to, and what they turned out as.

Few statements, each of which reads for the agency and for every officer at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Row
from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind
from alerts.climbs import read_ladders
from alerts.escalation import deadline_s
from alerts.figures import MOST_SOURCES, STALE_AFTER, Figures, Numbers, Source, Spread, Waiting
from alerts.load import Span, require_span, weigh
from alerts.number_queries import BY_DATE, FOUND, HANDLED, SOURCES, WAITING
from alerts.rules import Disposition
from supervision.core.access import Actor, Permission
from supervision.core.fixes import Ints

_NONE_US: Ints = np.array([], np.int64)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Read:
    """What the statements gave, by officer; None: of the whole agency."""

    found_us: Mapping[int | None, Ints]
    handled: Mapping[int | None, Row[Any]]
    sources: Mapping[int | None, list[Source]]
    waiting: Mapping[int | None, Row[Any]]


def read_numbers(session: Session, actor: Actor, span: Span, now: datetime) -> Numbers:
    """The agency's numbers, with each officer's for whoever may see those, else with one's own.

    Args:
        session: Open transaction bound to the actor's agency, only read.
        actor: Who asks.
        span: When the alerts were found.
        now: Aware UTC.

    Raises:
        NotAllowed: The actor reads no numbers.
        Invalid: The span makes no sense.
    """
    actor.require(Permission.READ_NUMBERS)
    require_span(span, now)
    read = _read(session, actor.agency_id, span, now)
    sees_all = actor.may(Permission.READ_ALL_NUMBERS)
    officers = sorted(_officers(read)) if sees_all else [actor.officer_id]
    # People are named to whoever sees their alerts: not to administrators, and an officer does not
    # see the whole agency's.
    reads_alerts = actor.may(Permission.READ_ALERTS)
    agency = _figures(read, None, span, with_sources=reads_alerts and sees_all)
    of = {one: _figures(read, one, span, with_sources=reads_alerts) for one in officers}
    return Numbers(span, now, agency, of)


def count_by_date(session: Session, actor: Actor, span: Span, zone: ZoneInfo) -> dict[date, int]:
    """How many alerts of the agency were found on each date that a span touches, in order.

    Args:
        session: Open transaction bound to the actor's agency, only read.
        actor: Of which agency.
        span: As `read_numbers` takes it.
        zone: By whose clocks.

    Raises:
        NotAllowed: The actor reads no numbers.
    """
    actor.require(Permission.READ_NUMBERS)
    values = {"agency": actor.agency_id, "since": span.since, "until": span.until, "zone": zone.key}
    counts = {row.found_on: row.alerts for row in session.execute(BY_DATE, values)}
    first, last = span.since.astimezone(zone).date(), span.until.astimezone(zone).date()
    dates = [first + _DAY * place for place in range((last - first).days + 1)]
    return {one: counts.get(one, 0) for one in dates}


def _read(session: Session, agency_id: int, span: Span, now: datetime) -> _Read:
    deadlines = {
        str(kind): deadline_s(ladder) for kind, ladder in read_ladders(session, agency_id).items()
    }
    values = {
        "agency": agency_id,
        "since": span.since,
        "until": span.until,
        "now": now,
        "stale": now - STALE_AFTER,
        "kinds": list(deadlines),
        "deadlines_s": list(deadlines.values()),
        "most": MOST_SOURCES,
    }
    return _Read(
        _read_found(session.execute(FOUND, values).one()),
        {row.officer_id: row for row in session.execute(HANDLED, values)},
        _read_sources(session.execute(SOURCES, values)),
        {row.officer_id: row for row in session.execute(WAITING, values)},
    )


def _read_found(row: Row[Any]) -> dict[int | None, Ints]:
    found_us: Ints = np.array(row.found_us or (), np.int64)
    officers = np.array(row.officer_ids or (), np.int64)
    of: dict[int | None, Ints] = {
        int(one): found_us[officers == one] for one in np.unique(officers)
    }
    return of | {None: found_us}


def _read_sources(rows: Iterable[Row[Any]]) -> dict[int | None, list[Source]]:
    sources = defaultdict[int | None, list[Source]](list)
    for row in rows:
        source = Source(AlertKind(row.kind), row.supervisee_id, row.alerts)
        sources[row.officer_id].append(source)
    return sources


def _officers(read: _Read) -> set[int]:
    """For whom there is any alert."""
    return {one for one in {*read.found_us, *read.waiting} if one is not None}


def _figures(read: _Read, officer: int | None, span: Span, *, with_sources: bool) -> Figures:
    load = weigh(read.found_us.get(officer, _NONE_US), span)
    sources = tuple(read.sources.get(officer, ())) if with_sources else None
    figures = Figures(load, sources=sources)
    handled, waiting = read.handled.get(officer), read.waiting.get(officer)
    if handled is not None:
        figures = _with_handled(figures, handled)
    if waiting is not None:
        now = Waiting(waiting.alerts, waiting.stale, waiting.overdue)
        figures = replace(figures, waiting=now)
    return figures


def _with_handled(figures: Figures, row: Row[Any]) -> Figures:
    return replace(
        figures,
        alerts=row.alerts,
        acknowledged=Spread(row.acknowledged, *(row.acknowledge_s or ())),
        closed=Spread(row.closed, *(row.close_s or ())),
        overdue=row.overdue,
        judged={one: getattr(row, one) for one in Disposition},
    )

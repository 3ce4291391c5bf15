"""Reads the numbers of an agency's alerts: how many, how fast they were seen to, and what they were.

A few statements, each of which reads for the agency and for every officer at once: the agency's own
rows are those of no officer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind
from alerts.climbs import read_ladders
from alerts.escalation import deadline_s
from alerts.figures import MOST_SOURCES, STALE_AFTER, Figures, Numbers, Source, Spread, Waiting
from alerts.load import Span, require_span, weigh
from alerts.rules import Change, Disposition, Handling
from supervision.core.access import Actor, Permission
from supervision.core.fixes import Ints


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
    figures = {officer: _figures(read, officer, span) for officer in (None, *officers)}
    # People are named to whoever sees their alerts; the agency's are no officer's to see.
    for officer in figures:
        if not actor.may(Permission.READ_ALERTS) or (officer is None and not sees_all):
            figures[officer] = replace(figures[officer], sources=None)
    return Numbers(span, now, figures[None], {one: figures[one] for one in officers})


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
        _read_found(session.execute(_FOUND, values)),
        {row.officer_id: row for row in session.execute(_HANDLED, values)},
        _read_sources(session.execute(_SOURCES, values)),
        {row.officer_id: row for row in session.execute(_WAITING, values)},
    )


def _read_found(rows: Iterable[Row[Any]]) -> dict[int | None, Ints]:
    found: dict[int | None, Ints] = {
        row.officer_id: np.array(row.found_us, np.int64) for row in rows
    }
    return found | {None: np.sort(np.concatenate([_NONE_US, *found.values()]))}


def _read_sources(rows: Iterable[Row[Any]]) -> dict[int | None, list[Source]]:
    sources = defaultdict[int | None, list[Source]](list)
    for row in rows:
        source = Source(AlertKind(row.kind), row.supervisee_id, row.alerts)
        sources[row.officer_id].append(source)
    return sources


def _officers(read: _Read) -> set[int]:
    """For whom there is any alert."""
    return {one for one in {*read.found_us, *read.waiting} if one is not None}


def _figures(read: _Read, officer: int | None, span: Span) -> Figures:
    load = weigh(read.found_us.get(officer, _NONE_US), span)
    figures = Figures(load, sources=tuple(read.sources.get(officer, ())))
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


_NONE_US: Ints = np.array([], np.int64)
# What counts at all, in every number; a drill is to be left out here.
_COUNTS = "a.agency_id = :agency"
_IN_SPAN = f"{_COUNTS} AND a.found_at >= :since AND a.found_at < :until"
_DEADLINES = (
    "unnest(CAST(:kinds AS text[]), CAST(:deadlines_s AS integer[])) AS d (kind, deadline_s)"
)
_SEEN = ", ".join(f"'{one}'" for one in (Change.ACKNOWLEDGED, Change.TAKEN_IN_HAND, Change.CLOSED))
_NOT_CLOSED = ", ".join(f"'{one}'" for one in Handling if one is not Handling.CLOSED)
_JUDGED = ", ".join(f"count(*) FILTER (WHERE disposition = '{one}') AS {one}" for one in Disposition)

_FOUND = text(
    "SELECT a.officer_id, array_agg(CAST(extract(epoch FROM a.found_at) * 1000000 AS bigint)"
    f" ORDER BY a.found_at) AS found_us FROM alert a WHERE {_IN_SPAN} GROUP BY a.officer_id"
)
# Seen to: by the history, since an alert that was new again keeps only its last acknowledgement.
_HANDLED = text(
    "WITH counted AS (SELECT a.officer_id, a.disposition,"
    "  extract(epoch FROM s.seen_at - a.found_at) AS acknowledge_s,"
    "  extract(epoch FROM a.closed_at - a.found_at) AS close_s,"
    "  coalesce(s.seen_at, :now) > a.found_at + make_interval(secs => d.deadline_s) AS is_overdue"
    f"  FROM alert a JOIN {_DEADLINES} ON d.kind = a.kind"
    "  LEFT JOIN LATERAL (SELECT min(e.at) AS seen_at FROM alert_event e"
    f"   WHERE e.alert_id = a.id AND e.kind IN ({_SEEN})) s ON true WHERE {_IN_SPAN})"
    " SELECT officer_id, count(*) AS alerts, count(acknowledge_s) AS acknowledged,"
    " percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY acknowledge_s) AS acknowledge_s,"
    " count(close_s) AS closed,"
    " percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY close_s) AS close_s,"
    f" count(*) FILTER (WHERE is_overdue) AS overdue, {_JUDGED}"
    " FROM counted GROUP BY GROUPING SETS ((), (officer_id))"
)
_SOURCES = text(
    "SELECT * FROM (SELECT a.officer_id, a.kind, a.supervisee_id, count(*) AS alerts,"
    "  row_number() OVER (PARTITION BY a.officer_id"
    "   ORDER BY count(*) DESC, a.kind, a.supervisee_id) AS place"
    f"  FROM alert a WHERE {_IN_SPAN} GROUP BY GROUPING SETS"
    "  ((a.kind, a.supervisee_id), (a.officer_id, a.kind, a.supervisee_id))) AS ranked"
    " WHERE place <= :most ORDER BY officer_id, place"
)
_WAITING = text(
    "SELECT a.officer_id, count(*) AS alerts, count(*) FILTER (WHERE a.found_at < :stale) AS stale,"
    " count(*) FILTER (WHERE a.handling = 'new' AND :now > d.deadline_s * interval '1 second'"
    "  + greatest(a.found_at, (SELECT max(e.at) FROM alert_event e"
    "   WHERE e.alert_id = a.id AND e.kind = 'reopened'))) AS overdue"
    f" FROM alert a JOIN {_DEADLINES} ON d.kind = a.kind"
    f" WHERE {_COUNTS} AND a.handling IN ({_NOT_CLOSED})"
    " GROUP BY GROUPING SETS ((), (a.officer_id))"
)

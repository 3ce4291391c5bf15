"""Says what a zone would have done, before it is drawn."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from geofence.drawing import read_geojson, to_shapes
from geofence.rules.affordable import affordable
from geofence.rules.draft import Draft
from geofence.rules.observing import LEAD_US
from geofence.rules.rehearsal import Stretch, rehearse
from geofence.rules.rehearsed import Rehearsal
from geofence.rules.schedule import active_spans, read_schedule
from geofence.rules.sighting import Span
from geofence.rules.spans import intersect
from geofence.service.positions import Positions, Window
from geofence.service.terms import ZoneKind, ZoneTerms, checked
from geofence.zones import NEVER_US
from supervision.core.clock import to_us

# Four and a half months at one fix a minute, one month at one in 13 seconds.
MOST_FIXES = 200_000
# Pairs of a point and an edge, a quarter of a microsecond each, three times over.
MOST_MEASURED = 40_000_000


class Replayed(NamedTuple):
    """Whose fixes are replayed, from when until when (aware UTC), and by which clocks."""

    supervisee_id: int
    begins_at: datetime
    ends_at: datetime
    time_zone: str


def rehearse_zone(
    session: Session,
    geojson: Mapping[str, Any],
    terms: ZoneTerms,
    replayed: Replayed,
    positions: Positions,
) -> Rehearsal:
    """Replay a person's fixes as if the zone had been armed at the beginning; writes nothing.

    The earliest `MOST_FIXES` are replayed at most, fewer where that takes more than
    `MOST_MEASURED` allows; a warning says so, and `ends_at` how far it came.

    Args:
        session: Open transaction, only read.
        geojson: As drawn (see `drawing.read_geojson`).
        terms: Its kind, warning ring and schedule.
        replayed: Of whom, and when.
        positions: Reads stored fixes.

    Raises:
        ZoneInvalid: The drawing cannot be used.
        Invalid: The terms cannot be.
    """
    draft = _draft(geojson, terms, replayed)
    from_us, until_us = to_us(replayed.begins_at), to_us(replayed.ends_at)
    window = Window(replayed.supervisee_id, from_us - LEAD_US, until_us)
    fixes = positions.since(session, [window], MOST_FIXES + 1)
    most = min(MOST_FIXES, affordable(fixes, draft, MOST_MEASURED))
    is_cut_short = most < len(fixes)
    if is_cut_short:
        # Of that moment there may be more that were not read.
        until_us = int(fixes.fixed_at_us[most])
        fixes = fixes.take(fixes.fixed_at_us < until_us)
    return rehearse(fixes, draft, Stretch(from_us, until_us, replayed.time_zone, is_cut_short))


def _draft(geojson: Mapping[str, Any], terms: ZoneTerms, replayed: Replayed) -> Draft:
    drawing = read_geojson(dict(geojson))
    terms = checked(terms, replayed.time_zone)
    return Draft(
        shapes=to_shapes(drawing.geometry, drawing.buffer_m),
        is_inclusion=terms.kind is ZoneKind.INCLUSION,
        inradius_m=drawing.inradius_m,
        warning_m=terms.warning_m,
        spans=_spans(terms, replayed),
        notes=drawing.notes,
    )


def _spans(terms: ZoneTerms, replayed: Replayed) -> list[Span]:
    """When the zone counts if it is armed at the beginning, whatever its order says."""
    from_us, until_us = to_us(replayed.begins_at), to_us(replayed.ends_at)
    armed = [(from_us, NEVER_US)]
    if terms.schedule is None:
        return [Span(*span) for span in armed]
    schedule = read_schedule(terms.schedule, replayed.time_zone)
    return [Span(*span) for span in intersect(active_spans(schedule, from_us, until_us + 1), armed)]

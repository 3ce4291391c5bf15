"""One alert with all it rests on: facts, order, map, the points in a table, and its history."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response

from alerts.catalogue import AlertKind
from alerts.rules import Handling
from alerts.service import ShelfRecord, list_dispatch_links, list_shelved
from supervision.core.access import Permission
from supervision.core.audit import Tag
from supervision.web.console.alert_facts import (
    StayFacts,
    find_grounds,
    find_stay,
    read_history,
)
from supervision.web.console.alert_rows import AlertRow, find_alert, read_feed_seq
from supervision.web.console.checkin_facts import find_miss
from supervision.web.console.order_facts import find_bare_clause
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.console.response_facts import find_climb, read_contacts, read_steps
from supervision.web.console.shelving import hours_to_choose
from supervision.web.console.track import MARGIN, Track, read_outline, read_track
from supervision.web.deps import Id, requires
from supervision.web.protected_alarms import find_alarm

router = APIRouter(dependencies=[requires(Permission.READ_ALERTS)])


@router.get("/alerts/{alert_id}")
def show_alert(visit: VisitDep, alert_id: Id) -> Response:
    """The page; what this officer was shown is on record before it is sent."""
    seq = read_feed_seq(visit.session)
    row = find_alert(visit.session, visit.actor, alert_id)
    stay = find_stay(visit.session, alert_id)
    clause = find_bare_clause(visit.session, alert_id)
    # Where he was says nothing about a zone that nobody drew, and is not looked at.
    track = None if clause else _track(visit, row, stay)
    outline = _outline(visit, row)
    is_open = row.handling != Handling.CLOSED and visit.may_handle(row.kind)
    page = visit.page(
        "alert.html",
        seq=seq,
        row=row,
        stay=stay,
        clause=clause,
        miss=find_miss(visit.session, alert_id),
        alarm=find_alarm(visit.session, alert_id),
        grounds=find_grounds(visit.session, row.zone_version_id, row.supervisee_id),
        steps=read_steps(visit.session, visit.actor.agency_id, AlertKind(row.kind), alert_id),
        contacts=read_contacts(visit.session, alert_id),
        links=list_dispatch_links(visit.session, alert_id),
        climb=find_climb(visit.session, visit.actor.agency_id, row),
        is_open=is_open,
        shelf=_shelf(visit, row),
        hours=hours_to_choose(visit.session, row, visit.now) if is_open else None,
        history=read_history(visit.session, alert_id),
        track=track,
        map_data=_map_data(track, outline, stay),
    )
    # Last, because the audit trail is locked until the transaction ends.
    visit.viewing.record(Tag.ALERT_VIEWED, f"alert:{alert_id}", shown="page")
    if track is not None:
        visit.viewing.record(
            Tag.POSITIONS_VIEWED, f"supervisee:{row.supervisee_id}", alert_id=row.id
        )
    if outline is not None:
        version_id = row.zone_version_id
        visit.viewing.record(Tag.ZONE_VIEWED, f"zone:{row.zone_id}", version_id=version_id)
    return page


def _shelf(visit: Visit, row: AlertRow) -> ShelfRecord | None:
    """Of the alert's source, if it is shelved now; also where the alert was raised before."""
    listed = list_shelved(visit.session, visit.actor.caseload_officer_id, visit.now)
    source = (row.supervisee_id, row.kind)
    return next((one for one in listed if (one.supervisee_id, one.kind) == source), None)


def _track(visit: Visit, row: AlertRow, stay: StayFacts | None) -> Track | None:
    """The fixes around the stay, or around the moment of what is no stay."""
    if not visit.actor.may(Permission.READ_POSITIONS):
        return None
    since, until = _span(row, stay, visit.now)
    zone = None
    if row.zone_id is not None and row.zone_version_id is not None:
        zone = (row.zone_id, row.zone_version_id)
    return read_track(visit.session, row.supervisee_id, since, until, zone)


def _span(row: AlertRow, stay: StayFacts | None, now: datetime) -> tuple[datetime, datetime]:
    if stay is None:
        return row.occurred_at - MARGIN, row.occurred_at + MARGIN
    return stay.entered_at - MARGIN, (stay.left_at or now) + MARGIN


def _outline(visit: Visit, row: AlertRow) -> dict[str, Any] | None:
    if row.zone_version_id is None or not visit.actor.may(Permission.READ_ZONES):
        return None
    return read_outline(visit.session, row.zone_version_id)


def _map_data(
    track: Track | None, outline: dict[str, Any] | None, stay: StayFacts | None
) -> dict[str, Any] | None:
    """What the map draws; None where there is nothing to draw."""
    points = [] if track is None else track.points
    if not points and outline is None:
        return None
    return {
        "zone": outline,
        "entry_id": None if stay is None else stay.entry_position_id,
        "deepest_id": None if stay is None else stay.deepest_position_id,
        "points": [
            {
                "id": point.id,
                "lon": point.lon,
                "lat": point.lat,
                "accuracy_m": point.accuracy_m,
                "is_after_gap": point.is_after_gap,
            }
            for point in points
        ],
    }

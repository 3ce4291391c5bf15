"""What is judged and what comes of it: zones and sets, positions, alerts, rejected messages."""

from datetime import datetime, timedelta
from typing import Any

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind
from alerts.models import Alert, DispatchLink, DrillRow, ShelfRow
from alerts.service import NewAlert, raise_alert
from geofence.models import Zone, ZoneException, ZoneSet, ZoneSetMember, ZoneVersion
from ingest.models import Position, RejectedMessage
from supervision.core.tokens import hash_token, new_token
from supervision.register.models import CourtOrder, Device, Officer, OrderClause, Supervisee
from tests.factories.register import a_clause
from tests.factories.rows import LONG_AGO, NOW, numbers, saved


def a_zone(session: Session, order: CourtOrder, **values: object) -> Zone:
    """A circle at lon, lat with radius_m, in its first version; nobody is judged against it.

    It carries out a new clause of the order, unless `order_clause_id` names one.
    """
    if "order_clause_id" not in values:
        values["order_clause_id"] = a_clause(session, order).id
    chosen: dict[str, Any] = {
        "kind": "exclusion",
        "name": f"Zone {next(numbers)}",
        "lon": -104.98,
        "lat": 39.74,
        "radius_m": 300.0,
        "armed_at": LONG_AGO,
    } | values
    zone = saved(
        session,
        Zone(
            agency_id=order.agency_id,
            supervisee_id=order.supervisee_id,
            court_order_id=order.id,
            order_clause_id=chosen["order_clause_id"],
            kind=chosen["kind"],
            name=chosen["name"],
            created_at=NOW,
        ),
    )
    saved(session, _a_version(zone, **chosen))
    return zone


def _a_version(
    zone: Zone, *, lon: float, lat: float, radius_m: float, armed_at: datetime, **_: object
) -> ZoneVersion:
    return ZoneVersion(
        agency_id=zone.agency_id,
        supervisee_id=zone.supervisee_id,
        zone_id=zone.id,
        version=1,
        epoch=1,
        shape="circle",
        geom=from_shape(Point(lon, lat), srid=4326),
        buffer_m=radius_m,
        inradius_m=radius_m,
        warning_m=0.0,
        schedule=None,
        time_zone="UTC",
        armed_at=armed_at,
        notes=[],
        drawn_at=NOW,
    )


def an_exception(
    session: Session, zone: Zone, supervisee: Supervisee, granted_by: Officer, **values: object
) -> ZoneException:
    """From this zone, for this person; it begins now."""
    chosen: dict[str, Any] = {
        "epoch": 1,
        "kind": "court_hearing",
        "reason": "Hearing at two.",
        "begins_at": NOW,
        "ends_at": NOW + timedelta(hours=1),
        "granted_at": NOW,
    } | values
    owners = {"agency_id": zone.agency_id, "supervisee_id": supervisee.id, "zone_id": zone.id}
    return saved(session, ZoneException(granted_by_id=granted_by.id, **owners, **chosen))


def a_zone_set(session: Session, agency_id: int, **values: object) -> ZoneSet:
    """With one zone, far from everybody."""
    chosen: dict[str, Any] = {"name": f"Set {next(numbers)}"} | values
    zone_set = saved(session, ZoneSet(agency_id=agency_id, created_at=NOW, **chosen))
    zone = Zone(
        agency_id=agency_id,
        kind="exclusion",
        zone_set_id=zone_set.id,
        name=f"Zone {next(numbers)}",
        created_at=NOW,
    )
    saved(session, zone)
    saved(session, _a_version(zone, lon=-100.0, lat=40.0, radius_m=300.0, armed_at=LONG_AGO))
    return zone_set


def set_zone(session: Session, zone_set: ZoneSet) -> Zone:
    """The zone that `a_zone_set` made."""
    return session.scalars(select(Zone).where(Zone.zone_set_id == zone_set.id)).one()


def a_set_member(session: Session, zone_set: ZoneSet, clause: OrderClause) -> ZoneSetMember:
    """The set applies to the clause's person, since long ago."""
    return saved(
        session,
        ZoneSetMember(
            agency_id=zone_set.agency_id,
            zone_set_id=zone_set.id,
            supervisee_id=clause.supervisee_id,
            order_clause_id=clause.id,
            epoch=1,
            begins_at=LONG_AGO,
            added_at=NOW,
        ),
    )


def a_position(session: Session, device: Device, supervisee: Supervisee, **values: object) -> int:
    """A stored fix, its day's partition made if need be; returns its id."""
    chosen: dict[str, Any] = {
        "fixed_at": NOW,
        "received_at": NOW,
        "lon": -104.98,
        "lat": 39.74,
        "accuracy_m": 5.0,
        "source": 1,
        "raw": b"{}",
    } | values
    session.execute(
        text("SELECT ensure_position_partition(:day)"), {"day": chosen["fixed_at"].date()}
    )
    position_id: int = session.scalars(select(func.nextval("position_id_seq"))).one()
    owners = {
        "id": position_id,
        "agency_id": device.agency_id,
        "device_id": device.id,
        "supervisee_id": supervisee.id,
    }
    session.execute(insert(Position).values(**owners, **chosen))
    return position_id


def an_alert(session: Session, supervisee: Supervisee, **values: object) -> Alert:
    """Raised as the monitor would: with history, notification and audit; `now` is when."""
    now: Any = values.pop("now", NOW)
    chosen: dict[str, Any] = {
        "officer_id": supervisee.supervising_officer_id,
        "kind": AlertKind.STRAP_TAMPER,
        "grade": None,
        "dedup_key": f"test:1:{next(numbers)}",
        "zone_id": None,
        "zone_version_id": None,
        "order_clause_id": None,
        "occurred_at": now,
        "is_late": False,
        "evidence": {},
    } | values
    new = NewAlert(agency_id=supervisee.agency_id, supervisee_id=supervisee.id, **chosen)
    alert_id, _ = raise_alert(session, new, now)
    return session.get_one(Alert, alert_id)


def a_shelf(session: Session, supervisee: Supervisee, **values: object) -> ShelfRow:
    """Alerts of low batteries are held back for eight hours, by his officer."""
    begins_at: Any = values.get("begins_at", NOW)
    chosen: dict[str, Any] = {
        "kind": AlertKind.BATTERY_LOW,
        "reason": "The charger is replaced tonight.",
        "shelved_by_id": supervisee.supervising_officer_id,
        "begins_at": begins_at,
        "ends_at": begins_at + timedelta(hours=8),
        "stretch_began_at": begins_at,
    } | values
    owners = {"agency_id": supervisee.agency_id, "supervisee_id": supervisee.id}
    return saved(session, ShelfRow(**owners, **chosen))


def a_drill(session: Session, officer: Officer, **values: object) -> DrillRow:
    """Of the zone entries' ladder, begun by a command; over, having told nobody."""
    chosen: dict[str, Any] = {
        "kind": AlertKind.ZONE_ENTRY,
        "is_at_once": False,
        "started_at": NOW,
    } | values
    owners = {"agency_id": officer.agency_id, "officer_id": officer.id}
    row: DrillRow = saved(session, DrillRow(**owners, **chosen))
    told: dict[str, Any] = {
        "drill_id": row.id,
        "kind": row.kind,
        "severity": "critical",
        "dedup_key": f"drill:1:{row.id}",
        "occurred_at": row.started_at,
        "found_at": row.started_at,
        "is_late": False,
        "handling": "closed",
        "closed_at": row.started_at,
        "evidence": {},
    }
    saved(session, Alert(**owners, **told))
    return row


def a_dispatch_link(session: Session, alert: Alert, **values: object) -> tuple[DispatchLink, str]:
    """For four hours, without the safe contact; with the token that opens it."""
    token = new_token()
    chosen: dict[str, Any] = {
        "shows_safe_contact": False,
        "made_by_id": alert.officer_id,
        "made_at": NOW,
        "expires_at": NOW + timedelta(hours=4),
    } | values
    owners = {"agency_id": alert.agency_id, "alert_id": alert.id}
    return saved(session, DispatchLink(token_hash=hash_token(token), **owners, **chosen)), token


def a_rejected_message(
    session: Session, agency_id: int | None, **values: object
) -> RejectedMessage:
    number = next(numbers)
    chosen: dict[str, Any] = {
        "digest": f"digest {number}".encode(),
        "topic": "supervision/v1/device/fixes",
        "device_uid": "device",
        "reason": "not_json",
        "detail": "The message is not JSON.",
        "payload": b"\xff{",
        "is_ignored": False,
        "first_received_at": NOW,
        "last_received_at": NOW,
    } | values
    return saved(session, RejectedMessage(agency_id=agency_id, **chosen))

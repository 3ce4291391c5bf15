"""Which zones, versions and exceptions an officer may see: of one's caseload, or of the agency."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from geofence.models import Zone, ZoneException, ZoneSetMember, ZoneVersion
from supervision.core.access import Actor
from supervision.core.errors import NotFound
from supervision.register.models import Supervisee
from supervision.web.api.zone_features import DrawnZone


class ZoneFilter(NamedTuple):
    """Whose zones, under which order; None where it does not matter."""

    supervisee_id: int | None = None
    order_id: int | None = None


def find_zones(
    session: Session, actor: Actor, wanted: ZoneFilter, after_id: int | None, most: int
) -> list[DrawnZone]:
    """People's own zones on the caseload by id, behind `after_id`, each in its newest version.

    Viewing is the caller's to audit.
    """
    query = _newest(actor).where(Zone.id > (after_id or 0), Zone.zone_set_id.is_(None))
    if wanted.supervisee_id is not None:
        query = query.where(Zone.supervisee_id == wanted.supervisee_id)
    if wanted.order_id is not None:
        query = query.where(Zone.court_order_id == wanted.order_id)
    return _pairs(session, query, most)


def find_set_zones(
    session: Session, zone_set_id: int, after_id: int | None, most: int
) -> list[DrawnZone]:
    """A set's zones by id, behind `after_id`; whether the set may be seen is asked before."""
    query = _newest(None).where(Zone.id > (after_id or 0), Zone.zone_set_id == zone_set_id)
    return _pairs(session, query, most)


def newest_zone(session: Session, actor: Actor, zone_id: int) -> DrawnZone:
    """One zone in its newest version; viewing is the caller's to audit.

    Raises:
        NotFound: There is none, or it concerns nobody on the actor's caseload.
    """
    row = session.execute(_newest(actor).where(Zone.id == zone_id)).one_or_none()
    if row is None:
        raise NotFound
    return DrawnZone(*row)


def find_versions(
    session: Session, zone: Zone, after_version: int | None, most: int
) -> Sequence[DrawnZone]:
    """A zone's versions in order, behind `after_version`."""
    rows = session.scalars(
        select(ZoneVersion)
        .where(ZoneVersion.zone_id == zone.id, ZoneVersion.version > (after_version or 0))
        .order_by(ZoneVersion.version)
        .limit(most)
    )
    return [DrawnZone(zone, row) for row in rows]


def find_exceptions(
    session: Session, actor: Actor, zone_id: int, after_id: int | None, most: int
) -> Sequence[ZoneException]:
    """The exceptions from a zone for people of the actor's caseload, by id, behind `after_id`."""
    query = select(ZoneException).where(
        ZoneException.zone_id == zone_id, ZoneException.id > (after_id or 0)
    )
    if actor.caseload_officer_id is not None:
        query = query.where(ZoneException.supervisee_id.in_(caseload(actor.caseload_officer_id)))
    return session.scalars(query.order_by(ZoneException.id).limit(most)).all()


def caseload(officer_id: int) -> Select[int]:
    """The ids of an officer's people."""
    return select(Supervisee.id).where(Supervisee.supervising_officer_id == officer_id)


def sets_on_caseload(officer_id: int) -> Select[int]:
    """The ids of the sets that apply, will apply or have applied to one of an officer's people."""
    return select(ZoneSetMember.zone_set_id).where(
        ZoneSetMember.supervisee_id.in_(caseload(officer_id))
    )


def _newest(actor: Actor | None) -> Select[Zone, ZoneVersion]:
    other = aliased(ZoneVersion)
    last = select(func.max(other.version)).where(other.zone_id == Zone.id)
    query = select(Zone, ZoneVersion).join(
        ZoneVersion,
        (ZoneVersion.zone_id == Zone.id)
        & (ZoneVersion.version == last.correlate(Zone).scalar_subquery()),
    )
    if actor is None or actor.caseload_officer_id is None:
        return query
    return query.where(_concerns(actor.caseload_officer_id))


def _concerns(officer_id: int) -> ColumnElement[bool]:
    return or_(
        Zone.supervisee_id.in_(caseload(officer_id)),
        Zone.zone_set_id.in_(sets_on_caseload(officer_id)),
    )


def _pairs(session: Session, query: Select[Zone, ZoneVersion], most: int) -> list[DrawnZone]:
    rows = session.execute(query.order_by(Zone.id).limit(most)).all()
    return [DrawnZone(zone, version) for zone, version in rows]

"""Which sets of zones an officer may see: those on one's caseload, or the agency's."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from geofence.models import Zone, ZoneSet, ZoneSetMember, ZoneVersion
from supervision.core.access import Actor
from supervision.core.errors import NotFound
from supervision.web.api.zone_queries import caseload, sets_on_caseload


class CountedSet(NamedTuple):
    """A set, how many zones it has that are not retired, and to how many people it applies now."""

    zone_set: ZoneSet
    zones: int
    members: int


def find_sets(
    session: Session, actor: Actor, now: datetime, after_id: int | None, most: int
) -> list[CountedSet]:
    """Sets by id, behind `after_id`; viewing is the caller's to audit."""
    query = _visible(actor, now).where(ZoneSet.id > (after_id or 0))
    rows = session.execute(query.order_by(ZoneSet.id).limit(most))
    return [CountedSet(*row) for row in rows]


def counted_set(session: Session, actor: Actor, now: datetime, zone_set_id: int) -> CountedSet:
    """One set; viewing is the caller's to audit.

    Raises:
        NotFound: There is none, or it never applied to anybody on the actor's caseload.
    """
    row = session.execute(_visible(actor, now).where(ZoneSet.id == zone_set_id)).one_or_none()
    if row is None:
        raise NotFound
    return CountedSet(*row)


def find_members(
    session: Session, actor: Actor, zone_set_id: int, after_id: int | None, most: int
) -> Sequence[ZoneSetMember]:
    """To whom of the actor's caseload the set applies, will apply or has applied, by id."""
    query = select(ZoneSetMember).where(
        ZoneSetMember.zone_set_id == zone_set_id, ZoneSetMember.id > (after_id or 0)
    )
    if actor.caseload_officer_id is not None:
        query = query.where(ZoneSetMember.supervisee_id.in_(caseload(actor.caseload_officer_id)))
    return session.scalars(query.order_by(ZoneSetMember.id).limit(most)).all()


def _visible(actor: Actor, now: datetime) -> Select[ZoneSet, int, int]:
    is_retired = exists().where(ZoneVersion.zone_id == Zone.id, ZoneVersion.shape == "retired")
    zones = select(func.count()).where(Zone.zone_set_id == ZoneSet.id, ~is_retired)
    members = select(func.count()).where(
        ZoneSetMember.zone_set_id == ZoneSet.id,
        ZoneSetMember.begins_at <= now,
        or_(ZoneSetMember.ends_at.is_(None), ZoneSetMember.ends_at > now),
    )
    query = select(ZoneSet, zones.scalar_subquery(), members.scalar_subquery())
    if actor.caseload_officer_id is None:
        return query
    return query.where(ZoneSet.id.in_(sets_on_caseload(actor.caseload_officer_id)))

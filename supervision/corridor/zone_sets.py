"""Sets of zones: made, drawn into, applied to people and lifted; audited together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from geofence.models import ZoneSet, ZoneSetMember
from geofence.service import (
    AT_ALL_TIMES,
    Drawn,
    Imported,
    InForce,
    ZoneTerms,
    apply_set,
    create_set,
    draw_into_set,
    end_membership,
    import_into_set,
)
from supervision.core import audit
from supervision.core.clock import to_us
from supervision.core.errors import Invalid, NotFound
from supervision.corridor.zone_desk import Basis, ZoneDesk
from supervision.register.models import Agency


@dataclass(frozen=True, slots=True)
class NewMembership:
    """To whom a set is to apply, by which clause, from now or later, as long as the order or less.

    Attributes:
        supervisee_id: Whom; named beside the clause so that a slip in either shows.
        clause_id: Of an order of his.
        begins_at: None: now.
        ends_at: None: with the order.
    """

    supervisee_id: int
    clause_id: int
    begins_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ZoneSets(ZoneDesk):
    """One officer's changes to sets at one moment.

    A set's own zones concern many people: they are judged by the next sweep, each in his turn.
    """

    def create(self, name: str) -> ZoneSet:
        """Make an empty set.

        Raises:
            NotAllowed: The actor's role draws no zones.
            Conflict: There is one of this name. Nothing was written.
        """
        self.require()
        row = ZoneSet(agency_id=self.actor.agency_id, name=name, created_at=self.now)
        create_set(self.session, row)
        self.record(audit.Tag.ZONE_SET_CREATED, f"zone_set:{row.id}")
        return row

    def draw(
        self,
        zone_set_id: int,
        name: str,
        geojson: Mapping[str, Any],
        armed_at: datetime,
        terms: ZoneTerms = AT_ALL_TIMES,
    ) -> Drawn:
        """Draw a zone into a set; raises as `geofence.draw_into_set` does, and NotAllowed."""
        force = self._force(zone_set_id, armed_at)
        drawn = draw_into_set(self.session, zone_set_id, name, geojson, terms, force)
        self._record_drawn(zone_set_id, [drawn])
        return drawn

    def import_collection(
        self,
        zone_set_id: int,
        collection: Mapping[str, Any],
        armed_at: datetime,
        terms: ZoneTerms = AT_ALL_TIMES,
        radius_m: float | None = None,
    ) -> Imported:
        """Draw a collection's features into a set; raises as `geofence.import_into_set` does.

        Bad features are named in the answer and the good ones written: a caller who wants all or
        none rolls back.
        """
        force = self._force(zone_set_id, armed_at)
        imported = import_into_set(self.session, zone_set_id, collection, terms, force, radius_m)
        if imported.drawn:
            self._record_drawn(zone_set_id, imported.drawn)
        return imported

    def apply(self, zone_set_id: int, new: NewMembership) -> ZoneSetMember:
        """Apply a set to somebody by a clause of his order, and judge him at once.

        Raises:
            NotAllowed: The actor's role draws no zones.
            NotFound: No such set or clause in the agency.
            Conflict: It applies to him then already.
            Invalid: The clause is another person's or not one for zones, its order is over by
                then, or the times make no sense. In each case nothing was written.
        """
        self.require()
        self._owned(zone_set_id)
        basis = self.basis(new.clause_id)
        member = apply_set(self.session, self._member(zone_set_id, basis, new), self.now)
        if member.begins_at <= self.now:
            self.judge_set(member.supervisee_id, zone_set_id, to_us(member.begins_at))
        self.tell_of_coverage(member.supervisee_id)
        self._record_member(audit.Tag.ZONE_SET_APPLIED, member)
        return member

    def end(self, member_id: int, at: datetime | None = None) -> ZoneSetMember:
        """Lift a set from somebody, now or later; stays in its zones end with it.

        Raises:
            NotAllowed: The actor's role draws no zones.
            NotFound: No such membership in the agency.
            Conflict: It ends by then already.
            Invalid: The time lies in the past. In each case nothing was written.
        """
        self.require()
        known = self.session.get(ZoneSetMember, member_id)
        if known is None or known.agency_id != self.actor.agency_id:
            raise NotFound
        self.lock(known.supervisee_id)
        member = end_membership(self.session, member_id, at or self.now, self.now)
        if at is None or at == self.now:
            self.judge_set(member.supervisee_id, member.zone_set_id, to_us(self.now))
        self.tell_of_coverage(member.supervisee_id)
        self._record_member(audit.Tag.ZONE_SET_ENDED, member)
        return member

    def _member(self, zone_set_id: int, basis: Basis, new: NewMembership) -> ZoneSetMember:
        if basis.supervisee_id != new.supervisee_id:
            message = "The clause is of another person's order."
            raise Invalid(message)
        begins_at = basis.begin(new.begins_at or self.now)
        ends = [end for end in (new.ends_at, basis.ends_at) if end is not None]
        ends_at = min(ends, default=None)
        if ends_at is not None and ends_at <= begins_at:
            message = "A set ceases to apply after it begins to."
            raise Invalid(message)
        return ZoneSetMember(
            agency_id=basis.agency_id,
            zone_set_id=zone_set_id,
            supervisee_id=basis.supervisee_id,
            order_clause_id=basis.clause_id,
            begins_at=begins_at,
            ends_at=ends_at,
            added_by_id=self.actor.officer_id,
            added_at=self.now,
        )

    def _force(self, zone_set_id: int, armed_at: datetime) -> InForce:
        """When a set's drawing counts, once it is clear that the actor may draw it."""
        self.require()
        agency_id = self._owned(zone_set_id).agency_id
        query = select(Agency.time_zone).where(Agency.id == agency_id)
        time_zone = self.session.scalars(query).one()
        return InForce(armed_at, None, time_zone, self.actor.officer_id, self.now)

    def _owned(self, zone_set_id: int) -> ZoneSet:
        row = self.session.get(ZoneSet, zone_set_id)
        if row is None or row.agency_id != self.actor.agency_id:
            raise NotFound
        return row

    def _record_drawn(self, zone_set_id: int, drawn: list[Drawn]) -> None:
        ids = [one.zone_id for one in drawn]
        self.record(audit.Tag.ZONE_SET_DRAWN, f"zone_set:{zone_set_id}", zone_ids=ids)

    def _record_member(self, tag: audit.Tag, member: ZoneSetMember) -> None:
        detail = {
            "membership_id": member.id,
            "supervisee_id": member.supervisee_id,
            "clause_id": member.order_clause_id,
        }
        self.record(tag, f"zone_set:{member.zone_set_id}", **detail)

"""Drawing, amending and retiring zones: written, judged at once, told and audited together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from geofence.models import Zone
from geofence.service import (
    AT_ALL_TIMES,
    UNCHANGED,
    ChangedTerms,
    Drawn,
    InForce,
    ZoneTerms,
    amend_zone,
    arm_zone,
    retire_zone,
)
from geofence.zones import Pair
from supervision.core import audit
from supervision.core.errors import NotFound
from supervision.corridor.zone_desk import ZoneDesk
from supervision.register.models import Agency, Supervisee


@dataclass(frozen=True, slots=True)
class Zoning(ZoneDesk):
    """One officer's drawing at one moment."""

    def arm(
        self,
        clause_id: int,
        name: str,
        geojson: Mapping[str, Any],
        armed_at: datetime,
        terms: ZoneTerms = AT_ALL_TIMES,
    ) -> Drawn:
        """Draw a zone by a clause of an order and judge the person's known fixes at once.

        It counts from `armed_at`, but not before the order begins, until the order ends.

        Raises:
            NotAllowed: The actor's role draws no zones.
            NotFound: There is no such clause.
            ZoneInvalid: The drawing cannot be used.
            Invalid: No zone can rest on the clause, its order is over by then, or the terms make
                no sense. In each case nothing was written.
        """
        self.require()
        basis = self.basis(clause_id)
        force = self._force(basis.begin(armed_at), basis.ends_at, basis.time_zone)
        zone = Zone(
            agency_id=basis.agency_id,
            supervisee_id=basis.supervisee_id,
            court_order_id=basis.order_id,
            order_clause_id=basis.clause_id,
            name=name,
            created_at=self.now,
        )
        drawn = arm_zone(self.session, zone, geojson, terms, force)
        self._finish(zone, drawn, audit.Tag.ZONE_ARMED)
        return drawn

    def amend(
        self,
        zone_id: int,
        geojson: Mapping[str, Any],
        armed_at: datetime,
        changed: ChangedTerms = UNCHANGED,
    ) -> Drawn:
        """Draw a zone anew, from `armed_at` on; raises as `arm` and `geofence.amend_zone` do.

        Of a set's zone, everybody the set applies to is judged by the next sweep.
        """
        self.require()
        zone = self._zone(zone_id)
        if zone.order_clause_id is None:
            force = self._force(armed_at, None, self._time_zone(zone))
        else:
            basis = self.basis(zone.order_clause_id)
            force = self._force(basis.begin(armed_at), basis.ends_at, basis.time_zone)
        drawn = amend_zone(self.session, zone_id, geojson, force, changed)
        self._finish(zone, drawn, audit.Tag.ZONE_AMENDED)
        return drawn

    def retire(self, zone_id: int, at: datetime) -> Drawn:
        """End a zone; a stay in it ends with it, its alert stays open."""
        self.require()
        zone = self._zone(zone_id)
        if zone.supervisee_id is not None:
            self.lock(zone.supervisee_id)
        drawn = retire_zone(self.session, zone_id, self._force(at, None, self._time_zone(zone)))
        self._finish(zone, drawn, audit.Tag.ZONE_RETIRED)
        return drawn

    def _zone(self, zone_id: int) -> Zone:
        zone = self.session.get(Zone, zone_id)
        if zone is None or zone.agency_id != self.actor.agency_id:
            raise NotFound
        return zone

    def _time_zone(self, zone: Zone) -> str:
        person = select(Supervisee.time_zone).where(Supervisee.id == zone.supervisee_id)
        agency = select(Agency.time_zone).where(Agency.id == zone.agency_id)
        return self.session.scalars(agency if zone.supervisee_id is None else person).one()

    def _force(self, armed_at: datetime, ends_at: datetime | None, time_zone: str) -> InForce:
        return InForce(armed_at, ends_at, time_zone, self.actor.officer_id, self.now)

    def _finish(self, zone: Zone, drawn: Drawn, tag: audit.Tag) -> None:
        person = zone.supervisee_id
        if person is not None:
            self.judge(person, {Pair(person, zone.id): drawn.since_us})
            self.tell_of_coverage(person)
        self.record(tag, f"zone:{zone.id}", version=drawn.version)

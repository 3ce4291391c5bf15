"""Drawing, amending and retiring zones: written, judged at once, told and audited together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geofence.models import ExclusionZone
from geofence.service import Drawn, amend_zone, arm_zone, judge_again, retire_zone
from geofence.service.zoning import Terms
from geofence.zones import ZoneBook
from ingest.store import fixes_since
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.errors import Invalid, NotFound
from supervision.core.locks import lock_people
from supervision.corridor.telling import tell_of_stays
from supervision.register.models import CourtOrder


@dataclass(frozen=True, slots=True)
class Zoning:
    """One officer's change to zones at one moment.

    Attributes:
        session: Open transaction; the caller commits.
        actor: Who draws; must be allowed to.
        now: Aware UTC.
        late_after: A finding older than this is marked late.
    """

    session: Session
    actor: Actor
    now: datetime
    late_after: timedelta

    def arm(
        self, order_id: int, name: str, geojson: Mapping[str, Any], armed_at: datetime
    ) -> Drawn:
        """Draw a zone under an order and judge the person's known fixes at once.

        It counts from `armed_at`, but not before the order begins, until the order ends.

        Raises:
            NotAllowed: The actor's role draws no zones.
            NotFound: There is no such order.
            ZoneInvalid: The drawing cannot be used.
            Invalid: The order is over by then. In each case nothing was written.
        """
        self.actor.require(Permission.WRITE_ZONES)
        order = self._order(order_id)
        zone = ExclusionZone(
            agency_id=order.agency_id,
            supervisee_id=order.supervisee_id,
            court_order_id=order.id,
            name=name,
            created_at=self.now,
        )
        drawn = arm_zone(self.session, zone, geojson, self._terms(order, armed_at))
        self._judge_and_record(drawn, audit.Tag.ZONE_ARMED)
        return drawn

    def amend(self, zone_id: int, geojson: Mapping[str, Any], armed_at: datetime) -> Drawn:
        """Draw a zone anew, from `armed_at` on; raises as `arm` and `geofence.amend_zone` do."""
        self.actor.require(Permission.WRITE_ZONES)
        terms = self._terms(self._order_of(zone_id), armed_at)
        drawn = amend_zone(self.session, zone_id, geojson, terms)
        self._judge_and_record(drawn, audit.Tag.ZONE_AMENDED)
        return drawn

    def retire(self, zone_id: int, at: datetime) -> Drawn:
        """End a zone; a stay in it ends with it, its alert stays open."""
        self.actor.require(Permission.WRITE_ZONES)
        self._order_of(zone_id)
        drawn = retire_zone(self.session, zone_id, Terms(at, None, self.actor.officer_id, self.now))
        self._judge_and_record(drawn, audit.Tag.ZONE_RETIRED)
        return drawn

    def _order(self, order_id: int) -> CourtOrder:
        order = self.session.scalars(
            select(CourtOrder).where(
                CourtOrder.id == order_id, CourtOrder.agency_id == self.actor.agency_id
            )
        ).one_or_none()
        if order is None:
            raise NotFound
        # Before any row is touched, as everywhere: whoever judges this person meanwhile would
        # else wait for the zone's row, and we for the person.
        lock_people(self.session, [order.supervisee_id])
        return order

    def _order_of(self, zone_id: int) -> CourtOrder:
        zone = self.session.get(ExclusionZone, zone_id)
        if zone is None:
            raise NotFound
        return self._order(zone.court_order_id)

    def _terms(self, order: CourtOrder, armed_at: datetime) -> Terms:
        begins_at = max(armed_at, order.begins_at)
        if order.ends_at is not None and begins_at >= order.ends_at:
            message = "The order is over by then: a zone under it would never count."
            raise Invalid(message)
        return Terms(begins_at, order.ends_at, self.actor.officer_id, self.now)

    def _judge_and_record(self, drawn: Drawn, tag: audit.Tag) -> None:
        book = ZoneBook.of_person(self.session, drawn.pair.supervisee_id)
        since = {drawn.pair: drawn.since_us}
        findings = judge_again(self.session, book, since, fixes_since, self.now)
        tell_of_stays(self.session, findings, self.now, self.late_after)
        audit.record(
            self.session,
            self.actor.agency_id,
            self.now,
            audit.officer(self.actor.officer_id),
            tag,
            f"zone:{drawn.zone_id}",
            version=drawn.version,
        )

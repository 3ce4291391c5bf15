"""Letting somebody be where a zone forbids it: written, judged at once, told and audited."""

from dataclasses import dataclass

from geofence.models import Zone, ZoneException
from geofence.service import NewException, grant_exception, withdraw_exception
from geofence.zones import Pair
from supervision.core import audit
from supervision.core.clock import to_us
from supervision.core.errors import NotFound
from supervision.corridor.zone_desk import ZoneDesk


@dataclass(frozen=True, slots=True)
class Excepting(ZoneDesk):
    """One officer's exceptions at one moment."""

    def grant(self, new: NewException) -> ZoneException:
        """Let a zone not count for somebody for a time, and judge him at once if it has begun.

        Raises:
            NotAllowed: The actor's role draws no zones.
            NotFound: No such zone for this person in the agency.
            Conflict: The zone is retired.
            Invalid: See `geofence.grant_exception`. In each case nothing was written.
        """
        self.require()
        zone = self.session.get(Zone, new.zone_id)
        if zone is None or zone.agency_id != self.actor.agency_id:
            raise NotFound
        self.lock(new.supervisee_id)
        granted = grant_exception(self.session, new, self.actor.officer_id, self.now)
        if granted.begins_at <= self.now:
            pair = Pair(granted.supervisee_id, granted.zone_id)
            self.judge(granted.supervisee_id, {pair: to_us(granted.begins_at)})
        self._record(audit.Tag.ZONE_EXCEPTED, granted)
        return granted

    def withdraw(self, exception_id: int) -> ZoneException:
        """Take an exception back and judge the person at once.

        Raises:
            NotAllowed: The actor's role draws no zones.
            NotFound: No such exception in the agency.
            Conflict: It is withdrawn or over. In each case nothing was written.
        """
        self.require()
        known = self.session.get(ZoneException, exception_id)
        if known is None or known.agency_id != self.actor.agency_id:
            raise NotFound
        self.lock(known.supervisee_id)
        row = withdraw_exception(self.session, exception_id, self.actor.officer_id, self.now)
        self.judge(row.supervisee_id, {Pair(row.supervisee_id, row.zone_id): to_us(self.now)})
        self._record(audit.Tag.ZONE_EXCEPTION_WITHDRAWN, row)
        return row

    def _record(self, tag: audit.Tag, row: ZoneException) -> None:
        detail = {"zone_id": row.zone_id, "supervisee_id": row.supervisee_id, "kind": row.kind}
        self.record(tag, f"zone_exception:{row.id}", **detail)

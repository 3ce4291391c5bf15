"""The desks at which officers and people act: each in the caller's transaction, which commits."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geofence.service import Rehearsal
from supervision.core.access import Actor
from supervision.core.clock import Clock
from supervision.corridor.calendars import Calendars, OpenedCalendar, open_calendar
from supervision.corridor.checkin_desk import CheckinDesk
from supervision.corridor.checkin_person import CheckinPerson
from supervision.corridor.checkin_planning import CheckinPlanning
from supervision.corridor.clauses import Clauses
from supervision.corridor.coverage import Patience, tell_of_coverage
from supervision.corridor.excepting import Excepting
from supervision.corridor.handing_over import deactivate_officer, hand_over
from supervision.corridor.holidays import Holidays
from supervision.corridor.previewing import Draft, preview_zone
from supervision.corridor.wearing import assign_device, entrust_device, return_device
from supervision.corridor.zone_sets import ZoneSets
from supervision.corridor.zoning import Zoning
from supervision.register.service import AssignmentRecord, OfficerRecord


class Desks:
    """What can be done with the system, beside what its processes do by themselves.

    Attributes:
        clock: The time.
        late_after: A finding older than this is marked late.
        coverage_grace: A clause without cover for as long is an alert.
    """

    __slots__ = ()
    clock: Clock
    late_after: timedelta
    coverage_grace: timedelta

    def zoning(self, session: Session, actor: Actor) -> Zoning:
        """Drawing, amending and retiring zones in this transaction; the caller commits."""
        return Zoning(*self._desk(session, actor))

    def excepting(self, session: Session, actor: Actor) -> Excepting:
        """Letting somebody be where a zone forbids it, in this transaction; the caller commits."""
        return Excepting(*self._desk(session, actor))

    def zone_sets(self, session: Session, actor: Actor) -> ZoneSets:
        """What can be done with sets of zones in this transaction; the caller commits."""
        return ZoneSets(*self._desk(session, actor))

    def clauses(self, session: Session, actor: Actor) -> Clauses:
        """Entering clauses and signing waivers in this transaction; the caller commits."""
        return Clauses(session, actor, self.clock(), self._patience())

    def preview_zone(self, session: Session, actor: Actor | None, draft: Draft) -> Rehearsal:
        """What a zone would have done in the last days; the caller commits the look.

        An actor of None is the system: the command line.
        """
        return preview_zone(session, actor, draft, self.clock())

    def checkins(self, session: Session, actor: Actor) -> CheckinDesk:
        """Seeing to check-ins in this transaction; the caller commits."""
        return CheckinDesk(session, actor, self.clock(), self.late_after)

    def checkin_person(self, session: Session, agency_id: int, checkin_id: int) -> CheckinPerson:
        """The person's own side of one check-in, in this transaction; the caller commits."""
        return CheckinPerson(session, agency_id, checkin_id, self.clock(), self.late_after)

    def checkin_planning(self, session: Session, actor: Actor) -> CheckinPlanning:
        """Saying what somebody must do, in this transaction; the caller commits."""
        return CheckinPlanning(session, actor, self.clock())

    def calendars(self, session: Session, actor: Actor) -> Calendars:
        """Making and ending calendar feeds in this transaction; the caller commits."""
        return Calendars(session, actor, self.clock())

    def open_calendar(self, session: Session, token: str) -> OpenedCalendar:
        """What whoever holds a feed's token may read."""
        return open_calendar(session, token, self.clock())

    def holidays(self, session: Session, actor: Actor) -> Holidays:
        """Keeping public holidays in this transaction; the caller commits."""
        return Holidays(session, actor, self.clock())

    def tell_of_coverage(self, session: Session, supervisee_ids: Collection[int]) -> int:
        """Tell of these people's clauses after what may cover one changed; the caller commits."""
        return tell_of_coverage(session, supervisee_ids, self.clock(), self._patience())

    def assign_device(
        self, session: Session, actor: Actor, device_id: int, supervisee_id: int, at: datetime
    ) -> AssignmentRecord:
        """Hand a device to a supervisee from `at` on; the caller commits."""
        times = (at, self.clock(), self.late_after)
        return assign_device(session, actor, device_id, supervisee_id, *times)

    def entrust_device(
        self, session: Session, actor: Actor, device_id: int, protected_person_id: int, at: datetime
    ) -> AssignmentRecord:
        """Hand a device with a button to a protected person from `at` on; the caller commits."""
        return entrust_device(session, actor, device_id, protected_person_id, at, self.clock())

    def hand_over(
        self, session: Session, actor: Actor, supervisee_id: int, officer_id: int
    ) -> None:
        """Let another officer supervise somebody; the caller commits."""
        hand_over(session, actor, supervisee_id, officer_id, self.clock())

    def deactivate_officer(
        self, session: Session, actor: Actor, officer_id: int, successor_id: int | None
    ) -> OfficerRecord:
        """Let an officer sign in no more, and another take over; the caller commits."""
        return deactivate_officer(session, actor, officer_id, successor_id, self.clock())

    def return_device(
        self, session: Session, actor: Actor, device_id: int, at: datetime
    ) -> AssignmentRecord:
        """Take a device back at `at`; the caller commits."""
        return return_device(session, actor, device_id, at, self.clock())

    def _patience(self) -> Patience:
        return Patience(self.coverage_grace, self.late_after)

    def _desk(
        self, session: Session, actor: Actor
    ) -> tuple[Session, Actor, datetime, timedelta, Patience]:
        return session, actor, self.clock(), self.late_after, self._patience()

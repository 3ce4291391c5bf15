"""Planning check-ins and seeing to them: written, told and audited together."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from alerts import service as alerting
from supervision.checkins import service as checkins
from supervision.checkins.rules import Attempt
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.corridor.missed_checkins import key_of, tell_of_missed
from supervision.register.service import get_supervisee


@dataclass(frozen=True, slots=True)
class CheckinDesk:
    """One officer at one moment.

    Each method raises NotAllowed where the role grants it not, NotFound for what is not on the
    officer's caseload, and what the room's own function raises; nothing was written then.

    Attributes:
        session: Open transaction; the caller commits.
        actor: Who plans or handles; must be allowed to.
        now: Aware UTC.
        late_after: A finding older than this is marked late.
    """

    session: Session
    actor: Actor
    now: datetime
    late_after: timedelta

    def plan(self, supervisee_id: int, new: checkins.NewPlan) -> checkins.PlanRecord:
        """Make a plan for a person of the caseload; its check-ins go by his clocks."""
        self.actor.require(Permission.PLAN_CHECKINS)
        person = self._person(supervisee_id)
        plan_id = checkins.add_plan(self.session, person, new, self.actor.officer_id, self.now)
        self._record(audit.Tag.CHECKIN_PLAN_MADE, f"checkin_plan:{plan_id}")
        return checkins.get_plan(self.session, plan_id, self._caseload)

    def change(self, plan_id: int, new: checkins.NewPlan) -> checkins.PlanRecord:
        """Ask for something else from now on."""
        person = self._person_of(plan_id)
        by = self.actor.officer_id
        version = checkins.change_plan(self.session, plan_id, person, new, by, self.now)
        self._record(audit.Tag.CHECKIN_PLAN_CHANGED, f"checkin_plan:{plan_id}", version=version)
        return checkins.get_plan(self.session, plan_id, self._caseload)

    def end(self, plan_id: int) -> checkins.PlanRecord:
        """Ask for nothing more by this plan."""
        person = self._person_of(plan_id)
        checkins.end_plan(self.session, plan_id, person, self.actor.officer_id, self.now)
        self._record(audit.Tag.CHECKIN_PLAN_ENDED, f"checkin_plan:{plan_id}")
        return checkins.get_plan(self.session, plan_id, self._caseload)

    def attend(self, checkin_id: int, attended_at: datetime) -> checkins.CheckinRecord:
        """Log that the person was heard or seen; a miss made up for is cleared, and stays one."""
        known = self._known(checkin_id)
        by = self.actor.officer_id
        if checkins.attend(self.session, checkin_id, by, attended_at, self.now):
            key, agency_id = key_of(checkin_id), self.actor.agency_id
            cleared_at = max(attended_at, known.missed_at)
            alerting.clear(self.session, agency_id, key, cleared_at, self.now)
        self._record(audit.Tag.CHECKIN_ATTENDED, f"checkin:{known.id}")
        return self._again(checkin_id)

    def attempt(self, checkin_id: int, why: Attempt) -> checkins.CheckinRecord:
        """Log a call that reached nobody."""
        self._known(checkin_id)
        checkins.attempt(self.session, checkin_id, self.actor.officer_id, why, self.now)
        return self._again(checkin_id)

    def excuse(self, checkin_id: int, reason: str) -> checkins.CheckinRecord:
        """Take a miss off the person's account; its alert is cleared, and stays to be closed."""
        self._known(checkin_id)
        checkins.excuse(self.session, checkin_id, self.actor.officer_id, reason, self.now)
        key = key_of(checkin_id)
        alerting.clear(self.session, self.actor.agency_id, key, self.now, self.now)
        self._record(audit.Tag.CHECKIN_EXCUSED, f"checkin:{checkin_id}")
        return self._again(checkin_id)

    def cancel(self, checkin_id: int, reason: str) -> checkins.CheckinRecord:
        """Ask for this one no more."""
        self._known(checkin_id)
        checkins.cancel(self.session, checkin_id, self.actor.officer_id, reason, self.now)
        self._record(audit.Tag.CHECKIN_CANCELLED, f"checkin:{checkin_id}")
        return self._again(checkin_id)

    @property
    def _caseload(self) -> int | None:
        return self.actor.caseload_officer_id

    def _person(self, supervisee_id: int) -> checkins.Person:
        known = get_supervisee(self.session, supervisee_id, self._caseload)
        return checkins.Person(self.actor.agency_id, known.id, known.time_zone)

    def _person_of(self, plan_id: int) -> checkins.Person:
        self.actor.require(Permission.PLAN_CHECKINS)
        plan = checkins.get_plan(self.session, plan_id, self._caseload)
        return self._person(plan.supervisee_id)

    def _known(self, checkin_id: int) -> checkins.CheckinRecord:
        """The check-in as it was found; if it is missed and no scheduler came by, that is told now.

        So what an officer may do depends on the time alone, not on who was first.
        """
        self.actor.require(Permission.HANDLE_CHECKINS)
        known = self._again(checkin_id)
        missed = checkins.claim_missed(self.session, self.now, 1, checkin_id)
        tell_of_missed(self.session, missed, self.now, self.late_after)
        return known

    def _again(self, checkin_id: int) -> checkins.CheckinRecord:
        return checkins.get_checkin(self.session, checkin_id, self._caseload)

    def _record(self, tag: audit.Tag, subject: str, **detail: object) -> None:
        by = audit.officer(self.actor.officer_id)
        audit.record(self.session, self.actor.agency_id, self.now, by, tag, subject, **detail)

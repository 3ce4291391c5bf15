"""Planning check-ins: what somebody must do, written and audited together."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from supervision.checkins import service as checkins
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.locks import lock_holidays, lock_people
from supervision.register.service import get_supervisee


@dataclass(frozen=True, slots=True)
class CheckinPlanning:
    """One officer at one moment.

    Each method raises NotAllowed where the role grants it not, NotFound for what is not on the
    officer's caseload, and what the room's own function raises; nothing was written then.

    Attributes:
        session: Open transaction; the caller commits.
        actor: Who plans; must be allowed to.
        now: Aware UTC.
    """

    session: Session
    actor: Actor
    now: datetime

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

    def pause(self, supervisee_id: int, new: checkins.NewPause) -> checkins.PauseRecord:
        """Ask a person of the caseload for nothing in a time."""
        self.actor.require(Permission.PLAN_CHECKINS)
        person = self._person(supervisee_id)
        row = checkins.add_pause(self.session, person, new, self.actor.officer_id, self.now)
        self._record_pause(audit.Tag.CHECKIN_PAUSED, row)
        return row

    def end_pause(self, pause_id: int) -> checkins.PauseRecord:
        """Ask again as the plans say, from now on."""
        self.actor.require(Permission.PLAN_CHECKINS)
        self._person(checkins.get_pause(self.session, pause_id, self._caseload).supervisee_id)
        row = checkins.end_pause(self.session, pause_id, self.actor.officer_id, self.now)
        self._record_pause(audit.Tag.CHECKIN_PAUSE_ENDED, row)
        return row

    @property
    def _caseload(self) -> int | None:
        return self.actor.caseload_officer_id

    def _person(self, supervisee_id: int) -> checkins.Person:
        """Whose plans are seen to; nobody else sees to them, or to holidays, at the same time."""
        known = get_supervisee(self.session, supervisee_id, self._caseload)
        lock_people(self.session, [known.id])
        lock_holidays(self.session, self.actor.agency_id, is_changing=False)
        return checkins.Person(self.actor.agency_id, known.id, known.time_zone)

    def _person_of(self, plan_id: int) -> checkins.Person:
        self.actor.require(Permission.PLAN_CHECKINS)
        plan = checkins.get_plan(self.session, plan_id, self._caseload)
        return self._person(plan.supervisee_id)

    def _record_pause(self, tag: audit.Tag, row: checkins.PauseRecord) -> None:
        self._record(tag, f"checkin_pause:{row.id}", supervisee_id=row.supervisee_id)

    def _record(self, tag: audit.Tag, subject: str, **detail: object) -> None:
        audit.record_by(self.session, self.actor, self.now, tag, subject, **detail)

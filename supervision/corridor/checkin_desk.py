"""Seeing to check-ins: what an officer does about one is written, told and audited together."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from alerts import service as alerting
from supervision.checkins import service as checkins
from supervision.checkins.rules import Attempt
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.corridor.missed_checkins import key_of, tell_of_missed


@dataclass(frozen=True, slots=True)
class CheckinDesk:
    """One officer at one moment.

    Each method raises NotAllowed where the role grants it not, NotFound for what is not on the
    officer's caseload, and what the room's own function raises; nothing was written then.

    Attributes:
        session: Open transaction; the caller commits.
        actor: Who handles them; must be allowed to.
        now: Aware UTC.
        late_after: A finding older than this is marked late.
    """

    session: Session
    actor: Actor
    now: datetime
    late_after: timedelta

    def attend(self, checkin_id: int, attended_at: datetime) -> checkins.CheckinRecord:
        """Log that the person was heard or seen; a miss made up for is cleared, and stays one."""
        known = self._known(checkin_id)
        by = self.actor.officer_id
        if checkins.attend(self.session, checkin_id, by, attended_at, self.now):
            self._clear(checkin_id, max(attended_at, known.missed_at))
        self._record(audit.Tag.CHECKIN_ATTENDED, f"checkin:{checkin_id}")
        return self._again(checkin_id)

    def attest(self, checkin_id: int, seen: checkins.Seen) -> checkins.CheckinRecord:
        """Log that the person was seen while he telephoned, and so has attended; as `attend`."""
        known = self._known(checkin_id)
        by = self.actor.officer_id
        if checkins.attest(self.session, checkin_id, by, seen, self.now):
            self._clear(checkin_id, max(seen.seen_at, known.missed_at))
        self._record(audit.Tag.CHECKIN_SEEN, f"checkin:{checkin_id}")
        return self._again(checkin_id)

    def attempt(self, checkin_id: int, why: Attempt) -> checkins.CheckinRecord:
        """Log a call that reached nobody."""
        self._known(checkin_id)
        checkins.attempt(self.session, checkin_id, self.actor.officer_id, why, self.now)
        self._record(audit.Tag.CHECKIN_ATTEMPTED, f"checkin:{checkin_id}")
        return self._again(checkin_id)

    def excuse(self, checkin_id: int, reason: str) -> checkins.CheckinRecord:
        """Take a miss off the person's account; its alert is cleared, and stays to be closed."""
        self._known(checkin_id)
        checkins.excuse(self.session, checkin_id, self.actor.officer_id, reason, self.now)
        self._clear(checkin_id, self.now)
        self._record(audit.Tag.CHECKIN_EXCUSED, f"checkin:{checkin_id}")
        return self._again(checkin_id)

    def cancel(self, checkin_id: int, reason: str) -> checkins.CheckinRecord:
        """Ask for this one no more."""
        self._known(checkin_id)
        checkins.cancel(self.session, checkin_id, self.actor.officer_id, reason, self.now)
        self._record(audit.Tag.CHECKIN_CANCELLED, f"checkin:{checkin_id}")
        return self._again(checkin_id)

    def review(self, checkin_id: int, note: str) -> checkins.CheckinRecord:
        """Note that one was looked at: what the person told by himself, or that it was missed."""
        self._known(checkin_id)
        checkins.review(self.session, checkin_id, self.actor.officer_id, note, self.now)
        self._record(audit.Tag.CHECKIN_REVIEWED, f"checkin:{checkin_id}")
        return self._again(checkin_id)

    @property
    def _caseload(self) -> int | None:
        return self.actor.caseload_officer_id

    def _known(self, checkin_id: int) -> checkins.CheckinRecord:
        """The check-in as it was found; if it is missed and no scheduler came by, that is told now.

        So what an officer may do depends on the time alone, not on who was first. The row is held
        before, or a miss that another transaction holds just now would be passed over.
        """
        self.actor.require(Permission.HANDLE_CHECKINS)
        checkins.hold_duty(self.session, self.actor.agency_id, checkin_id)
        known = self._again(checkin_id)
        missed = checkins.claim_missed(self.session, self.now, 1, checkin_id)
        tell_of_missed(self.session, missed, self.now, self.late_after)
        return known

    def _again(self, checkin_id: int) -> checkins.CheckinRecord:
        return checkins.get_checkin(self.session, checkin_id, self._caseload)

    def _clear(self, checkin_id: int, cleared_at: datetime) -> None:
        """The miss is over; its alert stays to be closed."""
        key, agency_id = key_of(checkin_id), self.actor.agency_id
        alerting.clear(self.session, agency_id, key, cleared_at, self.now)

    def _record(self, tag: audit.Tag, subject: str, **detail: object) -> None:
        audit.record_by(self.session, self.actor, self.now, tag, subject, **detail)

"""The person's own side of a check-in: what he sees of it, tells by himself, and asks for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from alerts import service as alerting
from supervision.checkins import service as checkins
from supervision.checkins.stages import Stage
from supervision.core import audit
from supervision.core.errors import NotFound
from supervision.corridor.missed_checkins import key_of, tell_of_missed


@dataclass(frozen=True, slots=True)
class CheckinPerson:
    """Whoever holds the link to one check-in, at one moment.

    Each method raises NotFound where the link opens nothing: the agency has no such check-in, or
    it is over for too long.

    Attributes:
        session: Open transaction; the caller commits.
        agency_id: Whose check-in it is, by the link.
        checkin_id: Which.
        now: Aware UTC.
        late_after: A finding older than this is marked late.
    """

    session: Session
    agency_id: int
    checkin_id: int
    now: datetime
    late_after: timedelta

    def look(self) -> checkins.Duty:
        """The check-in as he may see it; to look changes nothing."""
        duty = checkins.read_duty(self.session, self.agency_id, self.checkin_id)
        if duty.stage(self.now) is Stage.OVER:
            raise NotFound
        return duty

    def submit(self, told: checkins.Told) -> None:
        """Keep what he tells; a miss that it makes up for is cleared, and stays one.

        Raises:
            Conflict: It cannot be sent now, or was sent already; nothing was changed.
            Invalid: An answer is missing, or the position is none; nothing was changed.
        """
        duty = self._held()
        if checkins.submit(self.session, duty, told, self.now):
            key = key_of(self.checkin_id)
            alerting.clear(self.session, self.agency_id, key, self.now, self.now)
        self._record(duty, audit.Tag.CHECKIN_SUBMITTED)

    def ask_call(self) -> None:
        """Note that he asks to be called back.

        Raises:
            Conflict: It cannot be asked now, or was asked already; nothing was changed.
        """
        duty = self._held()
        checkins.ask_call(self.session, duty, self.now)
        self._record(duty, audit.Tag.CHECKIN_CALL_ASKED)

    def _held(self) -> checkins.Duty:
        """The check-in, held; if it is missed and no scheduler came by, that is told now.

        Held first, so that of two phones that send at once one waits and then finds it sent.
        """
        checkins.hold_duty(self.session, self.agency_id, self.checkin_id)
        self.look()
        missed = checkins.claim_missed(self.session, self.now, 1, self.checkin_id)
        tell_of_missed(self.session, missed, self.now, self.late_after)
        return self.look()

    def _record(self, duty: checkins.Duty, tag: audit.Tag) -> None:
        who, subject = audit.supervisee(duty.supervisee_id), f"checkin:{self.checkin_id}"
        audit.record(self.session, self.agency_id, self.now, who, tag, subject)

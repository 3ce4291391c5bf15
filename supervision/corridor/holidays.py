"""Keeping public holidays: what plans ask is made anew with them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from supervision.checkins.service import make_checkins, mark_for_holiday
from supervision.core import audit
from supervision.core.access import Actor, Permission
from supervision.core.locks import lock_holidays
from supervision.register import service as register

PLANS_IN_A_REQUEST = 20
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holidays:
    """One officer at one moment.

    Attributes:
        session: Open transaction; the caller commits.
        actor: Who keeps them; must be allowed to.
        now: Aware UTC.
    """

    session: Session
    actor: Actor
    now: datetime

    def add(self, on_date: date, name: str) -> register.HolidayRecord:
        """Keep a day free; plans that skip holidays ask for nothing on it from now on.

        Raises:
            NotAllowed: The actor's role does not run the agency.
            Conflict: There is one on that date. In each case nothing was written.
        """
        self._begin()
        of = (self.actor.agency_id, on_date, name, self.actor.officer_id, self.now)
        row = register.add_holiday(self.session, *of)
        self._make_anew(row, audit.Tag.HOLIDAY_ADDED)
        return row

    def remove(self, holiday_id: int) -> None:
        """Let a day be as any other; what was skipped and is ahead is asked for again.

        Raises:
            NotAllowed: The actor's role does not run the agency.
            NotFound: There is no such holiday. In each case nothing was written.
        """
        self._begin()
        row = register.remove_holiday(self.session, self.actor.agency_id, holiday_id)
        self._make_anew(row, audit.Tag.HOLIDAY_REMOVED)

    def _begin(self) -> None:
        self.actor.require(Permission.WRITE_OFFICERS)
        lock_holidays(self.session, self.actor.agency_id, is_changing=True)

    def _make_anew(self, row: register.HolidayRecord, tag: audit.Tag) -> None:
        """At once for a small agency; the scheduler sees to the rest of a large one."""
        if row.on_date >= self.now.date() - A_DAY:
            mark_for_holiday(self.session, self.actor.agency_id, row.on_date)
            make_checkins(self.session, self.now, PLANS_IN_A_REQUEST)
        subject, on_date = f"public_holiday:{row.id}", row.on_date.isoformat()
        audit.record_by(self.session, self.actor, self.now, tag, subject, on_date=on_date)

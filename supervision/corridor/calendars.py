"""Calendars for programs outside: who may have one, and what whoever holds its token sees."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from supervision.checkins import service as checkins
from supervision.checkins.ical import Entry, officer_calendar, person_calendar
from supervision.core import audit
from supervision.core.access import GRANTS, Actor, Permission
from supervision.core.errors import NotFound
from supervision.register.service import get_supervisee

OWN_CALENDAR = Permission.HANDLE_CHECKINS


@dataclass(frozen=True, slots=True)
class Calendars:
    """One officer at one moment.

    Each method raises NotAllowed where the role grants it not, NotFound for what is not on the
    officer's caseload, and what the room's own function raises; nothing was written then.

    Attributes:
        session: Open transaction; the caller commits.
        actor: Who makes or ends them; must be allowed to.
        now: Aware UTC.
    """

    session: Session
    actor: Actor
    now: datetime

    def make_own(self) -> checkins.NewFeed:
        """A calendar of the check-ins of the people whom the officer supervises."""
        self.actor.require(OWN_CALENDAR)
        return self._make({"officer_id": self.actor.officer_id})

    def make_for(self, supervisee_id: int) -> checkins.NewFeed:
        """A calendar of a person's own check-ins, for the officer to hand over."""
        self.actor.require(Permission.PLAN_CHECKINS)
        get_supervisee(self.session, supervisee_id, self.actor.caseload_officer_id)
        return self._make({"supervisee_id": supervisee_id})

    def end(self, feed_id: int) -> None:
        """Close a calendar: the officer's own, or of somebody on the caseload."""
        self.actor.require(OWN_CALENDAR)
        checkins.get_feed(self.session, feed_id, self.actor.caseload_officer_id)
        checkins.end_feed(self.session, feed_id, self.actor.officer_id, self.now)
        self._record(audit.Tag.CALENDAR_FEED_ENDED, feed_id)

    def _make(self, whose: dict[str, int]) -> checkins.NewFeed:
        agency_id, by = self.actor.agency_id, self.actor.officer_id
        feed = checkins.add_feed(self.session, agency_id, whose, by, self.now)
        self._record(audit.Tag.CALENDAR_FEED_MADE, feed.id, **whose)
        return feed

    def _record(self, tag: audit.Tag, feed_id: int, **detail: object) -> None:
        subject = f"calendar_feed:{feed_id}"
        audit.record_by(self.session, self.actor, self.now, tag, subject, **detail)


@dataclass(frozen=True, slots=True)
class OpenedCalendar:
    """What a feed's token opens, as it is at one moment.

    Attributes:
        entries: The check-ins.
        language: A person's; None: it is an officer's calendar.
        now: Aware UTC.
    """

    entries: list[Entry]
    language: str | None
    now: datetime

    def written(self, public_url: str) -> bytes:
        """An iCalendar file of it; long ones take a while, so do it after the transaction.

        Args:
            public_url: Where the console is reached, without a slash at the end.
        """
        if self.language is None:
            return officer_calendar(self.entries, public_url)
        return person_calendar(self.entries, self.language, self.now)


def open_calendar(session: Session, token: str, now: datetime) -> OpenedCalendar:
    """The calendar of whoever holds a feed's token.

    Args:
        session: Open transaction, bound to the agency; only read.
        token: As the address has it.
        now: Aware UTC.

    Raises:
        NotFound: The token opens nothing, or no more: its feed was ended, or its officer is not
            active or does not see to check-ins any more.
    """
    reader = checkins.find_reader(session, token)
    if reader.role is not None and OWN_CALENDAR not in GRANTS[reader.role]:
        raise NotFound
    whose = {"officer_id": reader.officer_id, "supervisee_id": reader.supervisee_id}
    return OpenedCalendar(checkins.read_entries(session, now, **whose), reader.language, now)

"""Draws a plan's unannounced check-ins, a local week at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import randbelow
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.checkins.asking import NewPlan
from supervision.checkins.drawing import Below, draw
from supervision.checkins.models import Checkin, CheckinPlanVersion
from supervision.checkins.openings import instant, minute_at, open_minutes
from supervision.checkins.rules import State
from supervision.checkins.service.versions import asked_by, zone_of
from supervision.checkins.service.writing import Duty
from supervision.checkins.timing import Off, Unannounced, monday_of

A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Weeks:
    """The draw of a version's weeks at one moment.

    Attributes:
        version: Whose; its timing is unannounced.
        asked: What it asks.
        timing: Its timing.
        zone: The person's time zone.
        off: When nothing is asked.
        now: Aware UTC.
        below: Where chance comes from.
    """

    version: CheckinPlanVersion
    asked: NewPlan
    timing: Unannounced
    zone: ZoneInfo
    off: Off
    now: datetime
    below: Below = randbelow

    def draw(self, session: Session, mondays: Sequence[date]) -> list[Duty]:
        """Draw these weeks, in order; what stands in and around them counts and keeps its gap."""
        taken = _standing(session, self.version, mondays) if mondays else {}
        drawn: list[Duty] = []
        for monday in mondays:
            minutes = self._drawn(monday, taken)
            taken |= {minute: self._date(minute) for minute in minutes}
            kept = [minute for minute in minutes if self._is_asked(minute)]
            drawn += [self._duty(monday, place, minute) for place, minute in enumerate(kept, 1)]
        return drawn

    def open_in(self, monday: date) -> list[int]:
        """The minutes that are open to the draw of a week."""
        return open_minutes(monday, self.zone, self.timing.allowed, self.asked.quiet, self.off)

    def _drawn(self, monday: date, taken: dict[int, date]) -> list[int]:
        """A week in which the version begins is drawn whole, and loses what lay before it.

        So its first days are not crammed. In a later one the rest of the week is drawn anew.
        """
        standing = sum(monday_of(day) == monday for day in taken.values())
        owed = max(0, self.timing.per_week - standing)
        minutes = self.open_in(monday)
        if self._begins_on() < monday:
            gone = minute_at(self.now)
            minutes = [minute for minute in minutes if minute > gone]
        return draw(minutes, owed, self.timing.gap_min, taken, self.below)

    def _begins_on(self) -> date:
        written_on = self.version.written_at.astimezone(self.zone).date()
        return max(written_on, self.asked.starts_on)

    def _is_asked(self, minute: int) -> bool:
        return instant(minute) > self.now and self.asked.lasts_on(self._date(minute))

    def _date(self, minute: int) -> date:
        return instant(minute).astimezone(self.zone).date()

    def _duty(self, monday: date, place: int, minute: int) -> Duty:
        slot = f"{monday:%G-W%V}/{self.version.version}/{self.version.draws}/{place}"
        return Duty(slot, self._date(minute), instant(minute))


def weeks_of(version: CheckinPlanVersion, timing: Unannounced, off: Off, now: datetime) -> Weeks:
    """The draw of this version's weeks, with chance from the operating system."""
    return Weeks(version, asked_by(version), timing, zone_of(version), off, now)


def _standing(
    session: Session, version: CheckinPlanVersion, mondays: Sequence[date]
) -> dict[int, date]:
    """The plan's check-ins in these weeks and around: minutes since 1970, and local dates."""
    rows = session.execute(
        select(Checkin.opens_at, Checkin.local_date).where(
            Checkin.checkin_plan_id == version.checkin_plan_id,
            Checkin.state != State.REPLACED,
            Checkin.local_date >= mondays[0] - A_WEEK,
            Checkin.local_date < mondays[-1] + 2 * A_WEEK,
        )
    )
    return {minute_at(row.opens_at): row.local_date for row in rows}

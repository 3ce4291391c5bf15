"""Public holidays: the days on which an agency asks for less."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.core.errors import NotFound
from supervision.register.models import PublicHoliday
from supervision.register.service.checks import conflict_if_refused


@dataclass(frozen=True, slots=True)
class HolidayRecord:
    """A day, by the calendar on everybody's wall."""

    id: int
    on_date: date
    name: str
    added_by_id: int
    added_at: datetime


def add_holiday(
    session: Session, agency_id: int, on_date: date, name: str, officer_id: int, at: datetime
) -> HolidayRecord:
    """Keep a day free; the caller commits.

    Raises:
        Conflict: The agency has a holiday on that date.
    """
    row = PublicHoliday(
        agency_id=agency_id, on_date=on_date, name=name, added_by_id=officer_id, added_at=at
    )
    session.add(row)
    with conflict_if_refused("There is a holiday on that date already."):
        session.flush()
    return _record(row)


def remove_holiday(session: Session, agency_id: int, holiday_id: int) -> HolidayRecord:
    """Let a day be as any other; the caller commits. Only the trail remembers it.

    Raises:
        NotFound: The agency has no such holiday.
    """
    row = session.get(PublicHoliday, holiday_id)
    if row is None or row.agency_id != agency_id:
        raise NotFound
    session.delete(row)
    session.flush()
    return _record(row)


def list_holidays(
    session: Session, agency_id: int, after_id: int | None, most: int
) -> list[HolidayRecord]:
    """The agency's holidays in the order in which they were added, starting behind `after_id`."""
    query = (
        select(PublicHoliday)
        .where(PublicHoliday.agency_id == agency_id, PublicHoliday.id > (after_id or 0))
        .order_by(PublicHoliday.id)
        .limit(most)
    )
    return [_record(row) for row in session.scalars(query)]


def _record(row: PublicHoliday) -> HolidayRecord:
    return HolidayRecord(row.id, row.on_date, row.name, row.added_by_id, row.added_at)

"""Says when check-ins are due: on each local date of a rule, once, by the person's own clocks.

Where clocks are put forward over the time of day, the check-in is due at the first valid minute
after the jump; where they are put back over it, at the first of the two.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from supervision.checkins.asking import NewPlan
from supervision.checkins.timing import Off, Regular
from supervision.core.clock import from_us
from supervision.core.recurrence import instants_us, read_recurrence


@dataclass(frozen=True, slots=True)
class Recurring:
    """A regular time.

    Attributes:
        rrule: RFC 5545 RRULE without DTSTART, such as FREQ=WEEKLY;BYDAY=TU,FR.
        starts_on: The rule is counted from this local date.
        at: Local time of day, in whole minutes.
        zone: The person's time zone.
    """

    rrule: str
    starts_on: date
    at: time
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Due:
    """One date's check-in.

    Attributes:
        local_date: The date that the rule falls on.
        due_at: When it is due, aware UTC.
    """

    local_date: date
    due_at: datetime

    def local(self, zone: ZoneInfo) -> datetime:
        """What clocks in a zone show when it is due; after a jump, not the time that was set."""
        return self.due_at.astimezone(zone)


def due_times(regular: Recurring, first: date, last: date) -> list[Due]:
    """What is due on the local dates from `first` to `last`, both included, in order.

    Raises:
        Invalid: The rule cannot be used (`core.recurrence`).
    """
    dates = read_recurrence(regular.rrule, regular.starts_on).dates(first, last)
    return [_due(day, regular) for day in dates]


def asked_times(
    plan: NewPlan, regular: Regular, zone: ZoneInfo, off: Off, first: date, last: date
) -> list[Due]:
    """What a plan of regular times asks for on the local dates from `first` to `last`, in order.

    Raises:
        Invalid: As for `due_times`.
    """
    last = last if plan.ends_on is None else min(last, plan.ends_on)
    recurring = Recurring(regular.rrule, plan.starts_on, regular.at, zone)
    dues = due_times(recurring, first, last)
    return [due for due in dues if not off.covers(due.local_date, due.due_at)]


def _due(day: date, regular: Recurring) -> Due:
    first_us, _ = instants_us(datetime.combine(day, regular.at), regular.zone)
    return Due(day, from_us(first_us))

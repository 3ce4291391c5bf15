"""What a plan asks of somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from supervision.checkins.rules import Method, Purpose
from supervision.checkins.timing import Quiet, Timing

USUAL_WINDOW = timedelta(hours=1)
USUAL_GRACE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What is asked, by the clocks of the person's time zone.

    Attributes:
        method: How the officer hears or sees him.
        timing: When: at regular times, or at unannounced ones.
        starts_on: No local date before it; a rule is counted from it.
        window: For how long each may be done.
        grace: How much longer before it is missed.
        ends_on: No local date after it.
        purpose: A check-in, a hearing of the court, or another appointment.
        place: Where, if it is in person.
        except_on: Not on these local dates.
        skips_holidays: Not on the agency's public holidays.
        quiet: Hours of the day in which none opens.
        reminders: How long before it opens he is reminded; 0 when it opens.
        questions: What he is asked when he checks in by himself, stored as given.
    """

    method: Method
    timing: Timing
    starts_on: date
    window: timedelta = USUAL_WINDOW
    grace: timedelta = USUAL_GRACE
    ends_on: date | None = None
    purpose: Purpose = Purpose.CHECKIN
    place: str | None = None
    except_on: tuple[date, ...] = ()
    skips_holidays: bool = False
    quiet: Quiet | None = None
    reminders: tuple[timedelta, ...] = ()
    questions: Sequence[Mapping[str, Any]] = ()

    def lasts_on(self, day: date) -> bool:
        """Whether it asks for anything on that local date at all."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

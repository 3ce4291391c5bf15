"""What the API takes for plans of check-ins, and what it shows of them."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer

from supervision.checkins.rules import LONGEST_GRACE, LONGEST_WINDOW, SHORTEST_WINDOW, Method
from supervision.checkins.service import NewPlan
from supervision.web.api.fields import Model

SECOND = timedelta(seconds=1)


def _in_whole_minutes(at: time) -> time:
    if at != at.replace(second=0, microsecond=0, tzinfo=None):
        raise ValueError("must be in whole minutes and without an offset, such as 18:00")
    return at


TimeOfDay = Annotated[
    time, AfterValidator(_in_whole_minutes), PlainSerializer("{:%H:%M}".format, return_type=str)
]


class NewCheckinPlan(Model):
    """What is asked, by the clocks of the person's time zone."""

    method: Method
    rrule: str = Field(
        max_length=500,
        description="RFC 5545, without DTSTART; names the local dates, counted from `starts_on`",
        examples=["FREQ=WEEKLY;BYDAY=TU,FR"],
    )
    starts_on: date
    at: TimeOfDay = Field(description="Local, in whole minutes", examples=["18:00"])
    window_s: int = Field(
        ge=SHORTEST_WINDOW // SECOND,
        le=LONGEST_WINDOW // SECOND,
        strict=True,
        description="For how long it may be done",
        examples=[3_600],
    )
    grace_s: int = Field(
        ge=0,
        le=LONGEST_GRACE // SECOND,
        strict=True,
        description="How much longer before it is missed",
        examples=[900],
    )

    @property
    def asked(self) -> NewPlan:
        """The same for the room of check-ins."""
        window, grace = self.window_s * SECOND, self.grace_s * SECOND
        return NewPlan(self.method, self.rrule, self.starts_on, self.at, window, grace)


class CheckinPlan(Model):
    """A plan, and what it asks by its current, or last, version."""

    id: int
    supervisee_id: int
    made_by_id: int
    made_at: datetime
    ended_at: datetime | None
    version: int
    method: Method
    rrule: str
    starts_on: date
    at: TimeOfDay = Field(validation_alias="at_local")
    time_zone: str
    window_s: int
    grace_s: int
    written_by_id: int
    written_at: datetime


class DueDate(Model):
    """A date's check-in as it would be, in UTC; `local` is what the person's clocks show then."""

    local_date: date
    due_at: datetime
    local: datetime
    closes_at: datetime
    missed_at: datetime

"""What the API takes for check-ins and their plans, and what it shows of them."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainSerializer

from supervision.checkins.rules import (
    LONGEST_GRACE,
    LONGEST_WINDOW,
    SHORTEST_WINDOW,
    Attempt,
    Change,
    Method,
    State,
)
from supervision.checkins.service import NewPlan
from supervision.web.api.fields import Instant, Model, Text

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


class Checkin(Model):
    """One date's duty: done from `opens_at` until before `closes_at`, missed at `missed_at`."""

    id: int
    supervisee_id: int
    checkin_plan_id: int
    method: Method
    local_date: date
    time_zone: str
    opens_at: datetime
    closes_at: datetime
    missed_at: datetime
    state: State
    attended_at: datetime | None


class CheckinEvent(Model):
    """One thing that happened to a check-in; `officer_id` is null where the software did it."""

    kind: Change
    at: datetime
    officer_id: int | None
    detail: dict[str, Any]


class CheckinWithHistory(Checkin):
    """A check-in and all that happened to it, in order."""

    events: list[CheckinEvent]


class Attendance(Model):
    """When the person was heard or seen; now if it is left out."""

    attended_at: Instant | None = None


class VainAttempt(Model):
    """Why a call reached nobody."""

    why: Attempt


class Reason(Model):
    """Why somebody need not have done it, or need not do it."""

    reason: Text = Field(examples=["He was in hospital; the discharge letter is in the file."])

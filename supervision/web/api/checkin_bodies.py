"""What the API takes for check-ins, and what it shows of them."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from alerts.rules import Means
from supervision.checkins.reminding import ReminderKind
from supervision.checkins.rules import Attempt, Change, Method, State
from supervision.corridor.reminded import ReminderState
from supervision.web.api.fields import Instant, Model, Text


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


class CheckinReminder(Model):
    """A message to the person; `at` is when it was sent, or else settled, null while planned."""

    kind: ReminderKind
    due_at: datetime
    state: ReminderState
    means: Means | None
    at: datetime | None


class CheckinWithHistory(Checkin):
    """A check-in, all that happened to it, and its reminders, in order."""

    events: list[CheckinEvent]
    reminders: list[CheckinReminder]


class Attendance(Model):
    """When the person was heard or seen; now if it is left out."""

    attended_at: Instant | None = None


class VainAttempt(Model):
    """Why a call reached nobody."""

    why: Attempt


class Reason(Model):
    """Why somebody need not have done it, or need not do it."""

    reason: Text = Field(examples=["He was in hospital; the discharge letter is in the file."])

"""What the API takes for check-ins, and what it shows of them."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from alerts.rules import Means
from supervision.checkins.reminding import ReminderKind
from supervision.checkins.rules import Attempt, Change, Method, Purpose, State
from supervision.checkins.service import Concern, NoPosition
from supervision.corridor.reminded import ReminderState
from supervision.web.api.fields import Instant, Line, Model, Note, Text


class Checkin(Model):
    """One date's duty: done from `opens_at` until before `closes_at`, missed at `missed_at`."""

    id: int
    supervisee_id: int
    checkin_plan_id: int
    method: Method
    purpose: Purpose
    is_unannounced: bool
    local_date: date
    time_zone: str
    opens_at: datetime
    closes_at: datetime
    missed_at: datetime
    state: State
    attended_at: datetime | None
    submitted_at: datetime | None
    reviewed_at: datetime | None
    call_asked_at: datetime | None = Field(description="When the person asked to be called")
    attempts: int = Field(description="Calls that reached nobody")
    video_url: str | None = Field(description="Of a video call, while it can be joined")


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


class NewSighting(Model):
    """From where an officer saw the person while he telephoned; now if no time is given."""

    seen_at: Instant | None = None
    lon: float = Field(ge=-180, le=180, description="Of the officer's own position")
    lat: float = Field(ge=-90, le=90)
    accuracy_m: float | None = Field(None, ge=0, allow_inf_nan=False)
    place: Line = Field(examples=["From the car park, he stood at the shop's door"])


class Sighting(NewSighting):
    """The same as it is kept."""

    id: int
    officer_id: int
    seen_at: datetime
    told_at: datetime


class Submission(Model):
    """What somebody told by himself, and how far his phone was from his tracker."""

    checkin_id: int
    submitted_at: datetime
    language: str
    answers: dict[str, str] = Field(description="By the keys of the plan's questions")
    wants_call: bool
    lon: float | None
    lat: float | None
    accuracy_m: float | None = Field(description="As the phone stated it")
    located_at: datetime | None
    no_position_reason: NoPosition | None
    device_position_id: int | None = Field(description="The tracker's nearest fix in time")
    device_fixed_at: datetime | None
    distance_m: float | None = Field(description="From that fix to the phone's position")
    concerns: list[Concern]
    judged_at: datetime | None = Field(description="Null: zones and tracker are not compared yet")


class CheckinWithHistory(Checkin):
    """A check-in, all that happened to it, in order, and what came of it."""

    events: list[CheckinEvent]
    reminders: list[CheckinReminder]
    sightings: list[Sighting]
    submission: Submission | None


class Attendance(Model):
    """When the person was heard or seen; now if it is left out."""

    attended_at: Instant | None = None


class VainAttempt(Model):
    """Why a call reached nobody."""

    why: Attempt


class Reason(Model):
    """Why somebody need not have done it, or need not do it."""

    reason: Text = Field(examples=["He was in hospital; the discharge letter is in the file."])


class Look(Model):
    """What was made of what he told, or of a miss, which needs a note."""

    note: Note = ""

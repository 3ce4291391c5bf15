"""What the API takes for plans of check-ins, and what it shows of them."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, JsonValue

from supervision.checkins.asking import USUAL_GRACE, USUAL_WINDOW
from supervision.checkins.rules import (
    LONGEST_GRACE,
    LONGEST_WINDOW,
    SHORTEST_WINDOW,
    Method,
    Purpose,
)
from supervision.checkins.sense import EARLIEST_REMINDER, MOST_REMINDERS
from supervision.checkins.service import NewPlan, PlanRecord, ShortWeek
from supervision.web.api.checkin_timing_bodies import (
    SECOND,
    PlanTiming,
    QuietHours,
    shown_timing,
)
from supervision.web.api.fields import Line, Model

MOST_EXCEPTIONS = 366
MOST_QUESTIONS = 50


def _storable(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """PostgreSQL keeps no NUL, no half of a character, and no number that is none."""
    words = json.dumps(questions, ensure_ascii=False, allow_nan=False).encode()
    if rb"\u0000" in words:
        raise ValueError("must not contain the NUL character")
    return questions


ReminderAhead_s = Annotated[int, Field(ge=0, le=EARLIEST_REMINDER // SECOND, strict=True)]
Questions = Annotated[
    list[dict[str, Any]], Field(max_length=MOST_QUESTIONS), AfterValidator(_storable)
]

_EXAMPLES: list[JsonValue] = [
    {
        "method": "video",
        "timing": {"kind": "regular", "rrule": "FREQ=WEEKLY;BYDAY=TU,FR", "at": "18:00"},
        "starts_on": "2026-10-01",
        "reminders_s": [86_400, 3_600, 0],
    },
    {
        "method": "phone",
        "timing": {
            "kind": "unannounced",
            "per_week": 3,
            "allowed": [
                {"weekdays": ["MO", "TU", "WE", "TH", "FR"], "from": "08:00", "until": "20:00"}
            ],
        },
        "starts_on": "2026-10-01",
        "skips_holidays": True,
        "reminders_s": [0],
    },
    {
        "method": "in_person",
        "purpose": "court",
        "place": "Courtroom 4, 400 Roma Ave NW",
        "timing": {"kind": "regular", "rrule": "FREQ=DAILY;COUNT=1", "at": "09:30"},
        "starts_on": "2026-11-12",
        "reminders_s": [604_800, 86_400],
    },
]


class PlanTerms(Model):
    """What a plan asks, by the clocks of the person's time zone."""

    method: Method
    timing: PlanTiming
    starts_on: date = Field(description="No local date before it; a rule is counted from it")
    ends_on: date | None = Field(default=None, description="No local date after it")
    window_s: int = Field(
        default=USUAL_WINDOW // SECOND,
        ge=SHORTEST_WINDOW // SECOND,
        le=LONGEST_WINDOW // SECOND,
        strict=True,
        description="For how long it may be done",
        examples=[3_600],
    )
    grace_s: int = Field(
        default=USUAL_GRACE // SECOND,
        ge=0,
        le=LONGEST_GRACE // SECOND,
        strict=True,
        description="How much longer before it is missed",
        examples=[900],
    )
    purpose: Purpose = Purpose.CHECKIN
    place: Line | None = Field(default=None, examples=["Courtroom 4, 400 Roma Ave NW"])
    except_on: list[date] = Field(
        default=[], max_length=MOST_EXCEPTIONS, description="Not on these local dates"
    )
    skips_holidays: bool = Field(default=False, description="Not on the agency's holidays")
    quiet: QuietHours | None = None
    reminders_s: list[ReminderAhead_s] = Field(
        default=[],
        max_length=MOST_REMINDERS,
        description="How long before it opens he is reminded; 0: when it opens, and nothing else"
        " where it is unannounced",
        examples=[[86_400, 3_600, 0]],
    )
    questions: Questions = Field(default=[], description="For the check-in that he does himself")


class NewCheckinPlan(PlanTerms):
    """What is to be asked."""

    model_config = ConfigDict(json_schema_extra={"examples": _EXAMPLES})

    @property
    def asked(self) -> NewPlan:
        """The same for the room of check-ins."""
        return NewPlan(
            method=self.method,
            timing=self.timing.timing,
            starts_on=self.starts_on,
            window=self.window_s * SECOND,
            grace=self.grace_s * SECOND,
            ends_on=self.ends_on,
            purpose=self.purpose,
            place=self.place,
            except_on=tuple(self.except_on),
            skips_holidays=self.skips_holidays,
            quiet=None if self.quiet is None else self.quiet.quiet,
            reminders=tuple(ahead_s * SECOND for ahead_s in self.reminders_s),
            questions=self.questions,
        )


class WeekFallingShort(Model):
    """A week, by its Monday, that holds fewer unannounced check-ins than the plan asks for."""

    monday: date
    asked: int
    made: int


class CheckinPlan(PlanTerms):
    """A plan, and what it asks by its current, or last, version."""

    id: int
    supervisee_id: int
    made_by_id: int
    made_at: datetime
    ended_at: datetime | None
    version: int
    time_zone: str
    made_until: date | None = Field(description="Its check-ins are written down up to this date")
    short_weeks: list[WeekFallingShort] = Field(
        description="Where the plan begins or ends, or exceptions, holidays and pauses leave no"
        " more room"
    )
    written_by_id: int
    written_at: datetime


def shown_plan(row: PlanRecord, short: Sequence[ShortWeek]) -> CheckinPlan:
    """A plan as it is shown, with those of the short weeks that are its own."""
    asked = row.asked
    return CheckinPlan(
        id=row.id,
        supervisee_id=row.supervisee_id,
        made_by_id=row.made_by_id,
        made_at=row.made_at,
        ended_at=row.ended_at,
        version=row.version,
        method=asked.method,
        timing=shown_timing(asked.timing),
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        window_s=asked.window // SECOND,
        grace_s=asked.grace // SECOND,
        purpose=asked.purpose,
        place=asked.place,
        except_on=list(asked.except_on),
        skips_holidays=asked.skips_holidays,
        quiet=asked.quiet and QuietHours(since=asked.quiet.since, until=asked.quiet.until),
        reminders_s=[ahead // SECOND for ahead in asked.reminders],
        questions=[dict(question) for question in asked.questions],
        time_zone=row.time_zone,
        made_until=row.made_until,
        short_weeks=[
            WeekFallingShort(monday=week.monday, asked=week.asked, made=week.made)
            for week in short
            if week.plan_id == row.id
        ],
        written_by_id=row.written_by_id,
        written_at=row.written_at,
    )

"""What the API takes and shows as the times of a plan: regular ones, or unannounced ones."""

from datetime import time, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, PlainSerializer

from supervision.checkins import sense
from supervision.checkins.timing import (
    USUAL_GAP,
    Hours,
    Quiet,
    Regular,
    Timing,
    Unannounced,
    Weekday,
)
from supervision.web.api.fields import Model

SECOND = timedelta(seconds=1)
MOST_ALLOWED = 20


def _in_whole_minutes(at: time) -> time:
    if at != at.replace(second=0, microsecond=0, tzinfo=None):
        raise ValueError("must be in whole minutes and without an offset, such as 18:00")
    return at


TimeOfDay = Annotated[
    time, AfterValidator(_in_whole_minutes), PlainSerializer("{:%H:%M}".format, return_type=str)
]


class RegularTiming(Model):
    """Once on each local date of a rule, at one time of day."""

    kind: Literal["regular"] = "regular"
    rrule: str = Field(
        max_length=500,
        description="RFC 5545, without DTSTART; names the local dates, counted from `starts_on`",
        examples=["FREQ=WEEKLY;BYDAY=TU,FR", "FREQ=DAILY", "FREQ=DAILY;COUNT=1"],
    )
    at: TimeOfDay = Field(description="Local, in whole minutes", examples=["18:00"])

    @property
    def timing(self) -> Timing:
        """The same for the room of check-ins."""
        return Regular(self.rrule, self.at)


class QuietHours(Model):
    """Local hours of every day in which none opens; past midnight where `until` is earlier."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    since: TimeOfDay = Field(alias="from", examples=["22:00"])
    until: TimeOfDay = Field(description="No longer quiet at this minute", examples=["07:00"])

    @property
    def quiet(self) -> Quiet:
        """The same for the room of check-ins."""
        return Quiet(self.since, self.until)


class AllowedHours(Model):
    """Local hours in which one may open, on the weekdays on which they begin.

    They end on the next day where `until` is not later than `from`; 00:00 to 00:00 is a whole day.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    weekdays: list[Weekday] = Field(min_length=1, max_length=7, examples=[["MO", "TU", "WE"]])
    since: TimeOfDay = Field(alias="from", examples=["08:00"])
    until: TimeOfDay = Field(description="None opens at this minute", examples=["20:00"])

    @property
    def hours(self) -> Hours:
        """The same for the room of check-ins."""
        return Hours(tuple(dict.fromkeys(self.weekdays)), self.since, self.until)


class UnannouncedTiming(Model):
    """So many times a week at minutes that nobody can foresee; he learns of one when it opens."""

    kind: Literal["unannounced"] = "unannounced"
    per_week: int = Field(
        ge=1, le=sense.MOST_PER_WEEK, strict=True, description="From Monday to Sunday", examples=[3]
    )
    allowed: list[AllowedHours] = Field(min_length=1, max_length=MOST_ALLOWED)
    least_gap_s: int = Field(
        default=USUAL_GAP // SECOND,
        ge=60,
        le=sense.LONGEST_GAP // SECOND,
        multiple_of=60,
        strict=True,
        description="From the opening of one to that of the next at least, in whole minutes",
        examples=[14_400],
    )

    @property
    def timing(self) -> Timing:
        """The same for the room of check-ins."""
        allowed = tuple(one.hours for one in self.allowed)
        return Unannounced(self.per_week, allowed, self.least_gap_s * SECOND)


PlanTiming = Annotated[RegularTiming | UnannouncedTiming, Field(discriminator="kind")]


def shown_timing(timing: Timing) -> RegularTiming | UnannouncedTiming:
    """A plan's times as they are shown."""
    if isinstance(timing, Regular):
        return RegularTiming(rrule=timing.rrule, at=timing.at)
    return UnannouncedTiming(
        per_week=timing.per_week,
        allowed=[
            AllowedHours(weekdays=list(one.weekdays), since=one.since, until=one.until)
            for one in timing.allowed
        ],
        least_gap_s=timing.least_gap // SECOND,
    )

"""The tables of check-ins: what is asked of whom, and what came of it."""

from supervision.checkins.models.outcomes import (
    CalendarFeed,
    CheckinReminder,
    CheckinSighting,
    CheckinSubmission,
)
from supervision.checkins.models.plans import (
    Checkin,
    CheckinEvent,
    CheckinPause,
    CheckinPlan,
    CheckinPlanVersion,
)

__all__ = [
    "CalendarFeed",
    "Checkin",
    "CheckinEvent",
    "CheckinPause",
    "CheckinPlan",
    "CheckinPlanVersion",
    "CheckinReminder",
    "CheckinSighting",
    "CheckinSubmission",
]

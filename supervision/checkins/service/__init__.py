"""What can be done with check-ins; each function works in the caller's transaction.

Who may do it, and whose they are, is asked by the corridor.
"""

from supervision.checkins.service.agenda import AHEAD_DAYS, make_checkins
from supervision.checkins.service.handling import Seen, attempt, attend, attest, cancel, excuse
from supervision.checkins.service.outcomes import (
    SightingRecord,
    SubmissionRecord,
    find_submission,
    list_sightings,
)
from supervision.checkins.service.plan_records import PlanRecord, get_plan, list_plans
from supervision.checkins.service.plans import NewPlan, Person, add_plan, change_plan, end_plan
from supervision.checkins.service.records import (
    CheckinLine,
    CheckinRecord,
    Sought,
    get_checkin,
    list_checkins,
    read_history,
)
from supervision.checkins.service.reviewing import review
from supervision.checkins.service.sweeping import Missed, claim_missed, open_due

__all__ = [
    "AHEAD_DAYS",
    "CheckinLine",
    "CheckinRecord",
    "Missed",
    "NewPlan",
    "Person",
    "PlanRecord",
    "Seen",
    "SightingRecord",
    "Sought",
    "SubmissionRecord",
    "add_plan",
    "attempt",
    "attend",
    "attest",
    "cancel",
    "change_plan",
    "claim_missed",
    "end_plan",
    "excuse",
    "find_submission",
    "get_checkin",
    "get_plan",
    "list_checkins",
    "list_plans",
    "list_sightings",
    "make_checkins",
    "open_due",
    "read_history",
    "review",
]

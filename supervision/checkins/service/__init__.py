"""What can be done with check-ins; each function works in the caller's transaction.

Who may do it, and whose they are, is asked by the corridor.
"""

from supervision.checkins.service.agenda import AHEAD_DAYS, make_checkins
from supervision.checkins.service.duties import Duty, Happened, Received, hold_duty, read_duty
from supervision.checkins.service.handling import attempt, attend, cancel, excuse
from supervision.checkins.service.phone_places import (
    DeviceThen,
    Unjudged,
    claim_unjudged,
    settle_judged,
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
from supervision.checkins.service.reviewing import (
    ReviewKey,
    SubmissionRecord,
    WaitingRecord,
    get_submission,
    list_for_review,
    review,
)
from supervision.checkins.service.submissions import (
    Concern,
    NoPosition,
    Place,
    Told,
    ask_call,
    submit,
)
from supervision.checkins.service.sweeping import Missed, claim_missed, open_due

__all__ = [
    "AHEAD_DAYS",
    "CheckinLine",
    "CheckinRecord",
    "Concern",
    "DeviceThen",
    "Duty",
    "Happened",
    "Missed",
    "NewPlan",
    "NoPosition",
    "Person",
    "Place",
    "PlanRecord",
    "Received",
    "ReviewKey",
    "Sought",
    "SubmissionRecord",
    "Told",
    "Unjudged",
    "WaitingRecord",
    "add_plan",
    "ask_call",
    "attempt",
    "attend",
    "cancel",
    "change_plan",
    "claim_missed",
    "claim_unjudged",
    "end_plan",
    "excuse",
    "get_checkin",
    "get_plan",
    "get_submission",
    "hold_duty",
    "list_checkins",
    "list_for_review",
    "list_plans",
    "make_checkins",
    "open_due",
    "read_duty",
    "read_history",
    "review",
    "settle_judged",
    "submit",
]

"""What can be done with check-ins; each function works in the caller's transaction.

Who may do it, and whose they are, is asked by the corridor.
"""

from supervision.checkins.asking import NewPlan
from supervision.checkins.service.agenda import AHEAD_DAYS, make_checkins
from supervision.checkins.service.handling import attempt, attend, cancel, excuse
from supervision.checkins.service.made import Made
from supervision.checkins.service.off_times import read_off
from supervision.checkins.service.pauses import (
    NewPause,
    PauseRecord,
    add_pause,
    end_pause,
    get_pause,
    list_pauses,
)
from supervision.checkins.service.plan_records import (
    PlanRecord,
    ShortWeek,
    get_plan,
    list_plans,
    short_weeks,
)
from supervision.checkins.service.plans import Person, add_plan, change_plan, end_plan
from supervision.checkins.service.records import (
    CheckinLine,
    CheckinRecord,
    Sought,
    get_checkin,
    list_checkins,
    read_history,
)
from supervision.checkins.service.remaking import mark_for_holiday
from supervision.checkins.service.sweeping import Missed, claim_missed, open_due

__all__ = [
    "AHEAD_DAYS",
    "CheckinLine",
    "CheckinRecord",
    "Made",
    "Missed",
    "NewPause",
    "NewPlan",
    "PauseRecord",
    "Person",
    "PlanRecord",
    "ShortWeek",
    "Sought",
    "add_pause",
    "add_plan",
    "attempt",
    "attend",
    "cancel",
    "change_plan",
    "claim_missed",
    "end_pause",
    "end_plan",
    "excuse",
    "get_checkin",
    "get_pause",
    "get_plan",
    "list_checkins",
    "list_pauses",
    "list_plans",
    "make_checkins",
    "mark_for_holiday",
    "open_due",
    "read_history",
    "read_off",
    "short_weeks",
]

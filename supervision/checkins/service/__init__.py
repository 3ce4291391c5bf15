"""What can be done with check-ins; each function works in the caller's transaction.

Who may do it, and whose they are, is asked by the corridor.
"""

from supervision.checkins.service.agenda import AHEAD_DAYS, make_checkins
from supervision.checkins.service.calendar_entries import read_entries
from supervision.checkins.service.feeds import (
    FeedRecord,
    NewFeed,
    Reader,
    add_feed,
    end_feed,
    find_reader,
    get_feed,
    list_feeds,
)
from supervision.checkins.service.handling import attempt, attend, cancel, excuse
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
from supervision.checkins.service.reminders import (
    DueReminder,
    claim_reminders,
    settle_reminders,
)
from supervision.checkins.service.sweeping import Missed, claim_missed, open_due

__all__ = [
    "AHEAD_DAYS",
    "CheckinLine",
    "CheckinRecord",
    "DueReminder",
    "FeedRecord",
    "Missed",
    "NewFeed",
    "NewPlan",
    "Person",
    "PlanRecord",
    "Reader",
    "Sought",
    "add_feed",
    "add_plan",
    "attempt",
    "attend",
    "cancel",
    "change_plan",
    "claim_missed",
    "claim_reminders",
    "end_feed",
    "end_plan",
    "excuse",
    "find_reader",
    "get_checkin",
    "get_feed",
    "get_plan",
    "list_checkins",
    "list_feeds",
    "list_plans",
    "make_checkins",
    "open_due",
    "read_entries",
    "read_history",
    "settle_reminders",
]

"""What can be done with check-ins; each function works in the caller's transaction.

Who may do it, and whose they are, is asked by the corridor.
"""

from supervision.checkins.asking import (
    NewPlan,
)
from supervision.checkins.service.agenda import (
    AHEAD_DAYS,
    make_checkins,
)
from supervision.checkins.service.calendar_entries import (
    read_entries,
)
from supervision.checkins.service.duties import (
    Duty,
    Happened,
    Received,
    hold_duty,
    read_duty,
)
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
from supervision.checkins.service.handling import (
    Seen,
    attempt,
    attend,
    attest,
    cancel,
    excuse,
)
from supervision.checkins.service.made import (
    Made,
)
from supervision.checkins.service.off_times import (
    read_off,
)
from supervision.checkins.service.outcomes import (
    SightingRecord,
    SubmissionRecord,
    find_submission,
    list_sightings,
)
from supervision.checkins.service.pauses import (
    NewPause,
    PauseRecord,
    add_pause,
    end_pause,
    get_pause,
    list_pauses,
)
from supervision.checkins.service.phone_places import (
    DeviceThen,
    Unjudged,
    claim_unjudged,
    settle_judged,
)
from supervision.checkins.service.plan_records import (
    PlanRecord,
    ShortWeek,
    get_plan,
    list_plans,
    short_weeks,
)
from supervision.checkins.service.plans import (
    Person,
    add_plan,
    change_plan,
    end_plan,
)
from supervision.checkins.service.records import (
    CheckinLine,
    CheckinRecord,
    Sought,
    get_checkin,
    list_checkins,
    read_history,
)
from supervision.checkins.service.remaking import (
    mark_for_holiday,
)
from supervision.checkins.service.reminders import (
    DueReminder,
    claim_reminders,
    settle_reminders,
)
from supervision.checkins.service.reviewing import (
    ReviewKey,
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
from supervision.checkins.service.sweeping import (
    Missed,
    claim_missed,
    open_due,
)

__all__ = [
    "AHEAD_DAYS",
    "CheckinLine",
    "CheckinRecord",
    "Concern",
    "DeviceThen",
    "DueReminder",
    "Duty",
    "FeedRecord",
    "Happened",
    "Made",
    "Missed",
    "NewFeed",
    "NewPause",
    "NewPlan",
    "NoPosition",
    "PauseRecord",
    "Person",
    "Place",
    "PlanRecord",
    "Reader",
    "Received",
    "ReviewKey",
    "Seen",
    "ShortWeek",
    "SightingRecord",
    "Sought",
    "SubmissionRecord",
    "Told",
    "Unjudged",
    "WaitingRecord",
    "add_feed",
    "add_pause",
    "add_plan",
    "ask_call",
    "attempt",
    "attend",
    "attest",
    "cancel",
    "change_plan",
    "claim_missed",
    "claim_reminders",
    "claim_unjudged",
    "end_feed",
    "end_pause",
    "end_plan",
    "excuse",
    "find_reader",
    "find_submission",
    "get_checkin",
    "get_feed",
    "get_pause",
    "get_plan",
    "get_submission",
    "hold_duty",
    "list_checkins",
    "list_feeds",
    "list_for_review",
    "list_pauses",
    "list_plans",
    "list_sightings",
    "make_checkins",
    "mark_for_holiday",
    "open_due",
    "read_duty",
    "read_entries",
    "read_history",
    "read_off",
    "review",
    "settle_judged",
    "settle_reminders",
    "short_weeks",
    "submit",
]

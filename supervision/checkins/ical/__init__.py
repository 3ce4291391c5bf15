"""Check-ins as calendar programs write and read them (RFC 5545, iCalendar). Pure.

Out go the check-ins of somebody's next weeks; in come drafts of plans and of holidays, which an
officer looks at before anything is kept.
"""

from supervision.checkins.ical.calendars import Entry, officer_calendar, person_calendar
from supervision.checkins.ical.events import LONGEST_FILE_CHARS, Refusal
from supervision.checkins.ical.holidays import HolidayDraft, read_holidays
from supervision.checkins.ical.plans import PlanDraft, read_plans

__all__ = [
    "LONGEST_FILE_CHARS",
    "Entry",
    "HolidayDraft",
    "PlanDraft",
    "Refusal",
    "officer_calendar",
    "person_calendar",
    "read_holidays",
    "read_plans",
]

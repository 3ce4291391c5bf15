"""Files of a calendar program, as somebody would import them, and the plans that they make."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from supervision.checkins.due import Recurring, due_times
from supervision.checkins.ical import PlanDraft, read_plans

NEW_YORK, CHICAGO = ZoneInfo("America/New_York"), ZoneInfo("America/Chicago")
TODAY = date(2026, 9, 21)
FIRST, LAST = date(2025, 1, 1), date(2031, 1, 1)
IN_NEW_YORK = "DTSTART;TZID=America/New_York:20260922T180000"
AN_HOUR = "DURATION:PT1H"
TUESDAYS = "RRULE:FREQ=WEEKLY;BYDAY=TU"


def calendar(*events: list[str]) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def drafted(*lines: str, zone: ZoneInfo = NEW_YORK) -> PlanDraft:
    drafts, refused = read_plans(calendar(list(lines)), zone, TODAY)
    assert refused == []
    [draft] = drafts
    return draft


def refused(*lines: str, zone: ZoneInfo = NEW_YORK) -> str:
    drafts, [why] = read_plans(calendar(list(lines)), zone, TODAY)
    assert drafts == []
    return why.reason


def asked(
    draft: PlanDraft, zone: ZoneInfo, first: date = FIRST, last: date = LAST
) -> list[datetime]:
    """When a plan with this draft's words would be due."""
    last = min(last, draft.ends_on or last)
    regular = Recurring(draft.rrule, draft.starts_on, draft.at, zone)
    return [
        due.due_at
        for due in due_times(regular, first, last)
        if due.local_date not in draft.except_on
    ]

"""Calendar files read into drafts: nothing is kept, an officer looks at them first."""

from datetime import date, timedelta

from fastapi import APIRouter
from pydantic import Field

from supervision.checkins import ical
from supervision.core.access import Permission
from supervision.core.recurrence import read_time_zone
from supervision.register.service import get_agency, get_supervisee
from supervision.web.api.checkin_timing_bodies import SECOND, RegularTiming
from supervision.web.api.fields import Model
from supervision.web.deps import ActorDep, Id, NowDep, SessionDep, requires

router = APIRouter(tags=["calendars"])

HOLIDAYS_AHEAD = timedelta(days=731)


class CalendarFile(Model):
    """A file as calendar programs export it."""

    ics: str = Field(
        max_length=ical.LONGEST_FILE_CHARS,
        description="iCalendar (RFC 5545)",
        examples=["BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n..."],
    )


class RefusedEvent(Model):
    """An event that cannot be used: its place among the file's events, from 1, and why."""

    number: int
    title: str
    reason: str


class CheckinPlanDraft(Model):
    """What a plan would need of an event; `ends_on` is the last date that may count."""

    number: int
    title: str
    timing: RegularTiming
    starts_on: date
    window_s: int
    except_on: list[date]
    ends_on: date | None
    place: str | None
    warnings: list[str]


class CheckinPlanDrafts(Model):
    """A draft for each event that can be a plan, by the person's clocks."""

    drafts: list[CheckinPlanDraft]
    refused: list[RefusedEvent]


class HolidayDraft(Model):
    """A whole day of the file, with all its names."""

    on_date: date
    name: str


class HolidayDrafts(Model):
    """The whole days of the two years to come, in order."""

    drafts: list[HolidayDraft]
    refused: list[RefusedEvent]


@router.post(
    "/supervisees/{supervisee_id}/checkin-plans/import",
    dependencies=[requires(Permission.PLAN_CHECKINS)],
)
def import_checkin_plans(
    supervisee_id: Id, body: CalendarFile, session: SessionDep, actor: ActorDep, now: NowDep
) -> CheckinPlanDrafts:
    """What the events of a file would be as plans for this person."""
    person = get_supervisee(session, supervisee_id, actor.caseload_officer_id)
    zone = read_time_zone(person.time_zone)
    drafts, refused = ical.read_plans(body.ics, zone, now.astimezone(zone).date())
    return CheckinPlanDrafts(
        drafts=[_shown(one) for one in drafts],
        refused=[RefusedEvent.model_validate(one) for one in refused],
    )


@router.post("/public-holidays/import", dependencies=[requires(Permission.PLAN_CHECKINS)])
def import_public_holidays(
    body: CalendarFile, session: SessionDep, actor: ActorDep, now: NowDep
) -> HolidayDrafts:
    """Which whole days of a file could be the agency's public holidays."""
    agency = get_agency(session, actor.agency_id)
    today = now.astimezone(read_time_zone(agency.time_zone)).date()
    drafts, refused = ical.read_holidays(body.ics, today, today + HOLIDAYS_AHEAD)
    return HolidayDrafts(
        drafts=[HolidayDraft.model_validate(one) for one in drafts],
        refused=[RefusedEvent.model_validate(one) for one in refused],
    )


def _shown(draft: ical.PlanDraft) -> CheckinPlanDraft:
    return CheckinPlanDraft(
        number=draft.number,
        title=draft.title,
        timing=RegularTiming(rrule=draft.rrule, at=draft.at),
        starts_on=draft.starts_on,
        window_s=draft.window // SECOND,
        except_on=draft.except_on,
        ends_on=draft.ends_on,
        place=draft.place,
        warnings=draft.warnings,
    )

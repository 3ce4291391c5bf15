"""Makes drafts of plans from the events of an iCalendar file; an officer decides on each."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from supervision.checkins.ical.events import FileEvent, Refusal, read_events
from supervision.checkins.ical.moments import Moment, read_length, read_moment
from supervision.checkins.ical.recurring import ONCE, Repeated, read_repeated
from supervision.checkins.rules import require_sense
from supervision.core.errors import Invalid

MOST_EVENTS = 100
LONGEST_PLACE_CHARS = 200
# Clocks are compared for so long: in two years each zone has put them forward and back.
COMPARED_DAYS = 731
NO_GRACE = timedelta(0)


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What an event would be as a plan.

    Attributes:
        number: The event's place in the file, from 1.
        title: What the file calls it.
        rrule: RFC 5545 RRULE, without DTSTART and UNTIL.
        starts_on: The rule is counted from this local date.
        at: By the person's clocks, in whole minutes.
        window: From its start to its end.
        except_on: Local dates of the rule on which it is not.
        ends_on: The last local date that may count; None for no end, or one by COUNT.
        place: Where it is, if the file says so.
        warnings: What an officer should look at, in sentences.
    """

    number: int
    title: str
    rrule: str
    starts_on: date
    at: time
    window: timedelta
    except_on: list[date]
    ends_on: date | None
    place: str | None
    warnings: list[str]


def read_plans(text: str, zone: ZoneInfo, today: date) -> tuple[list[PlanDraft], list[Refusal]]:
    """A draft for each event that can be a plan, and why each other one cannot.

    Args:
        text: An iCalendar file.
        zone: By which the person lives.
        today: The person's local date.

    Raises:
        Invalid: It is no iCalendar file, holds no event, or is too large.
    """
    drafts, refused = [], []
    events = read_events(text, MOST_EVENTS)
    changed = {event.text("UID") for event in events if "RECURRENCE-ID" in event.lines}
    for event in events:
        try:
            draft = _draft(event, zone, today)
        except Invalid as why:
            refused.append(event.refused(why))
            continue
        if event.text("UID") in changed:
            draft.warnings.append("The file changes single dates of it, which are not in here.")
        drafts.append(draft)
    return drafts, refused


def _draft(event: FileEvent, zone: ZoneInfo, today: date) -> PlanDraft:
    start = read_moment(event, "DTSTART")
    if not isinstance(start, Moment):
        raise Invalid("It must have a time of day at which it begins.")
    if start.wall.second:
        raise Invalid("It must begin at a whole minute.")
    window = read_length(event, start)
    require_sense(window, NO_GRACE)
    repeated = read_repeated(event, start)
    local = _by_his_clocks(start, repeated, zone, today)
    place, more = _place(event)
    if start.zone.key != zone.key:
        more.append(f"The file has its time in {start.zone.key}; here it is in {zone.key}.")
    if repeated.is_over(today):
        more.append("It is over: it asks for nothing more.")
    return PlanDraft(
        number=event.number,
        title=event.title,
        rrule=repeated.rrule,
        starts_on=local.date(),
        at=local.time(),
        window=window,
        except_on=repeated.except_on,
        ends_on=repeated.ends_on,
        place=place,
        warnings=repeated.warnings + more,
    )


def _by_his_clocks(start: Moment, repeated: Repeated, zone: ZoneInfo, today: date) -> datetime:
    """The first time of an event as the person's clocks show it, naive.

    Raises:
        Invalid: By these clocks it would not be at one time of day, or not on the same dates.
    """
    if start.zone.key == zone.key:
        return start.wall
    local = start.instant.astimezone(zone).replace(tzinfo=None)
    first = start.wall.date()
    since = max(first, today)
    days = repeated.dates(since, since + timedelta(days=COMPARED_DAYS))
    shift = local.date() - first
    if shift and repeated.rrule != ONCE:
        raise Invalid(f"In {zone.key} it would fall on other dates; write its times in that zone.")
    for day in {first, *days}:
        theirs = Moment(datetime.combine(day, start.wall.time()), start.zone)
        if Moment(datetime.combine(day + shift, local.time()), zone).instant != theirs.instant:
            raise Invalid(f"In {zone.key} it would not always be at one time; use that zone.")
    return local


def _place(event: FileEvent) -> tuple[str | None, list[str]]:
    words = event.text("LOCATION")
    cut = words[:LONGEST_PLACE_CHARS].strip()
    return cut or None, ["Its place was cut: it is too long."] if len(words) > len(cut) else []

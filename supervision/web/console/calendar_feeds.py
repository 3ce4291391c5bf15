"""Where officers make the calendars that programs outside read, and end them."""

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from supervision.checkins import service as checkins
from supervision.checkins.service import FeedRecord
from supervision.core.access import Permission
from supervision.register.service import get_supervisee
from supervision.web.calendar import feed_url
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.deps import Id, RuntimeDep, requires

router = APIRouter(dependencies=[requires(Permission.HANDLE_CHECKINS)])

MOST_SHOWN = 200
PAGE = "/calendar-feeds"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar that is read outside; `person` is None for an officer's own."""

    feed: FeedRecord
    person: str | None


@router.get(PAGE)
def show_calendars(visit: VisitDep) -> Response:
    """Those that are not ended: one's own, and those of one's caseload."""
    return _page(visit)


@router.post(PAGE)
def make_own(visit: VisitDep, runtime: RuntimeDep) -> Response:
    """Make one's own; its address is shown this once."""
    made = runtime.monitor.calendars(visit.session, visit.actor).make_own()
    return _page(visit, feed_url(runtime.settings, visit.actor.agency_id, made.token))


@router.post("/supervisees/{supervisee_id}/calendar-feeds")
def make_for(visit: VisitDep, runtime: RuntimeDep, supervisee_id: Id) -> Response:
    """Make a person's, to be handed over; its address is shown this once."""
    made = runtime.monitor.calendars(visit.session, visit.actor).make_for(supervisee_id)
    return _page(visit, feed_url(runtime.settings, visit.actor.agency_id, made.token))


@router.post(PAGE + "/{calendar_feed_id}/end")
def end(visit: VisitDep, runtime: RuntimeDep, calendar_feed_id: Id) -> Response:
    """Close a calendar at once."""
    runtime.monitor.calendars(visit.session, visit.actor).end(calendar_feed_id)
    return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER)


def _page(visit: Visit, url: str | None = None) -> Response:
    caseload = visit.actor.caseload_officer_id
    feeds = checkins.list_feeds(visit.session, caseload, None, None, MOST_SHOWN)
    shown = [_calendar(visit, feed) for feed in feeds if feed.ended_at is None]
    return visit.page("calendar_feeds.html", calendars=shown, url=url)


def _calendar(visit: Visit, feed: FeedRecord) -> Calendar:
    if feed.supervisee_id is None:
        return Calendar(feed, None)
    caseload = visit.actor.caseload_officer_id
    return Calendar(feed, get_supervisee(visit.session, feed.supervisee_id, caseload).full_name)

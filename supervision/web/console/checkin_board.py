"""The day: what check-ins need an officer, are awaited, and were reviewed."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from supervision.checkins.rules import CLOSING_SOON, Need
from supervision.core.access import Permission
from supervision.core.clock import from_us, to_us
from supervision.core.errors import Invalid
from supervision.core.links import video_url
from supervision.register.service.supervisees import get_supervisee
from supervision.web.console.checkin_lists import (
    DAY,
    REVIEWED_DAYS,
    Wanted,
    list_checkins,
    today_in,
)
from supervision.web.console.checkin_rows import CheckinRow
from supervision.web.console.rendering import VisitDep
from supervision.web.console.wording import span
from supervision.web.deps import MOST_BIGINT, RuntimeDep, requires
from supervision.web.paging import MOST_CURSOR_CHARS, decode_cursor, encode_cursor

router = APIRouter(dependencies=[requires(Permission.READ_CHECKINS)])

SECOND = timedelta(seconds=1)
Day = Annotated[date | None, Query(ge=date(1970, 1, 2), le=date(2199, 12, 31))]


def get_wanted(
    needs: Annotated[Need, Query()] = Need.ATTENTION,
    person: Annotated[int | None, Query(ge=1, le=MOST_BIGINT)] = None,
    on: Day = None,
    since: Day = None,
    before: Annotated[str | None, Query(max_length=MOST_CURSOR_CHARS)] = None,
) -> Wanted:
    """Which list the page's address asks for.

    Raises:
        Invalid: `before` is no place that a list gave.
    """
    if before is None:
        return Wanted(needs, person, on, since)
    opens_us, checkin_id = decode_cursor(before, 2)
    try:
        return Wanted(needs, person, on, since, (from_us(opens_us), checkin_id))
    except OverflowError as error:
        raise Invalid("The cursor is not one that this list gave.") from error


WantedDep = Annotated[Wanted, Depends(get_wanted)]


@router.get("/check-ins")
def show_board(visit: VisitDep, wanted: WantedDep, runtime: RuntimeDep) -> Response:
    """The page; its lists alone for a script that keeps them current.

    Lists tell no place, so a look at them leaves no line on the trail.
    """
    session, actor, now, zone = visit.session, visit.actor, visit.now, visit.times.zone
    person = None
    if wanted.person is not None:
        person = get_supervisee(session, wanted.person, actor.caseload_officer_id)
    listed = list_checkins(session, actor, wanted, now, zone)
    template = runtime.settings.video_room_url
    return visit.page(
        "checkin_lists.html" if visit.is_fragment else "checkins.html",
        listed=listed,
        wanted=wanted,
        chosen=dict(visit.request.query_params),
        person=person,
        rooms={row.id: video_url(template, row.room) for row in listed.rows if row.has_room(now)},
        tomorrow=today_in(zone, now) + DAY,
        reviewed_days=REVIEWED_DAYS,
        closing_soon=span(CLOSING_SOON // SECOND),
        older=_place(listed.rows[-1]) if wanted.need is Need.REVIEWED and listed.has_more else None,
    )


def _place(row: CheckinRow) -> str:
    """What `before` says for the rows behind this one."""
    return encode_cursor((to_us(row.opens_at), row.id))

"""The day: what check-ins need an officer, are awaited, and were reviewed."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from supervision.checkins.rules import Need
from supervision.core.access import Permission
from supervision.core.clock import from_us, to_us
from supervision.core.errors import Invalid
from supervision.register.service.supervisees import get_supervisee
from supervision.web.console.checkin_lists import REVIEWED_DAYS, Wanted, list_checkins, today_in
from supervision.web.console.rendering import VisitDep
from supervision.web.deps import MOST_BIGINT, requires
from supervision.web.paging import MOST_CURSOR_CHARS, decode_cursor, encode_cursor

router = APIRouter(dependencies=[requires(Permission.READ_CHECKINS)])

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
def show_board(visit: VisitDep, wanted: WantedDep) -> Response:
    """The page; its lists alone for a script that keeps them current.

    Lists tell no place, so a look at them leaves no line on the trail.
    """
    session, actor = visit.session, visit.actor
    person = None
    if wanted.person is not None:
        person = get_supervisee(session, wanted.person, actor.caseload_officer_id)
    listed = list_checkins(session, actor, wanted, visit.now, visit.times.zone)
    last = listed.rows[-1] if listed.has_more else None
    return visit.page(
        "checkin_lists.html" if visit.is_fragment else "checkins.html",
        listed=listed,
        wanted=wanted,
        person=person,
        today=today_in(visit.times.zone, visit.now),
        reviewed_days=REVIEWED_DAYS,
        older=last and encode_cursor((to_us(last.opens_at), last.id)),
    )

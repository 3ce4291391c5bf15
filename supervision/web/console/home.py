"""The first screen: every alert of the caseload that nobody has closed, and what is shelved.

Above them it says which means of sending fail, if any does.
"""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import RedirectResponse

from alerts.catalogue import Severity
from alerts.rules import Handling
from alerts.service import find_unanswered, list_shelved, read_failing
from supervision.core.access import Permission
from supervision.core.audit import Tag
from supervision.web.console.alert_rows import Filter, find_alert, list_unclosed
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.console.together import many_of_a_kind
from supervision.web.deps import Id, requires

router = APIRouter()

READS = requires(Permission.READ_ALERTS)

Unclosed = Literal["new", "acknowledged", "in_hand"]


def get_filter(
    handling: Annotated[Unclosed | None, Query()] = None,
    severity: Annotated[Severity | None, Query()] = None,
) -> Filter:
    """Which alerts the page's address asks for."""
    return Filter(None if handling is None else Handling(handling), severity)


FilterDep = Annotated[Filter, Depends(get_filter)]


@router.get("/", dependencies=[requires(Permission.READ_AGENCY)])
def show_home(visit: VisitDep, wanted: FilterDep) -> Response:
    """The whole page, with what is shelved; who sees no alerts goes on to what he may see."""
    if not visit.actor.may(Permission.READ_ALERTS):
        return RedirectResponse(visit.sections[0].path, HTTPStatus.SEE_OTHER)
    return _list_page(visit, wanted, "home.html")


@router.get("/failing-means", dependencies=[requires(Permission.READ_AGENCY)])
def show_failing(visit: VisitDep) -> Response:
    """Which means of sending fail, for a console that asks again; empty where none does."""
    return visit.page(
        "failing_now.html", failing=read_failing(visit.session, visit.actor.agency_id, visit.now)
    )


@router.get("/alerts/rows", dependencies=[READS])
def show_rows(visit: VisitDep, wanted: FilterDep) -> Response:
    """The rows alone, for a console that was cut off for a while."""
    return _list_page(visit, wanted, "alert_rows.html")


@router.get("/alerts/{alert_id}/row", dependencies=[READS])
def show_row(visit: VisitDep, alert_id: Id, wanted: FilterDep) -> Response:
    """One row, as it is now; no content where the alert is not on this list any more."""
    row = find_alert(visit.session, visit.actor, alert_id)
    if not wanted.lets_through(row):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    page = visit.page("alert_row.html", row=row)
    visit.viewing.record(Tag.ALERT_VIEWED, f"alert:{alert_id}", shown="row")
    return page


def _list_page(visit: Visit, wanted: Filter, template: str) -> Response:
    listed = list_unclosed(visit.session, visit.actor, wanted)
    shelved = list_shelved(visit.session, visit.actor.caseload_officer_id, visit.now)
    page = visit.page(
        template,
        listed=listed,
        many=many_of_a_kind(listed.rows),
        wanted=wanted,
        shelved=shelved,
        failing=read_failing(visit.session, visit.actor.agency_id, visit.now),
        drills=find_unanswered(visit.session, visit.actor.officer_id),
    )
    visit.viewing.record_list(Tag.ALERT_VIEWED, [row.id for row in listed.rows])
    return page

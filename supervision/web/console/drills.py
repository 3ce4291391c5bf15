"""Drills: where a supervisor begins one, where whoever was told answers, and what came of it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from alerts import service as alerting
from alerts.catalogue import AlertKind
from supervision.core.access import Permission
from supervision.core.errors import Conflict, NotFound
from supervision.register.service import list_officers
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.deps import Id, requires

router = APIRouter()

READS = requires(Permission.READ_ALERTS)
SETS = requires(Permission.SET_RESPONSES)
MOST_SHOWN = 50
MOST_OFFICERS = 500


class TypedDrill(BaseModel):
    """What was chosen in the form; no officer means whoever is next."""

    kind: AlertKind = AlertKind.ZONE_ENTRY
    officer_id: str = Field("", pattern=r"^\d{0,18}$")
    is_at_once: bool = False

    def read(self) -> alerting.NewDrill:
        """The drill that was meant."""
        officer_id = int(self.officer_id) if self.officer_id else None
        return alerting.NewDrill(self.kind, officer_id, self.is_at_once)


@router.get("/drills", dependencies=[READS])
def show_drills(visit: VisitDep) -> Response:
    """The drills so far, and a form for another."""
    return _list_page(visit, TypedDrill())


@router.post("/drills", dependencies=[SETS])
def start_drill(visit: VisitDep, typed: Annotated[TypedDrill, Form()]) -> Response:
    """Begin a drill and show it; or the form again with what is wrong."""
    try:
        drill_id = alerting.start_drill(
            visit.session, visit.actor.agency_id, typed.read(), visit.actor, visit.now
        )
    except (Conflict, NotFound) as refusal:
        return _list_page(visit, typed, refusal.message)
    return _to(drill_id)


@router.get("/drills/{drill_id}", dependencies=[READS])
def show_drill(visit: VisitDep, drill_id: Id) -> Response:
    """What came of a drill; a script asks again while it is under way."""
    drill = alerting.read_drill(visit.session, drill_id)
    waits = visit.actor.officer_id in {
        one.officer_id for step in drill.steps for one in step.told
    } - {one.officer_id for one in drill.answers}
    template = "drill_report.html" if visit.is_fragment else "drill.html"
    return visit.page(template, drill=drill, waits_for_answer=waits)


@router.post("/drills/{drill_id}/answer", dependencies=[READS])
def answer_drill(visit: VisitDep, drill_id: Id) -> Response:
    """Say that it reached oneself."""
    alerting.answer_drill(visit.session, visit.actor, drill_id, visit.now)
    return _to(drill_id)


@router.post("/drills/{drill_id}/end", dependencies=[SETS])
def end_drill(visit: VisitDep, drill_id: Id) -> Response:
    """Tell nobody more."""
    alerting.end_drill(visit.session, visit.actor, drill_id, visit.now)
    return _to(drill_id)


def _to(drill_id: int) -> Response:
    return RedirectResponse(f"/drills/{drill_id}", HTTPStatus.SEE_OTHER)


def _list_page(visit: Visit, typed: TypedDrill, fault: str | None = None) -> Response:
    officers = list_officers(visit.session, visit.actor.agency_id, None, MOST_OFFICERS)
    return visit.page(
        "drills.html",
        HTTPStatus.OK if fault is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        drills=alerting.list_drills(visit.session, None, MOST_SHOWN),
        officers=[one for one in officers if one.is_active],
        typed=typed,
        fault=fault,
    )

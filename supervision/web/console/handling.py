"""Where an officer takes an alert in hand, and closes it with a judgement and a note."""

import json
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from alerts import service as alerting
from alerts.rules import Disposition, Handling
from supervision.core.access import Permission
from supervision.core.errors import Conflict, NotAllowed, Refused, StaleVersion
from supervision.web.console.alert_rows import find_alert
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.deps import Id, requires

router = APIRouter(dependencies=[requires(Permission.HANDLE_ALERTS)])

MOST_NOTE_CHARACTERS = 4_000
Place = Literal["home", "alert"]
Origin = Annotated[Place, Form()]
UNDECIDED = "Choose what it turned out to be."


@router.post("/alerts/{alert_id}/acknowledge")
def acknowledge(visit: VisitDep, alert_id: Id, origin: Origin = "home") -> Response:
    """Take an alert in hand; a script gets the changed row, a browser goes back to its page."""
    alerting.acknowledge(visit.session, visit.actor, alert_id, visit.now)
    if visit.is_fragment:
        row = find_alert(visit.session, visit.actor, alert_id)
        return visit.page("alert_row.html", row=row)
    return _back(origin, alert_id)


@router.get("/alerts/{alert_id}/close")
def ask_to_close(visit: VisitDep, alert_id: Id, origin: Place = "home") -> Response:
    """The form that asks for a judgement; in a dialog where scripts run."""
    return _form(visit, alert_id, origin)


@router.post("/alerts/{alert_id}/close")
def close(
    visit: VisitDep,
    alert_id: Id,
    version: Annotated[int, Form()],
    disposition: Annotated[Disposition | None, Form()] = None,
    note: Annotated[str, Form(max_length=MOST_NOTE_CHARACTERS)] = "",
    origin: Origin = "home",
) -> Response:
    """Close an alert; or the form again with what is missing, and what was written kept."""
    if disposition is None:
        return _form(visit, alert_id, origin, Conflict(UNDECIDED), None, note)
    try:
        alerting.close(visit.session, visit.actor, alert_id, disposition, note, visit.now, version)
    except (Conflict, StaleVersion) as refusal:
        return _form(visit, alert_id, origin, refusal, disposition, note)
    if visit.is_fragment:
        told = {"HX-Trigger": json.dumps({"alert-closed": {"id": alert_id}})}
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=told)
    return _back(origin, alert_id)


def _form(
    visit: Visit,
    alert_id: int,
    origin: Place,
    refusal: Refused | None = None,
    disposition: Disposition | None = None,
    note: str = "",
) -> Response:
    row = find_alert(visit.session, visit.actor, alert_id)
    if not visit.may_handle(row.kind):
        raise NotAllowed
    if row.handling == Handling.CLOSED and not visit.is_fragment:
        return _back("alert", alert_id)
    status = HTTPStatus.OK if refusal is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return visit.page(
        "close_form.html" if visit.is_fragment else "close.html",
        status,
        row=row,
        origin=origin,
        chosen=disposition,
        note=note,
        error=None if refusal is None else refusal.message,
    )


def _back(origin: Place, alert_id: int) -> Response:
    where = f"/alerts/{alert_id}" if origin == "alert" else f"/#alert-{alert_id}"
    return RedirectResponse(where, HTTPStatus.SEE_OTHER)

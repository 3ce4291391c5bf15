"""Where an officer works through the response: takes in hand, ticks steps, logs contacts."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from alerts import service as alerting
from alerts.protocols import Medium, Outcome, Whom
from supervision.core.access import Permission
from supervision.web.console.rendering import VisitDep
from supervision.web.deps import Id, requires

router = APIRouter(dependencies=[requires(Permission.HANDLE_ALERTS)])

MOST_NOTE_CHARACTERS = 400
Note = Annotated[str, Form(max_length=MOST_NOTE_CHARACTERS)]


@router.post("/alerts/{alert_id}/take")
def take(visit: VisitDep, alert_id: Id) -> Response:
    """Begin to deal with an alert, or take it over."""
    alerting.take_in_hand(visit.session, visit.actor, alert_id, visit.now)
    return _back(alert_id)


@router.post("/alerts/{alert_id}/steps")
def tick(
    visit: VisitDep,
    alert_id: Id,
    step: Annotated[str, Form(max_length=40)],
    outcome: Annotated[Outcome, Form()],
    note: Note = "",
) -> Response:
    """Say what came of a step."""
    done = alerting.Tick(step, outcome, note)
    alerting.tick(visit.session, visit.actor, alert_id, done, visit.now)
    return _back(alert_id)


@router.post("/alerts/{alert_id}/contacts")
def log_contact(
    visit: VisitDep,
    alert_id: Id,
    whom: Annotated[Whom, Form()],
    means: Annotated[Medium, Form()],
    was_reached: Annotated[Literal["yes", "no"], Form()],
    note: Note = "",
) -> Response:
    """Say who was spoken to."""
    contact = alerting.Contact(whom, means, was_reached == "yes", visit.now, note)
    alerting.log_contact(visit.session, visit.actor, alert_id, contact, visit.now)
    return _back(alert_id)


def _back(alert_id: int) -> Response:
    return RedirectResponse(f"/alerts/{alert_id}#response", HTTPStatus.SEE_OTHER)

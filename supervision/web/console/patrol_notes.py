"""Where an officer writes what a patrol must know of a person."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import StringConstraints

from supervision.core.access import Permission
from supervision.register.service import PatrolNotes, change_patrol_notes
from supervision.web.api.fields import Note
from supervision.web.console.rendering import VisitDep
from supervision.web.deps import Id, requires

router = APIRouter(dependencies=[requires(Permission.WRITE_PATROL_NOTES)])


@router.post("/supervisees/{supervisee_id}/patrol-notes")
def change(
    visit: VisitDep,
    supervisee_id: Id,
    description: Annotated[Note, StringConstraints(max_length=400), Form()] = "",
    vehicle: Annotated[Note, StringConstraints(max_length=200), Form()] = "",
    safety_notes: Annotated[Note, StringConstraints(max_length=1000), Form()] = "",
) -> Response:
    """Keep what was written; what was left empty is no longer known."""
    notes = PatrolNotes(description or None, vehicle or None, safety_notes or None)
    change_patrol_notes(visit.session, supervisee_id, notes, visit.actor, visit.now)
    return RedirectResponse(f"/supervisees/{supervisee_id}#patrol-notes", HTTPStatus.SEE_OTHER)

"""Where an officer shows patrols how a person looks."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, File, Response
from fastapi.responses import RedirectResponse

from supervision.core.access import Permission
from supervision.core.errors import NotFound
from supervision.register.service import find_photo, put_photo, remove_photo
from supervision.web.api.photos import JPEG
from supervision.web.console.rendering import VisitDep
from supervision.web.deps import Id, requires

router = APIRouter()

READS = requires(Permission.READ_PEOPLE)
WRITES = requires(Permission.WRITE_PATROL_NOTES)


@router.get("/supervisees/{supervisee_id}/photo", dependencies=[READS])
def show(visit: VisitDep, supervisee_id: Id) -> Response:
    """The picture itself."""
    found = find_photo(visit.session, supervisee_id, visit.actor.caseload_officer_id)
    if found is None:
        raise NotFound
    return Response(found.jpeg, media_type=JPEG)


@router.post("/supervisees/{supervisee_id}/photo", dependencies=[WRITES])
def put(visit: VisitDep, supervisee_id: Id, picture: Annotated[bytes, File()]) -> Response:
    """Keep what was chosen instead of the one before."""
    put_photo(visit.session, supervisee_id, picture, visit.actor, visit.now)
    return _back(supervisee_id)


@router.post("/supervisees/{supervisee_id}/photo/remove", dependencies=[WRITES])
def remove(visit: VisitDep, supervisee_id: Id) -> Response:
    """Show none any more."""
    remove_photo(visit.session, supervisee_id, visit.actor, visit.now)
    return _back(supervisee_id)


def _back(supervisee_id: int) -> Response:
    return RedirectResponse(f"/supervisees/{supervisee_id}#patrol-notes", HTTPStatus.SEE_OTHER)

"""Photographs of supervised people, which stand in the packets that patrols read."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response, status

from supervision.core.access import Permission
from supervision.core.errors import NotFound
from supervision.register import service
from supervision.web.api.fields import Model
from supervision.web.deps import ActorDep, Id, NowDep, SessionDep, requires

router = APIRouter(prefix="/supervisees", tags=["supervisees"])

JPEG = "image/jpeg"
_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {JPEG: {"schema": {"type": "string", "format": "binary"}}}}
}
_SENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in (JPEG, "image/png", "image/webp")
        },
    }
}


class Photo(Model):
    """That there is a picture, and since when it is this one."""

    put_at: datetime


async def read_body(request: Request) -> bytes:
    """The file itself; its kind is told by its bytes."""
    return await request.body()


@router.get(
    "/{supervisee_id}/photo",
    dependencies=[requires(Permission.READ_PEOPLE)],
    response_class=Response,
    responses=_PICTURE,
)
def get_photo(supervisee_id: Id, session: SessionDep, actor: ActorDep) -> Response:
    """The picture of one person of one's caseload."""
    found = service.find_photo(session, supervisee_id, actor.caseload_officer_id)
    if found is None:
        raise NotFound
    return Response(found.jpeg, media_type=JPEG)


@router.put(
    "/{supervisee_id}/photo",
    dependencies=[requires(Permission.WRITE_PATROL_NOTES)],
    openapi_extra=_SENT,
)
def put_photo(
    supervisee_id: Id,
    session: SessionDep,
    actor: ActorDep,
    now: NowDep,
    sent: Annotated[bytes, Depends(read_body)],
) -> Photo:
    """Show patrols this picture (JPEG, PNG or WebP); where and when it was taken is not kept."""
    put = service.put_photo(session, supervisee_id, sent, actor, now)
    return Photo(put_at=put.put_at)


@router.delete(
    "/{supervisee_id}/photo",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[requires(Permission.WRITE_PATROL_NOTES)],
)
def remove_photo(supervisee_id: Id, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """Show no picture of this person any more."""
    service.remove_photo(session, supervisee_id, actor, now)

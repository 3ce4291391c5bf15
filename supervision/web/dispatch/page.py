"""A patrol's packet by its link: a page for people, a CAP message for programs; both on record."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

from alerts.models import Alert
from alerts.rules import PacketForm
from alerts.service import find_last_opening, note_opening
from supervision.core.errors import NotFound
from supervision.register.service import find_photo
from supervision.web.api.photos import JPEG
from supervision.web.console.rendering import public_page
from supervision.web.deps import PUBLIC
from supervision.web.dispatch import wording
from supervision.web.dispatch.caller import Patrol, PatrolDep
from supervision.web.dispatch.cap import MEDIA_TYPE, Message, write_cap
from supervision.web.dispatch.packet import read_packet, record_look
from supervision.web.problems import Problem

router = APIRouter(prefix="/dispatch/{secret}", tags=["dispatch"], dependencies=[PUBLIC])

_CAP: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}


@router.get(".xml", response_class=Response, responses=_CAP)
def read_dispatch_message(patrol: PatrolDep) -> Response:
    """A dispatch packet as a CAP 1.2 message, for whoever was given its address; audited."""
    packet = read_packet(patrol.session, patrol.link, patrol.now)
    last = find_last_opening(patrol.session, patrol.link.id, PacketForm.CAP)
    this = note_opening(patrol.session, patrol.link, PacketForm.CAP, patrol.now)
    record_look(patrol.session, packet, patrol.now)
    written = write_cap(Message(packet, this, last, patrol.settings.public_url, patrol.secret))
    return Response(written, media_type=MEDIA_TYPE)


@router.get("", include_in_schema=False)
def show_packet(patrol: PatrolDep, accept: Annotated[str, Header()] = "") -> Response:
    """The packet as a page, as it stands now; a program that asks for CAP gets the message."""
    return read_dispatch_message(patrol) if MEDIA_TYPE in accept else _page(patrol)


@router.get("/photo", include_in_schema=False)
def show_photo(patrol: PatrolDep) -> Response:
    """The picture in the packet, for as long as the link opens it; its opening is on record."""
    alert = patrol.session.get_one(Alert, patrol.link.alert_id)
    photo = find_photo(patrol.session, alert.person_id, None)
    if photo is None:
        raise NotFound
    return Response(photo.jpeg, media_type=JPEG)


def error_page(problem: Problem) -> Response:
    """A link that opens nothing, or a failure; it tells nothing else."""
    is_ours = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    response = public_page("dispatch/nothing.html", problem.status, is_ours=is_ours)
    response.headers.update(problem.headers)
    return response


def _page(patrol: Patrol) -> Response:
    packet = read_packet(patrol.session, patrol.link, patrol.now)
    page = public_page("dispatch/packet.html", packet=packet, said=wording, secret=patrol.secret)
    note_opening(patrol.session, patrol.link, PacketForm.PAGE, patrol.now)
    record_look(patrol.session, packet, patrol.now)
    return page

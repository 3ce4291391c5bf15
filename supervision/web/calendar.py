"""The address that calendar programs read: it needs no sign-in, and opens one calendar only."""

import hashlib
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Response

from supervision.core.db import transaction
from supervision.core.settings import Settings
from supervision.web.addresses import read_secret, secret_of
from supervision.web.deps import PUBLIC, RuntimeDep

MEDIA_TYPE = "text/calendar; charset=utf-8"

router = APIRouter(tags=["calendars"])


def feed_url(settings: Settings, agency_id: int, token: str) -> str:
    """Where a program reads the calendar that this token opens."""
    return f"{settings.public_url}/calendar/{secret_of(agency_id, token)}.ics"


@router.get(
    "/calendar/{feed}.ics",
    dependencies=[PUBLIC],
    response_class=Response,
    responses={
        200: {"content": {"text/calendar": {"schema": {"type": "string"}}}},
        304: {"description": "The same as what If-None-Match names"},
    },
)
def read_calendar(
    feed: str, runtime: RuntimeDep, if_none_match: Annotated[str, Header()] = ""
) -> Response:
    """A calendar of check-ins (iCalendar), for whoever was given its address."""
    agency_id, token = read_secret(feed)
    with transaction(runtime.engine, agency_id) as session:
        opened = runtime.monitor.open_calendar(session, token)
    written = opened.written(runtime.settings.public_url)
    headers = {"ETag": f'"{hashlib.sha256(written).hexdigest()}"'}
    if headers["ETag"] in if_none_match:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(written, headers=headers, media_type=MEDIA_TYPE)

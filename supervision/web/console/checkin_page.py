"""One check-in: its facts, what happened to it, what came of it, and what can be done now."""

from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import APIRouter, Response

from supervision.checkins import service
from supervision.checkins.rules import TRANSITIONS, Change, State
from supervision.core.access import Permission
from supervision.core.audit import Tag
from supervision.core.errors import Conflict, Invalid
from supervision.core.links import video_url
from supervision.web.console.checkin_details import read_asked, read_changes
from supervision.web.console.checkin_rows import CheckinRow, find_checkin
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.deps import Id, RuntimeDep, requires
from supervision.web.runtime import WebRuntime

router = APIRouter(dependencies=[requires(Permission.READ_CHECKINS)])


@dataclass(frozen=True, slots=True)
class Refusal:
    """A form that was sent and not taken: which, why, and what was written in it."""

    act: str
    error: Conflict | Invalid
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> HTTPStatus:
        """What the answer says to a program."""
        is_state = isinstance(self.error, Conflict)
        return HTTPStatus.CONFLICT if is_state else HTTPStatus.UNPROCESSABLE_ENTITY


@router.get("/check-ins/{checkin_id}")
def show_checkin(visit: VisitDep, checkin_id: Id, runtime: RuntimeDep) -> Response:
    """The page."""
    return checkin_page(visit, runtime, checkin_id)


def checkin_page(
    visit: Visit, runtime: WebRuntime, checkin_id: int, refusal: Refusal | None = None
) -> Response:
    """The page, or the page again with what was refused and all that was written in that form.

    If it shows where anybody was, the look is on record before it is sent.

    Raises:
        NotFound: Not there, or not in the officer's caseload.
    """
    row = find_checkin(visit.session, visit.actor, checkin_id, visit.now)
    sightings = service.list_sightings(visit.session, checkin_id)
    submission = service.find_submission(visit.session, checkin_id)
    template = runtime.settings.video_room_url
    page = visit.page(
        "checkin.html",
        HTTPStatus.OK if refusal is None else refusal.status,
        row=row,
        acts=_acts(visit, row),
        room=video_url(template, row.room) if row.has_room(visit.now) else None,
        changes=read_changes(visit.session, checkin_id),
        sightings=sightings,
        submission=submission,
        asked=read_asked(visit.session, checkin_id),
        refusal=refusal,
    )
    # Last, because the audit trail is locked until the transaction ends.
    if sightings or submission:
        visit.viewing.record(Tag.CHECKIN_VIEWED, f"checkin:{checkin_id}", shown="page")
    return page


def _acts(visit: Visit, row: CheckinRow) -> set[Change]:
    """What the officer can let happen to it now."""
    if not visit.actor.may(Permission.HANDLE_CHECKINS):
        return set()
    possible = {change for state, change in TRANSITIONS if state == State(row.state)}
    is_made_up_for = row.state == State.MISSED and row.attended_at is not None
    if is_made_up_for:
        possible -= {Change.ATTENDED_LATE, Change.SEEN}
    return possible

"""What people told by themselves and what was missed: listed for a look, and shown."""

from datetime import datetime

from fastapi import APIRouter

from supervision.checkins import service
from supervision.checkins.rules import Method, State
from supervision.checkins.service import Concern, ReviewKey
from supervision.core import audit
from supervision.core.access import Permission
from supervision.core.clock import from_us, to_us
from supervision.core.errors import Invalid
from supervision.web.api.checkin_bodies import Submission
from supervision.web.api.fields import Model
from supervision.web.api.viewing import ViewingDep
from supervision.web.deps import ActorDep, Id, SessionDep, requires
from supervision.web.paging import Page, Pager, PagerDep

router = APIRouter(prefix="/checkins", tags=["check-ins"])


class WaitingCheckin(Model):
    """A check-in that nobody has looked at; `concerns` say why one comes before others."""

    id: int
    supervisee_id: int
    method: Method
    state: State
    opens_at: datetime
    missed_at: datetime
    attended_at: datetime | None
    submitted_at: datetime | None
    call_asked_at: datetime | None
    concerns: list[Concern]


@router.get("/review", dependencies=[requires(Permission.READ_CHECKINS)])
def list_checkins_for_review(
    session: SessionDep, actor: ActorDep, pager: PagerDep
) -> Page[WaitingCheckin]:
    """What of one's caseload waits for a look: with concerns first, then the oldest."""
    caseload = actor.caseload_officer_id
    rows = service.list_for_review(session, caseload, _after(pager), pager.fetch)
    page, next_cursor = pager.cut(rows, lambda row: (row.rank, to_us(row.opens_at), row.id))
    return Page(items=[WaitingCheckin.model_validate(row) for row in page], next=next_cursor)


@router.get("/{checkin_id}/submission", dependencies=[requires(Permission.READ_CHECKINS)])
def get_submission(checkin_id: Id, viewing: ViewingDep) -> Submission:
    """What somebody told at a check-in of one's caseload; the look is on record."""
    caseload = viewing.actor.caseload_officer_id
    row = service.get_submission(viewing.session, checkin_id, caseload)
    viewing.record(audit.Tag.CHECKIN_VIEWED, f"checkin:{checkin_id}")
    return Submission.model_validate(row)


def _after(pager: Pager) -> ReviewKey | None:
    """The place of the last row of the page before."""
    key = pager.after(3)
    try:
        return None if key is None else ReviewKey(key[0], from_us(key[1]), key[2])
    except OverflowError as error:
        raise Invalid("The cursor is not one that this list gave.") from error

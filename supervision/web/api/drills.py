"""Drills: marked test alerts that walk an agency's ladder, and what came of them."""

from fastapi import APIRouter, status

from alerts import service as alerting
from supervision.core.access import Permission
from supervision.web.api.drill_bodies import Drill, NewDrill, shown
from supervision.web.deps import ActorDep, Id, NowDep, SessionDep, requires
from supervision.web.paging import Page, PagerDep

router = APIRouter(prefix="/drills", tags=["drills"])


@router.get("", dependencies=[requires(Permission.READ_ALERTS)])
def list_drills(session: SessionDep, pager: PagerDep) -> Page[Drill]:
    """The agency's drills, newest first."""
    rows = alerting.list_drills(session, pager.after_id(), pager.fetch)
    page, next_cursor = pager.cut(rows, lambda row: (row.id,))
    return Page(items=[shown(row) for row in page], next=next_cursor)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.SET_RESPONSES)],
)
def start_drill(body: NewDrill, session: SessionDep, actor: ActorDep, now: NowDep) -> Drill:
    """Raise a marked test alert, which walks the real ladder by the real channels."""
    new = alerting.NewDrill(body.kind, body.officer_id, body.is_at_once)
    drill_id = alerting.start_drill(session, actor.agency_id, new, actor, now)
    return shown(alerting.read_drill(session, drill_id))


@router.get("/{drill_id}", dependencies=[requires(Permission.READ_ALERTS)])
def get_drill(drill_id: Id, session: SessionDep) -> Drill:
    """Who was reached, how and when, and which way failed."""
    return shown(alerting.read_drill(session, drill_id))


@router.post("/{drill_id}/answer", dependencies=[requires(Permission.READ_ALERTS)])
def answer_drill(drill_id: Id, session: SessionDep, actor: ActorDep, now: NowDep) -> Drill:
    """Say that it reached oneself; the drill goes on."""
    alerting.answer_drill(session, actor, drill_id, now)
    return shown(alerting.read_drill(session, drill_id))


@router.post("/{drill_id}/end", dependencies=[requires(Permission.SET_RESPONSES)])
def end_drill(drill_id: Id, session: SessionDep, actor: ActorDep, now: NowDep) -> Drill:
    """Tell nobody more."""
    alerting.end_drill(session, actor, drill_id, now)
    return shown(alerting.read_drill(session, drill_id))

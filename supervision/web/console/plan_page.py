"""The plan editor: what somebody must do, tried out and saved; and pauses of all of it."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from supervision.checkins import service as checkins
from supervision.core.access import Permission
from supervision.core.errors import Conflict, Invalid, NotFound
from supervision.register.service import get_supervisee
from supervision.web.api.checkin_plan_bodies import CheckinPlan, NewCheckinPlan, shown_plan
from supervision.web.api.checkin_plan_preview import Preview, preview_checkin_plan
from supervision.web.console.checkin_handling import read_local
from supervision.web.console.fields import Fields, FieldsDep
from supervision.web.console.plan_form import USUAL, body_of, fields_of, holds
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.deps import Id, RuntimeDep, requires

router = APIRouter(dependencies=[requires(Permission.PLAN_CHECKINS)])

# Parts of a body that the form does not name.
_UNSAID = {"timing", "regular", "unannounced"}
TOO_MUCH = "This plan has more than the form can hold; it is changed by the API."


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan in the editor: new, or one that is changed; and what came of trying or saving it."""

    fields: Fields
    plan: CheckinPlan | None = None
    preview: Preview | None = None
    faults: tuple[str, ...] = ()


@router.get("/supervisees/{supervisee_id}/check-in-plans/new")
def ask_for_plan(visit: VisitDep, supervisee_id: Id) -> Response:
    """The empty form, with what is usual."""
    return _page(visit, supervisee_id, Draft(Fields(USUAL)))


@router.post("/supervisees/{supervisee_id}/check-in-plans")
def make_plan(
    visit: VisitDep, runtime: RuntimeDep, supervisee_id: Id, fields: FieldsDep
) -> Response:
    """Try a new plan, or save it; the form again with what is wrong with it."""
    draft = _tried(visit, supervisee_id, Draft(fields))
    if draft.faults or fields.one("act") != "save":
        return _page(visit, supervisee_id, draft)
    planning = runtime.monitor.checkin_planning(visit.session, visit.actor)
    planning.plan(supervisee_id, _asked(fields).asked)
    return _back(supervisee_id)


@router.get("/check-in-plans/{plan_id}")
def show_plan(visit: VisitDep, plan_id: Id) -> Response:
    """The form with a plan as it stands."""
    plan = _plan(visit, plan_id)
    faults = () if holds(plan) else (TOO_MUCH,)
    return _page(visit, plan.supervisee_id, Draft(fields_of(plan), plan, faults=faults))


@router.post("/check-in-plans/{plan_id}")
def change_plan(visit: VisitDep, runtime: RuntimeDep, plan_id: Id, fields: FieldsDep) -> Response:
    """Try a change, or save it: a new version from now on."""
    plan = _plan(visit, plan_id)
    draft = _tried(visit, plan.supervisee_id, Draft(fields, plan))
    if draft.faults or fields.one("act") != "save":
        return _page(visit, plan.supervisee_id, draft)
    planning = runtime.monitor.checkin_planning(visit.session, visit.actor)
    planning.change(plan_id, _asked(fields).asked)
    return _back(plan.supervisee_id)


@router.post("/check-in-plans/{plan_id}/end")
def end_plan(visit: VisitDep, runtime: RuntimeDep, plan_id: Id) -> Response:
    """Ask for nothing more by this plan."""
    row = runtime.monitor.checkin_planning(visit.session, visit.actor).end(plan_id)
    return _back(row.supervisee_id)


@router.post("/supervisees/{supervisee_id}/check-in-pauses")
def pause(
    visit: VisitDep,
    runtime: RuntimeDep,
    supervisee_id: Id,
    reason: Annotated[str, Form(max_length=4_000)] = "",
    begins: Annotated[str, Form(max_length=40)] = "",
    ends: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Ask somebody for nothing in a time, by this agency's clock."""
    begins_at = _instant(visit, begins) or visit.now
    new = checkins.NewPause(begins_at, _instant(visit, ends), reason)
    runtime.monitor.checkin_planning(visit.session, visit.actor).pause(supervisee_id, new)
    return _back(supervisee_id)


@router.post("/check-in-pauses/{pause_id}/end")
def end_pause(visit: VisitDep, runtime: RuntimeDep, pause_id: Id) -> Response:
    """Ask again as the plans say, from now on."""
    row = runtime.monitor.checkin_planning(visit.session, visit.actor).end_pause(pause_id)
    return _back(row.supervisee_id)


def _tried(visit: Visit, supervisee_id: int, draft: Draft) -> Draft:
    """The draft with the dates it would ask for, or with what is wrong with it."""
    try:
        body = _asked(draft.fields)
        preview = preview_checkin_plan(supervisee_id, body, visit.session, visit.actor, visit.now)
    except ValidationError as error:
        return Draft(draft.fields, draft.plan, faults=_faults(error))
    except (Invalid, Conflict) as error:
        return Draft(draft.fields, draft.plan, faults=(error.message,))
    return Draft(draft.fields, draft.plan, preview)


def _asked(fields: Fields) -> NewCheckinPlan:
    return NewCheckinPlan.model_validate(body_of(fields))


def _faults(error: ValidationError) -> tuple[str, ...]:
    """What is wrong, with the names of the fields as the form has them."""
    told = []
    for fault in error.errors(include_url=False):
        where = [str(part) for part in fault["loc"] if str(part).isidentifier()]
        names = [name.replace("_", " ") for name in where if name not in _UNSAID]
        told.append(f"{' '.join(names).capitalize()}: {fault['msg']}")
    return tuple(told)


def _plan(visit: Visit, plan_id: int) -> CheckinPlan:
    row = checkins.get_plan(visit.session, plan_id, visit.actor.caseload_officer_id)
    if row.ended_at is not None:
        raise NotFound
    return shown_plan(row, checkins.short_weeks(visit.session, [row], visit.now))


def _instant(visit: Visit, at: str) -> datetime | None:
    return read_local(at, visit.times.zone, visit.now) if at else None


def _page(visit: Visit, supervisee_id: int, draft: Draft) -> Response:
    person = get_supervisee(visit.session, supervisee_id, visit.actor.caseload_officer_id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if draft.faults else HTTPStatus.OK
    return visit.page("plan.html", status, person=person, draft=draft)


def _back(supervisee_id: int) -> Response:
    return RedirectResponse(f"/supervisees/{supervisee_id}#checkins", HTTPStatus.SEE_OTHER)

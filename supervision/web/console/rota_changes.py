"""Where a supervisor changes and ends a rota, and puts somebody else on call for a time."""

from collections.abc import Callable
from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from alerts import service as alerting
from alerts.service import NewOverride
from supervision.core.access import Permission
from supervision.core.errors import Conflict, Invalid, NotFound
from supervision.web.console.checkin_handling import read_local
from supervision.web.console.fields import FieldsDep
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.console.rota_form import read_id, turns_of, with_more_rows
from supervision.web.console.rotas import PAGE, Draft, rota_page, to_rota
from supervision.web.deps import Id, requires

router = APIRouter(prefix=PAGE + "/{rota_id}", dependencies=[requires(Permission.SET_RESPONSES)])


@router.post("")
def change_rota(visit: VisitDep, rota_id: Id, fields: FieldsDep) -> Response:
    """Change who takes turns, or give the form one more row."""
    if fields.one("act") == "more":
        return rota_page(visit, rota_id, Draft("more", fields=with_more_rows(fields)))

    def change() -> None:
        alerting.change_rota(visit.session, visit.actor, rota_id, turns_of(fields), visit.now)

    return _do(visit, rota_id, Draft("turns", fields=fields), change)


@router.post("/overrides")
def override_rota(visit: VisitDep, rota_id: Id, fields: FieldsDep) -> Response:
    """Put somebody else on call for a time, by this agency's clock."""

    def override() -> None:
        zone, officer_id = visit.times.zone, read_id(fields.one("officer"))
        begins_at, ends_at = (
            read_local(fields.one(name), zone, visit.now) for name in ("begins", "ends")
        )
        new = NewOverride(officer_id, begins_at, ends_at)
        alerting.override_rota(visit.session, visit.actor, rota_id, new, visit.now)

    return _do(visit, rota_id, Draft("override", fields=fields), override)


@router.post("/overrides/{rota_override_id}/end")
def end_override(visit: VisitDep, rota_id: Id, rota_override_id: Id) -> Response:
    """Take an override back."""
    alerting.end_override(visit.session, visit.actor, rota_override_id, visit.now)
    return to_rota(rota_id)


@router.post("/end")
def end_rota(visit: VisitDep, rota_id: Id) -> Response:
    """End it; or say which ladder leads there."""
    try:
        alerting.end_rota(visit.session, visit.actor, rota_id, visit.now)
    except Conflict as refusal:
        return rota_page(visit, rota_id, Draft("end", refusal.message))
    return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER)


def _do(visit: Visit, rota_id: int, draft: Draft, work: Callable[[], None]) -> Response:
    """Do it and go back to the rota; or show it again with why not, and what was typed."""
    alerting.get_rota(visit.session, rota_id)
    try:
        work()
    except (Invalid, NotFound) as refusal:
        return rota_page(visit, rota_id, Draft(draft.act, refusal.message, draft.fields))
    return to_rota(rota_id)

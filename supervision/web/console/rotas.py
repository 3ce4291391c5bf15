"""The rotas: who is on call now and next; made, changed, ended, and overridden for a time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from alerts import service as alerting
from alerts.rota import Duty
from alerts.service import NewOverride, RotaRecord
from supervision.core.access import Permission
from supervision.core.errors import Conflict, Invalid, NotFound
from supervision.web.api.fields import Note
from supervision.web.console.checkin_handling import read_local
from supervision.web.console.fields import Fields, FieldsDep
from supervision.web.console.post_facts import read_posts
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.console.rota_form import (
    empty_fields,
    fields_of,
    read_id,
    row_count,
    turns_of,
    with_more_rows,
)
from supervision.web.deps import Id, requires

router = APIRouter()

PAGE = "/rotas"
ONE = PAGE + "/{rota_id}"
READS = requires(Permission.READ_AGENCY)
SETS = requires(Permission.SET_RESPONSES)
LOOK_AHEAD = timedelta(days=7)
Written = Annotated[Note, Form()]


@dataclass(frozen=True, slots=True)
class Draft:
    """What was sent with one of a page's forms, and what is wrong with it."""

    act: str = ""
    fault: str = ""
    fields: Fields = field(default_factory=Fields)


@dataclass(frozen=True, slots=True)
class RotaAhead:
    """A rota, and who is on call by it from now on for a week; the first is on call now."""

    rota: RotaRecord
    duties: list[Duty]


@router.get(PAGE, dependencies=[READS])
def show_rotas(visit: VisitDep) -> Response:
    """All of them, and a form to make another."""
    return _list_page(visit, Draft(fields=empty_fields(_today(visit))))


@router.post(PAGE, dependencies=[SETS])
def make_rota(visit: VisitDep, fields: FieldsDep, name: Written = "") -> Response:
    """Make one, or give the form one more row; or the form as typed with what is wrong."""
    if fields.one("act") == "more":
        return _list_page(visit, Draft(fields=with_more_rows(fields)))
    try:
        named = _named(name)
        made = alerting.add_rota(visit.session, visit.actor, named, turns_of(fields), visit.now)
    except (Invalid, NotFound, Conflict) as refusal:
        return _list_page(visit, Draft("turns", refusal.message, fields))
    return _to(made.id)


@router.get(ONE, dependencies=[READS])
def show_rota(visit: VisitDep, rota_id: Id) -> Response:
    """One, the week ahead, what overrides it, and the forms for whoever sets responses."""
    return _page(visit, rota_id, Draft())


@router.post(ONE, dependencies=[SETS])
def change_rota(visit: VisitDep, rota_id: Id, fields: FieldsDep) -> Response:
    """Change who takes turns, or give the form one more row."""
    if fields.one("act") == "more":
        return _page(visit, rota_id, Draft("more", fields=with_more_rows(fields)))

    def change() -> None:
        alerting.change_rota(visit.session, visit.actor, rota_id, turns_of(fields), visit.now)

    return _do(visit, rota_id, Draft("turns", fields=fields), change)


@router.post(ONE + "/overrides", dependencies=[SETS])
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


@router.post(ONE + "/overrides/{rota_override_id}/end", dependencies=[SETS])
def end_override(visit: VisitDep, rota_id: Id, rota_override_id: Id) -> Response:
    """Take an override back."""
    alerting.end_override(visit.session, visit.actor, rota_override_id, visit.now)
    return _to(rota_id)


@router.post(ONE + "/end", dependencies=[SETS])
def end_rota(visit: VisitDep, rota_id: Id) -> Response:
    """End it; or say which ladder leads there."""
    try:
        alerting.end_rota(visit.session, visit.actor, rota_id, visit.now)
    except Conflict as refusal:
        return _page(visit, rota_id, Draft("end", refusal.message))
    return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER)


def _do(visit: Visit, rota_id: int, draft: Draft, work: Callable[[], None]) -> Response:
    """Do it and go back to the rota; or show it again with why not, and what was typed."""
    alerting.get_rota(visit.session, rota_id)
    try:
        work()
    except (Invalid, NotFound) as refusal:
        return _page(visit, rota_id, Draft(draft.act, refusal.message, draft.fields))
    return _to(rota_id)


def _list_page(visit: Visit, draft: Draft) -> Response:
    rotas = [_ahead(visit, one) for one in alerting.list_rotas(visit.session)]
    rows = row_count(draft.fields)
    return _shown(visit, "rotas.html", draft, rotas=rotas, rows=rows)


def _page(visit: Visit, rota_id: int, draft: Draft) -> Response:
    rota = alerting.get_rota(visit.session, rota_id)
    is_typed = draft.act in {"turns", "more"}
    turns = draft.fields if is_typed else fields_of(rota, visit.now)
    return _shown(
        visit,
        "rota.html",
        draft,
        one=_ahead(visit, rota),
        overrides=alerting.list_overrides(visit.session, rota_id, visit.now),
        turns=turns,
        rows=row_count(turns),
    )


def _shown(visit: Visit, template: str, draft: Draft, **facts: object) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if draft.fault else HTTPStatus.OK
    return visit.page(template, status, draft=draft, posts=read_posts(visit.session), **facts)


def _named(name: str) -> str:
    if not name:
        raise Invalid("Give the rota a name: ladders show it.")
    return name


def _ahead(visit: Visit, rota: RotaRecord) -> RotaAhead:
    until = visit.now + LOOK_AHEAD
    return RotaAhead(rota, alerting.list_duties(visit.session, rota.id, visit.now, until))


def _today(visit: Visit) -> date:
    return visit.now.astimezone(visit.times.zone).date()


def _to(rota_id: int) -> Response:
    return RedirectResponse(f"{PAGE}/{rota_id}", HTTPStatus.SEE_OTHER)

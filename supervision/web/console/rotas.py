"""The rotas: who is on call now and next, and a form to make another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from alerts import service as alerting
from alerts.escalation import Post, Rung
from alerts.rota import Stint
from alerts.service import RotaRecord
from supervision.core.access import Permission
from supervision.core.errors import Conflict, Invalid, NotFound
from supervision.web.api.fields import Note
from supervision.web.console.fields import Fields, FieldsDep
from supervision.web.console.post_facts import read_posts
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.console.rota_form import (
    empty_fields,
    fields_of,
    row_count,
    turns_of,
    with_more_rows,
)
from supervision.web.console.standing import read_warnings
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
    stints: list[Stint]


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
    return to_rota(made.id)


@router.get(ONE, dependencies=[READS])
def show_rota(visit: VisitDep, rota_id: Id) -> Response:
    """One, the week ahead, what overrides it, and the forms for whoever sets responses."""
    return rota_page(visit, rota_id, Draft())


def _list_page(visit: Visit, draft: Draft) -> Response:
    rotas = [_ahead(visit, one) for one in alerting.list_rotas(visit.session)]
    rows = row_count(draft.fields)
    return _shown(visit, "rotas.html", draft, rotas, rows=rows)


def rota_page(visit: Visit, rota_id: int, draft: Draft) -> Response:
    """A rota's page with one of its forms as it was sent; raises NotFound."""
    rota = alerting.get_rota(visit.session, rota_id)
    is_typed = draft.act in {"turns", "more"}
    turns = draft.fields if is_typed else fields_of(rota, visit.now)
    return _shown(
        visit,
        "rota.html",
        draft,
        [_ahead(visit, rota)],
        overrides=alerting.list_overrides(visit.session, rota_id, visit.now),
        turns=turns,
        rows=row_count(turns),
    )


def _shown(
    visit: Visit, template: str, draft: Draft, rotas: Sequence[RotaAhead], **facts: object
) -> Response:
    posts = read_posts(visit.session)
    rungs = [Rung(0, Post.ROTA, one.rota.id) for one in rotas]
    return visit.page(
        template,
        HTTPStatus.UNPROCESSABLE_ENTITY if draft.fault else HTTPStatus.OK,
        draft=draft,
        posts=posts,
        rotas=rotas,
        warnings=read_warnings(visit, posts, rungs),
        **facts,
    )


def _named(name: str) -> str:
    if not name:
        raise Invalid("Give the rota a name: ladders show it.")
    return name


def _ahead(visit: Visit, rota: RotaRecord) -> RotaAhead:
    until = visit.now + LOOK_AHEAD
    return RotaAhead(rota, alerting.list_stints(visit.session, rota.id, visit.now, until))


def _today(visit: Visit) -> date:
    return visit.now.astimezone(visit.times.zone).date()


def to_rota(rota_id: int) -> Response:
    """Go to a rota's page."""
    return RedirectResponse(f"{PAGE}/{rota_id}", HTTPStatus.SEE_OTHER)

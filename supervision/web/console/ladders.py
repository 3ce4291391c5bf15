"""The ladders: how alerts of each kind climb that nobody sees to, and a form to change that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts import escalation
from alerts import service as alerting
from alerts.catalogue import CATALOGUE, AlertKind
from alerts.escalation import Ladder, catalogued
from supervision.core.access import Permission
from supervision.core.errors import Invalid, NotFound
from supervision.web.console.backups import read_backups
from supervision.web.console.fields import Fields, FieldsDep
from supervision.web.console.ladder_form import (
    MOST_ROWS,
    fields_of,
    ladder_of,
    row_count,
    with_more_rows,
)
from supervision.web.console.post_facts import read_posts
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.console.standing import read_warnings
from supervision.web.deps import requires

router = APIRouter()

PAGE = "/ladders"
ONE = PAGE + "/{kind}"
READS = requires(Permission.READ_ALERTS)
SETS = requires(Permission.SET_RESPONSES)


@dataclass(frozen=True, slots=True)
class KindLadder:
    """How alerts of a kind climb; `is_own` where that is not as the catalogue has it.

    Who wrote it last, and when, is None where the agency never did.
    """

    kind: AlertKind
    ladder: Ladder
    is_own: bool
    written_by: str | None
    written_at: datetime | None

    @property
    def is_ever_critical(self) -> bool:
        """Whether no agency may be slower with it than a floor."""
        return CATALOGUE[self.kind].is_ever_critical


@router.get(PAGE, dependencies=[READS])
def show_ladders(visit: VisitDep) -> Response:
    """Every kind, those that may become critical first."""
    ladders = _read(visit.session, visit.actor.agency_id).values()
    graver_first = sorted(ladders, key=lambda one: not one.is_ever_critical)
    rungs = [rung for one in ladders for rung in one.ladder.rungs]
    posts = read_posts(visit.session)
    return visit.page(
        "ladders.html",
        ladders=graver_first,
        posts=posts,
        warnings=read_warnings(visit, posts, rungs),
        backups=read_backups(visit, posts),
    )


@router.get(ONE, dependencies=[READS])
def show_ladder(visit: VisitDep, kind: AlertKind) -> Response:
    """One kind's, and the form for whoever sets responses."""
    ladder = alerting.read_ladder(visit.session, visit.actor.agency_id, kind)
    return _page(visit, kind, fields_of(ladder))


@router.post(ONE, dependencies=[SETS])
def set_ladder(visit: VisitDep, kind: AlertKind, fields: FieldsDep) -> Response:
    """Set it, or give the form one more row; or the form as typed with what is wrong."""
    if fields.one("act") == "more":
        return _page(visit, kind, with_more_rows(fields))
    try:
        alerting.write_ladder(visit.session, visit.actor, kind, ladder_of(fields), visit.now)
    except (Invalid, NotFound) as refusal:
        return _page(visit, kind, fields, refusal.message)
    return RedirectResponse(f"{PAGE}/{kind}", HTTPStatus.SEE_OTHER)


@router.post(ONE + "/restore", dependencies=[SETS])
def restore_ladder(visit: VisitDep, kind: AlertKind) -> Response:
    """Go back to the catalogue's."""
    alerting.restore_ladder(visit.session, visit.actor, kind, visit.now)
    return RedirectResponse(f"{PAGE}/{kind}", HTTPStatus.SEE_OTHER)


def _page(visit: Visit, kind: AlertKind, fields: Fields, fault: str | None = None) -> Response:
    one, posts = _read(visit.session, visit.actor.agency_id)[kind], read_posts(visit.session)
    return visit.page(
        "ladder.html",
        HTTPStatus.OK if fault is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        one=one,
        posts=posts,
        warnings=read_warnings(visit, posts, one.ladder.rungs),
        fields=fields,
        rows=row_count(fields),
        most_rows=MOST_ROWS,
        floor=escalation,
        fault=fault,
    )


def _read(session: Session, agency_id: int) -> Mapping[AlertKind, KindLadder]:
    written = {row.kind: row for row in session.execute(_WRITTEN, {"agency": agency_id})}
    return {
        kind: KindLadder(
            kind,
            ladder,
            ladder != catalogued(kind),
            written[kind].written_by if kind in written else None,
            written[kind].written_at if kind in written else None,
        )
        for kind, ladder in alerting.read_ladders(session, agency_id).items()
    }


_WRITTEN = text(
    "SELECT DISTINCT ON (l.kind) l.kind, o.display_name AS written_by, l.written_at"
    " FROM escalation_ladder l JOIN officer o ON o.id = l.written_by_id"
    " WHERE l.agency_id = :agency ORDER BY l.kind, l.version DESC"
)

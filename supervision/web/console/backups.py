"""Who stands in for whom: the backups whom ladders tell next, listed and set."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import text

from supervision.core.access import Permission
from supervision.register.service import set_backup
from supervision.web.console.post_facts import Posts
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.console.rota_form import read_id
from supervision.web.deps import Id, requires

router = APIRouter(dependencies=[requires(Permission.SET_RESPONSES)])


@dataclass(frozen=True, slots=True)
class StandIn:
    """An officer who can be told, and who stands in for him; None: nobody."""

    officer_id: int
    backup_id: int | None


@router.post("/officers/{officer_id}/backup")
def choose_backup(
    visit: VisitDep, officer_id: Id, backup: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    """Say who stands in for an officer; empty: nobody."""
    chosen = backup.strip()
    backup_id = read_id(chosen) if chosen else None
    set_backup(visit.session, visit.actor, officer_id, backup_id, visit.now)
    return RedirectResponse("/ladders#backups", HTTPStatus.SEE_OTHER)


def read_backups(visit: Visit, posts: Posts) -> Sequence[StandIn]:
    """Of every officer who can be told, by name."""
    rows = visit.session.execute(_BACKUPS, {"agency": visit.actor.agency_id})
    backups = {row.id: row.backup_id for row in rows}
    return [StandIn(one, backups[one]) for one in posts.officers]


_BACKUPS = text("SELECT id, backup_id FROM officer WHERE agency_id = :agency")

"""Turns templates into pages: what every page knows, and how a refusal looks to a person."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind
from alerts.rules import may_handle
from supervision.core.access import Actor, Permission
from supervision.core.settings import Settings
from supervision.web.api.viewing import ViewingDep
from supervision.web.console import checkin_words, reach_words, wording
from supervision.web.console.navigation import Section, sections_of
from supervision.web.console.times import Times
from supervision.web.deps import RuntimeDep, SignInDep
from supervision.web.problems import Problem

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals.update(
    words=wording, checkin_words=checkin_words, reach_words=reach_words, Permission=Permission
)


def _query(chosen: dict[str, object]) -> str:
    """What is chosen as a query; empty where nothing is."""
    query = urlencode({name: value for name, value in chosen.items() if value is not None})
    return f"?{query}" if query else ""


_templates.filters.update(query=_query, slug=wording.slug)


@dataclass(frozen=True)
class Visit:
    """A signed-in officer's request for a page; reads nothing before the page is made."""

    request: Request
    sign_in: SignInDep
    viewing: ViewingDep
    runtime: RuntimeDep

    @property
    def settings(self) -> Settings:
        """The installation's."""
        return self.runtime.settings

    @property
    def session(self) -> Session:
        """The request's transaction."""
        return self.viewing.session

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.viewing.actor

    @property
    def now(self) -> datetime:
        """The request's present instant, aware UTC."""
        return self.viewing.now

    @property
    def is_fragment(self) -> bool:
        """Whether a script asks for a part of a page rather than a browser for the whole."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def times(self) -> Times:
        """The agency's wall clock."""
        return self._agency[1]

    @property
    def sections(self) -> list[Section]:
        """Where the navigation leads."""
        return sections_of(self.actor)

    def may_handle(self, kind: str) -> bool:
        """Whether the officer handles alerts of this kind."""
        is_granted = self.actor.may(Permission.HANDLE_ALERTS)
        return is_granted and may_handle(self.actor.role, AlertKind(kind))

    def page(
        self, template: str, status: HTTPStatus = HTTPStatus.OK, **context: object
    ) -> Response:
        """The page, or the fragment, that this template makes of the context."""
        context |= {"visit": self, "agency": self._agency[0], "times": self.times}
        return HTMLResponse(_templates.get_template(template).render(context), status)

    @cached_property
    def _agency(self) -> tuple[str, Times]:
        return _read_agency(self.session, self.actor, self.now)


VisitDep = Annotated[Visit, Depends()]


def public_page(
    template: str, status: HTTPStatus = HTTPStatus.OK, **context: object
) -> HTMLResponse:
    """A page for whoever asks, signed in or not."""
    return HTMLResponse(_templates.get_template(template).render(context), status)


def error_page(request: Request, problem: Problem) -> Response:
    """A refusal or failure as a page; whoever is not signed in is taken to where they can."""
    if problem.status is HTTPStatus.UNAUTHORIZED:
        wanted = request.url.path if request.method == "GET" else "/"
        query = "" if wanted == "/" else f"?next={quote(wanted)}"
        return RedirectResponse(f"/sign-in{query}", HTTPStatus.SEE_OTHER)
    response = public_page("error.html", problem.status, problem=problem)
    response.headers.update(problem.headers)
    return response


def _read_agency(session: Session, actor: Actor, now: datetime) -> tuple[str, Times]:
    row = session.execute(
        text("SELECT name, time_zone FROM agency WHERE id = :agency"), {"agency": actor.agency_id}
    ).one()
    return row.name, Times(now, ZoneInfo(row.time_zone))

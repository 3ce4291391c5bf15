"""What a route asks for: who is calling, may they, the time, and a transaction of their agency.

Typical route::

    @router.get("/zones/{zone_id}", dependencies=[requires(Permission.READ_ZONES)])
    def get_zone(zone_id: Id, session: SessionDep, actor: ActorDep, now: NowDep) -> ZoneFeature:

Every route names exactly one `requires(...)` or `PUBLIC`; a test walks them all.
"""

import secrets
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Path, Request
from fastapi.params import Depends as Dependency
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from supervision.core.access import Actor, Permission
from supervision.core.db import transaction
from supervision.core.errors import NotAllowed, NotSignedIn
from supervision.web.auth import COOKIE, SignInDesk
from supervision.web.runtime import WebRuntime
from supervision.web.security import SAFE_METHODS
from supervision.web.sessions import SignIn, find_sign_in

MOST_BIGINT = 2**63 - 1
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf_token"
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")

Id = Annotated[int, Path(ge=1, le=MOST_BIGINT, examples=[42])]
"""A row's id in a path; larger than the database can hold is a wrong request, not a failure."""


# Asynchronous where there is nothing to wait for, so that no thread is taken for it.
async def get_runtime(request: Request) -> WebRuntime:
    """What the application was made with."""
    return cast("WebRuntime", request.app.state.runtime)


RuntimeDep = Annotated[WebRuntime, Depends(get_runtime)]


async def get_now(runtime: RuntimeDep) -> datetime:
    """The request's one present instant, aware UTC."""
    return runtime.clock()


NowDep = Annotated[datetime, Depends(get_now)]


BearerDep = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(HTTPBearer(auto_error=False, description="The token that `open_session` gave")),
]


# What an open page asks for by itself; nobody need be sitting before it.
_UNASKED_PATHS = frozenset({"/live"})
_UNASKED_HEADER = "X-Background"


def get_sign_in(request: Request, runtime: RuntimeDep, bearer: BearerDep) -> SignIn:
    """Who is signed in, by `Authorization: Bearer` or by cookie.

    Raises:
        NotSignedIn: Nobody is.
    """
    token = request.cookies.get(COOKIE) if bearer is None else bearer.credentials
    if not token:
        raise NotSignedIn
    is_unasked = request.url.path in _UNASKED_PATHS or _UNASKED_HEADER in request.headers
    return find_sign_in(runtime, token, is_in_use=not is_unasked)


SignInDep = Annotated[SignIn, Depends(get_sign_in)]


async def get_form_token(request: Request) -> AsyncGenerator[str]:
    """The CSRF token in a form's field, or an empty text; closes what was uploaded with it."""
    is_form = request.headers.get("content-type", "").startswith(_FORM_TYPES)
    if request.method in SAFE_METHODS or not is_form:
        yield ""
        return
    async with request.form() as form:
        field = form.get(CSRF_FIELD)
        yield field if isinstance(field, str) else ""


async def get_actor(
    request: Request,
    sign_in: SignInDep,
    bearer: BearerDep,
    form_token: Annotated[str, Depends(get_form_token)],
) -> Actor:
    """The officer on whose behalf the request acts.

    A request that changes something and is signed in by cookie must carry the session's CSRF
    token, as header X-CSRF-Token or as form field csrf_token.

    Raises:
        NotSignedIn: Nobody is signed in.
        NotAllowed: The CSRF token is missing or wrong.
    """
    if request.method not in SAFE_METHODS and bearer is None:
        sent = request.headers.get(CSRF_HEADER) or form_token
        if not secrets.compare_digest(sent.encode(), sign_in.csrf_token.encode()):
            raise NotAllowed("The page's security token is missing or old; load the page again.")
    return sign_in.actor


ActorDep = Annotated[Actor, Depends(get_actor)]


async def take_transaction_place(request: Request) -> AsyncGenerator[None]:
    """One of the places for an open transaction, fewer than there are connections.

    A request gives its thread back between its steps but keeps its connection. Without this, all
    connections could be with requests that wait for a thread, and all threads with requests that
    wait for a connection. Those in the queue hold neither.
    """
    async with request.app.state.transaction_places:
        yield


def open_session(
    runtime: RuntimeDep,
    actor: ActorDep,
    _place: Annotated[None, Depends(take_transaction_place, scope="function")],
) -> Generator[Session]:
    """One transaction of the actor's agency, committed before the answer is sent."""
    with transaction(runtime.engine, actor.agency_id) as session:
        yield session


SessionDep = Annotated[Session, Depends(open_session, scope="function")]


async def take_hashing_place(request: Request) -> AsyncGenerator[None]:
    """One of the few places for hashing a password, for as long as the endpoint runs.

    Hashing takes memory and a processor on purpose, so only a few do it at once; the others wait
    without holding a thread. Use with `scope="function"`.
    """
    async with request.app.state.hashing_places:
        yield


def get_desk(
    request: Request, _place: Annotated[None, Depends(take_hashing_place, scope="function")]
) -> SignInDesk:
    """The sign-in desk, once a place for hashing is free."""
    return cast("SignInDesk", request.app.state.sign_in_desk)


DeskDep = Annotated[SignInDesk, Depends(get_desk)]


@dataclass(frozen=True, slots=True)
class Requires:
    """Lets a request pass if the actor's role grants the permission."""

    permission: Permission

    async def __call__(self, actor: ActorDep) -> None:
        """Check; raises NotAllowed."""
        actor.require(self.permission)


def requires(permission: Permission) -> Dependency:
    """For a route's `dependencies`: whoever calls must be signed in and may do this."""
    return cast("Dependency", Depends(Requires(permission)))


async def allow_anybody() -> None:
    """Nothing is checked."""


PUBLIC = cast("Dependency", Depends(allow_anybody))
"""For a route's `dependencies`: anybody may call, signed in or not."""

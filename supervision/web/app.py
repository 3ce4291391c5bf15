"""Puts the web room together: API, console, live feed, and what guards them all."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import anyio
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from fastapi_offline import FastAPIOffline
from sqlalchemy import QueuePool
from starlette.middleware import Middleware

from supervision.core.errors import Broken
from supervision.web import (
    api,
    calendar,
    console,
    dispatch,
    live,
    metrics,
    person,
    problems,
    receipts,
)
from supervision.web.api.fields import PROBLEMS
from supervision.web.attempts import Strangers
from supervision.web.auth import SignInDesk
from supervision.web.runtime import WebRuntime
from supervision.web.security import (
    DISPATCH_PATHS,
    PERSON_PATHS,
    BodyLimit,
    FailuresWithoutWords,
    OwnOriginOnly,
    SecurityHeaders,
)

API_VERSION = "1"
HASHING_PLACES = 2
STATIC_FOLDER = Path(__file__).parent / "static"


def create_app(runtime: WebRuntime) -> FastAPI:
    """The web application; nothing is opened before it is served.

    Args:
        runtime: What it works with; its engine must be under the web role.
    """
    app: FastAPI = FastAPIOffline(
        docs_url="/docs",
        redoc_url=None,
        title="Supervision",
        summary="Remote supervision in intimate-partner-violence cases.",
        version=API_VERSION,
        lifespan=_lifespan(runtime),
        generate_unique_id_function=_operation_id,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(FailuresWithoutWords),
            Middleware(OwnOriginOnly),
            Middleware(BodyLimit),
        ],
    )
    app.state.runtime = runtime
    app.state.sign_in_desk = SignInDesk(runtime)
    app.state.dispatch_strangers = Strangers()
    app.state.hashing_places = anyio.CapacityLimiter(HASHING_PLACES)
    app.state.transaction_places = anyio.CapacityLimiter(max(1, _connections(runtime) - 1))
    problems.install(app, _error_page)
    app.include_router(api.router)
    app.include_router(live.router, responses=PROBLEMS)
    app.include_router(calendar.router, responses=PROBLEMS)
    app.include_router(metrics.router)
    app.include_router(receipts.router, responses=PROBLEMS)
    app.include_router(console.router)
    app.include_router(person.router)
    app.include_router(dispatch.router, responses=PROBLEMS)
    app.mount("/static", StaticFiles(directory=STATIC_FOLDER), name="static")
    return app


def _error_page(request: Request, problem: problems.Problem) -> Response:
    """A refusal or failure as a page: the console's, or one that tells a person nothing of it."""
    if request.url.path.startswith(PERSON_PATHS):
        return person.error_page(request, problem)
    if request.url.path.startswith(DISPATCH_PATHS):
        return dispatch.error_page(problem)
    return console.error_page(request, problem)


def _lifespan(runtime: WebRuntime) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        # More threads than connections would only wait for one another.
        current_default_thread_limiter().total_tokens = _connections(runtime)
        yield

    return lifespan


def _connections(runtime: WebRuntime) -> int:
    pool = runtime.engine.pool
    if not isinstance(pool, QueuePool):
        message = "The web application needs an engine whose pool has a size."
        raise Broken(message)
    return pool.size()


def _operation_id(route: APIRoute) -> str:
    return route.name

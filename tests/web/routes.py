"""Every route the application has, as tests walk them."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Mount, Route

from supervision.core.access import Permission
from supervision.web.deps import Requires, allow_anybody


@dataclass(frozen=True)
class Endpoint:
    """One method of one route, and what its dependencies ask of the caller."""

    method: str
    path: str
    name: str
    permissions: tuple[Permission, ...]
    is_public: bool


def endpoints(app: FastAPI) -> Iterator[Endpoint]:
    """All routes of ours, in order; mounted folders and the documentation pages are not."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            asked = list(_calls(context.dependant))
            permissions = tuple({one.permission for one in asked if isinstance(one, Requires)})
            for method in sorted(context.methods or ()):
                yield Endpoint(
                    method,
                    str(context.path),
                    str(context.name),
                    permissions,
                    allow_anybody in asked,
                )


def unguarded(app: FastAPI) -> Iterator[str]:
    """The paths that are no routes of ours: folders and the documentation."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, Mount | Route) and not isinstance(
            context.original_route, APIRoute
        ):
            yield str(context.path)


def _calls(dependant: Dependant) -> Iterator[object]:
    for needed in dependant.dependencies:
        yield needed.call
        yield from _calls(needed)

"""How a refusal or a failure is told: RFC 9457 problem details, or a page where a person reads."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from supervision.core import errors

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = {HTTPStatus.TOO_MANY_REQUESTS: 600, HTTPStatus.SERVICE_UNAVAILABLE: 5}

STATUS: dict[type[errors.SupervisionError], HTTPStatus] = {
    errors.SupervisionError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.Rejected: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Refused: HTTPStatus.BAD_REQUEST,
    errors.NotSignedIn: HTTPStatus.UNAUTHORIZED,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.StaleVersion: HTTPStatus.PRECONDITION_FAILED,
    errors.TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ZoneInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.BatchNotStored: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.Undeliverable: HTTPStatus.BAD_GATEWAY,
    errors.Broken: HTTPStatus.INTERNAL_SERVER_ERROR,
}
INTERNAL_DETAIL = "Something went wrong on our side. Give this problem's instance to the engineers."


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, for the caller.

    Attributes:
        code: Stable, for programs; the problem's `type` is `/problems/<code>`.
        status: The answer's HTTP status.
        title: The kind of problem, the same every time.
        detail: This occurrence, in a sentence without names, coordinates or what was sent.
        instance: This occurrence's id, as a URN; the log has it too where we are at fault.
        errors: For wrong input: `where` in the request, and `message`.
    """

    code: str
    status: HTTPStatus
    title: str
    detail: str
    instance: str
    errors: tuple[dict[str, str], ...] = ()

    @property
    def headers(self) -> dict[str, str]:
        """The headers that its status calls for."""
        headers = {}
        if self.status in RETRY_AFTER_S:
            headers["Retry-After"] = str(RETRY_AFTER_S[self.status])
        if self.status is HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        return headers

    def as_response(self) -> JSONResponse:
        """The problem as `application/problem+json`."""
        body = asdict(self) | {"type": f"/problems/{self.code}"}
        del body["code"]
        if not self.errors:
            del body["errors"]
        return JSONResponse(body, self.status, self.headers, MEDIA_TYPE)


HtmlPage = Callable[[Request, Problem], Response]
"""Renders a problem for a person; may redirect (to the sign-in page, say)."""


def install(app: FastAPI, html_page: HtmlPage) -> None:
    """Answer every refusal with a problem: a page for browsers outside the API, else JSON.

    Args:
        app: Whose handlers are set.
        html_page: Called where the request accepts HTML and is not for `/api/`.
    """

    def respond(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        if is_for_a_person(request):
            return html_page(request, problem)
        return problem.as_response()

    for kind in (errors.SupervisionError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, respond)


def is_for_a_person(request: Request) -> bool:
    """Whether a browser asked for a page, rather than a program or a script for data."""
    is_api = request.url.path.startswith("/api/")
    return not is_api and "text/html" in request.headers.get("accept", "")


def problem_of(error: Exception) -> Problem:
    """The problem that an error is told as; one we are at fault for says nothing of itself."""
    match error:
        case errors.SupervisionError():
            return _of_ours(error)
        case RequestValidationError():
            return _of_input(error)
        case HTTPException():
            return _of_http(error)
        case _:
            return broken(error)


def broken(error: BaseException) -> Problem:
    """A failure of our own: an id for the caller, and for the log where it happened.

    The error's message stays out of both: a database's holds the values it was given.
    """
    problem = _new("broken", HTTPStatus.INTERNAL_SERVER_ERROR, "Internal error", INTERNAL_DETAIL)
    log.error(
        "request_failed",
        instance=problem.instance,
        error=f"{type(error).__module__}.{type(error).__qualname__}",
        where=_where(error),
    )
    return problem


def _of_ours(error: errors.SupervisionError) -> Problem:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        return broken(error)
    return _new(error.code, status, _title(type(error)), error.message)


def _of_input(error: RequestValidationError) -> Problem:
    wrong = tuple(
        {"where": ".".join(map(str, one["loc"])), "message": str(one["msg"])}
        for one in error.errors()
    )
    title = _title(errors.Invalid)
    detail = "Some fields are missing or wrong; see errors."
    return _new("invalid", HTTPStatus.UNPROCESSABLE_ENTITY, title, detail, wrong)


def _of_http(error: HTTPException) -> Problem:
    status = HTTPStatus(error.status_code)
    code = status.phrase.lower().replace(" ", "_")
    return _new(code, status, status.phrase, str(error.detail))


def _new(
    code: str,
    status: HTTPStatus,
    title: str,
    detail: str,
    wrong: tuple[dict[str, str], ...] = (),
) -> Problem:
    return Problem(code, status, title, detail, uuid4().urn, wrong)


def _title(kind: type[errors.SupervisionError]) -> str:
    return (kind.__doc__ or kind.__name__).strip().splitlines()[0]


def _where(error: BaseException) -> list[str]:
    """The lines the error passed through, innermost last."""
    lines: list[Any] = []
    trace = error.__traceback__
    while trace is not None:
        lines.append(f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return lines[-12:]

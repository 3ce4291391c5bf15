"""Where officers sign in and out, and where they find out how the console works."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import RedirectResponse

from supervision.core.access import Permission
from supervision.core.errors import NotSignedIn, TooManyAttempts
from supervision.web.auth import clear_cookie, set_cookie
from supervision.web.console.rendering import VisitDep, public_page
from supervision.web.deps import PUBLIC, DeskDep, RuntimeDep, requires
from supervision.web.problems import problem_of
from supervision.web.sessions import sign_out

router = APIRouter()

MOST_CHARACTERS = 1_000
Text = Annotated[str, Form(max_length=MOST_CHARACTERS)]


@router.get("/sign-in", dependencies=[PUBLIC])
def show_sign_in(wanted: Annotated[str, Query(alias="next")] = "/") -> Response:
    """The form."""
    return public_page("sign_in.html", wanted=_ours(wanted), email="", error=None)


@router.post("/sign-in", dependencies=[PUBLIC])
def sign_in(
    desk: DeskDep,
    runtime: RuntimeDep,
    email: Text = "",
    password: Text = "",
    wanted: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Sign in, then go on to the page that was wanted; or the form again, with what is wrong."""
    try:
        opened = desk.open(email, password)
    except (NotSignedIn, TooManyAttempts) as error:
        problem = problem_of(error)
        page = public_page(
            "sign_in.html", problem.status, wanted=_ours(wanted), email=email, error=error.message
        )
        page.headers.update(problem.headers)
        return page
    response = RedirectResponse(_ours(wanted), HTTPStatus.SEE_OTHER)
    set_cookie(response, runtime, opened)
    return response


@router.post("/sign-out", dependencies=[requires(Permission.READ_AGENCY)])
def leave(visit: VisitDep, runtime: RuntimeDep) -> Response:
    """Sign out."""
    sign_out(visit.session, visit.sign_in, visit.now)
    response = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    clear_cookie(response, runtime)
    return response


@router.get("/help", dependencies=[requires(Permission.READ_AGENCY)])
def show_help(visit: VisitDep) -> Response:
    """What the words, signs and keys of the console mean."""
    return visit.page("help.html")


def _ours(path: str) -> str:
    """The path if it leads to a page of ours, else the first page."""
    is_path = path.startswith("/") and not path.startswith("//")
    is_plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if is_path and is_plain else "/"

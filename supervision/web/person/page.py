"""A person's own check-in by the link in his message: shown, sent once, a call asked for."""

from contextlib import suppress
from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from supervision.checkins.questions import faults_in
from supervision.core.errors import Conflict, Invalid
from supervision.web.deps import PUBLIC
from supervision.web.person.caller import Caller, CallerDep
from supervision.web.person.form import Typed, TypedDep
from supervision.web.person.rendering import duty_page, language_of

router = APIRouter(prefix="/c/{token}", include_in_schema=False, dependencies=[PUBLIC])


@router.get("")
def show_duty(caller: CallerDep) -> Response:
    """What to do; to look changes nothing, as a message's preview looks too."""
    return duty_page(caller, caller.side.look(), Typed())


@router.post("")
def send_checkin(typed: TypedDep, caller: CallerDep) -> Response:
    """Take what he tells, once; whatever comes after is answered with what was received.

    The form is read first, so that a slow line holds no transaction open.
    """
    duty = caller.side.look()
    language = language_of(caller, duty)
    if duty.may_submit(caller.side.now) and (faults := faults_in(duty.questions, typed.answers)):
        return duty_page(caller, duty, typed, faults)
    try:
        with suppress(Conflict):
            caller.side.submit(typed.told(language, caller.side.now))
    except Invalid:
        return duty_page(caller, duty, typed, is_unread=True)
    return _to_the_page(caller, language)


@router.post("/call")
def ask_for_call(caller: CallerDep) -> Response:
    """Note that he asks to be called back; once."""
    language = language_of(caller, caller.side.look())
    with suppress(Conflict):
        caller.side.ask_call()
    return _to_the_page(caller, language)


def _to_the_page(caller: Caller, language: str) -> Response:
    """The page as it stands now, so that loading it again sends nothing."""
    return RedirectResponse(caller.path(language), HTTPStatus.SEE_OTHER)

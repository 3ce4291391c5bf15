"""Makes the person's page out of one check-in; and the page of a link that opens nothing."""

from collections.abc import Mapping
from http import HTTPStatus
from zoneinfo import ZoneInfo

from fastapi import Request, Response

from supervision.checkins.questions import LANGUAGES, Fault
from supervision.checkins.rules import Method
from supervision.checkins.service import Duty
from supervision.checkins.stages import Stage
from supervision.web.console.rendering import public_page
from supervision.web.person.caller import Caller
from supervision.web.person.clocks import Clocks
from supervision.web.person.form import Typed
from supervision.web.person.wording import WORDS
from supervision.web.problems import Problem


def language_of(caller: Caller, duty: Duty) -> str:
    """In which language the page is read."""
    return caller.wanted if caller.wanted in LANGUAGES else duty.language


def duty_page(
    caller: Caller,
    duty: Duty,
    typed: Typed,
    faults: Mapping[str, Fault] | None = None,
    *,
    is_unread: bool = False,
) -> Response:
    """What to do, what has happened, and the form if there is one now.

    Args:
        caller: Who reads it.
        duty: The check-in.
        typed: What he has filled in, kept as it was.
        faults: What is wrong with his answers, by the questions' keys.
        is_unread: Whether his position could not be read.
    """
    now, language = caller.side.now, language_of(caller, duty)
    stage = duty.stage(now)
    may_join = duty.method is Method.VIDEO and stage in {Stage.OPEN, Stage.GRACE}
    is_refused = bool(faults) or is_unread
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return public_page(
        "person/page.html",
        status,
        language=language,
        others=[one for one in LANGUAGES if one != language],
        words=WORDS[language],
        all_words=WORDS,
        clocks=Clocks(language, ZoneInfo(duty.time_zone), now),
        token=caller.token,
        duty=duty,
        stage=stage,
        room_url=caller.room_url(duty.room) if may_join else None,
        may_submit=duty.may_submit(now),
        may_ask_for_call=duty.may_ask_for_call(now),
        typed=typed,
        faults=faults or {},
        is_unread=is_unread,
    )


def error_page(_request: Request, problem: Problem) -> Response:
    """A link that opens nothing, or a failure, in both languages; it tells nothing else."""
    kind = _KINDS.get(problem.status, "not_understood")
    response = public_page("person/nothing.html", problem.status, kind=kind, languages=WORDS)
    response.headers.update(problem.headers)
    return response


_KINDS = {
    HTTPStatus.NOT_FOUND: "no_link",
    HTTPStatus.SERVICE_UNAVAILABLE: "unreachable",
    HTTPStatus.INTERNAL_SERVER_ERROR: "unreachable",
}

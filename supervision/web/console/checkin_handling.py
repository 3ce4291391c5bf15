"""Where an officer sees to a check-in: plain forms, each of which leads back to its page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from supervision.checkins.rules import Attempt
from supervision.checkins.service import Seen
from supervision.core.access import Permission
from supervision.core.clock import from_us
from supervision.core.errors import Conflict, Invalid
from supervision.core.recurrence import instants_us
from supervision.corridor.checkin_desk import CheckinDesk
from supervision.web.api.fields import FIRST_INSTANT, LAST_INSTANT, Note
from supervision.web.console.checkin_page import Refusal, checkin_page
from supervision.web.console.rendering import VisitDep
from supervision.web.deps import Id, RuntimeDep, requires

router = APIRouter(
    prefix="/check-ins/{checkin_id}", dependencies=[requires(Permission.HANDLE_CHECKINS)]
)

DAY = timedelta(days=1)
Written = Annotated[Note, Form()]


@dataclass(frozen=True)
class Handling:
    """One officer at one check-in."""

    visit: VisitDep
    runtime: RuntimeDep
    checkin_id: Id

    def do(self, act: str, work: Callable[[CheckinDesk], object], **typed: str) -> Response:
        """Do it and go back to the page; or show it again with why not, and what was written.

        Args:
            act: Which form was sent.
            work: What it asks for; nothing of it stays where it is refused.
            typed: What was written in the form.
        """
        visit = self.visit
        try:
            with visit.session.begin_nested():
                work(self.runtime.monitor.checkins(visit.session, visit.actor))
        except (Conflict, Invalid) as error:
            return checkin_page(visit, self.runtime, self.checkin_id, Refusal(act, error, typed))
        return RedirectResponse(f"/check-ins/{self.checkin_id}", HTTPStatus.SEE_OTHER)

    def instant(self, at: str) -> datetime:
        """The instant that this time is by the agency's clock; now where it is empty.

        Raises:
            Invalid: It is no time.
        """
        return read_local(at, self.visit.times.zone, self.visit.now) if at else self.visit.now


HandlingDep = Annotated[Handling, Depends()]


@router.post("/attendance")
def log_attendance(handling: HandlingDep, at: Written = "") -> Response:
    """Log that the person was heard or seen."""
    number = handling.checkin_id
    return handling.do("attendance", lambda desk: desk.attend(number, handling.instant(at)), at=at)


@router.post("/attempts")
def log_attempt(handling: HandlingDep, why: Annotated[Attempt, Form()]) -> Response:
    """Log a call that reached nobody."""
    return handling.do("attempts", lambda desk: desk.attempt(handling.checkin_id, why), why=why)


@router.post("/sightings")
def log_sighting(
    handling: HandlingDep,
    lon: Written = "",
    lat: Written = "",
    accuracy: Written = "",
    place: Written = "",
    at: Written = "",
) -> Response:
    """Attest from where the person was seen while he telephoned."""

    def attest(desk: CheckinDesk) -> object:
        where = (_read_number("longitude", lon), _read_number("latitude", lat))
        accuracy_m = _read_number("accuracy", accuracy) if accuracy else None
        seen = Seen(handling.instant(at), *where, accuracy_m, place)
        return desk.attest(handling.checkin_id, seen)

    typed = {"lon": lon, "lat": lat, "accuracy": accuracy, "place": place, "at": at}
    return handling.do("sightings", attest, **typed)


@router.post("/review")
def review(handling: HandlingDep, note: Written = "") -> Response:
    """Write down that one has looked at it."""
    return handling.do("review", lambda desk: desk.review(handling.checkin_id, note), note=note)


@router.post("/excuse")
def excuse(handling: HandlingDep, reason: Written = "") -> Response:
    """Take a miss off the person's account."""
    return handling.do(
        "excuse", lambda desk: desk.excuse(handling.checkin_id, reason), reason=reason
    )


@router.post("/cancel")
def cancel(handling: HandlingDep, reason: Written = "") -> Response:
    """Ask for this one no more."""
    return handling.do(
        "cancel", lambda desk: desk.cancel(handling.checkin_id, reason), reason=reason
    )


def read_local(at: str, zone: ZoneInfo, now: datetime) -> datetime:
    """The instant at which clocks in a zone show this; in the fold the later one that has been.

    Raises:
        Invalid: It is no local date and time.
    """
    try:
        wall = datetime.fromisoformat(at).replace(microsecond=0)
        is_usable = FIRST_INSTANT + DAY < wall.replace(tzinfo=FIRST_INSTANT.tzinfo) < LAST_INSTANT
    except ValueError:
        is_usable, wall = False, now
    if not is_usable or wall.tzinfo is not None:
        raise Invalid("Write the time as a date and a time of day, such as 2026-09-21 18:05.")
    first, last = (from_us(at_us) for at_us in instants_us(wall, zone))
    return last if last <= now else first


def _read_number(name: str, words: str) -> float:
    try:
        return float(words)
    except ValueError as error:
        raise Invalid(f"The {name} must be a number.") from error

"""Contacts outside the agency: police, a monitoring centre, another system by its webhook."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from alerts import service as alerting
from alerts.catalogue import Severity
from alerts.rules import Means
from alerts.service import NewPoint
from supervision.core.access import Permission
from supervision.core.errors import Conflict, Invalid
from supervision.web.api.contact_points import is_offered, require_means
from supervision.web.api.fields import Note
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.deps import Id, RuntimeDep, requires
from supervision.web.runtime import WebRuntime

router = APIRouter()

PAGE = "/outside-contacts"
OUTSIDE_MEANS = (Means.EMAIL, Means.SMS, Means.VOICE, Means.WEBHOOK)
READS = requires(Permission.READ_AGENCY)
SETS = requires(Permission.SET_RESPONSES)


class TypedContact(BaseModel):
    """What was typed into the form."""

    means: Means = Means.EMAIL
    name: Note = ""
    address: Note = ""
    severities: list[Severity] = []

    def read(self) -> NewPoint:
        """The contact that was meant; raises Invalid where it has no name."""
        if not self.name:
            raise Invalid("Give the contact a name: ladders show it.")
        return NewPoint(self.name, self.means, self.address, frozenset(self.severities))


@dataclass(frozen=True, slots=True)
class Told:
    """What the page tells beside the list: a fresh secret, or why something was refused."""

    secret: str = ""
    fault: str = ""
    refusal: str = ""


@router.get(PAGE, dependencies=[READS])
def show_contacts(visit: VisitDep, runtime: RuntimeDep) -> Response:
    """All that are not ended, and a form to add one."""
    return _page(visit, runtime, Told())


@router.post(PAGE, dependencies=[SETS])
def add_contact(
    visit: VisitDep, runtime: RuntimeDep, typed: Annotated[TypedContact, Form()]
) -> Response:
    """Add one; a webhook's secret is shown this once. Or the form again with what is wrong."""
    try:
        require_means(runtime.settings, typed.means)
        row = alerting.add_outside_point(visit.session, visit.actor, typed.read(), visit.now)
    except (Conflict, Invalid) as refusal:
        return _page(visit, runtime, Told(fault=refusal.message), typed)
    if row.secrets:
        return _page(visit, runtime, Told(row.secrets[0]))
    return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER)


@router.post(PAGE + "/{point_id}/secrets", dependencies=[SETS])
def add_secret(visit: VisitDep, runtime: RuntimeDep, point_id: Id) -> Response:
    """A fresh secret for a webhook, shown this once; the one before is valid until the next."""
    secret = alerting.add_secret(visit.session, visit.actor, point_id, visit.now)
    return _page(visit, runtime, Told(secret))


@router.post(PAGE + "/{point_id}/end", dependencies=[SETS])
def end_contact(visit: VisitDep, runtime: RuntimeDep, point_id: Id) -> Response:
    """End one; or say which ladder leads there."""
    try:
        alerting.end_point(visit.session, visit.actor, point_id, visit.now)
    except Conflict as refusal:
        return _page(visit, runtime, Told(refusal=refusal.message))
    return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER)


def _page(
    visit: Visit, runtime: WebRuntime, told: Told, typed: TypedContact | None = None
) -> Response:
    is_refused = told.fault or told.refusal
    return visit.page(
        "outside_contacts.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK,
        contacts=alerting.list_points(visit.session, None),
        means=[one for one in OUTSIDE_MEANS if is_offered(runtime.settings, one)],
        typed=typed or TypedContact(),
        told=told,
    )

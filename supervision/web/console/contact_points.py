"""Where officers say how they are told of alerts."""

from datetime import time
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from alerts import service as alerting
from alerts.catalogue import Severity
from alerts.rules import Means
from alerts.service import NewPoint
from supervision.core.access import Permission
from supervision.core.errors import Conflict, Invalid
from supervision.web.api.contact_points import is_offered, require_means
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.deps import Id, RuntimeDep, requires
from supervision.web.runtime import WebRuntime

router = APIRouter(dependencies=[requires(Permission.HANDLE_ALERTS)])

OWN_MEANS = (Means.EMAIL, Means.SMS, Means.VOICE, Means.APP)


class TypedPoint(BaseModel):
    """What was typed into the form."""

    means: Means
    name: str = Field("", max_length=200)
    address: str = Field("", max_length=500)
    severities: list[Severity] = []
    after_min: int = Field(0, ge=0, le=60)
    quiet_from: str = ""
    quiet_until: str = ""

    def read(self) -> NewPoint:
        """The way that was meant; raises Invalid for quiet hours that are none."""
        name, address = self.name.strip() or self.means, self.address.strip()
        quiet = _quiet(self.quiet_from, self.quiet_until)
        severities = frozenset(self.severities)
        return NewPoint(name, self.means, address, severities, 60 * self.after_min, quiet)


@router.get("/contact-points")
def show_points(visit: VisitDep, runtime: RuntimeDep) -> Response:
    """The officer's ways, and a form for another."""
    return _page(visit, runtime)


@router.post("/contact-points")
def add_point(
    visit: VisitDep, runtime: RuntimeDep, typed: Annotated[TypedPoint, Form()]
) -> Response:
    """Add a way; or the form again with what is wrong."""
    try:
        require_means(runtime.settings, typed.means)
        alerting.add_own_point(visit.session, visit.actor, typed.read(), visit.now)
    except (Conflict, Invalid) as refusal:
        return _page(visit, runtime, typed, refusal.message)
    return RedirectResponse("/contact-points", HTTPStatus.SEE_OTHER)


@router.post("/contact-points/{point_id}/end")
def end_point(visit: VisitDep, point_id: Id) -> Response:
    """End a way."""
    alerting.end_point(visit.session, visit.actor, point_id, visit.now)
    return RedirectResponse("/contact-points", HTTPStatus.SEE_OTHER)


def _page(
    visit: Visit,
    runtime: WebRuntime,
    typed: TypedPoint | None = None,
    fault: str | None = None,
) -> Response:
    return visit.page(
        "contact_points.html",
        HTTPStatus.OK if fault is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        points=alerting.list_points(visit.session, visit.actor.officer_id),
        means=[one for one in OWN_MEANS if is_offered(runtime.settings, one)],
        typed=typed or TypedPoint(means=Means.EMAIL, severities=list(Severity)),
        fault=fault,
    )


def _quiet(since: str, until: str) -> tuple[time, time] | None:
    if not since and not until:
        return None
    try:
        return time.fromisoformat(since), time.fromisoformat(until)
    except ValueError:
        raise Invalid("Quiet hours have a beginning and an end, such as 22:00 and 07:00.") from None

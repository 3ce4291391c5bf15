"""By which ways officers, and others outside the agency, are told of alerts."""

from datetime import time
from typing import Annotated

from fastapi import APIRouter, status
from pydantic import Field

from alerts import service as alerting
from alerts.catalogue import Severity
from alerts.rules import Means
from alerts.service import NewPoint
from supervision.core.access import Permission
from supervision.core.errors import Conflict, Invalid
from supervision.core.settings import Settings
from supervision.web.api.fields import Line, Model
from supervision.web.deps import ActorDep, Id, NowDep, RuntimeDep, SessionDep, requires
from supervision.web.paging import Page

router = APIRouter(tags=["contact points"])

Address = Annotated[str, Field(min_length=1, max_length=500, examples=["+13035550142"])]


class NewOutsidePoint(Model):
    """A way to reach somebody outside the agency."""

    name: Line = Field(examples=["Monitoring centre, desk"])
    means: Means
    address: Address
    severities: frozenset[Severity] = Field(
        frozenset(), description="Told at once of these; of others by ladders alone"
    )


class NewOwnPoint(NewOutsidePoint):
    """A way by which one is told oneself, with its delay, and hours for critical alerts alone."""

    address: str = Field(
        "", max_length=500, description="Leave it out for an app: it is its account at the broker"
    )
    severities: frozenset[Severity] = Field(min_length=1)
    after_s: int = Field(0, ge=0, le=3600, strict=True, description="If nobody has seen to it")
    quiet_from: time | None = Field(None, description="By the agency's clocks, with `quiet_until`")
    quiet_until: time | None = None


class OutsidePoint(NewOutsidePoint):
    """Outside the agency; a ladder names it by its id."""

    id: int


class OwnPoint(NewOwnPoint):
    """One's own."""

    id: int


class Secret(Model):
    """What a webhook's posts are signed with (Standard Webhooks); it is shown this once."""

    secret: str


class AddedOutsidePoint(OutsidePoint):
    """With the secret that a webhook's posts are signed with, shown this once; else null."""

    secret: str | None


@router.get("/contact-points", dependencies=[requires(Permission.HANDLE_ALERTS)])
def list_own_points(session: SessionDep, actor: ActorDep) -> Page[OwnPoint]:
    """One's own ways; without any, alerts go to the e-mail address one signs in with."""
    rows = alerting.list_points(session, actor.officer_id)
    return Page(items=[OwnPoint.model_validate(row) for row in rows], next=None)


@router.post(
    "/contact-points",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.HANDLE_ALERTS)],
)
def add_own_point(
    body: NewOwnPoint, session: SessionDep, actor: ActorDep, runtime: RuntimeDep, now: NowDep
) -> OwnPoint:
    """Add a way of one's own; what is critical comes at once by one way at least in any case."""
    require_means(runtime.settings, body.means)
    new = NewPoint(*_named(body), after_s=body.after_s, quiet=_quiet(body))
    row = alerting.add_own_point(session, actor, new, now)
    return OwnPoint.model_validate(row)


@router.get("/outside-contact-points", dependencies=[requires(Permission.READ_AGENCY)])
def list_outside_points(session: SessionDep) -> Page[OutsidePoint]:
    """Those outside the agency."""
    rows = alerting.list_points(session, None)
    return Page(items=[OutsidePoint.model_validate(row) for row in rows], next=None)


@router.post(
    "/outside-contact-points",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.SET_RESPONSES)],
)
def add_outside_point(
    body: NewOutsidePoint, session: SessionDep, actor: ActorDep, runtime: RuntimeDep, now: NowDep
) -> AddedOutsidePoint:
    """Add a monitoring centre, a duty desk, or another system by its webhook."""
    require_means(runtime.settings, body.means)
    row = alerting.add_outside_point(session, actor, NewPoint(*_named(body)), now)
    shown = OutsidePoint.model_validate(row)
    return AddedOutsidePoint(**shown.model_dump(), secret=next(iter(row.secrets), None))


@router.post(
    "/outside-contact-points/{point_id}/secrets",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.SET_RESPONSES)],
)
def add_secret(point_id: Id, session: SessionDep, actor: ActorDep, now: NowDep) -> Secret:
    """A fresh secret for a webhook; the one before is valid beside it until the next."""
    return Secret(secret=alerting.add_secret(session, actor, point_id, now))


@router.delete(
    "/contact-points/{point_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[requires(Permission.HANDLE_ALERTS)],
)
def end_point(point_id: Id, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """End a way of one's own or, as who sets responses, one outside the agency."""
    alerting.end_point(session, actor, point_id, now)


def is_offered(settings: Settings, means: Means) -> bool:
    """Whether anything would ever come by this means here."""
    gateways = {Means.SMS: settings.sms_gateway_url, Means.VOICE: settings.voice_gateway_url}
    if means is Means.APP:
        # By an older protocol the broker does not say when no app listens.
        return settings.broker_protocol == "5"
    return means is not Means.LOG and gateways.get(means, "") is not None


def require_means(settings: Settings, means: Means) -> None:
    """Stop here unless this installation has such a means; raises Conflict."""
    if not is_offered(settings, means):
        raise Conflict("This installation has no such means.")


def _named(body: NewOutsidePoint) -> tuple[str, Means, str, frozenset[Severity]]:
    return body.name, body.means, body.address, body.severities


def _quiet(body: NewOwnPoint) -> tuple[time, time] | None:
    if body.quiet_from is not None and body.quiet_until is not None:
        return body.quiet_from, body.quiet_until
    if body.quiet_from is not body.quiet_until:
        raise Invalid("Quiet hours have a beginning and an end.")
    return None

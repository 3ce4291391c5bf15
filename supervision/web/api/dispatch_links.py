"""Links by which a patrol reads the packet about an alert: made, listed, withdrawn."""

from datetime import datetime, timedelta

from fastapi import APIRouter, status
from pydantic import Field

from alerts import service as alerting
from alerts.models import Alert as AlertRow
from supervision.core.access import Permission
from supervision.core.errors import NotFound
from supervision.web.addresses import message_url, packet_url
from supervision.web.api.alerts import visible
from supervision.web.api.fields import Model
from supervision.web.api.viewing import ViewingDep
from supervision.web.deps import ActorDep, Id, RuntimeDep, SessionDep, requires
from supervision.web.paging import Page

router = APIRouter(tags=["dispatch"])

LONGEST_HOURS = int(alerting.LONGEST / timedelta(hours=1))


class Sharing(Model):
    """How a packet is to be shared."""

    hours: int | None = Field(
        None,
        ge=1,
        le=LONGEST_HOURS,
        strict=True,
        description="As the installation sets, if left out",
    )
    shows_safe_contact: bool = Field(
        default=False,
        description="Only if whoever reads the protected person's safe contact is not led to her",
    )


class NewDispatchLink(Model):
    """A link just made; its addresses are told this once."""

    id: int
    url: str = Field(description="A secret: whoever has it reads the packet, without signing in")
    cap_url: str = Field(description="The same as a CAP 1.2 message")
    expires_at: datetime


class DispatchLink(Model):
    """A link to the packet about an alert, and how often the packet was read by it."""

    id: int
    alert_id: int
    shows_safe_contact: bool
    made_by_id: int
    made_by: str
    made_at: datetime
    expires_at: datetime
    withdrawn_at: datetime | None
    opened_count: int
    last_opened_at: datetime | None


@router.get("/alerts/{alert_id}/dispatch-links", dependencies=[requires(Permission.READ_ALERTS)])
def list_dispatch_links(alert_id: Id, session: SessionDep, actor: ActorDep) -> Page[DispatchLink]:
    """The links to the packet about an alert, oldest first; ended ones too."""
    if session.scalars(visible(actor).where(AlertRow.id == alert_id)).one_or_none() is None:
        raise NotFound
    rows = alerting.list_dispatch_links(session, alert_id)
    return Page(items=[DispatchLink.model_validate(row) for row in rows], next=None)


@router.post(
    "/alerts/{alert_id}/dispatch-links",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.HANDLE_ALERTS)],
)
def share_packet(
    alert_id: Id, body: Sharing, handling: ViewingDep, runtime: RuntimeDep
) -> NewDispatchLink:
    """Share the packet about an alert with a patrol; whoever does has the alert in hand."""
    hours = body.hours or runtime.settings.dispatch_link_hours
    sharing = alerting.Sharing(timedelta(hours=hours), body.shows_safe_contact)
    made = alerting.share_packet(handling.session, handling.actor, alert_id, sharing, handling.now)
    secret = (runtime.settings, handling.actor.agency_id, made.token)
    return NewDispatchLink(
        id=made.id,
        url=packet_url(*secret),
        cap_url=message_url(*secret),
        expires_at=made.expires_at,
    )


@router.post(
    "/dispatch-links/{dispatch_link_id}/withdraw",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[requires(Permission.HANDLE_ALERTS)],
)
def withdraw_packet(dispatch_link_id: Id, handling: ViewingDep) -> None:
    """Have a link open nothing from now on; what was read stays with the reader."""
    alerting.withdraw_packet(handling.session, handling.actor, dispatch_link_id, handling.now)

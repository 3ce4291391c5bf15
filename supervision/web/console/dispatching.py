"""Where an officer shares the packet about an alert with a patrol, and withdraws it."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from alerts import service as alerting
from alerts.rules import Handling
from supervision.core.access import Permission
from supervision.core.audit import Tag
from supervision.core.errors import Conflict, NotAllowed
from supervision.web.addresses import message_url, packet_url
from supervision.web.console.alert_rows import find_alert
from supervision.web.console.order_terms import read_terms
from supervision.web.console.rendering import VisitDep
from supervision.web.deps import Id, RuntimeDep, requires

router = APIRouter(dependencies=[requires(Permission.HANDLE_ALERTS)])

HOURS = (1, 2, 4, 8, 12, 24)


@router.get("/alerts/{alert_id}/dispatch")
def ask_how_to_share(visit: VisitDep, runtime: RuntimeDep, alert_id: Id) -> Response:
    """The form; it shows the safe contact, for an officer must see what would be told."""
    row = find_alert(visit.session, visit.actor, alert_id)
    if not visit.may_handle(row.kind):
        raise NotAllowed
    if row.handling == Handling.CLOSED:
        raise Conflict("This alert is closed.")
    terms = read_terms(visit.session, row.supervisee_id, visit.now, visit.now)
    usual = runtime.settings.dispatch_link_hours
    page = visit.page(
        "dispatch.html", row=row, terms=terms, hours=sorted({*HOURS, usual}), usual=usual
    )
    shown = sorted({one.order.protected_person_id for one in terms})
    visit.viewing.record_list(Tag.PROTECTED_PERSON_VIEWED, shown)
    return page


@router.post("/alerts/{alert_id}/dispatch")
def share(
    visit: VisitDep,
    runtime: RuntimeDep,
    alert_id: Id,
    hours: Annotated[int, Form(ge=1, le=24)],
    *,
    shows_safe_contact: Annotated[bool, Form()] = False,
) -> Response:
    """Make the link, and show it this once."""
    sharing = alerting.Sharing(timedelta(hours=hours), shows_safe_contact)
    made = alerting.share_packet(visit.session, visit.actor, alert_id, sharing, visit.now)
    secret = (runtime.settings, visit.actor.agency_id, made.token)
    return visit.page(
        "dispatch_made.html",
        row=find_alert(visit.session, visit.actor, alert_id),
        made=made,
        url=packet_url(*secret),
        cap_url=message_url(*secret),
    )


@router.post("/alerts/{alert_id}/dispatch/{dispatch_link_id}/withdraw")
def withdraw(visit: VisitDep, alert_id: Id, dispatch_link_id: Id) -> Response:
    """Have a link open nothing from now on."""
    alerting.withdraw_packet(visit.session, visit.actor, dispatch_link_id, visit.now)
    return RedirectResponse(f"/alerts/{alert_id}#packet", HTTPStatus.SEE_OTHER)

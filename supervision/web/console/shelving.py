"""Where an officer shelves a source of alerts that is noise for now, and takes that back."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.shelving import is_shelvable, latest_end
from supervision.core.access import Permission
from supervision.web.console.alert_rows import AlertRow, find_alert
from supervision.web.console.rendering import VisitDep
from supervision.web.deps import Id, requires

router = APIRouter(dependencies=[requires(Permission.HANDLE_ALERTS)])

HOURS = (1, 2, 4, 8, 12)
MOST_REASON_CHARACTERS = 400


@router.post("/alerts/{alert_id}/shelve")
def shelve(
    visit: VisitDep,
    alert_id: Id,
    hours: Annotated[int, Form(ge=1, le=HOURS[-1])],
    reason: Annotated[str, Form(max_length=MOST_REASON_CHARACTERS)] = "",
) -> Response:
    """Shelve alerts of the kind of this one about its person."""
    row = find_alert(visit.session, visit.actor, alert_id)
    ends_at = visit.now + timedelta(hours=hours)
    new = alerting.NewShelf(row.supervisee_id, AlertKind(row.kind), ends_at, reason)
    alerting.shelve(visit.session, visit.actor, new, visit.now)
    return RedirectResponse(f"/alerts/{alert_id}#shelf", HTTPStatus.SEE_OTHER)


@router.post("/shelves/{shelf_id}/end")
def take_back(visit: VisitDep, shelf_id: Id) -> Response:
    """Have the source heard again from now on."""
    alerting.end_shelf(visit.session, visit.actor, shelf_id, visit.now)
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)


def hours_to_choose(session: Session, row: AlertRow, now: datetime) -> list[int] | None:
    """For how long the source of an alert can be shelved from now on; None: not at all."""
    kind = AlertKind(row.kind)
    if not is_shelvable(kind):
        return None
    last = alerting.find_last_shelf(session, row.supervisee_id, kind)
    least = now if last is None else max(now, last.ends_at)
    most = latest_end(last, now)
    return [hours for hours in HOURS if least < now + timedelta(hours=hours) <= most]

"""What an officer does about an alert: sees it, takes it in hand, responds, closes it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response

from alerts import service as alerting
from supervision.core.access import Permission
from supervision.core.errors import StaleVersion
from supervision.web.api.alert_bodies import (
    Alert,
    AlertWithHistory,
    Closing,
    ClosingMany,
    NewContact,
    Several,
    TickedStep,
)
from supervision.web.api.alerts import with_history
from supervision.web.api.viewing import ViewingDep
from supervision.web.deps import Id, requires

router = APIRouter(prefix="/alerts", tags=["alerts"])


def get_expected_version(
    if_match: Annotated[str | None, Header(description="The ETag that was seen")] = None,
) -> int | None:
    """The version the caller saw; None to act on whatever stands.

    Raises:
        StaleVersion: The header holds no ETag of ours, so it cannot match.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip().removeprefix("W/").strip('"')
    if not (tag.isascii() and tag.isdecimal()):
        raise StaleVersion
    return int(tag)


VersionDep = Annotated[int | None, Depends(get_expected_version)]


@router.post("/{alert_id}/acknowledge", dependencies=[requires(Permission.HANDLE_ALERTS)])
def acknowledge_alert(
    alert_id: Id, version: VersionDep, handling: ViewingDep, response: Response
) -> AlertWithHistory:
    """Say that an alert was seen; somebody must still take it in hand."""
    row = alerting.acknowledge(handling.session, handling.actor, alert_id, handling.now, version)
    return with_history(handling.session, row, response)


@router.post("/{alert_id}/take", dependencies=[requires(Permission.HANDLE_ALERTS)])
def take_alert(
    alert_id: Id, version: VersionDep, handling: ViewingDep, response: Response
) -> AlertWithHistory:
    """Begin to deal with an alert, or take it over from another."""
    row = alerting.take_in_hand(handling.session, handling.actor, alert_id, handling.now, version)
    return with_history(handling.session, row, response)


@router.post("/{alert_id}/steps", dependencies=[requires(Permission.HANDLE_ALERTS)])
def tick_step(
    alert_id: Id, body: TickedStep, handling: ViewingDep, response: Response
) -> AlertWithHistory:
    """Say what came of a step of the response; whoever ticks has the alert in hand."""
    row = alerting.tick(handling.session, handling.actor, alert_id, body.done, handling.now)
    return with_history(handling.session, row, response)


@router.post("/{alert_id}/contacts", dependencies=[requires(Permission.HANDLE_ALERTS)])
def log_contact(
    alert_id: Id, body: NewContact, handling: ViewingDep, response: Response
) -> AlertWithHistory:
    """Say who was spoken to about an alert, and whether he was reached."""
    contact = body.made(handling.now)
    row = alerting.log_contact(handling.session, handling.actor, alert_id, contact, handling.now)
    return with_history(handling.session, row, response)


@router.post("/acknowledge", dependencies=[requires(Permission.HANDLE_ALERTS)])
def acknowledge_alerts(body: Several, handling: ViewingDep) -> list[Alert]:
    """Say that several were seen, none of them critical; gives back those that were still new."""
    rows = alerting.acknowledge_many(handling.session, handling.actor, body.alert_ids, handling.now)
    return [Alert.model_validate(row) for row in rows]


@router.post("/close", dependencies=[requires(Permission.HANDLE_ALERTS)])
def close_alerts(body: ClosingMany, handling: ViewingDep) -> list[Alert]:
    """Close several with one judgement, all or none; a critical one only by itself."""
    how = (body.disposition, body.note, handling.now)
    rows = alerting.close_many(handling.session, handling.actor, body.alert_ids, *how)
    return [Alert.model_validate(row) for row in rows]


@router.post("/{alert_id}/close", dependencies=[requires(Permission.HANDLE_ALERTS)])
def close_alert(
    alert_id: Id,
    body: Closing,
    version: VersionDep,
    handling: ViewingDep,
    response: Response,
) -> AlertWithHistory:
    """Close an alert with one's judgement; it is never opened again."""
    row = alerting.close(
        handling.session,
        handling.actor,
        alert_id,
        body.disposition,
        body.note,
        handling.now,
        version,
    )
    return with_history(handling.session, row, response)

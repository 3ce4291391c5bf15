"""The response an agency wants for each kind of alert: a checklist that officers tick."""

from fastapi import APIRouter

from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.protocols import Step as AskedStep
from supervision.core.access import Permission
from supervision.web.api.alert_bodies import ResponseProtocol, Step
from supervision.web.deps import ActorDep, NowDep, SessionDep, requires

router = APIRouter(prefix="/response-protocols", tags=["alerts"])


@router.get("/{kind}", dependencies=[requires(Permission.READ_ALERTS)])
def get_response_protocol(
    kind: AlertKind, session: SessionDep, actor: ActorDep
) -> ResponseProtocol:
    """The agency's own response, or the catalogue's where it has written none."""
    steps = alerting.read_protocol(session, actor.agency_id, kind)
    return ResponseProtocol(steps=[Step.model_validate(step) for step in steps])


@router.put("/{kind}", dependencies=[requires(Permission.SET_RESPONSES)])
def set_response_protocol(
    kind: AlertKind, body: ResponseProtocol, session: SessionDep, actor: ActorDep, now: NowDep
) -> ResponseProtocol:
    """Set the agency's response; what the catalogue's floor names cannot be left out."""
    steps = [AskedStep(step.key, step.wording) for step in body.steps]
    alerting.write_protocol(session, actor, kind, steps, now)
    return body

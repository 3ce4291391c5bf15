"""The agency one works for."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from supervision.core.access import Permission
from supervision.register import service
from supervision.web.api.fields import Model
from supervision.web.deps import ActorDep, SessionDep, requires

router = APIRouter(prefix="/agency", tags=["agency"])


class Agency(Model):
    """A probation or pretrial agency."""

    id: int
    name: str = Field(examples=["Second Judicial District Probation"])
    time_zone: str = Field(examples=["America/Denver"])
    created_at: datetime


@router.get("", dependencies=[requires(Permission.READ_AGENCY)])
def get_agency(session: SessionDep, actor: ActorDep) -> Agency:
    """One's own agency; there is no way to see another."""
    return Agency.model_validate(service.get_agency(session, actor.agency_id))

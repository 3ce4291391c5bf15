"""Whether messages go out: which means of sending fail now."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from alerts import service as alerting
from alerts.failing import LEAST_FAILURES
from alerts.rules import Means
from supervision.core.access import Permission
from supervision.web.api.fields import Model
from supervision.web.deps import ActorDep, NowDep, SessionDep, requires

router = APIRouter(prefix="/delivery", tags=["alerts"])


class FailingMeans(Model):
    """A means by which nothing goes out now."""

    means: Means
    failures: int = Field(description=f"Attempts in a row, {LEAST_FAILURES} or more")
    since: datetime = Field(description="When the first of them ended")
    around: list[Means] = Field(description="By which means messages have gone out since")


class Delivery(Model):
    """How sending goes in the agency; by what was tried within 24 h."""

    as_of: datetime
    failing: list[FailingMeans] = Field(description="The first to fail first; none: all is well")


@router.get("", dependencies=[requires(Permission.READ_AGENCY)])
def get_delivery(session: SessionDep, actor: ActorDep, now: NowDep) -> Delivery:
    """Which means fail: the mail server is down, or a gateway refuses."""
    told = alerting.read_failing(session, actor.agency_id, now)
    return Delivery(as_of=now, failing=[FailingMeans.model_validate(one) for one in told])

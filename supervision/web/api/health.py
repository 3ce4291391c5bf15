"""Whether the system is well: for load balancers and watchmen, without anything about anybody."""

from fastapi import APIRouter, Response, status
from pydantic import BaseModel

from supervision.core.db import transaction
from supervision.core.health import heartbeats
from supervision.web.deps import PUBLIC, NowDep, RuntimeDep

router = APIRouter(tags=["health"])


class ProcessHealth(BaseModel):
    """When one of our processes was last heard."""

    name: str
    age_s: float
    is_stalled: bool


class Health(BaseModel):
    """All of them; `stalled` if any is."""

    status: str
    processes: list[ProcessHealth]


@router.get(
    "/healthz",
    dependencies=[PUBLIC],
    responses={503: {"model": Health, "description": "Something is stalled"}},
)
def get_health(runtime: RuntimeDep, now: NowDep, response: Response) -> Health:
    """How long ago each process was heard; 503 when one is stalled or the database is away."""
    with transaction(runtime.engine) as session:
        beats = heartbeats(session)
    processes = [
        ProcessHealth(
            name=beat.name,
            age_s=round((now - beat.beat_at).total_seconds(), 1),
            is_stalled=(now - beat.beat_at).total_seconds() > runtime.settings.stall_after_s,
        )
        for beat in beats
    ]
    if any(process.is_stalled for process in processes):
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
        return Health(status="stalled", processes=processes)
    return Health(status="ok", processes=processes)

"""How alerts climb that nobody sees to: ladders by kind."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from alerts import escalation
from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.escalation import LONGEST_S, MOST_RUNGS, Post
from supervision.core.access import Permission
from supervision.web.api.fields import Model, RowId
from supervision.web.deps import ActorDep, NowDep, SessionDep, requires

router = APIRouter(tags=["escalation"])

Seconds = Annotated[int, Field(ge=0, le=LONGEST_S, strict=True)]


class Rung(Model):
    """Who is told so many seconds after the climb began; an officer or a rota by its id."""

    after_s: Seconds
    post: Post
    id: RowId | None = None


class Ladder(Model):
    """How alerts of a kind climb, again and again until somebody acts."""

    rungs: list[Rung] = Field(min_length=1, max_length=MOST_RUNGS)
    again_s: Seconds = Field(description="After the last rung it begins from below again")
    untouched_s: Seconds = Field(description="So long may one that was seen lie untouched")


@router.get("/escalation-ladders/{kind}", dependencies=[requires(Permission.READ_ALERTS)])
def get_ladder(kind: AlertKind, session: SessionDep, actor: ActorDep) -> Ladder:
    """The agency's own ladder, or the catalogue's where it has set none."""
    return Ladder.model_validate(alerting.read_ladder(session, actor.agency_id, kind))


@router.put("/escalation-ladders/{kind}", dependencies=[requires(Permission.SET_RESPONSES)])
def set_ladder(
    kind: AlertKind, body: Ladder, session: SessionDep, actor: ActorDep, now: NowDep
) -> Ladder:
    """Set how alerts of a kind climb; what may become critical has a floor."""
    rungs = tuple(escalation.Rung(one.after_s, one.post, one.id) for one in body.rungs)
    ladder = escalation.Ladder(rungs, body.again_s, body.untouched_s)
    alerting.write_ladder(session, actor, kind, ladder, now)
    return body


@router.delete("/escalation-ladders/{kind}", dependencies=[requires(Permission.SET_RESPONSES)])
def restore_ladder(kind: AlertKind, session: SessionDep, actor: ActorDep, now: NowDep) -> Ladder:
    """Go back to the catalogue's ladder, for what is raised and climbs from now on."""
    return Ladder.model_validate(alerting.restore_ladder(session, actor, kind, now))

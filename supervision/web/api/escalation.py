"""How alerts climb that nobody sees to: ladders by kind, and who is on call."""

from datetime import date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Query, status
from pydantic import Field

from alerts import escalation
from alerts import service as alerting
from alerts.catalogue import AlertKind
from alerts.escalation import LONGEST_S, MOST_RUNGS, Post
from supervision.core.access import Permission
from supervision.web.api.fields import Instant, Line, Model, RowId
from supervision.web.deps import ActorDep, Id, NowDep, SessionDep, requires
from supervision.web.paging import Page

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


class NewRota(Model):
    """Officers who take turns, handing over at a local time of the agency."""

    name: Line = Field(examples=["Nights"])
    officer_ids: list[RowId] = Field(min_length=1, max_length=50)
    starts_on: date
    handover: time = Field(examples=["08:00"])
    shift_days: int = Field(ge=1, le=31, strict=True)


class Rota(NewRota):
    """A rota, by the clocks of `time_zone`."""

    id: int
    time_zone: str


class Override(Model):
    """Somebody is on call from `begins_at` until before `ends_at`, whoever's turn it is."""

    officer_id: RowId
    begins_at: Instant
    ends_at: Instant


class OnCall(Model):
    """Who is on call; null before the rota begins."""

    at: datetime
    officer_id: int | None


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


@router.get("/rotas", dependencies=[requires(Permission.READ_AGENCY)])
def list_rotas(session: SessionDep) -> Page[Rota]:
    """The agency's rotas, oldest first."""
    rows = alerting.list_rotas(session)
    return Page(items=[Rota.model_validate(row) for row in rows], next=None)


@router.post(
    "/rotas",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.SET_RESPONSES)],
)
def add_rota(body: NewRota, session: SessionDep, actor: ActorDep, now: NowDep) -> Rota:
    """Let officers take turns in being on call."""
    asked = body.model_dump() | {"officer_ids": tuple(body.officer_ids)}
    return Rota.model_validate(alerting.add_rota(session, actor, alerting.NewRota(**asked), now))


@router.post("/rotas/{rota_id}/overrides", dependencies=[requires(Permission.SET_RESPONSES)])
def override_rota(
    rota_id: Id, body: Override, session: SessionDep, actor: ActorDep, now: NowDep
) -> OnCall:
    """Put somebody else on call for a time; says who then is when it begins."""
    span = (body.begins_at, body.ends_at)
    alerting.override_rota(session, actor, rota_id, body.officer_id, span, now)
    who = alerting.who_is_on_call(session, rota_id, body.begins_at)
    return OnCall(at=body.begins_at, officer_id=who)


@router.get("/rotas/{rota_id}/on-call", dependencies=[requires(Permission.READ_AGENCY)])
def get_on_call(
    rota_id: Id,
    session: SessionDep,
    now: NowDep,
    at: Annotated[Instant | None, Query(description="None: now")] = None,
) -> OnCall:
    """Who is on call at an instant."""
    at = at or now
    return OnCall(at=at, officer_id=alerting.who_is_on_call(session, rota_id, at))

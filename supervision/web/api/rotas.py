"""Rotas: who is on call in turn, and who else for a time."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, status
from pydantic import Field

from alerts import service as alerting
from alerts.service.rotas import LONGEST_SHIFT_DAYS, MOST_TURNS
from supervision.core.access import Permission
from supervision.web.api.fields import Instant, Line, Model, RowId
from supervision.web.deps import ActorDep, Id, NowDep, SessionDep, requires
from supervision.web.paging import Page

router = APIRouter(tags=["escalation"])

LOOK_AHEAD_DAYS = 7


class Turns(Model):
    """Officers who take turns, handing over at a local time of the agency."""

    officer_ids: list[RowId] = Field(min_length=1, max_length=MOST_TURNS)
    starts_on: date = Field(description="Of the first hand-over; within a year of today")
    handover: time = Field(examples=["08:00"])
    shift_days: int = Field(ge=1, le=LONGEST_SHIFT_DAYS, strict=True)

    @property
    def asked(self) -> alerting.NewTurns:
        """As the service takes it."""
        ids = tuple(self.officer_ids)
        return alerting.NewTurns(ids, self.starts_on, self.handover, self.shift_days)


class NewRota(Turns):
    """A rota to be, by whose name people know it."""

    name: Line = Field(examples=["Nights"])


class Rota(NewRota):
    """A rota as it was written last, by the clocks of `time_zone`."""

    id: int
    time_zone: str
    written_at: datetime


class NewOverride(Model):
    """Somebody is on call from `begins_at` until before `ends_at`, whoever's turn it is."""

    officer_id: RowId
    begins_at: Instant
    ends_at: Instant


class Override(NewOverride):
    """One that lasts or is to come."""

    id: int


class OnCall(Model):
    """Who is on call; null before the rota begins."""

    at: datetime
    officer_id: int | None


class Stint(Model):
    """Who is on call from `begins_at` until before `ends_at`; null: nobody."""

    officer_id: int | None
    begins_at: datetime
    ends_at: datetime


class Stints(Model):
    """Who is on call when, in order and without a gap."""

    stints: list[Stint]


@router.get("/rotas", dependencies=[requires(Permission.READ_AGENCY)])
def list_rotas(session: SessionDep) -> Page[Rota]:
    """The agency's rotas that are not ended, oldest first."""
    rows = alerting.list_rotas(session)
    return Page(items=[Rota.model_validate(row) for row in rows], next=None)


@router.post(
    "/rotas",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.SET_RESPONSES)],
)
def add_rota(body: NewRota, session: SessionDep, actor: ActorDep, now: NowDep) -> Rota:
    """Let officers take turns in being on call."""
    return Rota.model_validate(alerting.add_rota(session, actor, body.name, body.asked, now))


@router.put("/rotas/{rota_id}", dependencies=[requires(Permission.SET_RESPONSES)])
def change_rota(
    rota_id: Id, body: Turns, session: SessionDep, actor: ActorDep, now: NowDep
) -> Rota:
    """Change who takes turns from the new first hand-over on; until then it goes on as it was."""
    return Rota.model_validate(alerting.change_rota(session, actor, rota_id, body.asked, now))


@router.delete(
    "/rotas/{rota_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[requires(Permission.SET_RESPONSES)],
)
def end_rota(rota_id: Id, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """End a rota to which no ladder leads."""
    alerting.end_rota(session, actor, rota_id, now)


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


@router.get("/rotas/{rota_id}/stints", dependencies=[requires(Permission.READ_AGENCY)])
def list_stints(
    rota_id: Id,
    session: SessionDep,
    now: NowDep,
    days: Annotated[int, Query(ge=1, le=366, description="From now on")] = LOOK_AHEAD_DAYS,
) -> Stints:
    """Who is on call from now on, hand-over by hand-over, overrides included."""
    stints = alerting.list_stints(session, rota_id, now, now + timedelta(days=days))
    return Stints(stints=[Stint.model_validate(one) for one in stints])


@router.get("/rotas/{rota_id}/overrides", dependencies=[requires(Permission.READ_AGENCY)])
def list_overrides(rota_id: Id, session: SessionDep, now: NowDep) -> Page[Override]:
    """Those that last or are to come, the first to begin first."""
    rows = alerting.list_overrides(session, rota_id, now)
    return Page(items=[Override.model_validate(row) for row in rows], next=None)


@router.post(
    "/rotas/{rota_id}/overrides",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.SET_RESPONSES)],
)
def override_rota(
    rota_id: Id, body: NewOverride, session: SessionDep, actor: ActorDep, now: NowDep
) -> Override:
    """Put somebody else on call for a time."""
    new = alerting.NewOverride(body.officer_id, body.begins_at, body.ends_at)
    made_id = alerting.override_rota(session, actor, rota_id, new, now)
    return Override(id=made_id, **body.model_dump())


@router.delete(
    "/rota-overrides/{rota_override_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[requires(Permission.SET_RESPONSES)],
)
def end_override(rota_override_id: Id, session: SessionDep, actor: ActorDep, now: NowDep) -> None:
    """Take an override back: from now on it is the turn's again."""
    alerting.end_override(session, actor, rota_override_id, now)

"""The agency's officers."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, status
from pydantic import Field, SecretStr, StringConstraints

from supervision.core import audit
from supervision.core.access import Permission, Role
from supervision.register import service
from supervision.register.service.passwords import LEAST_LENGTH, MOST_LENGTH
from supervision.web.api.fields import Line, Model, RowId
from supervision.web.deps import (
    ActorDep,
    Id,
    NowDep,
    RuntimeDep,
    SessionDep,
    requires,
    take_hashing_place,
)
from supervision.web.paging import Page, PagerDep

router = APIRouter(prefix="/officers", tags=["officers"])

Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, to_lower=True, max_length=200, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$"
    ),
]


class Officer(Model):
    """Someone who signs in."""

    id: int
    email: str = Field(examples=["dana.reyes@probation.example"])
    display_name: str = Field(examples=["Dana Reyes"])
    role: Role
    is_active: bool
    backup_id: int | None = Field(description="Who stands in, if anybody")
    duty_phone: str | None = Field(description="At which number the police reach the officer")
    created_at: datetime


class Backup(Model):
    """Who stands in for an officer; null: nobody."""

    backup_id: RowId | None


class DutyPhone(Model):
    """At which number the police reach an officer on duty; null: at none."""

    phone: Line | None = Field(examples=["+13035550142"])


class Leaving(Model):
    """Who takes over whom the officer supervises; null where that is nobody."""

    successor_id: RowId | None = None


class NewOfficer(Model):
    """Someone who shall be able to sign in."""

    email: Email = Field(examples=["dana.reyes@probation.example"])
    display_name: Line = Field(examples=["Dana Reyes"])
    role: Role
    password: SecretStr = Field(min_length=LEAST_LENGTH, max_length=MOST_LENGTH)


@router.get("", dependencies=[requires(Permission.READ_AGENCY)])
def list_officers(session: SessionDep, actor: ActorDep, pager: PagerDep) -> Page[Officer]:
    """All officers of one's agency, oldest first."""
    rows = service.list_officers(session, actor.agency_id, pager.after_id(), pager.fetch)
    rows, next_cursor = pager.cut(rows, lambda row: (row.id,))
    return Page(items=[Officer.model_validate(row) for row in rows], next=next_cursor)


@router.get("/{officer_id}", dependencies=[requires(Permission.READ_AGENCY)])
def get_officer(officer_id: Id, session: SessionDep, actor: ActorDep) -> Officer:
    """One officer of one's agency."""
    return Officer.model_validate(service.get_officer(session, actor.agency_id, officer_id))


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    dependencies=[
        requires(Permission.WRITE_OFFICERS),
        Depends(take_hashing_place, scope="function"),
    ],
)
def add_officer(body: NewOfficer, session: SessionDep, actor: ActorDep, now: NowDep) -> Officer:
    """Let somebody sign in for one's agency."""
    new = service.NewOfficer(
        body.email, body.display_name, body.role, body.password.get_secret_value()
    )
    by = audit.officer(actor.officer_id)
    return Officer.model_validate(service.add_officer(session, actor.agency_id, new, now, by))


@router.post("/{officer_id}/deactivate", dependencies=[requires(Permission.WRITE_OFFICERS)])
def deactivate_officer(
    officer_id: Id, body: Leaving, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> Officer:
    """Let an officer sign in no more; his people, and what is open, go to the successor."""
    desk = runtime.monitor
    row = desk.deactivate_officer(session, actor, officer_id, body.successor_id)
    return Officer.model_validate(row)


@router.post("/{officer_id}/reactivate", dependencies=[requires(Permission.WRITE_OFFICERS)])
def reactivate_officer(
    officer_id: Id, session: SessionDep, actor: ActorDep, now: NowDep
) -> Officer:
    """Let an officer sign in again; whom he supervised stays where it is."""
    return Officer.model_validate(service.reactivate_officer(session, actor, officer_id, now))


@router.put("/{officer_id}/backup", dependencies=[requires(Permission.SET_RESPONSES)])
def set_backup(
    officer_id: Id, body: Backup, session: SessionDep, actor: ActorDep, now: NowDep
) -> Officer:
    """Say who stands in for an officer: alerts that he does not see climb to them."""
    row = service.set_backup(session, actor, officer_id, body.backup_id, now)
    return Officer.model_validate(row)


@router.put("/{officer_id}/duty-phone", dependencies=[requires(Permission.SET_RESPONSES)])
def set_duty_phone(
    officer_id: Id, body: DutyPhone, session: SessionDep, actor: ActorDep, now: NowDep
) -> Officer:
    """Say at which number the police reach an officer; it stands in dispatch packets."""
    row = service.set_duty_phone(session, actor, officer_id, body.phone, now)
    return Officer.model_validate(row)

"""Trackers, who wears them, and the devices with a button that protected persons carry."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, status
from pydantic import Field, StringConstraints

from supervision.core import audit
from supervision.core.access import Permission
from supervision.register import service
from supervision.register.service.devices import UID_PATTERN
from supervision.web.api.fields import Instant, Line, Model, RowId, not_in_future
from supervision.web.deps import (
    MOST_BIGINT,
    ActorDep,
    Id,
    NowDep,
    RuntimeDep,
    SessionDep,
    requires,
)
from supervision.web.paging import Page, PagerDep

router = APIRouter(tags=["devices"])

MaybeId = Annotated[int | None, Query(ge=1, le=MOST_BIGINT)]


class NewDevice(Model):
    """A tracker to be registered."""

    uid: Annotated[str, StringConstraints(pattern=UID_PATTERN)] = Field(
        description="Its name on the broker", examples=["bracelet-0042"]
    )
    model: Line = Field(examples=["Simulated bracelet"])


class Device(NewDevice):
    """A tracker of the agency."""

    id: int
    created_at: datetime


class Assignment(Model):
    """A person had a device from `assigned_at` until before `returned_at` (null: still)."""

    id: int
    device_id: int
    supervisee_id: int | None
    protected_person_id: int | None
    assigned_at: datetime
    returned_at: datetime | None


class Assign(Model):
    """To whom a tracker is handed; `at` is now if it is left out."""

    supervisee_id: RowId
    at: Instant | None = None


class Entrust(Model):
    """To which protected person a device is handed; `at` is now if it is left out."""

    protected_person_id: RowId
    at: Instant | None = None


class Return(Model):
    """When a device came back; now if `at` is left out."""

    at: Instant | None = None


@router.get("/devices", dependencies=[requires(Permission.READ_DEVICES)])
def list_devices(session: SessionDep, pager: PagerDep) -> Page[Device]:
    """The agency's trackers, oldest first."""
    rows = service.list_devices(session, pager.after_id(), pager.fetch)
    rows, next_cursor = pager.cut(rows, lambda row: (row.id,))
    return Page(items=[Device.model_validate(row) for row in rows], next=next_cursor)


@router.get("/devices/{device_id}", dependencies=[requires(Permission.READ_DEVICES)])
def get_device(device_id: Id, session: SessionDep) -> Device:
    """One tracker."""
    return Device.model_validate(service.get_device(session, device_id))


@router.post(
    "/devices",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.WRITE_DEVICES)],
)
def add_device(body: NewDevice, session: SessionDep, actor: ActorDep, now: NowDep) -> Device:
    """Register a tracker; from now on its messages are the agency's."""
    by = audit.officer(actor.officer_id)
    new = service.NewDevice(body.uid, body.model)
    return Device.model_validate(service.add_device(session, actor.agency_id, new, now, by))


@router.post("/devices/{device_id}/assign", dependencies=[requires(Permission.WRITE_DEVICES)])
def assign_device(
    device_id: Id,
    body: Assign,
    session: SessionDep,
    actor: ActorDep,
    runtime: RuntimeDep,
) -> Assignment:
    """Hand a tracker to a supervisee; nobody may have it meanwhile."""
    at = not_in_future(body.at, runtime.clock())
    return Assignment.model_validate(
        runtime.monitor.assign_device(session, actor, device_id, body.supervisee_id, at)
    )


@router.post("/devices/{device_id}/entrust", dependencies=[requires(Permission.WRITE_PROTECTED)])
def entrust_device(
    device_id: Id,
    body: Entrust,
    session: SessionDep,
    actor: ActorDep,
    runtime: RuntimeDep,
) -> Assignment:
    """Hand a device with a button to a protected person; nobody may have it meanwhile.

    A press raises a critical alert about each person whom an order keeps away from her. Where she
    goes with it is not kept.
    """
    at = not_in_future(body.at, runtime.clock())
    return Assignment.model_validate(
        runtime.monitor.entrust_device(session, actor, device_id, body.protected_person_id, at)
    )


@router.post("/devices/{device_id}/return", dependencies=[requires(Permission.WRITE_DEVICES)])
def return_device(
    device_id: Id,
    body: Return,
    session: SessionDep,
    actor: ActorDep,
    runtime: RuntimeDep,
) -> Assignment:
    """Take a device back."""
    at = not_in_future(body.at, runtime.clock())
    return Assignment.model_validate(runtime.monitor.return_device(session, actor, device_id, at))


@router.get("/device-assignments", dependencies=[requires(Permission.READ_PEOPLE)])
def list_device_assignments(
    session: SessionDep,
    actor: ActorDep,
    pager: PagerDep,
    device_id: MaybeId = None,
    supervisee_id: MaybeId = None,
    protected_person_id: MaybeId = None,
) -> Page[Assignment]:
    """Who of one's caseload had what when, oldest first."""
    rows = service.list_assignments(
        session,
        actor.caseload_officer_id,
        pager.after_id(),
        pager.fetch,
        device_id,
        supervisee_id,
        protected_person_id,
    )
    rows, next_cursor = pager.cut(rows, lambda row: (row.id,))
    return Page(items=[Assignment.model_validate(row) for row in rows], next=next_cursor)

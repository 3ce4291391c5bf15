"""People under supervision; officers see their own caseload only."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, status
from pydantic import Field

from supervision.core import audit
from supervision.core.access import Permission
from supervision.register import contacts, service
from supervision.web.api.fields import Line, Model, RowId, Text
from supervision.web.deps import ActorDep, Id, NowDep, RuntimeDep, SessionDep, requires
from supervision.web.paging import Page, PagerDep

router = APIRouter(prefix="/supervisees", tags=["supervisees"])


class Contact(Model):
    """How somebody is reached; without number and address he gets no reminder."""

    phone: Line | None = Field(None, examples=["+13035550142"])
    email: Line | None = Field(None, examples=["alex.sample@example.org"])
    language: contacts.Language = contacts.Language.ENGLISH

    def record(self) -> contacts.Contact:
        """The same for the register, which looks at it closer."""
        return contacts.Contact(self.phone, self.email, self.language)


class NewSupervisee(Model):
    """Somebody to be supervised."""

    case_number: Line = Field(examples=["2026-CR-01482"])
    full_name: Line = Field(examples=["Alex Sample"])
    time_zone: Line = Field(examples=["America/Denver"])
    supervising_officer_id: RowId
    contact: Contact = Contact()


class SupervisingOfficer(Model):
    """Who supervises somebody from now on."""

    officer_id: RowId


class PatrolNotes(Model):
    """What a patrol must know of somebody; it stands in dispatch packets."""

    description: Annotated[Line, Field(max_length=400)] | None = Field(
        None, examples=["Male, 41, 185 cm, beard, tattoo on the left hand"]
    )
    vehicle: Line | None = Field(None, examples=["Grey Ford F-150, Colorado ABC-D12"])
    safety_notes: Annotated[Text, Field(max_length=1000)] | None = Field(
        None, examples=["Owned a rifle until 2025; keeps a dog."]
    )


class Supervisee(NewSupervisee):
    """A person under supervision."""

    id: int
    patrol_notes: PatrolNotes
    created_at: datetime


@router.get("", dependencies=[requires(Permission.READ_PEOPLE)])
def list_supervisees(session: SessionDep, actor: ActorDep, pager: PagerDep) -> Page[Supervisee]:
    """One's caseload, or the agency's people for who sees them all; oldest first."""
    rows = service.list_supervisees(
        session, actor.caseload_officer_id, pager.after_id(), pager.fetch
    )
    rows, next_cursor = pager.cut(rows, lambda row: (row.id,))
    return Page(items=[Supervisee.model_validate(row) for row in rows], next=next_cursor)


@router.get("/{supervisee_id}", dependencies=[requires(Permission.READ_PEOPLE)])
def get_supervisee(supervisee_id: Id, session: SessionDep, actor: ActorDep) -> Supervisee:
    """One person of one's caseload."""
    return Supervisee.model_validate(
        service.get_supervisee(session, supervisee_id, actor.caseload_officer_id)
    )


@router.post(
    "", status_code=status.HTTP_201_CREATED, dependencies=[requires(Permission.WRITE_PEOPLE)]
)
def enrol_supervisee(
    body: NewSupervisee, session: SessionDep, actor: ActorDep, now: NowDep
) -> Supervisee:
    """Begin to supervise somebody."""
    new = service.NewSupervisee(**dict(body) | {"contact": body.contact.record()})
    by = audit.officer(actor.officer_id)
    return Supervisee.model_validate(
        service.enrol_supervisee(session, actor.agency_id, new, now, by)
    )


@router.put(
    "/{supervisee_id}/supervising-officer", dependencies=[requires(Permission.WRITE_PEOPLE)]
)
def hand_over(
    supervisee_id: Id,
    body: SupervisingOfficer,
    session: SessionDep,
    actor: ActorDep,
    runtime: RuntimeDep,
) -> Supervisee:
    """Let another officer supervise somebody, and see to what is open about him."""
    runtime.monitor.hand_over(session, actor, supervisee_id, body.officer_id)
    return Supervisee.model_validate(
        service.get_supervisee(session, supervisee_id, actor.caseload_officer_id)
    )


@router.put("/{supervisee_id}/contact", dependencies=[requires(Permission.WRITE_CONTACTS)])
def change_contact(
    supervisee_id: Id, body: Contact, session: SessionDep, actor: ActorDep, now: NowDep
) -> Supervisee:
    """Say how somebody is reached from now on; what is left out is no longer known."""
    return Supervisee.model_validate(
        service.change_contact(session, supervisee_id, body.record(), actor, now)
    )


@router.put("/{supervisee_id}/patrol-notes", dependencies=[requires(Permission.WRITE_PATROL_NOTES)])
def change_patrol_notes(
    supervisee_id: Id, body: PatrolNotes, session: SessionDep, actor: ActorDep, now: NowDep
) -> Supervisee:
    """Say what a patrol must know of somebody; what is left out is no longer known."""
    return Supervisee.model_validate(
        service.change_patrol_notes(
            session, supervisee_id, service.PatrolNotes(**body.model_dump()), actor, now
        )
    )

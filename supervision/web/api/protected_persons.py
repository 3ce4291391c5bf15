"""Protected persons; every look at one is on the audit trail."""

from datetime import datetime

from fastapi import APIRouter, status
from pydantic import Field

from supervision.core import audit
from supervision.core.access import Permission
from supervision.register import service
from supervision.web.api.fields import Line, Model, Note
from supervision.web.api.viewing import ViewingDep
from supervision.web.deps import ActorDep, Id, NowDep, SessionDep, requires
from supervision.web.paging import Page, PagerDep

router = APIRouter(prefix="/protected-persons", tags=["protected persons"])


class NewProtectedPerson(Model):
    """Somebody to be protected."""

    full_name: Line = Field(examples=["Sam Sample"])
    safe_contact: Note = Field(examples=["Text only, after 18:00, through the advocate"])


class ProtectedPerson(NewProtectedPerson):
    """Whom an order protects, and how to reach her safely."""

    id: int
    created_at: datetime


@router.get("", dependencies=[requires(Permission.READ_PROTECTED)])
def list_protected_persons(viewing: ViewingDep, pager: PagerDep) -> Page[ProtectedPerson]:
    """Whom the orders on one's caseload protect; audited."""
    rows = service.list_protected_persons(
        viewing.session, viewing.actor.caseload_officer_id, pager.after_id(), pager.fetch
    )
    rows, next_cursor = pager.cut(rows, lambda row: (row.id,))
    viewing.record_list(audit.Tag.PROTECTED_PERSON_VIEWED, [row.id for row in rows])
    return Page(items=[ProtectedPerson.model_validate(row) for row in rows], next=next_cursor)


@router.get("/{protected_person_id}", dependencies=[requires(Permission.READ_PROTECTED)])
def get_protected_person(protected_person_id: Id, viewing: ViewingDep) -> ProtectedPerson:
    """One protected person; audited."""
    row = service.get_protected_person(
        viewing.session, protected_person_id, viewing.actor.caseload_officer_id
    )
    viewing.record(audit.Tag.PROTECTED_PERSON_VIEWED, f"protected_person:{row.id}")
    return ProtectedPerson.model_validate(row)


@router.post(
    "", status_code=status.HTTP_201_CREATED, dependencies=[requires(Permission.WRITE_PROTECTED)]
)
def add_protected_person(
    body: NewProtectedPerson, session: SessionDep, actor: ActorDep, now: NowDep
) -> ProtectedPerson:
    """Note whom an order will protect."""
    new = service.NewProtectedPerson(body.full_name, body.safe_contact)
    by = audit.officer(actor.officer_id)
    return ProtectedPerson.model_validate(
        service.add_protected_person(session, actor.agency_id, new, now, by)
    )

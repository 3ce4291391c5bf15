"""What devices sent and nobody believed: for the supervisor and the administrator to look into."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select

from ingest.models import RejectedMessage as RejectedRow
from supervision.core.access import Permission, Role
from supervision.core.errors import NotAllowed, NotFound
from supervision.web.api.fields import Model
from supervision.web.deps import ActorDep, Id, SessionDep, requires
from supervision.web.paging import Page, PagerDep

ROLES = {Role.SUPERVISOR, Role.ADMINISTRATOR}


def require_role(actor: ActorDep) -> None:
    """Stop here unless the role looks after devices or people who do; raises NotAllowed."""
    if actor.role not in ROLES:
        raise NotAllowed


router = APIRouter(
    prefix="/rejected-messages",
    tags=["rejected messages"],
    dependencies=[requires(Permission.READ_DEVICES), Depends(require_role)],
)


class RejectedMessage(Model):
    """A message that was kept but not believed; repeats count up."""

    id: int
    topic: str
    device_uid: str | None
    reason: str
    detail: str
    is_ignored: bool
    first_received_at: datetime
    last_received_at: datetime
    times_seen: int


class RejectedPayload(RejectedMessage):
    """The same with what was sent; null for whoever may not read positions."""

    payload: str | None


@router.get("")
def list_rejected_messages(
    session: SessionDep,
    pager: PagerDep,
    device_uid: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")] = None,
    *,
    include_ignored: bool = False,
) -> Page[RejectedMessage]:
    """Messages of the agency's devices that were rejected, newest first."""
    query = select(RejectedRow).order_by(RejectedRow.id.desc()).limit(pager.fetch)
    before_id = pager.after_id()
    if before_id is not None:
        query = query.where(RejectedRow.id < before_id)
    if device_uid is not None:
        query = query.where(RejectedRow.device_uid == device_uid)
    if not include_ignored:
        query = query.where(RejectedRow.is_ignored.is_(False))
    rows, next_cursor = pager.cut(session.scalars(query).all(), lambda row: (row.id,))
    return Page(items=[RejectedMessage.model_validate(row) for row in rows], next=next_cursor)


@router.get("/{rejected_message_id}")
def get_rejected_message(
    rejected_message_id: Id, session: SessionDep, actor: ActorDep
) -> RejectedPayload:
    """One rejected message."""
    row = session.get(RejectedRow, rejected_message_id)
    if row is None:
        raise NotFound
    is_shown = actor.may(Permission.READ_POSITIONS)
    payload = row.payload.decode("utf-8", "backslashreplace") if is_shown else None
    fields = RejectedMessage.model_validate(row).model_dump()
    return RejectedPayload(**fields, payload=payload)

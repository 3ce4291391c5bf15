"""Times in which a zone does not count for somebody: granted, listed, taken back."""

from datetime import datetime

from fastapi import APIRouter, status
from pydantic import Field

from geofence.service import ExceptionKind, NewException
from supervision.core import audit
from supervision.core.access import Permission
from supervision.web.api.fields import Instant, Model, RowId, Text
from supervision.web.api.viewing import ViewingDep
from supervision.web.api.zone_queries import find_exceptions, newest_zone
from supervision.web.deps import ActorDep, Id, RuntimeDep, SessionDep, requires
from supervision.web.paging import Page, PagerDep

router = APIRouter(tags=["zones"])


class NewZoneException(Model):
    """An exception to be granted, from `begins_at` until before `ends_at`."""

    supervisee_id: RowId
    kind: ExceptionKind
    reason: Text = Field(examples=["Hearing in the courthouse next door, 14:00, Judge Alvarez."])
    begins_at: Instant = Field(description="At most an hour ago")
    ends_at: Instant


class ZoneException(Model):
    """A time in which a zone does not count for somebody; once withdrawn, not from then on."""

    id: int
    zone_id: int
    supervisee_id: int
    kind: ExceptionKind
    reason: str
    begins_at: datetime
    ends_at: datetime
    granted_by_id: int
    granted_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by_id: int | None


@router.get("/zones/{zone_id}/exceptions", dependencies=[requires(Permission.READ_ZONES)])
def list_zone_exceptions(zone_id: Id, viewing: ViewingDep, pager: PagerDep) -> Page[ZoneException]:
    """The exceptions from a zone for people of one's caseload, oldest first; audited."""
    session, actor = viewing.session, viewing.actor
    newest_zone(session, actor, zone_id)
    rows = find_exceptions(session, actor, zone_id, pager.after_id(), pager.fetch)
    page, next_cursor = pager.cut(rows, lambda row: (row.id,))
    if page:
        ids = [row.id for row in page]
        viewing.record(audit.Tag.ZONE_EXCEPTION_VIEWED, f"zone:{zone_id}", ids=ids)
    return Page(items=[ZoneException.model_validate(row) for row in page], next=next_cursor)


@router.post(
    "/zones/{zone_id}/exceptions",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.WRITE_ZONES)],
)
def grant_zone_exception(
    zone_id: Id, body: NewZoneException, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> ZoneException:
    """Let a zone not count for somebody for a time; whoever is in it now is judged at once."""
    new = NewException(zone_id=zone_id, **dict(body))
    return ZoneException.model_validate(runtime.monitor.excepting(session, actor).grant(new))


@router.post(
    "/zone-exceptions/{zone_exception_id}/withdraw",
    dependencies=[requires(Permission.WRITE_ZONES)],
)
def withdraw_zone_exception(
    zone_exception_id: Id, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> ZoneException:
    """Take an exception back from now on; who is in the zone is judged at once."""
    row = runtime.monitor.excepting(session, actor).withdraw(zone_exception_id)
    return ZoneException.model_validate(row)

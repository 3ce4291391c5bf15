"""To whom a set of zones applies, by which clause of his order, from when until when."""

from datetime import datetime

from fastapi import APIRouter, status

from supervision.core import audit
from supervision.core.access import Permission
from supervision.corridor.zone_sets import NewMembership
from supervision.web.api.fields import Instant, Model, RowId
from supervision.web.api.viewing import ViewingDep
from supervision.web.api.zone_set_queries import counted_set, find_members
from supervision.web.deps import ActorDep, Id, RuntimeDep, SessionDep, requires
from supervision.web.paging import Page, PagerDep

router = APIRouter(tags=["zone sets"])


class NewMember(Model):
    """To whom a set is to apply, by which clause of his order; from now, as long as the order."""

    supervisee_id: RowId
    clause_id: RowId
    begins_at: Instant | None = None
    ends_at: Instant | None = None


class Member(Model):
    """From when until before when a set applies to somebody."""

    id: int
    zone_set_id: int
    supervisee_id: int
    order_clause_id: int
    begins_at: datetime
    ends_at: datetime | None
    added_by_id: int | None
    added_at: datetime


class End(Model):
    """When a set ceases to apply; now if `at` is left out, never in the past."""

    at: Instant | None = None


@router.get("/zone-sets/{zone_set_id}/members", dependencies=[requires(Permission.READ_ZONES)])
def list_set_members(zone_set_id: Id, viewing: ViewingDep, pager: PagerDep) -> Page[Member]:
    """To whom of one's caseload the set applies, will apply or has applied; audited."""
    counted_set(viewing.session, viewing.actor, viewing.now, zone_set_id)
    found = (viewing.session, viewing.actor, zone_set_id, pager.after_id(), pager.fetch)
    rows, next_cursor = pager.cut(find_members(*found), lambda row: (row.id,))
    ids = [row.id for row in rows]
    viewing.record(audit.Tag.ZONE_SET_VIEWED, f"zone_set:{zone_set_id}", member_ids=ids)
    return Page(items=[Member.model_validate(row) for row in rows], next=next_cursor)


@router.post(
    "/zone-sets/{zone_set_id}/members",
    status_code=status.HTTP_201_CREATED,
    dependencies=[requires(Permission.WRITE_ZONES)],
)
def apply_zone_set(
    zone_set_id: Id, body: NewMember, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> Member:
    """Apply a set to somebody by a clause of his order; he is judged at once."""
    new = NewMembership(**dict(body))
    sets = runtime.monitor.zone_sets(session, actor)
    return Member.model_validate(sets.apply(zone_set_id, new))


@router.post(
    "/zone-set-members/{zone_set_member_id}/end",
    dependencies=[requires(Permission.WRITE_ZONES)],
)
def end_membership(
    zone_set_member_id: Id, body: End, session: SessionDep, actor: ActorDep, runtime: RuntimeDep
) -> Member:
    """Lift a set from somebody, now or later; stays and alerts remain."""
    sets = runtime.monitor.zone_sets(session, actor)
    return Member.model_validate(sets.end(zone_set_member_id, body.at))

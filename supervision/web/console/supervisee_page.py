"""One supervised person: who is responsible, the tracker, orders, zones, latest alerts."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Response

from supervision.checkins.service import PauseRecord, list_pauses
from supervision.core.access import Permission
from supervision.core.audit import Tag
from supervision.register.service import get_supervisee, has_photo
from supervision.web.console.alert_rows import AlertRow, list_of_person
from supervision.web.console.checkin_plan_lines import PlanLine, read_plans
from supervision.web.console.checkin_rows import CheckinRow, last_of_person, next_of_person
from supervision.web.console.order_facts import read_orders
from supervision.web.console.rendering import Visit, VisitDep
from supervision.web.console.supervisee_facts import read_tracker, read_zones, responsible_officer
from supervision.web.deps import Id, requires

router = APIRouter(dependencies=[requires(Permission.READ_PEOPLE)])

LATEST_ALERTS = 20
NEXT_CHECKINS = 5
LAST_CHECKINS = 10


@dataclass(frozen=True, slots=True)
class CheckinsOfPerson:
    """A person's plans and pauses, the next check-ins in order, and the last, newest first."""

    plans: Sequence[PlanLine]
    pauses: Sequence[PauseRecord]
    ahead: Sequence[CheckinRow]
    behind: Sequence[CheckinRow]


@router.get("/supervisees/{supervisee_id}")
def show_supervisee(visit: VisitDep, supervisee_id: Id) -> Response:
    """The page. It names zones and shows no place but what a court's words say."""
    session, actor = visit.session, visit.actor
    person = get_supervisee(session, supervisee_id, actor.caseload_officer_id)
    zones = read_zones(session, supervisee_id, visit.now) if _may_read_zones(visit) else []
    orders = read_orders(visit, supervisee_id, {zone.id: zone.name for zone in zones})
    page = visit.page(
        "supervisee.html",
        person=person,
        has_photo=has_photo(session, supervisee_id),
        officer=responsible_officer(session, person.supervising_officer_id),
        tracker=read_tracker(session, supervisee_id, visit.now),
        orders=orders,
        zones=zones,
        alerts=_latest_alerts(visit, supervisee_id),
        checkins=_checkins(visit, supervisee_id),
    )
    if actor.may(Permission.READ_PROTECTED) and any(order.clauses for order in orders):
        visit.viewing.record(Tag.CLAUSE_VIEWED, f"supervisee:{supervisee_id}", shown="page")
    return page


def _may_read_zones(visit: Visit) -> bool:
    return visit.actor.may(Permission.READ_ZONES)


def _checkins(visit: Visit, supervisee_id: int) -> CheckinsOfPerson | None:
    """What the person must do, does next and has done; None where the role sees no check-ins."""
    if not visit.actor.may(Permission.READ_CHECKINS):
        return None
    whose = (visit.session, visit.actor, supervisee_id, visit.now)
    return CheckinsOfPerson(
        plans=read_plans(visit.session, supervisee_id),
        pauses=_pauses(visit, supervisee_id),
        ahead=next_of_person(*whose, NEXT_CHECKINS),
        behind=last_of_person(*whose, LAST_CHECKINS),
    )


def _pauses(visit: Visit, supervisee_id: int) -> list[PauseRecord]:
    """Those that are not over."""
    rows = list_pauses(visit.session, supervisee_id, visit.actor.caseload_officer_id)
    return [row for row in rows if row.ends_at is None or row.ends_at > visit.now]


def _latest_alerts(visit: Visit, supervisee_id: int) -> list[AlertRow]:
    if not visit.actor.may(Permission.READ_ALERTS):
        return []
    return list_of_person(visit.session, visit.actor, supervisee_id, LATEST_ALERTS)

"""The page behind an alert of a protected person's device: how to reach her, where she was."""

from fastapi import APIRouter, Response

from supervision.core.access import Permission
from supervision.core.errors import NotFound
from supervision.register.service import get_protected_person
from supervision.web.console.alert_rows import find_alert
from supervision.web.console.rendering import VisitDep
from supervision.web.deps import Id, requires
from supervision.web.protected_alarms import find_alarm

router = APIRouter(dependencies=[requires(Permission.READ_PROTECTED)])


@router.get("/alerts/{alert_id}/protected-person")
def show_protected_person(visit: VisitDep, alert_id: Id) -> Response:
    """The page; that this officer saw it is on record before it is sent.

    Whoever a ladder has told sees it too, though the person is of another's caseload.
    """
    row = find_alert(visit.session, visit.actor, alert_id)
    alarm = find_alarm(visit.session, alert_id)
    if alarm is None:
        raise NotFound
    person = get_protected_person(visit.session, alarm.protected_person_id, None)
    page = visit.page("protected_alarm.html", row=row, alarm=alarm, person=person)
    for tag, subject in alarm.shows(row.supervisee_id):
        visit.viewing.record(tag, subject, alert_id=alert_id)
    return page

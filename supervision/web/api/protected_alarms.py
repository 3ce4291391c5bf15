"""Where a protected person pressed her button, for whoever sees to it; each look is on record."""

from datetime import datetime

from fastapi import APIRouter

from alerts.models import Alert
from supervision.core.access import Permission
from supervision.core.errors import NotFound
from supervision.web.api.alerts import visible
from supervision.web.api.fields import Model
from supervision.web.api.viewing import ViewingDep
from supervision.web.deps import Id, requires
from supervision.web.protected_alarms import find_alarm

router = APIRouter(prefix="/alerts", tags=["alerts"])


class Press(Model):
    """One report of her device; what it did not say is null, and so is what is not known of him."""

    at: datetime
    received_at: datetime
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    his_fixed_at: datetime | None
    his_accuracy_m: float | None
    apart_m: float | None


class ProtectedAlarm(Model):
    """What an alert of a protected person's device rests on, oldest press first.

    Of very many presses the first and the newest are named; `times` counts all.
    """

    protected_person_id: int
    is_order_in_force: bool
    times: int
    presses: list[Press]


@router.get("/{alert_id}/protected-alarm", dependencies=[requires(Permission.READ_PROTECTED)])
def get_protected_alarm(alert_id: Id, viewing: ViewingDep) -> ProtectedAlarm:
    """When and where she pressed, and how far his tracker was from there; audited."""
    query = visible(viewing.actor).where(Alert.id == alert_id)
    alert = viewing.session.scalars(query).one_or_none()
    found = None if alert is None else find_alarm(viewing.session, alert_id)
    if alert is None or found is None:
        raise NotFound
    for tag, subject in found.shows(alert.person_id):
        viewing.record(tag, subject, alert_id=alert_id)
    return ProtectedAlarm.model_validate(found)

"""A protected person with a device, who presses its button."""

from datetime import timedelta

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from supervision.core.clock import Clock, to_us
from supervision.core.db import transaction
from supervision.core.fixes import Decoded, DeviceEvent, EventKind
from supervision.monitor import Monitor
from supervision.register.models import Device, DeviceAssignment
from tests import factories
from tests.harness import a_fix
from tests.web.offices import Office

PLACE = {"lon": -100.5, "lat": 41.625, "accuracy_m": 12}
HIS = (-100.49, 41.63)


def a_button(session: Session, office: Office) -> Device:
    """In the hands of whom the office's order protects."""
    device = factories.a_device(session, office.agency.id)
    carried = DeviceAssignment(
        agency_id=office.agency.id,
        device_id=device.id,
        protected_person_id=office.order.protected_person_id,
        assigned_at=factories.LONG_AGO,
    )
    session.add(carried)
    session.flush()
    return device


def press_her_button(engine: Engine, clock: Clock, office: Office, uid: str) -> int:
    """Press it four minutes ago; the alert's id.

    Half a minute before, his tracker was a kilometre north-east of there.
    """
    monitor = Monitor(engine, clock, timedelta(minutes=5))
    monitor.make_partitions()
    at = clock() - timedelta(minutes=4)
    his = a_fix(office.device.uid, at - timedelta(seconds=30), *HIS)
    press = DeviceEvent(uid, None, None, EventKind.BUTTON, to_us(at), to_us(at), dict(PLACE))
    monitor.on_messages(Decoded([his], [press], [], []))
    with transaction(engine) as session:
        find = text("SELECT id FROM alert WHERE agency_id = :agency AND kind = 'protected_button'")
        return int(session.execute(find, {"agency": office.agency.id}).scalar_one())

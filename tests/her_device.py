"""A protected person and the device that she carries for its button."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row

from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.fixes import DeviceEvent, EventKind
from tests.harness import LONG_AGO, T0, World, an_event

MINUTE = timedelta(minutes=1)
PLACE = {"lon": -100.5, "lat": 41.625, "accuracy_m": 12}


class Her(NamedTuple):
    """A protected person and the device that she carries."""

    id: int
    device_id: int
    device_uid: str


def entrusted(world: World, person_id: int, uid: str = "alarm-1") -> Her:
    device_id = world.one(
        "INSERT INTO device (agency_id, uid, model) VALUES (:agency, :uid, 'M') RETURNING id",
        agency=world.agency_id,
        uid=uid,
    )
    with transaction(world.engine) as session:
        actor = world.actor(Role.PRETRIAL)
        world.monitor.entrust_device(session, actor, device_id, person_id, LONG_AGO)
    return Her(person_id, device_id, uid)


def pressed(her: Her, minute: float = 0, **detail: Any) -> DeviceEvent:
    return an_event(her.device_uid, EventKind.BUTTON, T0 + minute * MINUTE)._replace(detail=detail)


def events_kept(world: World) -> Sequence[Row[Any]]:
    return world.rows("SELECT * FROM protected_event ORDER BY occurred_at")


def protected_by(world: World, order_id: int) -> int:
    """Whom an order protects."""
    query = "SELECT protected_person_id FROM court_order WHERE id = :id"
    return int(world.one(query, id=order_id))

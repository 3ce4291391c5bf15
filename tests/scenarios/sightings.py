"""A person is seen, a time comes, and the stays that come of it."""

from datetime import datetime
from typing import Any

from tests.harness import Person, World, a_fix
from tests.zoning import LAT, LON


def seen(world: World, person: Person, at: datetime, lon: float = LON) -> None:
    """He is seen there then; by default in the middle of the zone."""
    world.clock.now = max(world.clock.now, at)
    world.send([a_fix(person.device_uid, at, lon, LAT, received_at=world.clock.now)])


def tick(world: World, at: datetime) -> int:
    """The time comes, and with it the sweep of every second."""
    world.clock.now = at
    swept: int = world.monitor.sweep_zone_boundaries()
    return swept


def spans(world: World) -> list[tuple[Any, Any]]:
    return [(stay.entered_at, stay.left_at) for stay in world.stays()]

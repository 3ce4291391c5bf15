"""A clause of an order, the sweeps that look for its cover, and the alert that comes of them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from tests.harness import T0, World, circle

GRACE_S = 15 * 60
HOME = circle(10.0, 50.0, 300)
REASON = "She has moved; the court amends the order on Friday."


def minutes(count: float) -> datetime:
    return T0 + timedelta(minutes=count)


def sweep_after(world: World, seconds: float) -> int:
    world.clock.forward(seconds)
    changed: int = world.monitor.sweep_order_coverage()
    return changed


def the_alert(world: World) -> Row[Any]:
    (alert,) = world.alerts()
    return alert

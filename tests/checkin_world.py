"""A world in which people have check-ins, for the tests of the room and its promises."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row

from supervision.checkins.rules import Method
from supervision.checkins.service import NewPlan, PlanRecord
from supervision.checkins.timing import Hours, Regular, Unannounced, Weekday
from supervision.core.access import Actor
from supervision.core.db import transaction
from tests.harness import Person, World

# At T0 it is 14:13 on Monday, 21 September 2026, in UTC, by which the harness's people live.
DAILY = NewPlan(
    Method.PHONE,
    Regular("FREQ=DAILY", time(18)),
    date(2026, 9, 1),
    window=timedelta(hours=1),
    grace=timedelta(minutes=15),
)
WORKDAYS = (Weekday.MO, Weekday.TU, Weekday.WE, Weekday.TH, Weekday.FR)
THREE_A_WEEK = Unannounced(3, (Hours(WORKDAYS, time(8), time(20)),), timedelta(hours=6))
SURPRISING = replace(DAILY, timing=THREE_A_WEEK)


def at(moment: time, rrule: str = "FREQ=DAILY") -> NewPlan:
    """As `DAILY`, at another time or by another rule."""
    return replace(DAILY, timing=Regular(rrule, moment))


def plan_for(world: World, him: Person, new: NewPlan = DAILY) -> PlanRecord:
    with transaction(world.engine) as session:
        made: PlanRecord = world.monitor.checkin_planning(session, world.actor()).plan(
            him.supervisee_id, new
        )
    return made


def do(world: World, act: str, *arguments: Any) -> Any:
    """What the supervising officer does at the desk; committed."""
    return desk_does(world, world.actor(), act, *arguments)


def desk_does(world: World, actor: Actor, act: str, *arguments: Any) -> Any:
    """The same of anybody."""
    with transaction(world.engine) as session:
        return getattr(world.monitor.checkins(session, actor), act)(*arguments)


def planning_does(world: World, actor: Actor, act: str, *arguments: Any) -> Any:
    """What somebody does who plans; committed."""
    with transaction(world.engine) as session:
        return getattr(world.monitor.checkin_planning(session, actor), act)(*arguments)


def sweep(world: World, at: datetime) -> int:
    world.clock.now = max(world.clock.now, at)
    found: int = world.monitor.sweep_checkins()
    return found


def checkins(world: World, him: Person | None = None) -> Sequence[Row[Any]]:
    person = him.supervisee_id if him else None
    return world.rows(
        "SELECT * FROM checkin WHERE CAST(:person AS bigint) IS NULL OR supervisee_id = :person"
        " ORDER BY opens_at, id",
        person=person,
    )


def happened(world: World, checkin_id: int) -> list[str]:
    rows = world.rows(
        "SELECT kind FROM checkin_event WHERE checkin_id = :id ORDER BY id", id=checkin_id
    )
    return [row.kind for row in rows]

"""What a pretrial officer does to zones, each as one committed transaction, and what it leaves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from geofence.models import ZoneException, ZoneSetMember
from geofence.service import ExceptionKind, Imported, NewException
from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.corridor.zone_sets import NewMembership, ZoneSets
from tests.harness import LONG_AGO, T0, Person, World, circle

LON, LAT = -122.08, 37.4
OUTSIDE_LON = LON + 0.0056539  # 500 m east of the centre
HOME = circle(LON, LAT, 200)

Result = TypeVar("Result")


def minute(count: float) -> datetime:
    return T0 + timedelta(minutes=count)


def daily(begins: str, ends: str, starts_on: str = "2026-09-01") -> dict[str, Any]:
    """A schedule with one window each day."""
    window = {"rrule": "FREQ=DAILY", "starts_on": starts_on, "begins": begins, "ends": ends}
    return {"windows": [window]}


def except_from(
    world: World,
    person: Person,
    zone_id: int,
    begins_at: datetime,
    ends_at: datetime,
    reason: str = "Hearing at two.",
) -> int:
    new = NewException(
        zone_id,
        person.supervisee_id,
        ExceptionKind.COURT_HEARING,
        reason,
        begins_at,
        ends_at,
    )
    with transaction(world.engine) as session:
        row: ZoneException = world.monitor.excepting(session, world.actor(Role.PRETRIAL)).grant(new)
        return row.id


def withdraw(world: World, exception_id: int) -> None:
    with transaction(world.engine) as session:
        world.monitor.excepting(session, world.actor(Role.PRETRIAL)).withdraw(exception_id)


def amend(world: World, zone_id: int, armed_at: datetime, *how: Any, lon: float = LON) -> None:
    with transaction(world.engine) as session:
        actor = world.actor(Role.PRETRIAL)
        world.monitor.zoning(session, actor).amend(zone_id, circle(lon, LAT, 200), armed_at, *how)


def retire(world: World, zone_id: int, at: datetime) -> None:
    with transaction(world.engine) as session:
        world.monitor.zoning(session, world.actor(Role.PRETRIAL)).retire(zone_id, at)


def with_sets(world: World, work: Callable[[ZoneSets], Result]) -> Result:
    with transaction(world.engine) as session:
        return work(world.monitor.zone_sets(session, world.actor(Role.PRETRIAL)))


def make_set(world: World, *centres: float, name: str = "Schools") -> int:
    """A set with a circle of 200 m around each of these longitudes, armed long ago."""
    zone_set_id = with_sets(world, lambda sets: sets.create(name).id)
    if centres:
        imported = import_circles(world, zone_set_id, *centres)
        assert not imported.refused
    return zone_set_id


def import_circles(
    world: World, zone_set_id: int, *centres: float, armed_at: datetime = LONG_AGO
) -> Imported:
    features = [circle(lon, LAT, 200) for lon in centres]
    for number, feature in enumerate(features):
        feature["properties"]["name"] = f"School {number}"
    collection = {"type": "FeatureCollection", "features": features}
    return with_sets(world, lambda sets: sets.import_collection(zone_set_id, collection, armed_at))


def apply_set(
    world: World,
    zone_set_id: int,
    person: Person,
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> int:
    new = NewMembership(person.supervisee_id, person.clause_id, begins_at, ends_at)
    member: ZoneSetMember = with_sets(world, lambda sets: sets.apply(zone_set_id, new))
    return member.id


def end_membership(world: World, member_id: int, at: datetime | None = None) -> None:
    with_sets(world, lambda sets: sets.end(member_id, at))


class Boundary(NamedTuple):
    """A row of the boundaries' table, its moment in minutes from T0."""

    supervisee_id: int
    zone_id: int
    minute: float
    is_swept: bool = False


def boundaries(world: World, until_minute: float = 1e6) -> list[Boundary]:
    rows = world.rows(
        "SELECT supervisee_id, zone_id, at, swept_at FROM zone_boundary"
        " ORDER BY at, supervisee_id, zone_id"
    )
    found = [
        Boundary(
            row.supervisee_id,
            row.zone_id,
            (row.at - T0) / timedelta(minutes=1),
            row.swept_at is not None,
        )
        for row in rows
    ]
    return [one for one in found if one.minute <= until_minute]


def epoch(world: World) -> int:
    return int(world.one("SELECT epoch FROM zone_epoch WHERE agency_id = :id", id=world.agency_id))

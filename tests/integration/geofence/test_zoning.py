"""Zones are written with what the order says of them, and only by a clause that asks for one."""

from datetime import timedelta
from typing import Any

import pytest

from geofence.service import ChangedTerms, ZoneKind
from supervision.core.access import Actor, Role
from supervision.core.db import transaction
from supervision.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.harness import LONG_AGO, T0, Person, World
from tests.zoning import HOME, LAT, LON, amend, daily, epoch, minute, retire

NIGHTS = daily("21:00", "06:00")


def versions(world: World, zone_id: int) -> Any:
    return world.rows("SELECT * FROM zone_version WHERE zone_id = :id ORDER BY version", id=zone_id)


def move(world: World, person: Person, time_zone: str) -> None:
    world.one(
        "UPDATE supervisee SET time_zone = :zone WHERE id = :id RETURNING id",
        zone=time_zone,
        id=person.supervisee_id,
    )


def clause_of(world: World, person: Person, code: str) -> int:
    return int(
        world.one(
            "INSERT INTO order_clause (agency_id, supervisee_id, court_order_id, condition_code,"
            " wording, created_at) VALUES (:agency, :person, :order, :code, 'W', :now)"
            " RETURNING id",
            agency=world.agency_id,
            person=person.supervisee_id,
            order=person.order_id,
            code=code,
            now=T0,
        )
    )


def arm(world: World, clause_id: int, actor: Actor | None = None) -> int:
    with transaction(world.engine) as session:
        who = actor or world.actor(Role.PRETRIAL)
        return int(world.monitor.zoning(session, who).arm(clause_id, "Z", HOME, LONG_AGO).zone_id)


def test_what_the_order_says_is_kept_with_the_drawing(world: World, him: Person) -> None:
    zone_id = world.zone(
        him, HOME, kind=ZoneKind.INCLUSION, warning_m=300, schedule=NIGHTS, armed_at=T0
    )
    (zone,) = world.rows("SELECT * FROM zone")
    (version,) = versions(world, zone_id)
    assert (zone.kind, zone.order_clause_id, zone.court_order_id) == (
        "inclusion",
        him.clause_id,
        him.order_id,
    )
    assert (version.warning_m, version.inradius_m, version.buffer_m) == (300, 200, 200)
    assert (version.schedule, version.time_zone) == (NIGHTS, "UTC")


def test_a_zone_without_a_schedule_has_none_in_the_database(world: World, him: Person) -> None:
    world.zone(him, HOME)
    assert world.one("SELECT count(*) FROM zone_version WHERE schedule IS NULL") == 1


def test_a_polygon_is_kept_with_the_largest_circle_in_it(world: World, him: Person) -> None:
    ring = [[LON, LAT], [LON + 0.01, LAT], [LON + 0.01, LAT + 0.002], [LON, LAT + 0.002]]
    polygon = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    zone_id = world.zone(him, polygon)
    (version,) = versions(world, zone_id)
    assert version.inradius_m == pytest.approx(0.001 * 110_990, rel=0.01)
    by_postgis = world.one(
        "SELECT (ST_MaximumInscribedCircle(ST_Transform(geom, _ST_BestSRID(geom::geography))))"
        ".radius FROM zone_version"
    )
    assert version.inradius_m == pytest.approx(by_postgis, rel=0.01)


def test_a_person_who_moves_takes_no_past_verdict_with_him(world: World, him: Person) -> None:
    move(world, him, "America/Denver")
    zone_id = world.zone(him, HOME, schedule=NIGHTS, armed_at=T0)
    move(world, him, "America/New_York")
    amend(world, zone_id, minute(1))
    assert [row.time_zone for row in versions(world, zone_id)] == [
        "America/Denver",
        "America/New_York",
    ]


def test_an_amendment_keeps_what_it_does_not_name(world: World, him: Person) -> None:
    zone_id = world.zone(him, HOME, warning_m=300, schedule=NIGHTS, armed_at=T0)
    amend(world, zone_id, minute(1))
    amend(world, zone_id, minute(2), ChangedTerms(warning_m=0))
    amend(world, zone_id, minute(3), ChangedTerms(schedule=None))
    assert [(row.warning_m, row.schedule) for row in versions(world, zone_id)] == [
        (300, NIGHTS),
        (300, NIGHTS),
        (0, NIGHTS),
        (0, None),
    ]


@pytest.mark.parametrize("warning_m", [-1.0, 20_000.1, float("nan"), float("inf")])
def test_a_warning_ring_has_a_width(world: World, him: Person, warning_m: float) -> None:
    with pytest.raises(Invalid, match="between 0 and 20 km"):
        world.zone(him, HOME, warning_m=warning_m)


def test_a_schedule_that_cannot_be_read_is_refused_and_nothing_is_written(
    world: World, him: Person
) -> None:
    before = epoch(world)
    with pytest.raises(Invalid, match="Window 1"):
        world.zone(him, HOME, schedule=daily("21:00", "24:00"))
    assert world.rows("SELECT FROM zone") == []
    assert epoch(world) == before


@pytest.mark.parametrize("code", ["01", "03", "04", "06", "08"])
def test_a_zone_rests_on_a_clause_that_can_mean_a_place(
    world: World, him: Person, code: str
) -> None:
    assert arm(world, clause_of(world, him, code))


@pytest.mark.parametrize("code", ["02", "05", "07", "09"])
def test_no_zone_rests_on_a_clause_that_cannot(world: World, him: Person, code: str) -> None:
    with pytest.raises(Invalid, match="01, 03, 04, 06, 08"):
        arm(world, clause_of(world, him, code))


def test_a_zone_ends_with_its_order_and_does_not_begin_before_it(world: World, him: Person) -> None:
    world.one(
        "UPDATE court_order SET begins_at = :begins, ends_at = :ends WHERE id = :id RETURNING id",
        begins=minute(-60),
        ends=minute(60),
        id=him.order_id,
    )
    (version,) = versions(world, world.zone(him, HOME))
    assert (version.armed_at, version.ends_at) == (minute(-60), minute(60))
    with pytest.raises(Invalid, match="over by then"):
        world.zone(him, HOME, armed_at=minute(60))


def test_a_clause_of_another_agency_is_not_there(world: World, him: Person) -> None:
    stranger = Actor(world.officer_id, world.agency_id + 1, Role.PRETRIAL, "O")
    with pytest.raises(NotFound):
        arm(world, him.clause_id, stranger)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_only_pretrial_services_draw(world: World, him: Person, role: Role) -> None:
    with pytest.raises(NotAllowed):
        arm(world, him.clause_id, world.actor(role))


def test_a_retired_zone_is_neither_drawn_nor_retired_again(world: World, him: Person) -> None:
    zone_id = world.zone(him, HOME, warning_m=300, schedule=NIGHTS, armed_at=T0)
    retire(world, zone_id, minute(1))
    last = versions(world, zone_id)[-1]
    assert (last.shape, last.schedule, last.warning_m) == ("retired", None, 0)
    for change in (amend, retire):
        with pytest.raises(Conflict, match="retired"):
            change(world, zone_id, minute(2))


def test_a_drawing_does_not_begin_before_the_one_it_follows(world: World, him: Person) -> None:
    zone_id = world.zone(him, HOME, armed_at=T0)
    with pytest.raises(Conflict, match="before the one it follows"):
        amend(world, zone_id, T0 - timedelta(seconds=1))


def test_a_zone_drawn_by_a_clause_covers_it_at_once(world: World, him: Person) -> None:
    world.clock.forward(3600)
    world.monitor.sweep_order_coverage()
    (uncovered,) = world.alerts()
    assert uncovered.kind == "clause_uncovered"
    world.zone(him, HOME)
    (covered,) = world.alerts()
    assert covered.cleared_at == world.clock.now

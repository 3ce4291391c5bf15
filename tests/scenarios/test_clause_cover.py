"""Promises about what covers a clause and for how long: a zone, a set, a waiver."""

from datetime import datetime

from sqlalchemy import text

from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.register.clauses import ConditionCode
from supervision.register.service import NewClause, NewWaiver
from tests.harness import T0, Person, World
from tests.scenarios.clauses_swept import GRACE_S, HOME, REASON, minutes, sweep_after, the_alert


def sign(world: World, him: Person, ends_at: datetime | None = None) -> int:
    pretrial = world.actor(Role.PRETRIAL)
    with transaction(world.engine) as session:
        waiver = world.monitor.clauses(session, pretrial).sign_waiver(
            him.clause_id, NewWaiver(REASON, ends_at)
        )
    return int(waiver.id)


def withdraw(world: World, waiver_id: int) -> None:
    with transaction(world.engine) as session:
        world.monitor.clauses(session, world.actor(Role.PRETRIAL)).withdraw_waiver(waiver_id)


def retire(world: World, zone_id: int) -> None:
    with transaction(world.engine) as session:
        pretrial = world.actor(Role.PRETRIAL)
        world.monitor.zoning(session, pretrial).retire(zone_id, world.clock.now)


def a_set(world: World, him: Person, begins_at: datetime, ends_at: datetime | None) -> int:
    """A set with one zone from half an hour on, which applies to him by his clause; its id."""
    values = {
        "agency": world.agency_id,
        "person": him.supervisee_id,
        "clause": him.clause_id,
        "begins": begins_at,
        "ends": ends_at,
        "armed": minutes(30),
        "now": world.clock.now,
    }
    statements = (
        "INSERT INTO zone_set (agency_id, name, created_at) VALUES (:agency, 'Schools', :now)",
        """
        INSERT INTO zone (agency_id, kind, zone_set_id, name, created_at)
        SELECT :agency, 'exclusion', id, 'School', :now FROM zone_set
        """,
        """
        INSERT INTO zone_version (agency_id, zone_id, version, epoch, shape, geom, buffer_m,
            inradius_m, warning_m, time_zone, armed_at, notes, drawn_at)
        SELECT :agency, id, 1, 1, 'circle', ST_SetSRID(ST_Point(10, 50), 4326), 300, 300, 0,
            'UTC', :armed, '{}', :now FROM zone
        """,
        """
        INSERT INTO zone_set_member (agency_id, zone_set_id, supervisee_id, order_clause_id,
            epoch, begins_at, ends_at, added_at)
        SELECT :agency, id, :person, :clause, 1, :begins, :ends, :now FROM zone_set
        """,
    )
    with transaction(world.engine) as session:
        for statement in statements:
            session.execute(text(statement), values)
    return int(world.one("SELECT id FROM zone_set"))


def test_a_clause_with_its_zone_is_nobodys_alert(world: World, him: Person) -> None:
    world.zone(him, HOME)
    assert sweep_after(world, 10 * GRACE_S) == 0
    assert world.alerts() == []


def test_arming_its_zone_clears_it_and_leaves_the_alert_open(world: World, him: Person) -> None:
    sweep_after(world, GRACE_S)
    world.clock.forward(600)
    world.zone(him, HOME)
    alert = the_alert(world)
    assert (alert.handling, alert.cleared_at) == ("new", minutes(25))
    sweep_after(world, 60)
    assert world.history(alert.id) == ["raised", "cleared"]


def test_a_zone_that_was_dated_back_covers_only_from_when_it_was_drawn(
    world: World, him: Person
) -> None:
    sweep_after(world, GRACE_S)
    world.clock.forward(600)
    world.zone(him, HOME, armed_at=T0)
    sweep_after(world, 60)
    alert = the_alert(world)
    assert (alert.occurred_at, alert.cleared_at) == (T0, minutes(25))


def test_a_zone_that_is_only_armed_tomorrow_does_not_cover_today(world: World, him: Person) -> None:
    world.zone(him, HOME, armed_at=minutes(60))
    sweep_after(world, GRACE_S)
    assert the_alert(world).cleared_at is None
    sweep_after(world, 50 * 60)
    assert the_alert(world).cleared_at == minutes(60)


def test_a_retired_zone_uncovers(world: World, him: Person) -> None:
    zone_id = world.zone(him, HOME)
    world.clock.forward(600)
    retire(world, zone_id)
    assert sweep_after(world, GRACE_S - 1) == 0
    assert sweep_after(world, 1) == 1
    assert the_alert(world).occurred_at == minutes(10)


def test_each_time_it_is_uncovered_is_an_alert_of_its_own(world: World, him: Person) -> None:
    sweep_after(world, GRACE_S)
    zone_id = world.zone(him, HOME)
    world.clock.forward(GRACE_S)
    retire(world, zone_id)
    sweep_after(world, GRACE_S)
    first, second = world.alerts()
    assert (first.occurred_at, first.cleared_at) == (T0, minutes(15))
    assert (second.occurred_at, second.cleared_at) == (minutes(30), None)


def test_a_waiver_covers_until_it_ends(world: World, him: Person) -> None:
    sign(world, him, ends_at=minutes(60))
    assert sweep_after(world, 75 * 60 - 1) == 0
    assert sweep_after(world, 1) == 1
    assert the_alert(world).occurred_at == minutes(60)


def test_signing_a_waiver_clears_the_alert_at_once_and_leaves_it_open(
    world: World, him: Person
) -> None:
    sweep_after(world, GRACE_S)
    sign(world, him)
    alert = the_alert(world)
    assert (alert.handling, alert.cleared_at) == ("new", minutes(15))
    assert world.history(alert.id) == ["raised", "cleared"]


def test_a_waiver_withdrawn_uncovers_at_once(world: World, him: Person) -> None:
    waiver_id = sign(world, him, ends_at=minutes(600))
    world.clock.forward(3_600)
    withdraw(world, waiver_id)
    sweep_after(world, GRACE_S)
    assert the_alert(world).occurred_at == minutes(60)


def test_an_ended_order_needs_no_zone(world: World, him: Person) -> None:
    with transaction(world.engine) as session:
        session.execute(text("UPDATE court_order SET ends_at = :at"), {"at": minutes(40)})
    sweep_after(world, GRACE_S)
    sweep_after(world, 3_600)
    alert = the_alert(world)
    assert (alert.supervisee_id, alert.cleared_at) == (him.supervisee_id, minutes(40))
    assert sweep_after(world, 10 * GRACE_S) == 0


def test_an_order_that_begins_later_needs_its_zone_only_then(world: World, him: Person) -> None:
    with transaction(world.engine) as session:
        session.execute(text("UPDATE court_order SET begins_at = :at"), {"at": minutes(60)})
    assert sweep_after(world, 70 * 60) == 0
    assert sweep_after(world, 5 * 60) == 1
    alert = the_alert(world)
    assert (alert.supervisee_id, alert.occurred_at) == (him.supervisee_id, minutes(60))


def test_a_set_covers_while_it_applies_and_one_of_its_zones_is_in_force(
    world: World, him: Person
) -> None:
    a_set(world, him, begins_at=T0, ends_at=minutes(90))
    sweep_after(world, GRACE_S)
    sweep_after(world, GRACE_S)
    assert the_alert(world).cleared_at == minutes(30)
    assert sweep_after(world, 75 * 60) == 1
    assert [alert.occurred_at for alert in world.alerts()] == [T0, minutes(90)]


def test_a_place_to_be_in_covers_no_clause_that_keeps_him_away(world: World, him: Person) -> None:
    zone_id = world.zone(him, HOME)
    with transaction(world.engine) as session:
        session.execute(text("UPDATE zone SET kind = 'inclusion' WHERE id = :id"), {"id": zone_id})
    assert sweep_after(world, GRACE_S) == 1


def test_a_clause_that_keeps_him_from_no_place_needs_no_zone(world: World, him: Person) -> None:
    pretrial = world.actor(Role.PRETRIAL)
    world.zone(him, HOME)
    with transaction(world.engine) as session:
        firearm = NewClause(ConditionCode.NO_FIREARM, "No firearm.")
        world.monitor.clauses(session, pretrial).add(him.order_id, firearm)
    assert sweep_after(world, 10 * GRACE_S) == 0

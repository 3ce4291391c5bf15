"""Promises about what a court ordered and nobody drew: it reaches pretrial services, once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.register.service import NewWaiver
from tests.harness import T0, Person, World
from tests.scenarios.clauses_swept import GRACE_S, HOME, REASON, minutes, sweep_after, the_alert


@pytest.fixture
def pretrial_id(world: World) -> int:
    return world.officer(Role.PRETRIAL)


def test_an_orders_clause_without_a_zone_reaches_pretrial_services(
    world: World, him: Person, pretrial_id: int
) -> None:
    world.officer(Role.PRETRIAL)
    assert sweep_after(world, GRACE_S - 1) == 0
    assert sweep_after(world, 1) == 1
    alert = the_alert(world)
    assert (alert.kind, alert.severity, alert.grade) == ("clause_uncovered", "high", None)
    assert (alert.officer_id, alert.supervisee_id) == (pretrial_id, him.supervisee_id)
    assert (alert.order_clause_id, alert.zone_id, alert.zone_version_id) == (
        him.clause_id,
        None,
        None,
    )
    assert (alert.occurred_at, alert.found_at, alert.is_late) == (T0, minutes(15), False)
    evidence = {"order_id": him.order_id, "condition_code": "04", "grace_s": GRACE_S}
    assert alert.evidence == evidence
    sent = world.rows("SELECT officer_id, state FROM notification")
    assert [tuple(row) for row in sent] == [(pretrial_id, "pending")]


def test_where_there_is_no_pretrial_officer_his_own_is_told(world: World, him: Person) -> None:
    gone = world.officer(Role.PRETRIAL)
    world.rows("UPDATE officer SET is_active = false WHERE id = :id RETURNING id", id=gone)
    sweep_after(world, GRACE_S)
    assert the_alert(world).officer_id == him.officer_id


def test_one_clause_is_one_alert_however_often_it_is_swept(world: World, him: Person) -> None:
    for _ in range(3):
        sweep_after(world, GRACE_S)
    alert = the_alert(world)
    assert alert.supervisee_id == him.supervisee_id
    assert world.history(alert.id) == ["raised"]


def test_a_scheduler_that_was_down_tells_on_its_return_and_says_it_is_late(
    world: World, him: Person
) -> None:
    sweep_after(world, 0)
    world.clock.forward(3_600)
    world.zone(him, HOME)
    assert sweep_after(world, 3_600) == 2
    alert = the_alert(world)
    assert (alert.occurred_at, alert.cleared_at) == (T0, minutes(60))
    assert (alert.is_late, alert.handling) == (True, "new")


def test_two_schedulers_raise_one_alert(world: World, him: Person) -> None:
    world.clock.forward(GRACE_S)
    schedulers = [world.another_worker() for _ in range(4)]
    with ThreadPoolExecutor(len(schedulers)) as pool:
        told = list(pool.map(lambda one: one.sweep_order_coverage(), schedulers))
    assert sum(told) == 1
    alert = the_alert(world)
    assert alert.supervisee_id == him.supervisee_id
    assert world.history(alert.id) == ["raised"]


def test_cover_given_while_a_sweep_is_at_it_leaves_no_alert_active(
    world: World, him: Person
) -> None:
    world.clock.forward(GRACE_S)
    with ThreadPoolExecutor(1) as pool, transaction(world.engine) as session:
        pretrial = world.actor(Role.PRETRIAL)
        world.monitor.clauses(session, pretrial).sign_waiver(him.clause_id, NewWaiver(REASON, None))
        sweeping = pool.submit(world.monitor.sweep_order_coverage)
        with pytest.raises(TimeoutError):
            sweeping.result(0.5)
        session.commit()
        sweeping.result(10)
    alert = the_alert(world)
    assert (alert.occurred_at, alert.cleared_at) == (T0, minutes(15))


def test_a_closed_alert_is_not_raised_again_while_the_clause_stays_bare(
    world: World, him: Person
) -> None:
    sweep_after(world, GRACE_S)
    with transaction(world.engine) as session:
        session.execute(
            text(
                "UPDATE alert SET handling = 'closed', closed_at = :now, closed_by_id = :officer,"
                " disposition = 'other'"
            ),
            {"now": world.clock.now, "officer": him.officer_id},
        )
    assert sweep_after(world, 10 * GRACE_S) == 0

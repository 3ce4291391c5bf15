"""Promises about a protected person's button: whose alarm it is, and that it is never nobody's."""

from datetime import datetime

import pytest

from alerts.service import acknowledge
from supervision.core.access import Role
from supervision.core.clock import to_us
from supervision.core.db import transaction
from supervision.core.fixes import DeviceEvent, EventKind
from tests.harness import LONG_AGO, T0, Person, World, an_event
from tests.her_device import MINUTE, PLACE, Her, pressed, protected_by


def stale(her: Her, at: datetime) -> DeviceEvent:
    """A press that reaches us now, of a device whose clock is at another time."""
    return pressed(her)._replace(occurred_at_us=to_us(at), detail=PLACE)


def test_a_press_is_a_critical_alert_about_whom_her_order_keeps_away(
    world: World, him: Person, her: Her
) -> None:
    world.send(events=[pressed(her, **PLACE)])
    (alert,) = world.alerts()
    assert (alert.kind, alert.severity, alert.handling) == ("protected_button", "critical", "new")
    assert (alert.supervisee_id, alert.officer_id) == (him.supervisee_id, him.officer_id)
    assert alert.evidence["is_order_in_force"]
    assert world.one("SELECT count(*) FROM notification WHERE alert_id = :id", id=alert.id) > 0


def test_the_same_press_told_again_changes_nothing(world: World, her: Her) -> None:
    for _ in range(3):
        world.send(events=[pressed(her), pressed(her)])
    (alert,) = world.alerts()
    assert world.history(alert.id) == ["raised"]


def test_presses_that_nobody_has_seen_yet_are_one_alert_and_the_next_one_is_another(
    world: World, her: Her
) -> None:
    world.send(events=[pressed(her, 0), pressed(her, 0.1)])
    world.send(events=[pressed(her, 0.2)])
    (alert,) = world.alerts()
    assert len(alert.evidence["event_ids"]) == 3
    with transaction(world.engine) as session:
        acknowledge(session, world.actor(), alert.id, world.clock.now)
    world.send(events=[pressed(her, 5)])
    assert [one.handling for one in world.alerts()] == ["acknowledged", "new"]


def test_a_press_after_an_alert_that_lay_untouched_is_an_alert_of_its_own(
    world: World, her: Her
) -> None:
    world.send(events=[pressed(her, 0)])
    (morning,) = world.alerts()
    with transaction(world.engine) as session:
        acknowledge(session, world.actor(), morning.id, world.clock.now)
    world.clock.forward(3600)
    world.monitor.escalate()
    assert "reopened" in world.history(morning.id)
    world.send(events=[pressed(her, 60)])
    assert [one.handling for one in world.alerts()] == ["new", "new"]


def test_a_device_that_another_carries_now_tells_of_her_and_not_of_the_one_before(
    world: World, him: Person, her: Her
) -> None:
    another = world.person()
    second = protected_by(world, another.order_id)
    world.rows(
        "UPDATE court_order SET supervisee_id = :him WHERE id = :id RETURNING 1",
        him=him.supervisee_id,
        id=another.order_id,
    )
    world.send(events=[pressed(her, 0)])
    world.clock.forward(3600)
    with transaction(world.engine) as session:
        pretrial, at = world.actor(Role.PRETRIAL), T0 + 10 * MINUTE
        world.monitor.return_device(session, pretrial, her.device_id, at)
        world.monitor.entrust_device(session, pretrial, her.device_id, second, at)
    world.send(events=[pressed(her, 20)])
    told = [one.evidence["protected_person_id"] for one in world.alerts()]
    assert told == [her.id, second]


def test_a_stale_clock_makes_her_press_nobody_elses(world: World, him: Person, her: Her) -> None:
    with transaction(world.engine) as session:
        pretrial = world.actor(Role.PRETRIAL)
        world.monitor.return_device(session, pretrial, her.device_id, T0 - 60 * MINUTE)
    world.rows(
        "UPDATE device_assignment SET supervisee_id = :him, protected_person_id = NULL"
        " WHERE device_id = :device RETURNING 1",
        him=him.supervisee_id,
        device=her.device_id,
    )
    with transaction(world.engine) as session:
        at = T0 - 30 * MINUTE
        world.monitor.entrust_device(session, pretrial, her.device_id, her.id, at)
    world.send(events=[stale(her, T0 - 90 * MINUTE)])
    assert [alert.kind for alert in world.alerts()] == ["protected_button"]
    assert world.one("SELECT count(*) FROM device_event") == 0


def test_with_a_stale_clock_the_orders_of_now_say_whom_to_tell(
    world: World, him: Person, her: Her
) -> None:
    another = world.person(officer_id=world.officer())
    for order_id, begins, ends in (
        (him.order_id, LONG_AGO, T0 - 1000 * MINUTE),
        (another.order_id, T0 - 500 * MINUTE, None),
    ):
        world.rows(
            "UPDATE court_order SET protected_person_id = :her, begins_at = :begins,"
            " ends_at = :ends WHERE id = :id RETURNING 1",
            her=her.id,
            begins=begins,
            ends=ends,
            id=order_id,
        )
    world.send(events=[stale(her, T0 - 2000 * MINUTE)])
    told = {one.supervisee_id for one in world.alerts()}
    assert told == {him.supervisee_id, another.supervisee_id}


def test_a_button_that_is_stuck_is_one_alert_of_bounded_size(world: World, her: Her) -> None:
    for batch in range(3):
        world.send(events=[pressed(her, (1000 * batch + n) / 100) for n in range(1000)])
    (alert,) = world.alerts()
    assert alert.evidence["times"] == 3000
    ids = alert.evidence["event_ids"]
    assert (len(ids), ids[0]) == (50, world.one("SELECT min(id) FROM protected_event"))
    assert ids[-1] == world.one("SELECT max(id) FROM protected_event")
    assert world.history(alert.id) == ["raised", "evidence_added", "evidence_added"]
    assert world.one("SELECT count(*) FROM device_command") == 3


def test_everyone_whom_an_order_keeps_away_from_her_has_an_alert_of_his_own(
    world: World, him: Person, her: Her
) -> None:
    another = world.person(officer_id=world.officer())
    world.rows(
        "UPDATE court_order SET protected_person_id = :her WHERE id = :order RETURNING 1",
        her=her.id,
        order=another.order_id,
    )
    world.send(events=[pressed(her)])
    told = {(one.supervisee_id, one.officer_id) for one in world.alerts()}
    assert told == {
        (him.supervisee_id, him.officer_id),
        (another.supervisee_id, another.officer_id),
    }


def test_an_order_that_has_ended_still_says_whom_to_tell(
    world: World, him: Person, her: Her
) -> None:
    world.rows("UPDATE court_order SET ends_at = :at RETURNING 1", at=T0 - MINUTE)
    world.send(events=[pressed(her)])
    (alert,) = world.alerts()
    assert (alert.supervisee_id, alert.evidence["is_order_in_force"]) == (him.supervisee_id, False)


@pytest.mark.parametrize("minute", [-60 * 24 * 365 * 40, 120])
def test_a_press_of_a_device_that_was_hers_is_never_nobodys(
    world: World, her: Her, minute: float
) -> None:
    world.clock.forward(7200)
    with transaction(world.engine) as session:
        at = T0 + 60 * MINUTE
        world.monitor.return_device(session, world.actor(Role.PRETRIAL), her.device_id, at)
    world.send(events=[pressed(her, minute)])
    assert [alert.kind for alert in world.alerts()] == ["protected_button"]


def test_while_she_calls_his_tracker_is_asked_for_faster_fixes(
    world: World, him: Person, her: Her
) -> None:
    world.send(events=[pressed(her)])
    (asked,) = world.rows("SELECT device_id, interval_s, reason FROM device_command")
    assert (asked.device_id, asked.interval_s) == (him.device_id, 15)


def test_a_press_told_hours_later_is_late_and_asks_his_tracker_for_nothing(
    world: World, her: Her
) -> None:
    world.clock.forward(6 * 3600)
    world.send(events=[pressed(her)])
    (alert,) = world.alerts()
    assert alert.is_late
    assert world.one("SELECT count(*) FROM device_command") == 0


def test_his_own_button_stays_a_task_of_his(world: World, him: Person) -> None:
    world.send(events=[an_event(him.device_uid, EventKind.BUTTON, T0)])
    assert [alert.kind for alert in world.alerts()] == ["button"]

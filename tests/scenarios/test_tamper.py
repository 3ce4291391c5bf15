"""Promises about straps and cases: told at once, once, and cleared only by the strap itself."""

from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import Row

from supervision.core.fixes import DeviceEvent, EventKind
from tests.harness import LONG_AGO, T0, Person, World, an_event

CUT, RESTORED = EventKind.STRAP_CUT, EventKind.STRAP_RESTORED


def told(him: Person, kind: EventKind, minute: float) -> DeviceEvent:
    return an_event(him.device_uid, kind, T0 + timedelta(minutes=minute))


def the_alert(world: World) -> Row[object]:
    (alert,) = world.alerts()
    return alert


def test_a_cut_strap_is_one_critical_alert_however_often_it_is_told(
    world: World, him: Person
) -> None:
    for _ in range(3):
        world.send(events=[told(him, CUT, 0), told(him, CUT, 0)])
    alert = the_alert(world)
    assert (alert.kind, alert.severity, alert.handling) == ("strap_tamper", "critical", "new")
    assert (alert.officer_id, alert.occurred_at) == (him.officer_id, T0)
    assert alert.evidence == {"device_id": him.device_id, "event": "strap_cut"}
    assert world.history(alert.id) == ["raised"]


@pytest.mark.parametrize(
    ("event", "kind", "severity"),
    [
        (EventKind.CASE_OPEN, "case_tamper", "high"),
        (EventKind.JAMMING, "jamming", "high"),
        (EventKind.SHIELDING, "shielding", "high"),
        (EventKind.BATTERY_CRITICAL, "battery_critical", "high"),
        (EventKind.BATTERY_LOW, "battery_low", "medium"),
        (EventKind.BUTTON, "button", "medium"),
    ],
)
def test_what_else_a_device_reports_against_itself_is_told(
    world: World, him: Person, event: EventKind, kind: str, severity: str
) -> None:
    world.send(events=[told(him, event, 0)])
    alert = the_alert(world)
    assert (alert.kind, alert.severity, alert.grade) == (kind, severity, None)


def test_what_needs_nobody_is_stored_and_not_told(world: World, him: Person) -> None:
    world.send(events=[told(him, EventKind.CHARGING, 0), told(him, EventKind.MOTION, 0)])
    assert world.alerts() == []
    assert world.one("SELECT count(*) FROM device_event") == 2


def test_a_restored_strap_clears_the_tamper_and_leaves_it_open(world: World, him: Person) -> None:
    world.send(events=[told(him, CUT, 0)])
    world.send(events=[told(him, RESTORED, 5)])
    alert = the_alert(world)
    assert (alert.handling, alert.cleared_at) == ("new", T0 + timedelta(minutes=5))
    assert world.history(alert.id) == ["raised", "cleared"]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_whatever_arrives_first_each_cut_is_cleared_by_the_next_restoration(
    world: World, him: Person, order: tuple[int, ...]
) -> None:
    happened = [
        told(him, CUT, 0),
        told(him, RESTORED, 5),
        told(him, CUT, 8),
        told(him, RESTORED, 9),
    ]
    for place in order:
        world.send(events=[happened[place]])
    assert [alert.cleared_at for alert in world.alerts()] == [
        T0 + timedelta(minutes=5),
        T0 + timedelta(minutes=9),
    ]


def test_in_one_message_the_order_plays_no_part_either(world: World, him: Person) -> None:
    world.send(events=[told(him, RESTORED, 5), told(him, CUT, 0)])
    assert the_alert(world).cleared_at == T0 + timedelta(minutes=5)


def test_a_strap_cut_after_the_last_restoration_stays_cut(world: World, him: Person) -> None:
    world.send(events=[told(him, RESTORED, 5)])
    world.send(events=[told(him, CUT, 6)])
    assert the_alert(world).cleared_at is None


def test_a_second_devices_strap_says_nothing_about_the_first(world: World, him: Person) -> None:
    world.send(events=[told(him, CUT, 0)])
    second_id = world.one(
        "INSERT INTO device (agency_id, uid, model) VALUES (:agency, 'second', 'M') RETURNING id",
        agency=world.agency_id,
    )
    world.one(
        "INSERT INTO device_assignment (agency_id, device_id, supervisee_id, assigned_at)"
        " VALUES (:agency, :device, :him, :at) RETURNING id",
        agency=world.agency_id,
        device=second_id,
        him=him.supervisee_id,
        at=LONG_AGO,
    )
    world.send(events=[an_event("second", RESTORED, T0 + timedelta(minutes=5))])
    assert the_alert(world).cleared_at is None


def test_a_tamper_told_hours_later_is_marked_late(world: World, him: Person) -> None:
    world.clock.forward(6 * 3600)
    world.send(events=[told(him, CUT, 0)])
    alert = the_alert(world)
    assert alert.is_late
    assert (alert.occurred_at, alert.found_at) == (T0, world.clock.now)


def test_an_event_of_a_device_that_nobody_wears_alerts_nobody_and_is_kept(world: World) -> None:
    world.send(events=[an_event("stranger", CUT, T0)])
    assert world.alerts() == []
    assert world.one("SELECT reason FROM rejected_message") == "unknown_device"

"""Promises about shelving: what is held is never forgotten, and nothing critical is held."""

from dataclasses import replace

import pytest

from alerts.catalogue import CATALOGUE, AlertKind, Severity
from alerts.rules import Disposition, Means
from alerts.service import acknowledge, close, raise_alert, raise_alerts
from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.errors import Conflict, Invalid
from tests.harness import T0, World
from tests.reaching import GRAVE, Office
from tests.shelving import ABSENCE, HOUR, JAMMING, Desk


@pytest.fixture
def desk(world: World) -> Desk:
    world.officer(Role.SUPERVISOR)
    return Desk(world, world.person())


def test_an_alert_of_a_shelved_source_is_raised_and_listed_but_nobody_is_told(
    desk: Desk, world: World
) -> None:
    desk.shelve(8)
    held, other = desk.find(), desk.find(JAMMING)
    assert [alert.id for alert in world.alerts()] == [held, other]
    assert desk.told() == [other]
    assert world.history(held) == ["raised", "shelved"]
    assert desk.due_at(held) == T0 + 8 * HOUR
    desk.at(7.99)
    assert held not in desk.told()
    tags = world.rows("SELECT subject FROM audit_entry WHERE tag = 'alert:raised'")
    assert len(tags) == 2


def test_a_shelved_source_is_told_when_the_shelf_ends_and_begins_to_climb(
    desk: Desk, world: World
) -> None:
    desk.shelve(8, JAMMING)
    alert_id = desk.find(JAMMING)
    assert desk.at(8 - 1e-6) == 0
    desk.at(8)
    assert desk.told() == [alert_id]
    assert world.one("SELECT officer_id FROM notification") == desk.him.officer_id
    assert world.history(alert_id) == ["raised", "shelved", "released", "escalated"]
    assert desk.at(8) == 0
    desk.at(8 + 5 / 60)
    assert len(desk.told()) == 2
    assert desk.shelves() == 0


def test_a_shelf_that_is_taken_back_is_told_at_once(desk: Desk, world: World) -> None:
    shelf_id = desk.shelve(8)
    alert_id = desk.find()
    world.clock.forward(3600)
    desk.take_back(shelf_id)
    assert desk.at(1) == 1
    assert desk.told() == [alert_id]
    with pytest.raises(Conflict, match="over"):
        desk.take_back(shelf_id)
    later = desk.find()
    assert desk.told() == [alert_id, later]


def test_whoever_acknowledged_a_held_alert_is_not_told_when_the_shelf_ends(
    desk: Desk, world: World
) -> None:
    desk.shelve(4, JAMMING)
    alert_id, closed = desk.find(JAMMING), desk.find(JAMMING)
    desk.do(acknowledge, alert_id)
    desk.do(close, closed, Disposition.DEVICE_FAULT, "")
    for hours in (0.6, 2, 4, 4.49):
        assert desk.at(hours) == 0
    assert desk.told() == []
    desk.at(4.5)
    assert desk.told() == [alert_id]
    assert world.history(alert_id)[-2:] == ["reopened", "escalated"]


def test_an_acknowledged_alert_may_lie_untouched_no_longer_once_the_shelf_is_taken_back(
    desk: Desk, world: World
) -> None:
    shelf_id = desk.shelve(12, JAMMING)
    alert_id = desk.find(JAMMING)
    desk.do(acknowledge, alert_id)
    world.clock.forward(3600)
    desk.take_back(shelf_id)
    assert desk.due_at(alert_id) == T0 + 1.5 * HOUR


@pytest.mark.parametrize("kind", [one for one in AlertKind if CATALOGUE[one].is_ever_critical])
def test_nothing_critical_is_ever_shelved(desk: Desk, world: World, kind: AlertKind) -> None:
    with pytest.raises(Invalid, match="never shelved"):
        desk.shelve(1, kind)
    assert world.one("SELECT count(*) FROM alert_shelf") == 0


def put_on_a_shelf(world: World, desk: Desk, kind: AlertKind) -> None:
    """As if the kind had been no critical one when somebody shelved it."""
    world.one(
        "INSERT INTO alert_shelf (agency_id, supervisee_id, kind, reason, shelved_by_id, begins_at,"
        " ends_at, stretch_began_at) VALUES (:agency, :him, :kind, 'R', :officer, :now,"
        " :now + interval '8 hours', :now) RETURNING id",
        agency=world.agency_id,
        him=desk.him.supervisee_id,
        kind=kind,
        officer=desk.him.officer_id,
        now=world.clock.now,
    )


def test_what_becomes_critical_nevertheless_is_told_at_once_and_climbs(
    desk: Desk, world: World
) -> None:
    put_on_a_shelf(world, desk, AlertKind.ZONE_ENTRY)
    alert_id = desk.find(AlertKind.ZONE_ENTRY, "possible")
    assert desk.told() == []
    desk.confirm(1, AlertKind.ZONE_ENTRY)
    assert desk.told() == [alert_id]
    assert world.history(alert_id) == ["raised", "shelved", "confirmed", "released"]
    desk.at(5 / 60)
    assert len(desk.told()) == 2
    critical = desk.find(AlertKind.ZONE_ENTRY, "confirmed")
    assert desk.told()[-1] == critical


def test_what_becomes_graver_but_not_critical_is_held_on(desk: Desk, world: World) -> None:
    desk.shelve(8, ABSENCE)
    alert_id = desk.find(ABSENCE, "possible")
    desk.confirm(1, ABSENCE)
    (alert,) = world.alerts()
    assert (alert.severity, desk.told()) == (Severity.HIGH, [])
    assert desk.due_at(alert_id) == T0 + 8 * HOUR


def test_what_was_told_before_is_not_silenced_by_a_shelf(desk: Desk) -> None:
    alert_id = desk.find(JAMMING)
    desk.shelve(8, JAMMING)
    desk.at(5 / 60)
    assert desk.told() == [alert_id, alert_id]


def test_another_persons_alerts_of_the_kind_are_told(desk: Desk, world: World) -> None:
    desk.shelve(8)
    other = world.person()
    with transaction(world.engine) as session:
        new = replace(desk.finding(), supervisee_id=other.supervisee_id)
        alert_id, _ = raise_alert(session, new, world.clock.now)
    assert desk.told() == [alert_id]


def test_a_scheduler_that_was_down_when_the_shelf_ended_tells_on_its_return(
    desk: Desk, world: World
) -> None:
    desk.shelve(8)
    alert_id = desk.find()
    desk.at(30)
    assert desk.told() == [alert_id]
    assert desk.due_at(alert_id) > world.clock.now


def test_a_storm_of_a_shelved_source_comes_as_one_message_when_the_shelf_ends(
    office: Office, world: World
) -> None:
    desk = Desk(world, office.him)
    office.outside(Means.WEBHOOK, "https://centre.example/hook", GRAVE)
    desk.shelve(8, JAMMING)
    news = [desk.finding(JAMMING) for _ in range(50)]
    with transaction(world.engine) as session:
        raise_alerts(session, news, world.clock.now)
    office.deliver()
    assert office.sent(Means.EMAIL) == office.sent(Means.WEBHOOK) == []
    desk.at(8)
    office.deliver()
    assert office.sent(Means.EMAIL) == ["50 alerts wait for you"]
    assert len(office.sent(Means.WEBHOOK)) == 1
    assert world.one("SELECT count(*) FROM notification WHERE state <> 'sent'") == 0

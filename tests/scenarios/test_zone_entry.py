"""Promises about zone entries: found, told once, cleared but never closed by software."""

from datetime import timedelta

from alerts import service as alerting
from alerts.rules import Disposition
from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.fixes import Source
from tests.harness import T0, World, a_fix, circle

LON, LAT = -122.08, 37.4
OUTSIDE_LON = LON + 0.0056539  # 500 m east of the centre


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def test_a_breach_is_one_confirmed_alert_however_many_pings(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    world.send([a_fix(him.device_uid, T0, OUTSIDE_LON, LAT)])
    for minute in range(1, 6):
        world.send([a_fix(him.device_uid, T0 + minutes(minute), LON, LAT)])
    (stay,) = world.stays()
    (alert,) = world.alerts()
    assert stay.grade == "confirmed"
    assert stay.entered_at == T0 + minutes(1)
    assert stay.left_at is None
    assert stay.fix_count == 5
    assert (alert.kind, alert.severity, alert.handling) == ("zone_entry", "critical", "new")
    assert alert.officer_id == him.officer_id


def test_leaving_the_zone_clears_the_condition_and_leaves_the_alert_open(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    world.send([a_fix(him.device_uid, T0, LON, LAT)])
    world.send([a_fix(him.device_uid, T0 + minutes(1), OUTSIDE_LON, LAT)])
    (alert,) = world.alerts()
    assert alert.handling == "new"
    assert alert.cleared_at == T0 + minutes(1)
    assert world.history(alert.id) == ["raised", "cleared"]


def test_a_weak_fix_is_a_possible_stay_and_a_good_one_confirms_it(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    world.send([a_fix(him.device_uid, T0, LON, LAT, accuracy_m=400)])
    (alert,) = world.alerts()
    assert (alert.grade, alert.severity) == ("possible", "high")
    world.send([a_fix(him.device_uid, T0 + minutes(1), LON, LAT)])
    (alert,) = world.alerts()
    assert (alert.grade, alert.severity) == ("confirmed", "critical")
    assert world.history(alert.id) == ["raised", "confirmed"]


def test_closing_a_possible_entry_does_not_silence_its_confirmation(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    world.send([a_fix(him.device_uid, T0, LON, LAT, accuracy_m=400)])
    (possible,) = world.alerts()
    with transaction(world.engine) as session:
        actor = world.actor(officer_id=him.officer_id)
        closing = (Disposition.GPS_DRIFT, "Drift, he is at work.", world.clock.now)
        alerting.close(session, actor, possible.id, *closing)
    world.send([a_fix(him.device_uid, T0 + minutes(1), LON, LAT)])
    closed, confirmed = world.alerts()
    assert (closed.handling, closed.grade) == ("closed", "possible")
    assert (confirmed.handling, confirmed.severity) == ("new", "critical")
    assert confirmed.evidence["closed_as_possible"] == closed.id
    world.send([a_fix(him.device_uid, T0 + minutes(2), OUTSIDE_LON, LAT)])
    assert world.history(confirmed.id) == ["raised", "cleared"]


def test_a_cell_tower_fix_alone_never_confirms(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 2000))
    world.send([a_fix(him.device_uid, T0, LON, LAT, accuracy_m=50, source=Source.CELL)])
    (alert,) = world.alerts()
    assert alert.grade == "possible"


def test_a_breach_that_arrives_late_is_told_and_marked_late(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    later = T0 + timedelta(hours=6)
    world.send([a_fix(him.device_uid, T0 + minutes(2), OUTSIDE_LON, LAT)])
    world.clock.now = later
    world.send([a_fix(him.device_uid, T0, LON, LAT, received_at=later)])
    (stay,) = world.stays()
    (alert,) = world.alerts()
    assert (stay.entered_at, stay.left_at) == (T0, T0 + minutes(2))
    assert alert.is_late
    assert (alert.occurred_at, alert.found_at) == (T0, later)
    assert world.history(alert.id) == ["raised", "cleared"]


def test_a_late_fix_outside_splits_a_stay_in_two(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    world.send([a_fix(him.device_uid, T0 + minutes(m), LON, LAT) for m in (0, 10)])
    world.send([a_fix(him.device_uid, T0 + minutes(5), OUTSIDE_LON, LAT)])
    assert [(s.entered_at, s.left_at) for s in world.stays()] == [
        (T0, T0 + minutes(5)),
        (T0 + minutes(10), None),
    ]
    assert len(world.alerts()) == 2


def test_a_zone_armed_around_somebody_alerts_before_his_next_fix(world: World) -> None:
    him = world.person()
    world.send([a_fix(him.device_uid, T0, LON, LAT)])
    world.clock.forward(60)
    world.zone(him, circle(LON, LAT, 200), armed_at=world.clock.now)
    (stay,) = world.stays()
    assert stay.entered_at == world.clock.now
    assert stay.grade == "confirmed"
    assert len(world.alerts()) == 1
    world.send([a_fix(him.device_uid, T0 + minutes(2), LON, LAT)])
    assert len(world.alerts()) == 1


def test_an_old_last_fix_makes_an_armed_zone_only_possibly_entered(world: World) -> None:
    him = world.person()
    world.send([a_fix(him.device_uid, T0, LON, LAT)])
    world.clock.forward(3600)
    world.zone(him, circle(LON, LAT, 200), armed_at=world.clock.now)
    (stay,) = world.stays()
    assert stay.grade == "possible"


def test_a_late_fix_that_shows_he_had_gone_withdraws_the_stay_and_tells_so(world: World) -> None:
    him = world.person()
    world.send([a_fix(him.device_uid, T0, LON, LAT)])
    world.clock.forward(120)
    world.zone(him, circle(LON, LAT, 200), armed_at=world.clock.now)
    world.send([a_fix(him.device_uid, T0 + minutes(1), OUTSIDE_LON, LAT)])
    assert world.stays() == []
    (alert,) = world.alerts()
    assert alert.handling == "new"
    assert world.history(alert.id) == ["raised", "evidence_added", "cleared"]
    assert alert.evidence["is_withdrawn"]


def test_a_zone_armed_ahead_is_judged_when_its_time_comes(world: World) -> None:
    him = world.person()
    world.monitor.sweep_zone_boundaries()
    world.zone(him, circle(LON, LAT, 200), armed_at=T0 + minutes(10))
    world.send([a_fix(him.device_uid, T0 + minutes(9), LON, LAT)])
    assert world.alerts() == []
    world.clock.now = T0 + minutes(10)
    assert world.monitor.sweep_zone_boundaries() == 1
    (stay,) = world.stays()
    assert stay.entered_at == T0 + minutes(10)
    assert world.monitor.sweep_zone_boundaries() == 0
    assert len(world.alerts()) == 1


def test_retiring_a_zone_ends_the_stay_in_it(world: World) -> None:
    him = world.person()
    zone_id = world.zone(him, circle(LON, LAT, 200))
    world.send([a_fix(him.device_uid, T0, LON, LAT)])
    world.clock.forward(60)
    with transaction(world.engine) as session:
        world.monitor.zoning(session, world.actor(Role.PRETRIAL)).retire(zone_id, world.clock.now)
    (stay,) = world.stays()
    assert stay.left_at == world.clock.now
    world.send([a_fix(him.device_uid, T0 + minutes(2), LON, LAT)])
    assert len(world.stays()) == 1


def test_a_zone_amended_away_from_him_ends_the_stay_by_the_new_drawing(world: World) -> None:
    him = world.person()
    zone_id = world.zone(him, circle(LON, LAT, 200))
    world.send([a_fix(him.device_uid, T0, LON, LAT)])
    world.clock.forward(60)
    with transaction(world.engine) as session:
        world.monitor.zoning(session, world.actor(Role.PRETRIAL)).amend(
            zone_id,
            circle(LON + 0.02, LAT, 200),
            world.clock.now,
        )
    (stay,) = world.stays()
    assert stay.left_at == world.clock.now
    late = a_fix(him.device_uid, T0 + timedelta(seconds=30), LON, LAT)
    world.send([late])
    (stay,) = world.stays()
    assert stay.fix_count == 2, "the version in force at the fix's own time judges it"


def test_fixes_of_one_device_never_move_another_persons_presence(world: World) -> None:
    him = world.person("phone")
    other = world.person("phone2")
    world.zone(him, circle(LON, LAT, 200))
    world.send([a_fix(other.device_uid, T0, LON, LAT)])
    assert world.stays() == []


def test_an_hour_on_the_edge_is_at_most_one_alert(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    edge_lon = LON + 0.0022616
    for minute in range(60):
        east = edge_lon + (0.0001 if minute % 2 else -0.0001)
        world.send([a_fix(him.device_uid, T0 + minutes(minute), east, LAT, accuracy_m=23)])
    assert len(world.alerts()) == 1

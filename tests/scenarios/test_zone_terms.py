"""Promises about zones as orders need them: schedules, exceptions, rings, inclusion."""

import pytest

from geofence.service import ChangedTerms, ZoneKind, narrowing
from supervision.core.access import Role
from supervision.core.db import transaction
from tests.harness import T0, Person, World
from tests.scenarios.sightings import seen, spans, tick
from tests.zoning import HOME, LON, OUTSIDE_LON, amend, daily, except_from, minute, withdraw

# T0 is 14:13:20 UTC; the person's clocks show UTC.
FROM_HALF_PAST_TWO = daily("14:30", "16:00")
HALF_PAST_TWO, FOUR = minute(16 + 2 / 3), minute(106 + 2 / 3)
UNTIL_HALF_PAST_TWO = daily("08:00", "14:30")


@pytest.fixture(autouse=True)
def many_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change is narrowed to the pairs that can matter, as if there were thousands."""
    monkeypatch.setattr(narrowing, "FEW_PAIRS", 0)


def kinds(world: World) -> list[str]:
    return [alert.kind for alert in world.alerts()]


def test_a_schedule_that_starts_around_somebody_alerts_before_his_next_fix(
    world: World, him: Person
) -> None:
    world.zone(him, HOME, schedule=FROM_HALF_PAST_TWO)
    seen(world, him, minute(15))
    assert world.alerts() == []
    assert tick(world, HALF_PAST_TWO) == 1
    assert spans(world) == [(HALF_PAST_TWO, None)]
    assert kinds(world) == ["zone_entry"]


def test_a_schedule_that_ends_ends_the_stay_and_clears_its_alert(world: World, him: Person) -> None:
    world.zone(him, HOME, schedule=UNTIL_HALF_PAST_TWO)
    seen(world, him, T0)
    assert len(world.alerts()) == 1
    tick(world, HALF_PAST_TWO)
    assert spans(world) == [(T0, HALF_PAST_TWO)]
    (alert,) = world.alerts()
    assert (alert.handling, alert.cleared_at) == ("new", HALF_PAST_TWO)


def test_nobody_is_told_of_a_fix_outside_the_schedule(world: World, him: Person) -> None:
    world.zone(him, HOME, schedule=FROM_HALF_PAST_TWO)
    for at in (T0, minute(5), FOUR, minute(120)):
        seen(world, him, at)
        tick(world, at)
    assert [alert.occurred_at for alert in world.alerts()] == [HALF_PAST_TWO]


def test_a_scheduler_that_was_down_tells_of_the_schedule_late_but_once(
    world: World, him: Person
) -> None:
    world.zone(him, HOME, schedule=FROM_HALF_PAST_TWO)
    seen(world, him, minute(15))
    assert tick(world, minute(100)) == 1
    (alert,) = world.alerts()
    assert (alert.occurred_at, alert.found_at, alert.is_late) == (HALF_PAST_TWO, minute(100), True)
    assert tick(world, minute(101)) == 0


def test_a_schedule_given_to_a_zone_around_somebody_ends_his_stay_at_once(
    world: World, him: Person
) -> None:
    zone_id = world.zone(him, HOME)
    seen(world, him, T0)
    world.clock.forward(60)
    amend(world, zone_id, minute(1), ChangedTerms(schedule=FROM_HALF_PAST_TWO))
    assert spans(world) == [(T0, minute(1))]


def test_a_court_hearing_silences_and_its_end_judges_at_once(world: World, him: Person) -> None:
    zone_id = world.zone(him, HOME)
    except_from(world, him, zone_id, minute(10), minute(30))
    tick(world, minute(10))
    seen(world, him, minute(12))
    seen(world, him, minute(29))
    assert world.alerts() == []
    assert tick(world, minute(30)) == 1
    assert spans(world) == [(minute(30), None)]
    assert len(world.alerts()) == 1


def test_an_exception_from_now_ends_the_stay_under_way(world: World, him: Person) -> None:
    zone_id = world.zone(him, HOME)
    seen(world, him, T0)
    world.clock.forward(60)
    except_from(world, him, zone_id, minute(1), minute(30))
    assert spans(world) == [(T0, minute(1))]
    (alert,) = world.alerts()
    assert (alert.handling, alert.cleared_at) == ("new", minute(1))


def test_an_exception_withdrawn_judges_at_once(world: World, him: Person) -> None:
    zone_id = world.zone(him, HOME)
    exception_id = except_from(world, him, zone_id, T0, minute(60))
    seen(world, him, minute(5))
    assert world.alerts() == []
    world.clock.now = minute(6)
    withdraw(world, exception_id)
    assert spans(world) == [(minute(6), None)]


def test_an_exception_is_for_one_person_and_one_zone(world: World, him: Person) -> None:
    zone_id, other = world.zone(him, HOME), world.person()
    world.zone(him, HOME)
    world.zone(other, HOME)
    except_from(world, him, zone_id, T0, minute(60))
    for person in (him, other):
        seen(world, person, minute(5))
    assert len(world.stays()) == 2
    assert zone_id not in {stay.zone_id for stay in world.stays()}


def test_every_worker_hears_of_an_exception(world: World, him: Person) -> None:
    zone_id = world.zone(him, HOME)
    seen(world, him, T0, OUTSIDE_LON)
    except_from(world, him, zone_id, minute(10), minute(30))
    seen(world, him, minute(12))
    assert world.alerts() == []


def test_a_late_fix_from_within_an_exception_is_no_breach(world: World, him: Person) -> None:
    zone_id = world.zone(him, HOME)
    except_from(world, him, zone_id, minute(10), minute(30))
    world.clock.now = minute(50)
    seen(world, him, minute(25), OUTSIDE_LON)
    seen(world, him, minute(20))
    assert world.stays() == []


def test_a_person_kept_in_a_place_is_told_of_when_he_leaves_it(world: World, him: Person) -> None:
    world.zone(him, HOME, kind=ZoneKind.INCLUSION)
    seen(world, him, T0)
    assert world.alerts() == []
    seen(world, him, minute(1), OUTSIDE_LON)
    assert [(row.entered_at, row.left_at) for row in world.stays()] == [(minute(1), None)]
    seen(world, him, minute(2))
    assert spans(world) == [(minute(1), minute(2))]
    assert len(world.alerts()) == 1


def test_a_curfew_that_begins_while_he_is_out_alerts_before_his_next_fix(
    world: World, him: Person
) -> None:
    world.zone(him, HOME, kind=ZoneKind.INCLUSION, schedule=FROM_HALF_PAST_TWO)
    seen(world, him, minute(15), OUTSIDE_LON)
    assert world.alerts() == []
    tick(world, HALF_PAST_TWO)
    assert spans(world) == [(HALF_PAST_TWO, None)]


def test_coming_nearer_in_the_warning_ring_is_told_before_the_zone_is_entered(
    world: World, him: Person
) -> None:
    world.zone(him, HOME, warning_m=600)
    for place in range(6):
        seen(world, him, minute(place), LON + 0.0113 - place * 0.0014)
    assert "zone_approach" in kinds(world)
    assert "zone_entry" not in kinds(world)


def test_a_zone_without_a_warning_ring_warns_of_nothing(world: World, him: Person) -> None:
    world.zone(him, HOME)
    for place in range(6):
        seen(world, him, minute(place), LON + 0.0113 - place * 0.0014)
    assert world.alerts() == []


def test_a_device_handed_out_judges_what_is_known_of_its_wearer_at_once(
    world: World, him: Person
) -> None:
    seen(world, him, T0)
    world.rows("UPDATE device_assignment SET returned_at = :at RETURNING 1", at=minute(1))
    zone_id = world.zone(him, HOME)
    # As if nobody had judged it then.
    world.rows("UPDATE zone_stay SET withdrawn_at = :at RETURNING 1", at=T0)
    device_id = world.one(
        "INSERT INTO device (agency_id, uid, model) VALUES (:agency, 'new', 'M') RETURNING id",
        agency=world.agency_id,
    )
    world.clock.now = minute(2)
    with transaction(world.engine) as session:
        actor = world.actor(Role.PRETRIAL)
        world.monitor.assign_device(session, actor, device_id, him.supervisee_id, minute(2))
    (stay,) = world.stays()
    assert stay.zone_id == zone_id


def test_what_a_device_said_while_it_was_nobodys_stays_rejected(world: World, him: Person) -> None:
    world.zone(him, HOME)
    world.rows("UPDATE device_assignment SET returned_at = :at RETURNING 1", at=minute(-1))
    seen(world, him, T0)
    world.clock.now = minute(2)
    with transaction(world.engine) as session:
        actor = world.actor(Role.PRETRIAL)
        world.monitor.assign_device(session, actor, him.device_id, him.supervisee_id, T0)
    assert world.stays() == []
    assert world.one("SELECT reason FROM rejected_message") == "device_not_assigned"

"""Promises about a phone's position at a check-in: it is judged, and clears or confirms nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from geofence.service import ZoneKind
from supervision.checkins.service import NoPosition, Place
from supervision.core.db import transaction
from supervision.core.fixes import Source
from tests.duties import a_duty, told
from tests.harness import T0, Person, World, a_fix, circle

# One degree of longitude at latitude 50 is 71.7 km.
LON, LAT = 10.0, 50.0
FAR_LON = LON + 0.14  # 10 km east
SECOND = timedelta(seconds=1)


def says(world: World, him: Person, lon: float, accuracy_m: float = 12.0, **when: Any) -> int:
    """His phone says at a check-in that he is there, now; returns the check-in."""
    where = Place(lon, LAT, accuracy_m, world.clock.now)
    return tells(world, him, where, **when)


def tells(world: World, him: Person, where: Place | NoPosition) -> int:
    with transaction(world.engine) as session:
        one = a_duty(session, him.supervisee_id, world.clock.now)
        side = world.monitor.checkin_person(session, world.agency_id, one.id)
        side.submit(told(where))
    return one.id


def tracked(world: World, him: Person, lon: float, **said: Any) -> None:
    """His tracker says that he is there, now."""
    world.send([a_fix(him.device_uid, world.clock.now, lon, LAT, **said)])


def submission(world: World) -> Any:
    (row,) = world.rows("SELECT * FROM checkin_submission")
    return row


def told_of(world: World) -> list[tuple[str, str, str | None]]:
    return [(one.kind, one.severity, one.grade) for one in world.alerts()]


def test_a_phone_far_from_the_tracker_is_told_with_how_far_and_by_which_fix(
    world: World, him: Person
) -> None:
    tracked(world, him, LON)
    world.clock.forward(20)
    one = says(world, him, FAR_LON)
    assert world.monitor.judge_submissions() == 1
    (alert,) = world.alerts()
    (position,) = world.rows("SELECT id, fixed_at FROM position")
    assert (alert.kind, alert.severity, alert.grade) == ("checkin_far", "high", None)
    assert (alert.officer_id, alert.occurred_at) == (him.officer_id, world.clock.now)
    row = submission(world)
    assert alert.evidence == {
        "source": "phone",
        "checkin_id": one,
        "submission_id": row.id,
        "located_at": world.clock.now.isoformat(),
        "device_position_id": position.id,
        "device_fixed_at": T0.isoformat(),
        "seconds_apart": 20.0,
        "distance_m": pytest.approx(10_037, abs=10),
        "explained_m": 3 * 20 + 35 * 30,
    }
    assert (row.device_position_id, row.device_fixed_at, row.judged_at) == (
        position.id,
        T0,
        world.clock.now,
    )
    assert row.distance_m == pytest.approx(10_037, abs=10)
    assert row.concerns == ["far_position"]
    assert world.monitor.judge_submissions() == 0
    assert len(world.alerts()) == 1


@pytest.mark.parametrize(
    ("lon", "seconds", "accuracy_m"),
    [(LON, 0, 12.0), (LON + 0.005, 0, 12.0), (FAR_LON, 300, 12.0), (FAR_LON, 0, 4_000.0)],
    ids=["together", "a street away", "driven since", "a poor phone"],
)
def test_what_errors_and_time_explain_is_kept_and_no_finding(
    world: World, him: Person, lon: float, seconds: float, accuracy_m: float
) -> None:
    tracked(world, him, LON)
    world.clock.forward(seconds)
    says(world, him, lon, accuracy_m)
    world.monitor.judge_submissions()
    assert world.alerts() == []
    assert submission(world).distance_m is not None
    assert submission(world).concerns == []


def test_the_fix_nearest_in_time_that_can_tell_is_compared(world: World, him: Person) -> None:
    tracked(world, him, FAR_LON)
    world.clock.forward(60)
    tracked(world, him, FAR_LON, source=Source.CELL, accuracy_m=2_000.0)
    world.clock.forward(1)
    says(world, him, LON)
    world.clock.forward(5)
    tracked(world, him, LON)
    world.monitor.judge_submissions()
    assert submission(world).device_fixed_at == world.clock.now
    assert submission(world).distance_m == pytest.approx(0, abs=1)


@pytest.mark.parametrize("is_tracked", [False, True])
def test_without_a_fix_of_the_last_quarter_hour_nothing_is_compared(
    world: World, him: Person, *, is_tracked: bool
) -> None:
    if is_tracked:
        tracked(world, him, FAR_LON)
    world.clock.forward(901)
    says(world, him, LON)
    assert world.monitor.judge_submissions() == 1
    row = submission(world)
    assert (row.device_position_id, row.distance_m, row.judged_at) == (None, None, world.clock.now)


def test_what_has_no_position_is_not_judged(world: World, him: Person) -> None:
    tells(world, him, NoPosition.DENIED)
    assert world.monitor.judge_submissions() == 0


def test_a_phone_in_a_zone_while_the_tracker_is_elsewhere_is_a_possible_entry_and_far(
    world: World, him: Person
) -> None:
    zone = world.zone(him, circle(LON, LAT, 300))
    tracked(world, him, FAR_LON)
    one = says(world, him, LON)
    world.monitor.judge_submissions()
    assert told_of(world) == [("checkin_far", "high", None), ("zone_entry", "high", "possible")]
    entry = world.alerts()[1]
    assert (entry.zone_id, entry.dedup_key) == (zone, f"zone_entry:1:checkin:{one}:zone:{zone}")
    assert entry.evidence["source"] == "phone"
    assert entry.evidence["probability"] == pytest.approx(0.84)
    assert entry.evidence["distance_m"] == pytest.approx(-300, abs=1)
    assert world.stays() == []


def test_a_faked_position_elsewhere_changes_nothing_about_a_stay(world: World, him: Person) -> None:
    world.zone(him, circle(LON, LAT, 300))
    for _ in range(3):
        tracked(world, him, LON)
        world.clock.forward(30)
    before = world.stays()
    assert [stay.grade for stay in before] == ["confirmed"]
    says(world, him, FAR_LON)
    world.monitor.judge_submissions()
    assert world.stays() == before
    world.clock.forward(30)
    tracked(world, him, LON)
    (stay,) = world.stays()
    assert (stay.id, stay.left_at, stay.fix_count) == (before[0].id, None, 4)
    entry = next(one for one in world.alerts() if one.kind == "zone_entry")
    assert (entry.grade, entry.cleared_at, entry.handling) == ("confirmed", None, "new")
    assert ("checkin_far", "high", None) in told_of(world)
    assert len(world.rows("SELECT FROM position")) == 4


def test_a_phone_in_the_zone_in_which_the_tracker_is_tells_nothing_new(
    world: World, him: Person
) -> None:
    world.zone(him, circle(LON, LAT, 300))
    tracked(world, him, LON)
    world.clock.forward(20)
    says(world, him, LON)
    world.monitor.judge_submissions()
    assert [one.kind for one in world.alerts()] == ["zone_entry"]
    assert world.alerts()[0].evidence["stay_id"] == world.stays()[0].id


def test_a_zone_counts_for_a_phone_only_while_it_is_in_force(world: World, him: Person) -> None:
    world.zone(him, circle(LON, LAT, 300), armed_at=T0 + SECOND)
    says(world, him, LON)
    world.clock.forward(10)
    world.monitor.judge_submissions()
    assert world.alerts() == []
    says(world, him, LON)
    world.monitor.judge_submissions()
    assert told_of(world) == [("zone_entry", "high", "possible")]


@pytest.mark.parametrize(
    ("lon", "is_away"), [(LON, False), (LON + 330 / 71_700, False), (FAR_LON, True)]
)
def test_a_phone_away_from_the_place_to_be_in_is_a_possible_absence_and_one_next_door_is_not(
    world: World, him: Person, lon: float, *, is_away: bool
) -> None:
    world.zone(him, circle(LON, LAT, 300), kind=ZoneKind.INCLUSION)
    says(world, him, lon, accuracy_m=40.0)
    world.monitor.judge_submissions()
    assert told_of(world) == [("zone_absence", "medium", "possible")] * is_away


def test_another_persons_zone_is_not_his(world: World, him: Person) -> None:
    world.zone(world.person(), circle(LON, LAT, 300))
    says(world, him, LON)
    world.monitor.judge_submissions()
    assert world.alerts() == []


def test_two_schedulers_judge_each_once_and_no_place_leaves_the_submission(world: World) -> None:
    people = [world.person() for _ in range(8)]
    for one in people:
        world.zone(one, circle(LON, LAT, 300))
        says(world, one, LON)
    schedulers = [world.monitor, world.another_worker()]
    with ThreadPoolExecutor(2) as both:
        judged = sum(both.map(lambda monitor: monitor.judge_submissions(), schedulers))
    assert judged == len(people) == len(world.alerts())
    assert "suppressed" not in {one.kind for one in world.rows("SELECT kind FROM alert_event")}
    lines = world.rows(
        "SELECT evidence::text AS said FROM alert UNION ALL SELECT detail::text FROM audit_entry"
    )
    assert all("10.0" not in line.said and "50.0" not in line.said for line in lines)


def test_what_is_judged_long_afterwards_says_so(world: World, him: Person) -> None:
    world.zone(him, circle(LON, LAT, 300))
    says(world, him, LON)
    world.clock.forward(3_600)
    world.monitor.judge_submissions()
    (alert,) = world.alerts()
    assert (alert.is_late, alert.occurred_at, alert.found_at) == (True, T0, world.clock.now)

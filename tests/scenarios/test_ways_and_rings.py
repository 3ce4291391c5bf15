"""Promises about what fixes outside say: ways through a zone, coming nearer, and silences."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from alerts import service as alerting
from alerts.rules import Disposition
from geofence.service import ZoneKind
from supervision.core.db import transaction
from tests.harness import T0, Person, World, a_fix, circle
from tests.her_device import entrusted, pressed, protected_by

LON, LAT = -122.08, 37.4
M_PER_DEG_LON, M_PER_DEG_LAT = 88_543.2, 110_985.2
# To be at home from T0 + 100 s to T0 + 1000 s.
CURFEW = {
    "windows": [
        {"rrule": "FREQ=DAILY", "starts_on": "2026-09-01", "begins": "14:15", "ends": "14:30"}
    ]
}
CURFEW_BEGINS, CURFEW_ENDS = T0 + timedelta(seconds=100), T0 + timedelta(seconds=1000)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def go(
    world: World, him: Person, second: float, east_m: float, north_m: float = 0, **how: Any
) -> None:
    """He is so far from the zone's middle, and it is told at once."""
    at = T0 + seconds(second)
    world.clock.now = max(world.clock.now, at + seconds(1))
    lon, lat = LON + east_m / M_PER_DEG_LON, LAT + north_m / M_PER_DEG_LAT
    world.send([a_fix(him.device_uid, at, lon, lat, received_at=world.clock.now, **how)])


def go_at_once(world: World, him: Person, way: Sequence[tuple[float, float]]) -> None:
    """The same of several seconds and ways east, told in one batch."""
    last_at = T0 + seconds(max(second for second, _ in way))
    world.clock.now = max(world.clock.now, last_at + seconds(1))
    world.send(
        [
            a_fix(him.device_uid, T0 + seconds(second), LON + east_m / M_PER_DEG_LON, LAT)
            for second, east_m in way
        ]
    )


def told(world: World, alert_id: int) -> dict[str, Any]:
    (row,) = world.rows("SELECT * FROM alert WHERE id = :id", id=alert_id)
    return dict(row._mapping)


def commands(world: World) -> Sequence[Row[Any]]:
    return world.rows("SELECT * FROM device_command ORDER BY id")


def silences(world: World) -> list[tuple[float, float]]:
    rows = world.rows("SELECT * FROM zone_silence WHERE withdrawn_at IS NULL ORDER BY from_at")
    return [tuple((at - T0).total_seconds() for at in (r.from_at, r.until_at)) for r in rows]


def test_a_way_through_the_zone_between_two_fixes_is_a_possible_alert(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    go(world, him, 0, -600)
    go(world, him, 60, 600)
    (stay,) = world.stays()
    (alert,) = world.alerts()
    assert (stay.evidence_kind, stay.grade, stay.fix_count) == ("way", "possible", 0)
    assert abs(stay.entered_at - (T0 + seconds(20))) < seconds(1)
    assert abs(stay.left_at - (T0 + seconds(40))) < seconds(1)
    assert (stay.entered_after_at, stay.left_before_at) == (T0, T0 + seconds(60))
    assert (alert.grade, alert.severity, alert.handling) == ("possible", "high", "new")
    assert alert.cleared_at == stay.left_at
    assert alert.evidence["by"] == "way"


def test_a_way_past_the_zone_is_no_alert(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    go(world, him, 0, -600, 250)
    go(world, him, 60, 600, 250)
    assert world.alerts() == []


def test_a_late_fix_that_shows_he_went_around_withdraws_the_crossing(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    go(world, him, 0, -600)
    go(world, him, 60, 600)
    go(world, him, 30, 0, 650)
    assert world.stays() == []
    (alert,) = world.alerts()
    assert alert.handling == "new"
    assert alert.evidence["is_withdrawn"]
    assert world.history(alert.id) == ["raised", "cleared", "evidence_added", "cleared"]


def test_an_alert_already_handled_is_not_rewritten_but_new_evidence_is_added_to_it(
    world: World,
) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    go(world, him, 0, -600)
    go(world, him, 60, 600)
    (alert,) = world.alerts()
    with transaction(world.engine) as session:
        officer = world.actor(officer_id=him.officer_id)
        how = (Disposition.CONFIRMED_VIOLATION, "Seen by a neighbour.", world.clock.now)
        alerting.close(session, officer, alert.id, *how)
    closed = told(world, alert.id)
    go(world, him, 30, 0, 650)
    after = told(world, alert.id)
    kept = closed.keys() - {"evidence", "cleared_at", "version"}
    assert {name: after[name] for name in kept} == {name: closed[name] for name in kept}
    assert after["handling"] == "closed"
    assert after["evidence"] == closed["evidence"] | {"is_withdrawn": True}
    assert world.history(alert.id)[-2:] == ["evidence_added", "cleared"]
    assert len(world.alerts()) == 1


def test_whoever_leaves_a_ring_while_she_calls_is_asked_for_fast_fixes_still(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200), warning_m=1000)
    go(world, him, 0, 1100)
    go(world, him, 60, 800)
    her = entrusted(world, protected_by(world, him.order_id))
    world.send(events=[pressed(her, 1.5)])
    go(world, him, 240, 1600)
    assert [one.interval_s for one in commands(world)] == [15, 15]


def test_an_approach_is_told_with_the_time_to_the_edge_and_quickens_the_device_while_it_lasts(
    world: World,
) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200), warning_m=1000)
    go(world, him, 0, 1100)
    assert (world.alerts(), commands(world)) == ([], [])
    go(world, him, 60, 800)
    (alert,) = world.alerts()
    assert (alert.kind, alert.severity, alert.handling) == ("zone_approach", "high", "new")
    assert alert.occurred_at == T0 + seconds(60)
    assert alert.evidence["closing_mps"] == 5.0
    assert alert.evidence["eta_s"] == 120
    (near,) = commands(world)
    assert (near.kind, near.interval_s, near.device_id) == ("set_interval", 15, him.device_id)
    assert near.ends_at == world.clock.now + timedelta(hours=1)
    go(world, him, 120, 700)
    assert len(world.alerts()) == len(commands(world)) == 1
    go(world, him, 240, 1600)
    near, usual = commands(world)
    assert (usual.interval_s, usual.ends_at) == (60, None)
    (alert,) = world.alerts()
    assert (alert.handling, alert.cleared_at) == ("new", T0 + seconds(240))


def test_an_approach_that_ends_in_the_zone_is_one_approach_and_one_entry(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200), warning_m=1000)
    for minute, east_m in enumerate([1500, 1100, 800, 500, 100, 0]):
        go(world, him, 60 * minute, east_m)
    approach, entry = world.alerts()
    assert (approach.kind, entry.kind) == ("zone_approach", "zone_entry")
    assert (approach.cleared_at, entry.cleared_at) == (None, None)
    assert [one.interval_s for one in commands(world)] == [15]


def test_being_in_the_ring_without_coming_nearer_is_no_alert(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200), warning_m=1000)
    for minute, east_m in enumerate([700, 705, 700, 760, 755, 1500, 1600]):
        go(world, him, 60 * minute, east_m)
    (stay,) = world.stays()
    assert (stay.ring, stay.grade, stay.closing_at) == ("warning", "confirmed", None)
    assert (world.alerts(), commands(world)) == ([], [])


def test_a_walker_is_seen_coming_whatever_the_interval_and_the_errors_of_good_fixes(
    world: World,
) -> None:
    for interval_s in (5, 15, 60):
        him = world.person()
        world.zone(him, circle(LON, LAT, 200), warning_m=1000)
        for second in range(0, 121, interval_s):
            go(world, him, second, 1000 - 1.4 * second, accuracy_m=20)
    approaches = [alert for alert in world.alerts() if alert.kind == "zone_approach"]
    assert len(approaches) == 3


def test_an_approach_that_late_fixes_do_not_bear_out_is_withdrawn_and_the_device_relaxed(
    world: World,
) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200), warning_m=1000)
    go(world, him, 0, 820)
    go(world, him, 60, 800)
    (alert,) = world.alerts()
    go(world, him, 40, 812)
    go(world, him, 20, 810)
    assert world.stays()[0].closing_at is None
    (alert,) = world.alerts()
    assert alert.evidence["is_withdrawn"]
    assert alert.cleared_at is not None
    assert [one.interval_s for one in commands(world)] == [15, 60]


def test_a_silence_in_which_a_zone_could_be_reached_is_on_record_until_late_fixes_fill_it(
    world: World,
) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    go(world, him, 0, 3000)
    go(world, him, 400, 3000)
    assert silences(world) == [(0, 400)]
    go(world, him, 200, 3000, accuracy_m=2000)
    assert silences(world) == [(0, 400)], "a fix that cannot tell ends no silence"
    go(world, him, 130, 3000)
    assert silences(world) == [(130, 400)]
    go(world, him, 270, 3000)
    assert silences(world) == []
    assert world.alerts() == [], "a silence by itself is no alert"


def test_a_silence_is_filled_also_by_late_fixes_that_come_with_newer_ones(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    for second in (0, 300):
        go(world, him, second, 3000)
    assert silences(world) == [(0, 300)]
    go_at_once(world, him, [(second, 3000) for second in (60, 120, 180, 240, 360)])
    assert silences(world) == []


def test_a_long_silence_is_shortened_by_what_the_device_had_kept_of_its_beginning(
    world: World,
) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    two_days_s = 2 * 86_400
    for second in (0, two_days_s):
        go(world, him, second, 3000)
    assert silences(world) == [(0, two_days_s)]
    go_at_once(world, him, [(second, 3000) for second in range(60, 3_660, 60)])
    assert silences(world) == [(3_600, two_days_s)]


def test_a_silence_in_which_no_zone_could_be_reached_is_no_record(world: World) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 200))
    go(world, him, 0, 10_000)
    go(world, him, 400, 10_000)
    assert silences(world) == []


def test_leaving_home_during_the_curfew_is_an_absence_and_coming_back_clears_it(
    world: World,
) -> None:
    him = world.person()
    home = circle(LON, LAT, 100)
    world.zone(him, home, kind=ZoneKind.INCLUSION, schedule=CURFEW)
    for second, east_m in ((0, 900), (60, 0), (160, 5), (220, 700), (280, 900), (340, 4)):
        go(world, him, second, east_m)
    (alert,) = world.alerts()
    assert (alert.kind, alert.grade, alert.severity) == ("zone_absence", "confirmed", "high")
    assert alert.occurred_at == T0 + seconds(220)
    assert (alert.handling, alert.cleared_at) == ("new", T0 + seconds(340))
    assert world.history(alert.id) == ["raised", "cleared"]


def test_who_is_away_when_the_curfew_begins_is_absent_from_then_until_it_ends(
    world: World,
) -> None:
    him = world.person()
    world.zone(him, circle(LON, LAT, 100), kind=ZoneKind.INCLUSION, schedule=CURFEW)
    world.monitor.top_up_zone_boundaries()
    go(world, him, 60, 900)
    assert world.alerts() == []
    world.clock.now = CURFEW_BEGINS
    world.monitor.sweep_zone_boundaries()
    (alert,) = world.alerts()
    assert (alert.kind, alert.occurred_at, alert.cleared_at) == (
        "zone_absence",
        CURFEW_BEGINS,
        None,
    )
    world.clock.now = CURFEW_ENDS
    world.monitor.sweep_zone_boundaries()
    (alert,) = world.alerts()
    assert alert.cleared_at == CURFEW_ENDS
    go(world, him, 1100, 900)
    assert len(world.alerts()) == 1

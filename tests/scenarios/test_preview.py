"""Promise: the preview of a zone says what arming it would have done."""

from datetime import timedelta

from geofence.service import ZoneTerms
from supervision.core.db import transaction
from supervision.corridor.previewing import Draft
from tests.harness import T0, Person, World, a_fix, circle

LON, LAT = -122.08, 37.4
FAR_DEG, NEAR_DEG = 0.02, 0.0056539


def walked(world: World) -> Person:
    """Somebody who was in a place twice, once only by the way between two fixes."""
    him = world.person()
    easts = [FAR_DEG, NEAR_DEG, 0.0, 0.0, NEAR_DEG, FAR_DEG, -NEAR_DEG, NEAR_DEG, FAR_DEG]
    for minute, east in enumerate(easts):
        world.send([a_fix(him.device_uid, T0 + timedelta(minutes=minute), LON + east, LAT)])
    world.clock.now = T0 + timedelta(hours=1)
    return him


def test_the_preview_says_the_stays_and_alerts_that_arming_would_have_made(world: World) -> None:
    him = walked(world)
    draft = Draft(him.supervisee_id, circle(LON, LAT, 200), ZoneTerms(warning_m=500), days=1)
    with transaction(world.engine) as session:
        found = world.monitor.preview_zone(session, draft)
    assert world.stays() == []
    world.zone(him, circle(LON, LAT, 200), T0 - timedelta(hours=23), warning_m=500)
    stays = [stay for stay in world.stays() if stay.ring == "zone"]
    assert len(stays) > 1
    assert [(one.entered_at, one.left_at, str(one.grade)) for one in found.stays] == [
        (stay.entered_at, stay.left_at, stay.grade) for stay in stays
    ]
    assert found.alerts == len(world.alerts())


def test_the_preview_warns_of_few_fixes_and_of_a_zone_no_larger_than_the_usual_error(
    world: World,
) -> None:
    him = walked(world)
    draft = Draft(him.supervisee_id, circle(LON, LAT, 10), ZoneTerms(), days=30)
    with transaction(world.engine) as session:
        found = world.monitor.preview_zone(session, draft)
    assert {"too_small", "few_fixes"} <= {str(warning.code) for warning in found.warnings}


def test_a_look_ahead_is_on_the_audit_trail(world: World) -> None:
    him = walked(world)
    draft = Draft(him.supervisee_id, circle(LON, LAT, 200), ZoneTerms(), days=30)
    with transaction(world.engine) as session:
        world.monitor.preview_zone(session, draft, him.officer_id)
    (line,) = world.rows("SELECT actor, subject FROM audit_entry WHERE tag = 'zone:previewed'")
    assert tuple(line) == (f"officer:{him.officer_id}", f"supervisee:{him.supervisee_id}")

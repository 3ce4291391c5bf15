"""Promise: the preview of a zone says what arming it would have done."""

import json
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from geofence.service import Rehearsal, ZoneKind, ZoneTerms, rehearsing
from supervision.core.access import Role
from supervision.core.db import transaction
from supervision.core.errors import Invalid, NotAllowed, NotFound, ZoneInvalid
from supervision.core.fixes import Source
from supervision.corridor.previewing import Draft
from tests.harness import T0, Person, World, a_fix, circle

LON, LAT = -122.08, 37.4
FAR_DEG, NEAR_DEG = 0.02, 0.0056539
TOLD = {"zone_entry", "zone_absence", "zone_approach"}
DAYTIME = {
    "windows": [
        {"rrule": "FREQ=DAILY", "starts_on": "2026-01-01", "begins": "06:30", "ends": "15:00"}
    ]
}


def walked(world: World) -> Person:
    """Somebody who was in a place twice, once only by the way between two fixes."""
    him = world.person()
    easts = [FAR_DEG, NEAR_DEG, 0.0, 0.0, NEAR_DEG, FAR_DEG, -NEAR_DEG, NEAR_DEG, FAR_DEG]
    for minute, east in enumerate(easts):
        world.send([a_fix(him.device_uid, T0 + timedelta(minutes=minute), LON + east, LAT)])
    world.clock.now = T0 + timedelta(hours=1)
    return him


def lived(world: World, device_uid: str) -> Person:
    """Two days of somebody who comes and goes, at all paces, with silences and weak fixes."""
    him = world.person(device_uid)
    random = np.random.default_rng(7)
    at_s, fixes = 0.0, []
    while at_s < 2 * 86_400:
        # Sojourns a few hundred metres around the place, far away, and on its edge.
        centre = random.choice([0.0, 0.0022, 0.0024, 0.004, -0.006, 0.1])
        for _ in range(int(random.integers(5, 60))):
            at_s += float(random.choice([15.0, 60.0, 60.0, 60.0, 240.0, 900.0]))
            spread = random.normal(0.0, 0.0001, 2)
            accuracy_m = float(random.choice([5.0, 12.0, 40.0, 250.0]))
            source = Source(random.choice([Source.GPS, Source.GPS, Source.WIFI, Source.CELL]))
            fixes.append(
                a_fix(
                    him.device_uid,
                    T0 + timedelta(seconds=at_s),
                    float(LON + centre + spread[0]),
                    float(LAT + spread[1]),
                    accuracy_m,
                    source,
                )
            )
    world.clock.now = T0 + timedelta(seconds=at_s + 60)
    for first in range(0, len(fixes), 200):
        world.send(fixes[first : first + 200])
    return him


def previewed(world: World, draft: Draft) -> Rehearsal:
    with transaction(world.engine) as session:
        found: Rehearsal = world.monitor.preview_zone(session, None, draft)
    return found


def armed_then(world: World, him: Person, geojson: dict[str, Any], draft: Draft) -> None:
    """Arm for good what was previewed, from the moment from which it was replayed."""
    terms = draft.terms
    world.zone(
        him,
        geojson,
        world.clock.now - timedelta(days=draft.days),
        kind=terms.kind,
        warning_m=terms.warning_m,
        schedule=None if terms.schedule is None else dict(terms.schedule),
    )


def require_as_found(world: World, found: Rehearsal) -> None:
    stays = [stay for stay in world.stays() if stay.ring == "zone"]
    assert [(one.entered_at, one.left_at, str(one.grade), str(one.by)) for one in found.stays] == [
        (one.entered_at, one.left_at, one.grade, one.evidence_kind) for one in stays
    ]
    assert [one.deepest_m for one in found.stays] == pytest.approx([one.deepest_m for one in stays])
    raised = [(one.kind, one.occurred_at) for one in world.alerts() if one.kind in TOLD]
    assert sorted(at for kind, at in raised if kind != "zone_approach") == [
        one.entered_at for one in found.stays
    ]
    assert sorted(at for kind, at in raised if kind == "zone_approach") == [
        one.told_at for one in found.approaches
    ]
    assert found.alerts == len(raised)


TERMS = {
    "at all times": ZoneTerms(),
    "with a warning ring": ZoneTerms(warning_m=400),
    "by day only": ZoneTerms(warning_m=400, schedule=DAYTIME),
    "to be kept in": ZoneTerms(ZoneKind.INCLUSION),
    "to be kept in, with a ring": ZoneTerms(ZoneKind.INCLUSION, 100),
    "to be kept in by day": ZoneTerms(ZoneKind.INCLUSION, schedule=DAYTIME),
}


@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS)
@pytest.mark.parametrize("days", [1, 2])
def test_the_preview_says_the_stays_and_alerts_that_arming_would_have_made(
    world: World, terms: ZoneTerms, days: int
) -> None:
    him = lived(world, "lively")
    drawing = circle(LON, LAT, 200)
    draft = Draft(him.supervisee_id, drawing, terms, days)
    found = previewed(world, draft)
    assert world.stays() == []
    assert world.alerts() == []
    armed_then(world, him, drawing, draft)
    assert len(found.stays) > 1
    require_as_found(world, found)


def test_it_says_what_fixes_that_come_one_by_one_to_an_armed_zone_would_show(
    world: World,
) -> None:
    drawing, terms = circle(LON, LAT, 200), ZoneTerms(warning_m=400)
    beginning = T0 - timedelta(hours=1)
    other = world.person("watched")
    world.zone(other, drawing, beginning, warning_m=400)
    for minute, east in enumerate([FAR_DEG, NEAR_DEG, 0.0, 0.0, NEAR_DEG, -NEAR_DEG, NEAR_DEG]):
        world.send([a_fix("watched", T0 + timedelta(minutes=minute), LON + east, LAT)])
    world.clock.now = beginning + timedelta(days=1)
    found = previewed(world, Draft(other.supervisee_id, drawing, terms, 1))
    require_as_found(world, found)
    assert [str(stay.by) for stay in found.stays] == ["fix", "way", "way"]


def test_silences_in_reach_are_those_that_an_armed_zone_would_have_on_record(world: World) -> None:
    him = world.person()
    drawing, beginning = circle(LON, LAT, 200), T0 - timedelta(hours=1)
    world.zone(him, drawing, beginning)
    for minute, east in enumerate([0.02, 0.02, 0.0, 0.0]):
        at = T0 + timedelta(minutes=20 * minute)
        world.send([a_fix(him.device_uid, at, LON + east, LAT)])
    world.clock.now = beginning + timedelta(days=1)
    found = previewed(world, Draft(him.supervisee_id, drawing, ZoneTerms(), 1))
    rows = world.rows("SELECT from_at, until_at FROM zone_silence WHERE withdrawn_at IS NULL")
    assert found.silences == len(rows) == 3
    assert found.silent_s == sum((row.until_at - row.from_at).total_seconds() for row in rows)


def test_the_last_fix_before_counts_at_the_beginning_as_when_a_zone_is_armed(world: World) -> None:
    him = world.person()
    world.send([a_fix(him.device_uid, T0, LON, LAT)])
    world.clock.now = T0 + timedelta(days=1, hours=1)
    drawing = circle(LON, LAT, 200)
    draft = Draft(him.supervisee_id, drawing, ZoneTerms(), 1)
    found = previewed(world, draft)
    assert [str(stay.by) for stay in found.stays] == ["carried"]
    assert found.fixes.replayed == 0
    armed_then(world, him, drawing, draft)
    require_as_found(world, found)


def test_an_order_that_begins_later_does_not_shorten_the_replay(world: World) -> None:
    him = walked(world)
    world.rows("UPDATE court_order SET begins_at = :at RETURNING id", at=T0 + timedelta(days=30))
    found = previewed(world, Draft(him.supervisee_id, circle(LON, LAT, 200)))
    assert len(found.stays) > 1


def test_the_preview_warns_of_few_fixes_and_of_a_zone_no_larger_than_the_usual_error(
    world: World,
) -> None:
    him = walked(world)
    found = previewed(world, Draft(him.supervisee_id, circle(LON, LAT, 10)))
    assert {"too_small", "few_fixes"} <= {str(warning.code) for warning in found.warnings}


def test_what_is_too_much_to_replay_is_cut_and_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    him = walked(world)
    monkeypatch.setattr(rehearsing, "MOST_FIXES", 4)
    found = previewed(world, Draft(him.supervisee_id, circle(LON, LAT, 200)))
    assert found.fixes.replayed == 4
    assert found.ends_at == T0 + timedelta(minutes=4)
    assert "cut_short" in {str(warning.code) for warning in found.warnings}
    monkeypatch.setattr(rehearsing, "MOST_FIXES", 9)
    found = previewed(world, Draft(him.supervisee_id, circle(LON, LAT, 200)))
    assert found.fixes.replayed == 9
    assert "cut_short" not in {str(warning.code) for warning in found.warnings}


def test_nothing_is_written_but_that_somebody_looked(world: World) -> None:
    him = walked(world)
    tables = ("zone", "zone_version", "zone_stay", "alert", "zone_boundary")
    before = [world.one(f"SELECT count(*) FROM {table}") for table in tables]
    officer_id = world.officer(Role.PRETRIAL)
    actor = world.actor(Role.PRETRIAL, officer_id)
    with transaction(world.engine) as session:
        world.monitor.preview_zone(session, actor, Draft(him.supervisee_id, circle(LON, LAT, 200)))
    assert [world.one(f"SELECT count(*) FROM {table}") for table in tables] == before
    lines = world.rows("SELECT actor, tag, subject, detail FROM audit_entry ORDER BY seq")
    assert [(line.actor, line.tag, line.subject) for line in lines] == [
        (f"officer:{officer_id}", tag, f"supervisee:{him.supervisee_id}")
        for tag in ("zone:previewed", "positions:viewed")
    ]
    assert "122.0" not in json.dumps([line.detail for line in lines])
    assert datetime.fromisoformat(lines[0].detail["ends_at"]) == world.clock.now


def test_a_preview_that_is_refused_leaves_nothing(world: World) -> None:
    him = walked(world)
    good = circle(LON, LAT, 200)
    person, pretrial = him.supervisee_id, world.actor(Role.PRETRIAL)
    refused: list[tuple[Any, Draft, type[Exception]]] = [
        (world.actor(Role.OFFICER), Draft(person, good), NotAllowed),
        (pretrial, Draft(person + 99, good), NotFound),
        (pretrial, Draft(person, {}), ZoneInvalid),
        (pretrial, Draft(person, good, ZoneTerms(schedule={"windows": []})), Invalid),
        (pretrial, Draft(person, good, ZoneTerms(warning_m=20_001)), Invalid),
        (pretrial, Draft(person, good, days=0), Invalid),
        (pretrial, Draft(person, good, days=91), Invalid),
    ]
    for actor, draft, error in refused:
        with pytest.raises(error), transaction(world.engine) as session:
            world.monitor.preview_zone(session, actor, draft)
    assert world.one("SELECT count(*) FROM audit_entry") == 0

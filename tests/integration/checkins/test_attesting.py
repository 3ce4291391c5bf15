"""A call within sight: it counts once the officer attests from where he saw the person."""

from dataclasses import replace
from datetime import timedelta
from math import inf, nan
from typing import Any

import pytest

from supervision.checkins.rules import Method
from supervision.checkins.service import Seen
from supervision.core.errors import Conflict, Invalid
from tests.checkin_world import DAILY, checkins, do, happened, plan_for, sweep
from tests.harness import T0, World

DUE = T0.replace(hour=18, minute=0, second=0)
MISSED = DUE + timedelta(minutes=75)
SECOND = timedelta(seconds=1)
SEEN = Seen(DUE, -104.98, 39.74, 12.0, " From the car park, he stood at the door ")


@pytest.fixture
def first(world: World) -> int:
    """The check-in of T0's evening, not open yet."""
    him = world.person()
    plan_for(world, him, replace(DAILY, method=Method.PHONE_IN_SIGHT))
    return int(checkins(world, him)[0].id)


def test_who_attests_has_logged_it_in_one_step(world: World, first: int) -> None:
    world.clock.now = DUE + SECOND
    done = do(world, "attest", first, SEEN)
    assert (done.state, done.attended_at) == ("attended", DUE)
    assert happened(world, first) == ["opened", "seen", "attended"]
    (kept,) = world.rows("SELECT * FROM checkin_sighting")
    assert (kept.seen_at, kept.told_at, kept.officer_id) == (DUE, DUE + SECOND, world.officer_id)
    assert (kept.lon, kept.lat, kept.accuracy_m) == (-104.98, 39.74, 12.0)
    assert kept.place == "From the car park, he stood at the door"


def test_nobody_has_attended_a_call_within_sight_without_being_seen(
    world: World, first: int
) -> None:
    sweep(world, DUE)
    with pytest.raises(Conflict, match="attest"):
        do(world, "attend", first, DUE)
    assert happened(world, first) == ["opened"]


def test_no_other_check_in_is_attested(world: World) -> None:
    him = world.person()
    plan_for(world, him)
    sweep(world, DUE)
    phone = checkins(world, him)[0].id
    with pytest.raises(Conflict, match="within sight"):
        do(world, "attest", phone, SEEN)
    assert happened(world, phone) == ["opened"]


def test_who_is_seen_after_the_miss_makes_up_for_it_once_and_it_stays_one(
    world: World, first: int
) -> None:
    sweep(world, MISSED)
    late = replace(SEEN, seen_at=MISSED)
    assert do(world, "attest", first, late).state == "missed"
    assert happened(world, first) == ["missed", "seen", "attended_late"]
    (alert,) = world.alerts()
    assert (alert.handling, alert.cleared_at) == ("new", MISSED)
    with pytest.raises(Conflict):
        do(world, "attest", first, late)
    assert len(world.rows("SELECT FROM checkin_sighting")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"seen_at": DUE - SECOND},
        {"seen_at": DUE + 2 * SECOND},
        {"lon": 180.1},
        {"lat": nan},
        {"lat": -90.1},
        {"accuracy_m": -1.0},
        {"accuracy_m": inf},
        {"place": " \n"},
    ],
    ids=str,
)
def test_what_cannot_be_so_is_not_attested(world: World, first: int, wrong: dict[str, Any]) -> None:
    sweep(world, DUE + SECOND)
    with pytest.raises(Invalid):
        do(world, "attest", first, replace(SEEN, **wrong))
    assert happened(world, first) == ["opened"]
    assert world.rows("SELECT FROM checkin_sighting") == []


def test_the_trail_says_who_saw_and_tells_no_place(world: World, first: int) -> None:
    sweep(world, DUE)
    do(world, "attest", first, SEEN)
    (line,) = world.rows("SELECT * FROM audit_entry WHERE tag = 'checkin:seen'")
    assert (line.subject, line.detail) == (f"checkin:{first}", {})
    rows = world.rows("SELECT detail FROM checkin_event WHERE kind = 'seen'")
    assert [row.detail for row in rows] == [{"seen_at": DUE.isoformat()}]

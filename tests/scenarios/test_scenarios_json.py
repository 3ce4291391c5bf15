"""Small tracks that a tracker in use gets wrong, each with its right answer, in arrival order."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from supervision.core.fixes import Source
from tests.harness import LONG_AGO, Person, World, a_fix, circle

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "scenarios.json"
OURS = [
    "in_order",
    "cut_through",
    "graze",
    "late_inside",
    "newest_first",
    "redelivery",
    "edge_jitter",
    "cell_fix_inside",
    "teleport",
    "long_silence",
    "armed_around_him",
    "schedule_starts",
    "six_hours_late",
    "prefix_neighbour",
]
ONE_BY_ONE = timedelta(seconds=1)
needs_data = pytest.mark.skipif(not DATA.exists(), reason="shared/data/scenarios.json is not here")


def scenario(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {one["name"]: one for one in json.loads(DATA.read_text())}[name]
    return found


def at(epoch_s: float) -> datetime:
    return datetime.fromtimestamp(epoch_s, UTC)


class Play:
    """One scenario, told to the real system at the pace at which it happened."""

    def __init__(self, world: World, told: dict[str, Any]) -> None:
        self.world, self.told, self.right = world, told, told["right"]
        self.sender = world.person(self.right.get("device", "dev"))
        self.him: Person = self.sender
        if "zone_of_device" in self.right:
            self.him = world.person(self.right["zone_of_device"])
        # An active time stands for a schedule, which begins as a zone armed ahead does.
        (begins_s, _), *_ = self.right.get("active", [[self.right.get("zone_armed_at"), None]])
        self.armed_at = None if begins_s is None else at(begins_s)

    def run(self) -> None:
        fixes, clock = self.told["fixes"], self.world.clock
        clock.now = at(fixes[0]["t"])
        is_ahead = "active" in self.right
        if is_ahead or self.armed_at is None:
            self.arm()
        for fix in fixes:
            self.tick(max(clock.now + ONE_BY_ONE, at(fix["t"])), is_ahead=is_ahead)
            self.send(fix)

    def arm(self) -> None:
        zone = self.told["zone"]
        drawn = circle(zone["lon"], zone["lat"], zone["radius_m"])
        self.world.zone(self.him, drawn, self.armed_at or LONG_AGO)

    def tick(self, now: datetime, *, is_ahead: bool) -> None:
        """Let the time pass, through the moment at which the zone begins to count."""
        clock = self.world.clock
        if self.armed_at is not None and clock.now < self.armed_at <= now:
            clock.now = self.armed_at
            if not is_ahead:
                self.arm()
            self.world.monitor.sweep_zone_boundaries()
            assert self.world.alerts(), "the alert may not wait for the next fix"
        clock.now = now
        self.world.monitor.sweep_zone_boundaries()

    def send(self, fix: dict[str, Any]) -> None:
        self.world.send(
            [
                a_fix(
                    self.sender.device_uid,
                    at(fix["t"]),
                    fix["lon"],
                    fix["lat"],
                    fix["accuracy_m"],
                    Source[fix["source"].upper()],
                    received_at=self.world.clock.now,
                )
            ]
        )


def check(play: Play) -> None:
    """The stays and alerts are those that the scenario calls right, in every respect it names."""
    right, stays, alerts = play.right, play.world.stays(), play.world.alerts()
    assert len(alerts) == len(stays)
    assert len(stays) == right.get("episodes", len(stays))
    assert len(alerts) <= right.get("episodes_max", len(alerts))
    assert all(stay.grade == right.get("grade", stay.grade) for stay in stays)
    assert all(alert.is_late == right.get("late", alert.is_late) for alert in alerts)
    confirmed = [alert for alert in alerts if alert.grade == "confirmed"]
    assert len(confirmed) <= right.get("confirmed_max", len(confirmed))
    for name in ("entered", "left"):
        earliest, latest = (at(s) for s in right.get(name, [0, 2**32]))
        assert all(
            earliest <= told_at <= latest
            for stay in stays
            if (told_at := getattr(stay, f"{name}_at")) is not None
        )
    assert all(stay.left_at is not None for stay in stays if "left" in right)
    silences = play.world.rows("SELECT from_at, until_at FROM zone_silence")
    if "unseen" in right:
        expected = [tuple(at(s) for s in silence) for silence in right["unseen"]]
        assert [tuple(row) for row in silences] == expected


@needs_data
@pytest.mark.parametrize("name", OURS)
def test_the_scenario_ends_as_it_should(world: World, name: str) -> None:
    play = Play(world, scenario(name))
    play.run()
    check(play)


@needs_data
def test_no_scenario_is_left_out() -> None:
    assert sorted(OURS) == sorted(one["name"] for one in json.loads(DATA.read_text()))

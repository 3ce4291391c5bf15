"""The situations the system must judge rightly, each with its right answer.

A plan is laid around the zone's centre with x towards the person's home; each device's plan is
turned by an angle of its own. Every answer has metres to spare: no fix of a scenario lies so near
to a decision that another reckoning of the same distance could decide otherwise.
"""

import math
from collections.abc import Callable

import numpy as np

from ingest.simulator.motion import ErrorModel, Place, Route
from ingest.simulator.truth import (
    MAX_RATE_S,
    MIN_RADIUS_M,
    ExpectedEvent,
    ExpectedStay,
    Grade,
    SimZone,
    Story,
    Window,
)
from supervision.core.errors import Invalid
from supervision.core.fixes import EventKind

Scenario = Callable[[np.random.Generator, SimZone, float], Story]

WALK_MPS = 1.4
CYCLE_MPS = 5.0
DRIVE_MPS = 12.0
SLACK_M = 40.0
"""Three times the worst stated accuracy and its error.

A window then holds every right answer, whether a fix counts as outside at one, two or three times
its accuracy from the edge.
"""
ON_THE_EDGE = ErrorModel(accuracy_m=(38.0, 42.0), error_share=0.2)
LOITER_S = 1800.0
LOITER_DEPTH_M = 15.0
LOITER_SLACK_M = 160.0
"""As `SLACK_M`, under the accuracy on the edge and from the deepest place of the loitering."""
DOUBTED_S = 120.0
"""Fixes outside hold against the first ones inside for a minute and some seconds."""
SILENCE_S = 7200.0


def commute_clean(rng: np.random.Generator, zone: SimZone, rate_s: float) -> Story:
    """To work and home again, kilometres from the zone."""
    home = Place(zone.radius_m + 4000.0 + rng.uniform(0.0, 1000.0), 0.0)
    corner = Place(home.east_m, rng.uniform(2500.0, 3500.0))
    work = Place(home.east_m + 3000.0, corner.north_m + 2000.0)
    route = Route(home).stand(max(300.0, rate_s)).go(corner, DRIVE_MPS).go(work, DRIVE_MPS)
    route.stand(1200.0).go(corner, DRIVE_MPS).go(home, DRIVE_MPS).stand(max(300.0, rate_s))
    return Story(_turned(rng, route))


def approach_zone(rng: np.random.Generator, zone: SimZone, rate_s: float) -> Story:
    """He comes to within 150 m of the edge and turns back."""
    far = Place(zone.radius_m + 1200.0, rng.uniform(-200.0, 200.0))
    near = Place(zone.radius_m + 150.0, 0.0)
    route = Route(far).stand(rate_s).go(near, CYCLE_MPS).stand(max(120.0, 2 * rate_s))
    return Story(_turned(rng, route.go(far, CYCLE_MPS).stand(rate_s)))


def enter_zone(rng: np.random.Generator, zone: SimZone, rate_s: float) -> Story:
    """He goes deep into the zone, stays for some minutes and leaves again."""
    across_m = rng.uniform(-0.3, 0.3) * zone.radius_m
    far = Place(zone.radius_m + 1000.0, across_m)
    route = Route(far).stand(3 * rate_s).go(Place(0.0, across_m), CYCLE_MPS)
    arrived_s = route.ends_at_s
    route.stand(max(300.0, 4 * rate_s) + rng.uniform(0.0, 120.0))
    to_edge_s = _half_chord_m(zone, across_m) / CYCLE_MPS
    entered_s, left_s = arrived_s - to_edge_s, route.ends_at_s + to_edge_s
    route.go(far, CYCLE_MPS).stand(3 * rate_s)
    return Story(_turned(rng, route), stays=(_stay(entered_s, left_s, rate_s, CYCLE_MPS),))


def drive_through(rng: np.random.Generator, zone: SimZone, rate_s: float) -> Story:
    """He drives across; timed so that one fix at least falls deep inside."""
    across_m = rng.uniform(-0.3, 0.3) * zone.radius_m
    far_m = zone.radius_m + 1500.0
    middle_s = math.ceil((rate_s + far_m / DRIVE_MPS) / rate_s) * rate_s
    route = Route(Place(far_m, across_m)).stand(middle_s - far_m / DRIVE_MPS)
    route.go(Place(-far_m, across_m), DRIVE_MPS).stand(rate_s)
    half_s = _half_chord_m(zone, across_m) / DRIVE_MPS
    stay = _stay(middle_s - half_s, middle_s + half_s, rate_s, DRIVE_MPS)
    return Story(_turned(rng, route), stays=(stay,))


def edge_loiter(rng: np.random.Generator, zone: SimZone, rate_s: float) -> Story:
    """Half an hour on the edge from being found on, under fixes that cannot tell in from out."""
    route = Route(Place(zone.radius_m + 900.0, 0.0)).stand(rate_s)
    route.go(Place(zone.radius_m - LOITER_DEPTH_M, 0.0), WALK_MPS)
    arrived_s = route.ends_at_s
    route.stand(2 * rate_s)
    angle_rad = _wander(rng, zone, route)
    left_s = route.ends_at_s
    away_m = zone.radius_m + 900.0
    away = Place(away_m * math.cos(angle_rad), away_m * math.sin(angle_rad))
    route.go(away, WALK_MPS).stand(rate_s)
    entered = Window(arrived_s - SLACK_M / WALK_MPS, arrived_s + rate_s + DOUBTED_S)
    left = Window(left_s - rate_s, left_s + rate_s + LOITER_SLACK_M / WALK_MPS)
    stays = (ExpectedStay(entered, left, None),)
    return Story(_turned(rng, route), ON_THE_EDGE, stays)


def urban_drift(rng: np.random.Generator, zone: SimZone, rate_s: float) -> Story:
    """He lives 300 m from the edge, where many fixes drift by up to 250 m and say so."""
    home = Place(zone.radius_m + 300.0, 0.0)
    error = ErrorModel(accuracy_m=(8.0, 15.0), drift_share=0.3)
    return Story(_turned(rng, Route(home).stand(max(3600.0, 30 * rate_s))), error)


def silence(rng: np.random.Generator, zone: SimZone, rate_s: float) -> Story:
    """Outside the zone, the device says nothing for two hours."""
    home = Place(zone.radius_m + 800.0, rng.uniform(-200.0, 200.0))
    talk_s = max(900.0, 3 * rate_s)
    route = Route(home).stand(talk_s + SILENCE_S + talk_s)
    return Story(_turned(rng, route), quiet=(Window(talk_s, talk_s + SILENCE_S),))


def late_burst(rng: np.random.Generator, zone: SimZone, rate_s: float) -> Story:
    """He enters and leaves without network; the backlog comes afterwards, out of order."""
    story = enter_zone(rng, zone, rate_s)
    (stay,) = story.stays
    offline = Window(stay.entered.earliest_s - 60.0, stay.entered.earliest_s - 60.0)
    if stay.left:
        offline = offline._replace(latest_s=stay.left.latest_s + 30.0)
    return Story(story.route, stays=story.stays, offline=offline)


def duplicates(rng: np.random.Generator, zone: SimZone, rate_s: float) -> Story:
    """As `enter_zone`, every ping sent up to five times and old ones again later."""
    story = enter_zone(rng, zone, rate_s)
    return Story(story.route, stays=story.stays, copies_max=5, echo_share=0.2)


def strap_cut(rng: np.random.Generator, zone: SimZone, rate_s: float) -> Story:
    """Far from the zone, he cuts the strap and leaves the device lying."""
    home = Place(zone.radius_m + 1500.0 + rng.uniform(0.0, 500.0), 0.0)
    route = Route(home).stand(max(1200.0, 6 * rate_s))
    cut_at_s = float(round(route.ends_at_s * rng.uniform(0.4, 0.6)))
    event = ExpectedEvent(EventKind.STRAP_CUT, cut_at_s)
    return Story(_turned(rng, route), events=(event,))


SCENARIOS: dict[str, Scenario] = {
    "commute-clean": commute_clean,
    "approach-zone": approach_zone,
    "enter-zone": enter_zone,
    "drive-through": drive_through,
    "edge-loiter": edge_loiter,
    "urban-drift": urban_drift,
    "silence": silence,
    "late-burst": late_burst,
    "duplicates": duplicates,
    "strap-cut": strap_cut,
}
MIXED = "mixed"
SCENARIO_NAMES = (*SCENARIOS, MIXED)


def scenario_of(name: str, device_index: int) -> Scenario:
    """The scenario that a device plays; under `mixed` the devices take turns.

    Raises:
        Invalid: There is no scenario of that name; the message lists them.
    """
    if name == MIXED:
        return list(SCENARIOS.values())[device_index % len(SCENARIOS)]
    if name not in SCENARIOS:
        raise Invalid(f"There is no scenario {name!r}; there are {', '.join(SCENARIO_NAMES)}.")
    return SCENARIOS[name]


def check_room(zone: SimZone, rate_s: float) -> None:
    """Refuse what would leave a scenario's answer in doubt.

    Raises:
        Invalid: The zone is smaller than 100 m, or the fixes are more than 10 minutes apart.
    """
    if not zone.radius_m >= MIN_RADIUS_M:
        raise Invalid(f"A simulated zone's radius is {MIN_RADIUS_M:g} m at least.")
    if not 0.0 < rate_s <= MAX_RATE_S:
        raise Invalid(f"Simulated fixes are more than 0 and at most {MAX_RATE_S:g} s apart.")


def _turned(rng: np.random.Generator, route: Route) -> Route:
    return route.turned(rng.uniform(0.0, 2.0 * math.pi))


def _half_chord_m(zone: SimZone, across_m: float) -> float:
    return math.sqrt(zone.radius_m**2 - across_m**2)


def _stay(
    entered_s: float, left_s: float, rate_s: float, speed_mps: float, grade: Grade = "confirmed"
) -> ExpectedStay:
    slack_s = SLACK_M / speed_mps
    return ExpectedStay(
        Window(entered_s - slack_s, entered_s + rate_s + slack_s),
        Window(left_s - rate_s - slack_s, left_s + rate_s + slack_s),
        grade,
    )


def _wander(rng: np.random.Generator, zone: SimZone, route: Route) -> float:
    until_s = route.ends_at_s + DOUBTED_S + LOITER_S
    angle_rad = 0.0
    while route.ends_at_s < until_s:
        angle_rad += rng.uniform(-25.0, 25.0) / zone.radius_m
        out_m = zone.radius_m + rng.uniform(-LOITER_DEPTH_M, LOITER_DEPTH_M)
        route.go(Place(out_m * math.cos(angle_rad), out_m * math.sin(angle_rad)), WALK_MPS)
        route.stand(30.0)
    return angle_rad

"""What a simulated person really did, for comparing with what the system noticed."""

import math
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from ingest.simulator.motion import CAUTIOUS, Base, ErrorModel, Place, Route
from supervision.core.fixes import EventKind, Floats

Grade = Literal["confirmed", "possible"]


class SimZone(NamedTuple):
    """The round exclusion zone that a scenario plays around.

    A scenario needs room for its margins: `radius_m` is at least `MIN_RADIUS_M`.
    """

    lon: float
    lat: float
    radius_m: float

    @property
    def base(self) -> Base:
        """The zone's centre, which plans are laid around."""
        return Base(self.lon, self.lat)


MIN_RADIUS_M = 100.0
MAX_RATE_S = 600.0


class Window(NamedTuple):
    """The earliest and the latest right answer, in seconds; both ends count."""

    earliest_s: float
    latest_s: float

    def holds(self, instant_s: float, tolerance_s: float = 0.0) -> bool:
        """Whether an instant lies in here."""
        return self.earliest_s - tolerance_s <= instant_s <= self.latest_s + tolerance_s

    def moved(self, by_s: float) -> "Window":
        """The same window, later."""
        return Window(self.earliest_s + by_s, self.latest_s + by_s)

    def widened(self, by_s: float) -> "Window":
        """The same window with more room at both ends."""
        return Window(self.earliest_s - by_s, self.latest_s + by_s)


class ExpectedStay(NamedTuple):
    """A stay in the zone that must be found once; `left` is None if he is still inside.

    `grade` is None where either is right: evidence that adds up may suffice, or just not.
    """

    entered: Window
    left: Window | None
    grade: Grade | None

    def moved(self, by_s: float) -> "ExpectedStay":
        """The same stay, later."""
        left = self.left.moved(by_s) if self.left else None
        return ExpectedStay(self.entered.moved(by_s), left, self.grade)

    def widened(self, by_s: float) -> "ExpectedStay":
        """The same stay, less sharply known."""
        left = self.left.widened(by_s) if self.left else None
        return ExpectedStay(self.entered.widened(by_s), left, self.grade)


class ExpectedEvent(NamedTuple):
    """Something other than a fix that the device reports, and when."""

    kind: EventKind
    at_s: float


@dataclass(frozen=True, slots=True)
class Story:
    """One scenario as it happens to one device; seconds count from its start.

    Attributes:
        route: The true track, in metres around the zone's centre.
        error: How the tracker scatters.
        stays: The stays that must be found, in order, no two overlapping.
        events: What the device reports beside its fixes.
        quiet: Times without any fix.
        offline: A time whose pings are delivered after it, in any order.
        copies_max: Every ping is sent up to this often.
        echo_share: This share of pings is sent once more, much later.
    """

    route: Route
    error: ErrorModel = CAUTIOUS
    stays: tuple[ExpectedStay, ...] = ()
    events: tuple[ExpectedEvent, ...] = ()
    quiet: tuple[Window, ...] = ()
    offline: Window | None = None
    copies_max: int = 1
    echo_share: float = 0.0

    def going_on_from(self, place: Place) -> "Story":
        """The same story, turned so that it begins on that place's side of the zone.

        Between two turns of a scenario nobody is then seen to cross the zone.
        """
        _, start = self.route.waypoints[0]
        by_rad = math.atan2(place.north_m, place.east_m) - math.atan2(start.north_m, start.east_m)
        return replace(self, route=self.route.turned(by_rad))

    def duration_s(self, rate_s: float) -> float:
        """How long it plays: the route's length, rounded up to whole fixes."""
        return float(np.ceil(self.route.ends_at_s / rate_s) * rate_s)

    def is_silent(self, at_s: float, rate_s: float) -> bool:
        """Whether nothing can be had from the device at a second: quiet, offline, or over."""
        windows = (*self.quiet, self.offline) if self.offline else self.quiet
        return at_s >= self.duration_s(rate_s) or any(window.holds(at_s) for window in windows)

    def fix_times_s(self, rate_s: float) -> Floats:
        """The seconds at which the device takes a fix."""
        times_s = np.arange(0.0, self.duration_s(rate_s), rate_s)
        for window in self.quiet:
            times_s = times_s[(times_s < window.earliest_s) | (times_s > window.latest_s)]
        return times_s

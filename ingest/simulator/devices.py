"""Simulated trackers: each plays its scenario and writes pings whose right answer is known."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ingest.simulator.faults import NO_FAULTS, Faults, faulty, is_away
from ingest.simulator.motion import scatter
from ingest.simulator.obeying import ObedientPings
from ingest.simulator.pings import Ping, Wire, Writer, in_due_order
from ingest.simulator.scenarios import WALK_MPS, check_room, scenario_of
from ingest.simulator.seeds import Purpose, chance
from ingest.simulator.truth import ExpectedEvent, ExpectedStay, SimZone, Story
from supervision.core.errors import Invalid
from supervision.core.fixes import Floats

GOLDEN = 0.618_033_988_749_895
"""Steps of the golden ratio spread any number of devices evenly over one interval."""

DRIFT_BLUR = 7.0
"""The error and three times the stated accuracy together grow by this many times the drift."""

BURST_S = 20.0
ECHO_S = (60.0, 1800.0)
BATTERY_PCT_PER_H = 1.5


@dataclass(frozen=True, slots=True)
class SimDevice:
    """One tracker of a run; everything it will say follows from these values.

    Attributes:
        index: Its place in the fleet, from 0.
        scenario: A name of `SCENARIO_NAMES`.
        zone: The zone its scenario plays around.
        seed: The run's seed.
        rate_s: Seconds between its fixes.
        start_at_s: When the run starts, epoch seconds; part of the session's name, so that the
            same seed at another time is not taken for a redelivery.
        turns: How often the scenario is played, one after the other.
        faults: What goes wrong on the way.
    """

    index: int
    scenario: str
    zone: SimZone
    seed: int
    rate_s: float
    start_at_s: float
    turns: int = 1
    faults: Faults = NO_FAULTS

    def __post_init__(self) -> None:
        """Refuse a plan whose right answer would be in doubt.

        Raises:
            Invalid: No such scenario, too small a zone, too slow a rate, no turn at all.
        """
        check_room(self.zone, self.rate_s)
        scenario_of(self.scenario, self.index)
        if self.turns < 1:
            raise Invalid("A scenario is played once at least.")

    @property
    def device_uid(self) -> str:
        """The id it sends under, `sim-0001` for the first."""
        return f"sim-{self.index + 1:04d}"

    @property
    def session(self) -> str:
        """The session all its messages belong to."""
        return f"{self.seed}-{round(self.start_at_s * 1000)}"

    def pings(self) -> ObedientPings:
        """What it sends, in due order; the same values give the same bytes."""
        planned = in_due_order(faulty(self._copied(), self.faults, self._chance, self.rate_s))
        return ObedientPings(planned, self)

    def answer(self, writer: Writer, at_s: float) -> Ping | None:
        """A fix beside the plan, because a command asks for it; also moved by drift.

        Args:
            writer: Numbers and writes it.
            at_s: When, in seconds from the run's start.

        Returns:
            None, and nothing is written, while the story has no fix or the device no network.
        """
        playing = [(by_s, story) for by_s, story in self._played() if by_s <= at_s]
        if not playing or is_away(at_s, self.faults, self._chance):
            return None
        by_s, story = playing[-1]
        if story.is_silent(at_s - by_s, self.rate_s):
            return None
        rng = chance(self.seed, self.index, Purpose.ASKED, writer.last_seq)
        ((_, wire),) = self._located(by_s, story, np.array([at_s - by_s]), rng)
        ping = writer.fixes(at_s, [wire])
        return next(faulty([ping], Faults(drift_m=self.faults.drift_m), self._chance, self.rate_s))

    def expected_stays(self) -> list[ExpectedStay]:
        """The stays in its zone that must be found, in epoch seconds, in order.

        Drift moves the moment at which a fix first tells in from out, so windows widen with
        it. Beyond about 5 m it also leaves no sure answer for `edge-loiter`.
        """
        blur_s = DRIFT_BLUR * self.faults.drift_m / WALK_MPS
        return [
            stay.moved(self.start_at_s + by_s).widened(blur_s)
            for by_s, story in self._played()
            for stay in story.stays
        ]

    def expected_events(self) -> list[ExpectedEvent]:
        """The events it reports, in epoch seconds, in order."""
        return [
            ExpectedEvent(event.kind, self.start_at_s + by_s + event.at_s)
            for by_s, story in self._played()
            for event in story.events
        ]

    def duration_s(self) -> float:
        """Seconds from the run's start until it writes no more."""
        *_, (by_s, story) = self._played()
        return by_s + story.duration_s(self.rate_s)

    def _chance(self, purpose: Purpose) -> np.random.Generator:
        return chance(self.seed, self.index, purpose)

    def _played(self) -> Iterator[tuple[float, Story]]:
        tell = scenario_of(self.scenario, self.index)
        by_s = round(self.index * GOLDEN % 1.0 * self.rate_s, 3)
        ended_at = None
        for turn in range(self.turns):
            story = tell(chance(self.seed, self.index, Purpose.STORY, turn), self.zone, self.rate_s)
            if ended_at is not None:
                story = story.going_on_from(ended_at)
            yield by_s, story
            by_s += story.duration_s(self.rate_s)
            ended_at = story.route.ends_at

    def _copied(self) -> Iterator[Ping]:
        writer = Writer(self.device_uid, self.session)
        rng = self._chance(Purpose.DELIVERY)
        for turn, (by_s, story) in enumerate(self._played()):
            for ping in self._written(writer, by_s, story, turn):
                yield from _deliveries(rng, story, by_s, ping, self.rate_s)

    def _written(self, writer: Writer, by_s: float, story: Story, turn: int) -> Iterator[Ping]:
        happenings = heapq.merge(
            self._fixes(by_s, story, turn),
            ((by_s + event.at_s, event.kind.value) for event in story.events),
            key=lambda happening: happening[0],
        )
        for at_s, what in happenings:
            if isinstance(what, str):
                yield writer.event(at_s, what, round(self.start_at_s + at_s, 3))
            else:
                yield writer.fixes(at_s, [what])

    def _fixes(self, by_s: float, story: Story, turn: int) -> Iterator[tuple[float, Wire | str]]:
        rng = chance(self.seed, self.index, Purpose.ERROR, turn)
        yield from self._located(by_s, story, story.fix_times_s(self.rate_s), rng)

    def _located(
        self, by_s: float, story: Story, times_s: Floats, rng: np.random.Generator
    ) -> Iterator[tuple[float, Wire]]:
        errors = scatter(rng, story.error, len(times_s))
        east_m, north_m = story.route.at(times_s)
        lon, lat = self.zone.base.lonlat(east_m + errors.east_m, north_m + errors.north_m)
        speed_mps, course_deg = story.route.movement(times_s)
        columns = {
            "t": (np.round(self.start_at_s + by_s + times_s, 3)),
            "lat": np.round(lat, 7),
            "lon": np.round(lon, 7),
            "accuracy_m": np.round(errors.accuracy_m, 1),
            "speed_mps": np.round(speed_mps, 1),
            "course_deg": np.round(course_deg, 1),
            "battery_pct": _battery_pct(rng.uniform(60.0, 100.0), times_s),
        }
        values = zip(*(column.tolist() for column in columns.values()), strict=True)
        for time_s, row in zip((by_s + times_s).tolist(), values, strict=True):
            yield time_s, {**dict(zip(columns, row, strict=True)), "source": "gps"}


def latest_start_s(now_s: float, duration_s: float, speedup: float) -> float:
    """The latest start of a run, epoch seconds, under which no fix ever lies in the future.

    A run played faster than it happens must begin in the past; at `speedup` 1 it begins now.

    Args:
        now_s: The present moment, epoch seconds.
        duration_s: How long the run is in its own time.
        speedup: Run seconds per real second; `math.inf` for flat out.
    """
    return now_s - duration_s * max(0.0, 1.0 - 1.0 / speedup)


def _battery_pct(full_pct: float, times_s: Floats) -> Floats:
    left_pct: Floats = np.maximum(full_pct - times_s / 3600.0 * BATTERY_PCT_PER_H, 5.0)
    return left_pct.round(1)


def _deliveries(
    rng: np.random.Generator, story: Story, by_s: float, ping: Ping, rate_s: float
) -> Iterator[Ping]:
    offline = story.offline.moved(by_s) if story.offline else None
    if offline and offline.holds(ping.written_at_s):
        ping = ping._replace(due_at_s=offline.latest_s + rng.uniform(0.0, BURST_S))
    yield ping
    for _ in range(int(rng.integers(story.copies_max))):
        yield ping.later(rng.uniform(0.0, rate_s))
    if rng.uniform() < story.echo_share:
        yield ping.later(rng.uniform(*ECHO_S))

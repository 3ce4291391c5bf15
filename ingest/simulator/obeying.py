"""Trackers that do as they are told: more fixes while a faster interval holds, one when asked.

What they add is beside the plan of their scenario: other messages, in a session of their own, so
that the planned ones stay the same bytes. A slower interval than the plan's thins nothing out.
"""

import math
from collections.abc import Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Protocol

from ingest.payload.contract import Locate, SetInterval
from ingest.simulator.pings import Ping, Writer

Command = SetInterval | Locate


class Tracker(Protocol):
    """A device that knows where it is at any second of its story."""

    @property
    def device_uid(self) -> str:
        """The id it sends under."""

    @property
    def session(self) -> str:
        """The session of what it sends by plan."""

    @property
    def rate_s(self) -> float:
        """Seconds between its planned fixes."""

    @property
    def start_at_s(self) -> float:
        """When its story starts, epoch seconds."""

    def duration_s(self) -> float:
        """Seconds until its story is over."""

    def answer(self, writer: Writer, at_s: float) -> Ping | None:
        """A fix beside the plan; None, and nothing written, where it has none or no network."""


class ObedientPings(Iterator[Ping]):
    """A device's planned pings, and those that commands add. For one thread at a time."""

    def __init__(self, planned: Iterator[Ping], tracker: Tracker, lead_s: float = 0.0) -> None:
        """Take over a device's planned pings.

        Args:
            planned: In due order.
            tracker: Whose they are.
            lead_s: How far its story is on when the run starts.
        """
        self._planned = planned
        self._tracker = tracker
        self._lead_s = lead_s
        self._writer = Writer(tracker.device_uid, f"{tracker.session}-asked")
        self._located: set[int] = set()
        self._is_wanted_now = False
        self._interval_id = 0
        self._interval_s = self._next_s = self._until_s = math.inf

    def __next__(self) -> Ping:
        """The next planned ping."""
        return next(self._planned)

    def earlier(self, lead_s: float) -> "ObedientPings":
        """The same, begun so long before the run; what lies before its start is due at once."""
        moved = (ping._replace(due_at_s=max(0.0, ping.due_at_s - lead_s)) for ping in self._planned)
        return ObedientPings(moved, self._tracker, self._lead_s + lead_s)

    def hear(self, command: Command, run_s: float) -> None:
        """Take a command to heart, an id once; `run_s` is now, in seconds of the run.

        An interval with a lower id than the last, or whose time is over, is not obeyed.
        """
        if isinstance(command, SetInterval):
            if command.id > self._interval_id:
                self._interval_id = command.id
                self._change(command, run_s + self._lead_s)
        elif command.id not in self._located:
            self._located.add(command.id)
            self._is_wanted_now = True

    @property
    def due_s(self) -> float:
        """From what second of the run on there is something to take; infinity if none."""
        if self._is_wanted_now:
            return -math.inf
        return self._next_s - self._lead_s if self._next_s < self._until_s else math.inf

    def take(self, run_s: float) -> Ping | None:
        """A fix that a command asks for by now, if any."""
        at_s = run_s + self._lead_s
        if self._is_wanted_now:
            self._is_wanted_now = False
            if ping := self._tracker.answer(self._writer, at_s):
                return ping
        while self._next_s <= at_s and self._next_s < self._until_s:
            ping = self._tracker.answer(self._writer, self._next_s)
            self._next_s += self._interval_s
            if ping:
                return ping
        return None

    def _change(self, command: SetInterval, at_s: float) -> None:
        until = command.until
        ends_s = math.inf if until is None else until.timestamp() - self._tracker.start_at_s
        self._until_s = min(ends_s, self._tracker.duration_s())
        is_faster = command.interval_s < self._tracker.rate_s
        self._interval_s = float(command.interval_s) if is_faster else math.inf
        self._next_s = at_s + self._interval_s


class Orders:
    """Commands for the devices of one lane: given by the thread that hears, obeyed by another."""

    def __init__(self) -> None:
        """Nothing is asked of anybody yet."""
        self._given: SimpleQueue[tuple[ObedientPings, Command]] = SimpleQueue()
        self._busy: set[ObedientPings] = set()
        self._due_s = math.inf

    def give(self, device: ObedientPings, command: Command) -> None:
        """Let a device hear a command; from any thread."""
        self._given.put((device, command))

    def take(self, run_s: float) -> Ping | None:
        """A fix that some command asks for by now, if any; `run_s` in seconds of the run."""
        self._pass_on(run_s)
        while self._due_s <= run_s:
            ping = min(self._busy, key=_due_s).take(run_s)
            self._look_ahead()
            if ping:
                return ping
        return None

    def _pass_on(self, run_s: float) -> None:
        with suppress(Empty):
            while True:
                device, command = self._given.get_nowait()
                device.hear(command, run_s)
                self._busy.add(device)
                self._look_ahead()

    def _look_ahead(self) -> None:
        self._busy = {device for device in self._busy if device.due_s < math.inf}
        self._due_s = min(map(_due_s, self._busy), default=math.inf)


def _due_s(device: ObedientPings) -> float:
    return device.due_s

"""A fleet of simulated trackers on a few connections: paced, patient, forgetting nothing."""

import heapq
import math
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from threading import Event
from time import monotonic

import msgspec

from ingest.payload.contract import Locate, SetInterval
from ingest.simulator.lane import Lane, Pace
from ingest.simulator.link import TURN_S, Broker, Link
from ingest.simulator.obeying import ObedientPings
from ingest.simulator.outbox import Outbox
from ingest.simulator.pings import Ping
from supervision.core.clock import Clock, system_clock

Sent = Callable[[Ping, datetime], None]
"""Is told of every sending, the repeated ones too, with the wall time; from several threads."""

ACKS = "supervision/v1/+/ack"
COMMANDS = "supervision/v1/+/commands"
DEVICE_LEVEL = ACKS.split("/").index("+")
TICK_S = 0.2


@dataclass(frozen=True, slots=True)
class Options:
    """How a fleet sends.

    Attributes:
        speedup: Run seconds per real second; `math.inf` for flat out.
        connections: Connections to the broker, each with a thread of its own.
        resend_after_s: Real seconds after which a ping without ack is sent again.
        drain_s: Real seconds that `stop` leaves for acks to come in.
    """

    speedup: float = 1.0
    connections: int = 2
    resend_after_s: float = 15.0
    drain_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Report:
    """How far a fleet has come.

    Attributes:
        sent: Messages handed to the broker, those sent again not counted.
        resent: Messages sent again because no ack had come, or because the system asked.
        lost: First sendings that a fault swallowed.
        acked: Pings that the system has confirmed as stored.
        unacked: Pings kept because it has not.
        in_flight: Messages that the broker has not acknowledged.
        refused: Messages that the broker acknowledged with a refusal.
        misread: Acks and commands that could not be read.
        duration_s: Real seconds since the start.
        is_complete: Whether everything was sent and everything sent is confirmed.
        asked: How many of `sent` are fixes beside the plan that a command asked for.
    """

    sent: int
    resent: int
    lost: int
    acked: int
    unacked: int
    in_flight: int
    refused: int
    misread: int
    duration_s: float
    is_complete: bool
    asked: int = 0

    @property
    def sent_per_s(self) -> float:
        """Messages per second over the whole run, those sent again included."""
        return (self.sent + self.resent) / self.duration_s if self.duration_s else 0.0


Tick = Callable[[Report], None]


class Ack(msgspec.Struct, frozen=True):
    """The system's word on a device session: stored up to here, and these are missing."""

    session: str
    stored_up_to: int = 0
    missing: tuple[tuple[int, int], ...] = ()


class Fleet:
    """Sends the pings of many devices and keeps each until the system confirms it.

    Devices whose pings are `ObedientPings` do what they are commanded, unless run flat out.
    One thread may `run` it once; `report` and `stop` may be called from any thread.
    """

    def __init__(
        self,
        streams: Mapping[str, Iterable[Ping]],
        broker: Broker,
        options: Options | None = None,
        on_sent: Sent | None = None,
        clock: Clock = system_clock,
    ) -> None:
        """Divide the devices among the connections; nothing is sent before `run`.

        Args:
            streams: Each device's pings in due order, taken one by one as they fall due.
            broker: Where to send; the account reads acks and writes for every device.
            options: How to send.
            on_sent: Told of every sending.
            clock: Gives the wall time for `on_sent`.
        """
        self._options = options or Options()
        self._stopping, self._over = Event(), Event()
        self._started_at_s = self._ended_at_s = 0.0
        self._drained_by_s = math.inf
        self._misread = 0
        self._acks = Link(broker, "simulator-acks", self._over, (ACKS, COMMANDS), self._heard)
        tell = on_sent or _tell_nobody
        count = max(1, min(self._options.connections, len(streams)))
        self._lanes = [
            Lane(
                Link(broker, f"simulator-{number}", self._over),
                heapq.merge(*islice(streams.values(), number, None, count), key=_due),
                Outbox(self._options.resend_after_s),
                lambda ping: tell(ping, clock()),
            )
            for number in range(count)
        ]
        self._lane_of = {
            device_uid: self._lanes[place % count] for place, device_uid in enumerate(streams)
        }
        self._obedient = {
            device_uid: pings
            for device_uid, pings in streams.items()
            if isinstance(pings, ObedientPings)
        }

    def run(
        self,
        deadline_s: float | None = None,
        on_tick: Tick | None = None,
    ) -> Report:
        """Send until everything is confirmed, or `deadline_s` real seconds have passed.

        Ctrl-C stops it as `stop` does; a second one does not wait for acks either.

        Args:
            deadline_s: Real seconds from now; None waits for ever.
            on_tick: Told how far it has come, five times a second.

        Raises:
            Unavailable: The broker cannot be reached or refuses us; nothing was sent. A broker
                lost later is waited for.
        """
        try:
            self._open()
            self._run(deadline_s, on_tick or _ignore)
        finally:
            self._ended_at_s = monotonic()
            for link in (self._acks, *(lane.link for lane in self._lanes)):
                link.close()
        return self.report()

    def stop(self) -> None:
        """Send nothing new; wait a little for the acks of what was sent."""
        if not self._stopping.is_set():
            self._drained_by_s = monotonic() + self._options.drain_s
            self._stopping.set()

    def report(self) -> Report:
        """How far it has come."""
        lanes = self._lanes
        unacked = sum(len(lane.outbox) for lane in lanes)
        until_s = self._ended_at_s or monotonic()
        return Report(
            sent=sum(lane.sent for lane in lanes),
            resent=sum(lane.resent for lane in lanes),
            lost=sum(lane.lost for lane in lanes),
            acked=sum(lane.outbox.confirmed for lane in lanes),
            unacked=unacked,
            in_flight=sum(lane.link.in_flight for lane in lanes),
            refused=sum(lane.link.refused for lane in lanes),
            misread=self._misread,
            duration_s=until_s - self._started_at_s if self._started_at_s else 0.0,
            is_complete=unacked == 0 and all(lane.is_spent for lane in lanes),
            asked=sum(lane.asked for lane in lanes),
        )

    def _open(self) -> None:
        self._acks.open()
        for lane in self._lanes:
            lane.link.open()

    def _run(self, deadline_s: float | None, on_tick: Tick) -> None:
        self._started_at_s = monotonic()
        pace = Pace(self._started_at_s, self._options.speedup, self._stopping, self._over)
        until_s = math.inf if deadline_s is None else self._started_at_s + deadline_s
        with ThreadPoolExecutor(len(self._lanes) + 1) as threads:
            try:
                listening = threads.submit(self._listen)
                work = [threads.submit(lane.run, pace) for lane in self._lanes]
                while not all(lane_work.done() for lane_work in work):
                    self._watch([*work, listening], until_s, on_tick)
                for lane_work in work:
                    lane_work.result()
            finally:
                self._over.set()

    def _watch(self, work: list[Future[None]], until_s: float, on_tick: Tick) -> None:
        try:
            done, _ = wait(work, TICK_S, FIRST_EXCEPTION)
            on_tick(self.report())
        except KeyboardInterrupt:
            if self._stopping.is_set():
                self._over.set()
            self.stop()
            return
        for finished in done:
            finished.result()
        if monotonic() > min(until_s, self._drained_by_s):
            self._over.set()

    def _listen(self) -> None:
        while not self._over.is_set():
            self._acks.turn(TURN_S)

    def _heard(self, topic: str, payload: bytes) -> None:
        device_uid = topic.split("/")[DEVICE_LEVEL]
        lane = self._lane_of.get(device_uid)
        try:
            if topic.endswith("/commands"):
                self._told(lane, device_uid, _COMMAND.decode(payload))
            else:
                _confirmed(lane, device_uid, _ACK.decode(payload))
        except (msgspec.DecodeError, UnicodeDecodeError):
            self._misread += 1

    def _told(self, lane: Lane | None, device_uid: str, command: SetInterval | Locate) -> None:
        device = self._obedient.get(device_uid)
        if lane and device:
            lane.orders.give(device, command)


def _confirmed(lane: Lane | None, device_uid: str, ack: Ack) -> None:
    if lane is None:
        return
    session = (device_uid, ack.session)
    lane.outbox.confirm(session, ack.stored_up_to)
    for first, last in ack.missing:
        lane.outbox.ask_again(session, first, last, monotonic())


_ACK = msgspec.json.Decoder(Ack)
_COMMAND = msgspec.json.Decoder(SetInterval | Locate)


def _due(ping: Ping) -> float:
    return ping.due_at_s


def _tell_nobody(_ping: Ping, _at: datetime) -> None:
    """Stand in for `on_sent` where nobody wants to know."""


def _ignore(_report: Report) -> None:
    """Stand in for `on_tick` where nobody watches."""

"""The devices that share one connection: each ping leaves when due, and again until confirmed."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Event
from time import monotonic

from ingest.simulator.link import TURN_S, Link
from ingest.simulator.obeying import Orders
from ingest.simulator.outbox import Outbox
from ingest.simulator.pings import Ping


@dataclass(frozen=True, slots=True)
class Pace:
    """How run time passes, and when to stop.

    Attributes:
        started_at_s: The run's start, monotonic seconds.
        speedup: Run seconds per real second; `math.inf` for flat out.
        stopping: Set when nothing new shall be sent.
        over: Set when nothing shall be waited for any more.
    """

    started_at_s: float
    speedup: float
    stopping: Event
    over: Event

    def due_s(self, ping: Ping) -> float:
        """When a ping leaves its device, monotonic seconds."""
        return self.started_at_s + ping.due_at_s / self.speedup

    def run_s(self, now_s: float) -> float:
        """What second of the run it is at `now_s`, monotonic seconds; flat out, the last."""
        return (now_s - self.started_at_s) * self.speedup


class Lane:
    """Sends the pings of some devices over one connection; one thread calls `run`.

    Attributes:
        link: The connection.
        outbox: What the devices keep.
        orders: What the devices have been told, and not yet done.
        sent: Messages handed over, those sent again not counted.
        resent: Messages handed over again.
        lost: First sendings that a fault swallowed.
        asked: How many of the messages sent are fixes that a command asked for.
        is_spent: Whether every ping has left its device.
    """

    def __init__(
        self, link: Link, pings: Iterable[Ping], outbox: Outbox, tell: Callable[[Ping], None]
    ) -> None:
        """Take pings in due order; `tell` hears of each sending."""
        self.link = link
        self.outbox = outbox
        self.orders = Orders()
        self.sent = self.resent = self.lost = self.asked = 0
        self.is_spent = False
        self._pings = pings
        self._tell = tell
        self._times_up = 0

    def run(self, pace: Pace) -> None:
        """Send everything, then wait until everything is confirmed."""
        self._times_up = self.link.times_up
        for ping in self._pings:
            if not self._is_let_go(ping, pace):
                break
            self._send(ping)
        else:
            self.is_spent = True
        while (self.outbox or self.link.in_flight) and not pace.over.is_set():
            self._send_again()
            self._turn(self.outbox.next_turn_s())

    def _is_let_go(self, ping: Ping, pace: Pace) -> bool:
        """Wait until a ping is due and there is room for it; False when sending is to end."""
        due_s = pace.due_s(ping)
        while not (pace.stopping.is_set() or pace.over.is_set()):
            self._send_again()
            self._send_asked(pace)
            if self.link.has_room and monotonic() >= due_s:
                return True
            self._turn(min(due_s, self.outbox.next_turn_s()))
        return False

    def _send(self, ping: Ping) -> None:
        self.outbox.keep(ping, monotonic())
        if ping.is_lost:
            self.lost += 1
            return
        self._publish(ping)
        self.sent += 1

    def _send_again(self) -> None:
        if self.link.times_up != self._times_up:
            self._times_up = self.link.times_up
            self.outbox.all_again(monotonic())
        while self.link.has_room and (ping := self.outbox.take(monotonic())):
            self._publish(ping)
            self.resent += 1

    def _send_asked(self, pace: Pace) -> None:
        if math.isinf(pace.speedup):
            return
        run_s = pace.run_s(monotonic())
        while self.link.has_room and (ping := self.orders.take(run_s)):
            self._send(ping)
            self.asked += 1

    def _publish(self, ping: Ping) -> None:
        self._tell(ping)
        self.link.publish(ping.topic, ping.payload)

    def _turn(self, until_s: float) -> None:
        wait_s = until_s - monotonic() if self.link.has_room else TURN_S
        self.link.turn(min(max(wait_s, 0.0), TURN_S))

"""What a device keeps until the system confirms it: the memory that makes loss impossible."""

import heapq
import math
from dataclasses import dataclass, field
from threading import Lock

from ingest.simulator.pings import Ping

LONGEST_PATIENCE = 8
"""Re-sending backs off to this many times the first patience, to spare a system in trouble."""

HUSH_S = 1.0
"""A ping sent this recently may be on its way, so that being asked for it waits as long."""

Session = tuple[str, str]


@dataclass(slots=True)
class Kept:
    """A ping not yet confirmed: when it was sent last and is sent next, monotonic seconds."""

    ping: Ping
    sent_at_s: float
    resend_at_s: float
    patience_s: float


@dataclass(slots=True)
class Shelf:
    """What one device session still keeps; all up to `confirmed_to` is safe and gone."""

    confirmed_to: int = 0
    kept: dict[int, Kept] = field(default_factory=dict)

    def between(self, first: int, last: int) -> list[int]:
        """Sequence numbers kept within a range that holds both its ends."""
        if last - first < len(self.kept):
            return [seq for seq in range(first, last + 1) if seq in self.kept]
        return [seq for seq in self.kept if first <= seq <= last]


class Outbox:
    """Keeps every ping until an ack covers it. Safe to use from two threads.

    Seconds are of any one monotonic clock, given by the caller.
    """

    def __init__(self, resend_after_s: float) -> None:
        """Offer a ping again once it has waited `resend_after_s` for its ack."""
        self._patience_s = resend_after_s
        self._shelves: dict[Session, Shelf] = {}
        self._turns: list[tuple[float, Session, int]] = []
        self._lock = Lock()
        self._count = 0
        self.confirmed = 0

    def __len__(self) -> int:
        """How many pings are kept."""
        return self._count

    def keep(self, ping: Ping, now_s: float) -> None:
        """Keep a ping that leaves now, unless it is kept, confirmed or has no number."""
        if ping.session is None or ping.seq is None:
            return
        session = (ping.device_uid, ping.session)
        with self._lock:
            shelf = self._shelves.setdefault(session, Shelf())
            if ping.seq <= shelf.confirmed_to or ping.seq in shelf.kept:
                return
            sent_at_s = -math.inf if ping.is_lost else now_s
            kept = Kept(ping, sent_at_s, 0.0, self._patience_s)
            shelf.kept[ping.seq] = kept
            self._count += 1
            self._schedule(session, kept, now_s + self._patience_s)

    def confirm(self, session: Session, stored_up_to: int) -> None:
        """Let go of every ping of a session up to a sequence number."""
        with self._lock:
            shelf = self._shelves.get(session)
            if shelf is None or stored_up_to <= shelf.confirmed_to:
                return
            covered = shelf.between(shelf.confirmed_to + 1, stored_up_to)
            for seq in covered:
                del shelf.kept[seq]
            shelf.confirmed_to = stored_up_to
            self._count -= len(covered)
            self.confirmed += len(covered)

    def ask_again(self, session: Session, first: int, last: int, now_s: float) -> None:
        """Make a range that the system misses due at once; it holds both its ends.

        A number not kept is passed over: it is confirmed, or has not left the device yet.
        """
        with self._lock:
            shelf = self._shelves.get(session, Shelf())
            for seq in shelf.between(first, last):
                kept = shelf.kept[seq]
                wanted_at_s = max(now_s, kept.sent_at_s + HUSH_S)
                if wanted_at_s < kept.resend_at_s:
                    self._schedule(session, kept, wanted_at_s)

    def all_again(self, now_s: float) -> None:
        """Make everything kept due now, and be as patient with it as at first.

        For after a lost connection: a broker that came back may have forgotten what it had.
        """
        with self._lock:
            for session, shelf in self._shelves.items():
                for kept in shelf.kept.values():
                    kept.patience_s = self._patience_s
                    self._schedule(session, kept, now_s)

    def next_turn_s(self) -> float:
        """When a ping may have to be sent again; infinity if nothing is kept."""
        with self._lock:
            return self._turns[0][0] if self._turns else math.inf

    def take(self, now_s: float) -> Ping | None:
        """One ping to send again now, if any; it waits twice as long each time."""
        with self._lock:
            while self._turns and self._turns[0][0] <= now_s:
                turn_s, session, seq = heapq.heappop(self._turns)
                kept = self._shelves[session].kept.get(seq)
                if kept and kept.resend_at_s == turn_s:
                    kept.sent_at_s = now_s
                    self._schedule(session, kept, now_s + kept.patience_s)
                    longest_s = LONGEST_PATIENCE * self._patience_s
                    kept.patience_s = min(2.0 * kept.patience_s, longest_s)
                    return kept.ping
        return None

    def _schedule(self, session: Session, kept: Kept, at_s: float) -> None:
        kept.resend_at_s = at_s
        if kept.ping.seq is not None:
            heapq.heappush(self._turns, (at_s, session, kept.ping.seq))

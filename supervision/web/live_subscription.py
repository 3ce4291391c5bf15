"""One open console's place in the feed: what it has been told, and what waits to be sent to it."""

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

MOST_WAITING = 1_000
MOST_REPLAYED = 1_000


class FeedEvent(NamedTuple):
    """Something happened to an alert; `seq` is its number in the agency's feed."""

    seq: int
    alert_id: int
    kind: str


@dataclass(eq=False)
class Subscription:
    """One open stream: what it has been given, and what waits to be sent.

    Attributes:
        agency_id: Whose events.
        officer_id: Who listens.
        last_seq: The last number handed over; None until the feed has set where to begin.
        has_skipped: It was too far behind; its console must load the whole list.
        is_over: The process stops; the stream must end.
    """

    agency_id: int
    officer_id: int
    last_seq: int | None
    loop: asyncio.AbstractEventLoop
    has_skipped: bool = False
    is_over: bool = False
    is_placed: bool = False
    _waiting: deque[FeedEvent] = field(default_factory=deque)
    _knock: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, timeout_s: float) -> list[FeedEvent]:
        """What is new, in order; empty when nothing came in that time, or the stream is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._knock.wait()
        self._knock.clear()
        return [self._waiting.popleft() for _ in range(len(self._waiting))]

    def place(self, newest: int) -> None:
        """Set where to begin: where the console left off, or at the newest."""
        if self.last_seq is not None and newest - self.last_seq > MOST_REPLAYED:
            self.has_skipped = True
        if self.last_seq is None or self.has_skipped or self.last_seq > newest:
            self.last_seq = newest
        self.is_placed = True

    @property
    def has_room(self) -> bool:
        """Whether it can take more; a slow reader is given the rest later."""
        return len(self._waiting) < MOST_WAITING

    def offer(self, events: list[FeedEvent]) -> None:
        """Hand over what it has not had yet; called from the feed's thread."""
        fresh = [event for event in events if event.seq > (self.last_seq or 0)]
        if fresh:
            self.last_seq = fresh[-1].seq
            self._waiting.extend(fresh)
            self.knock()

    def knock(self) -> None:
        """Wake the stream, from any thread."""
        with suppress(RuntimeError):  # its loop has ended, and the stream with it
            self.loop.call_soon_threadsafe(self._knock.set)

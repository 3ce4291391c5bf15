"""Takes messages in small batches: decode, store, and only then acknowledge; nothing is lost."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

import structlog

from ingest.mqtt import MqttFeed, Received
from ingest.payload import Limits, decode
from ingest.store import DeviceAck
from supervision.core.errors import Unavailable
from supervision.core.fixes import Decoded, RejectedPing

log = structlog.get_logger()

Handler = Callable[[Decoded], list[DeviceAck]]
"""Stores and judges a batch in one transaction; returning means committed. Given, not imported:
ingest knows nothing of what the rest of the house does with a fix."""

IDLE_WAIT_S = 1.0
RETRY_FIRST_S = 0.2
RETRY_MOST_S = 5.0


@dataclass(frozen=True, slots=True)
class BatchSize:
    """How many messages make a transaction, and how long to wait for them."""

    most: int
    wait_s: float


class Worker:
    """One ingest process's loop."""

    def __init__(self, feed: MqttFeed, handle: Handler, limits: Limits, size: BatchSize) -> None:
        self._feed = feed
        self._handle = handle
        self._limits = limits
        self._size = size
        self._progress_s = monotonic()
        self.stored_messages = 0

    def run(self, stop: threading.Event, beat: Callable[[], None]) -> None:
        """Work until told to stop; `beat` is called about once a second at least when idle.

        Raises:
            Broken: The network thread died. The process must end; nothing was acknowledged
                that is not stored, so the next one carries on.
        """
        while not stop.is_set():
            self.step(stop)
            beat()

    def step(self, stop: threading.Event) -> int:
        """Handle one batch, if there is one; returns how many messages it had."""
        batch = self._feed.take(self._size.most, IDLE_WAIT_S, self._size.wait_s)
        if batch and self._store(batch, stop):
            self._feed.acknowledge(batch)
            self.stored_messages += len(batch)
        self._progress_s = monotonic()
        return len(batch)

    @property
    def silent_for_s(self) -> float:
        """Seconds since the loop last came round; a watchdog reads it from another thread."""
        return monotonic() - self._progress_s

    def _store(self, batch: Sequence[Received], stop: threading.Event) -> bool:
        decoded = decode([one.raw for one in batch], self._limits)
        wait_s = RETRY_FIRST_S
        while not stop.is_set():
            try:
                self._feed.answer(self._handle(decoded))
            except Unavailable as error:
                log.warning("batch_waits", messages=len(batch), reason=error.message)
                self._progress_s = monotonic()
                stop.wait(wait_s)
                wait_s = min(2 * wait_s, RETRY_MOST_S)
            except Exception:
                log.exception("batch_failed", messages=len(batch))
                return self._store_apart(batch, stop)
            else:
                return True
        return False

    def _store_apart(self, batch: Sequence[Received], stop: threading.Event) -> bool:
        """One message spoils its batch: store each by itself, and reject the one that can't be."""
        if len(batch) > 1:
            stored = [self._store([one], stop) for one in batch]
            return all(stored)
        raw = batch[0].raw
        rejected = RejectedPing(
            raw.topic,
            None,
            "not_storable",
            "Storing it failed; see the log.",
            raw.payload[:4096],
            raw.received_at_us,
        )
        self._handle(Decoded([], [], [], [rejected]))
        return True


def watch(
    worker: Worker,
    stop: threading.Event,
    stall_after_s: float,
    on_stall: Callable[[float], None],
) -> threading.Thread:
    """Start a thread that notices when the worker's loop no longer comes round.

    Args:
        worker: Whose loop.
        stop: Ends the watch.
        stall_after_s: Silence that counts as a stall.
        on_stall: Called once with the silence in seconds; in production it ends the process,
            which its supervisor starts anew.
    """

    def look() -> None:
        while not stop.wait(stall_after_s / 10):
            if worker.silent_for_s > stall_after_s:
                on_stall(worker.silent_for_s)
                return

    thread = threading.Thread(target=look, name="watchdog", daemon=True)
    thread.start()
    return thread

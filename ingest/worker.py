"""Takes messages in small batches: decode, store, and only then acknowledge; nothing is lost."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from traceback import extract_tb

import structlog

from ingest.mqtt import MqttFeed, Received
from ingest.payload import Limits, RawMessage, decode
from ingest.store import DeviceAck
from supervision.core.errors import Broken, Unavailable
from supervision.core.fixes import Decoded, RejectedPing

log = structlog.get_logger()

Handler = Callable[[Decoded], list[DeviceAck]]
"""Stores and judges a batch in one transaction; returning means committed. Given, not imported:
ingest knows nothing of what the rest of the house does with a fix."""

IDLE_WAIT_S = 1.0
RETRY_FIRST_S = 0.2
RETRY_MOST_S = 5.0
TRIES_ALONE = 3
"""How often a message that fails by itself is tried, before it is rejected."""


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
            Broken: The network thread died, or a message can neither be stored nor set aside.
                The process must end; nothing was acknowledged that is not stored, so the next
                one carries on.
        """
        while not stop.is_set():
            self.step(stop)
            beat()

    def step(self, stop: threading.Event) -> int:
        """Handle one batch, if there is one; returns how many messages it had.

        A message that cannot be stored although the database is there spoils its batch: the
        batch is stored by halves, and that message alone is kept as rejected (`not_storable`),
        whole, so that it can be read again once the fault is mended. Its device is not told
        that it is stored.
        """
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
        """Whether all of these are safe now; False when told to stop before."""
        decoded = Decoded([], [], [], [])
        for attempt in range(1, TRIES_ALONE + 1):
            try:
                decoded = decode([one.raw for one in batch], self._limits)
                return self._commit(decoded, stop)
            except Exception as error:  # noqa: BLE001 -- whatever it is, the rest must be stored
                _log_failure(error, len(batch), attempt)
            if len(batch) > 1:
                half = len(batch) // 2
                return self._store(batch[:half], stop) and self._store(batch[half:], stop)
            stop.wait(RETRY_FIRST_S)
        return self._set_aside(_rejected(batch[0].raw, decoded), stop)

    def _set_aside(self, rejected: RejectedPing, stop: threading.Event) -> bool:
        try:
            return self._commit(Decoded([], [], [], [rejected]), stop)
        except Exception as error:  # noqa: BLE001 -- its words may quote the row: not passed on
            _log_failure(error, 1, TRIES_ALONE)
        message = "A message can neither be stored nor set aside."
        raise Broken(message)

    def _commit(self, decoded: Decoded, stop: threading.Event) -> bool:
        """Store, however long the database is away; False when told to stop before."""
        wait_s = RETRY_FIRST_S
        while not stop.is_set():
            self._progress_s = monotonic()
            try:
                acks = self._handle(decoded)
            except Unavailable as error:
                log.warning("batch_waits", reason=error.message)
                stop.wait(wait_s)
                wait_s = min(2 * wait_s, RETRY_MOST_S)
            else:
                self._feed.answer(acks)
                return True
        return False


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


def _rejected(raw: RawMessage, decoded: Decoded) -> RejectedPing:
    uids = {fix.device_uid for fix in decoded.fixes}
    uids |= {one.device_uid for one in decoded.events}
    uids |= {one.device_uid for one in decoded.receipts}
    return RejectedPing(
        raw.topic,
        min(uids, default=None),
        "not_storable",
        "Storing it failed; see the log.",
        raw.payload,
        raw.received_at_us,
    )


def _log_failure(error: Exception, messages: int, attempt: int) -> None:
    # Not the error's own words: a database quotes the row, and with it where somebody was.
    log.error(
        "batch_failed",
        messages=messages,
        attempt=attempt,
        error=type(error).__name__,
        sqlstate=getattr(getattr(error, "orig", error), "pgcode", None),
        where=[f"{frame.filename}:{frame.lineno}" for frame in extract_tb(error.__traceback__)],
    )

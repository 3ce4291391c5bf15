"""The processes behind: ingest, scheduler, deliver. Each runs until told to stop."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from time import monotonic
from types import FrameType

import structlog

from alerts.delivery import Delivery
from alerts.rules import Means
from ingest.delivery import CommandDelivery
from ingest.worker import watch
from supervision.bootstrap import (
    Runtime,
    build,
    build_delivery,
    build_feed,
    build_worker,
)
from supervision.core.errors import Unavailable
from supervision.core.logs import configure_logs
from supervision.core.settings import load_settings
from supervision.scheduler import Ticker

log = structlog.get_logger()

BEAT_EVERY_S = 5.0
OUTBOX_EVERY_S = 0.5
LANES_EACH = 2
STALLED_EXIT_CODE = 70


def ingest() -> None:
    """Take messages from the broker, store and judge them, and send devices their commands.

    Any number may run side by side; each needs a SUPERVISION_BROKER_CLIENT_ID of its own that it
    keeps over restarts.
    """
    runtime, stop = _begin()
    settings = runtime.settings
    feed = build_feed(settings, runtime.clock)
    worker = build_worker(settings, feed, runtime.monitor.on_messages)
    watch(worker, stop, settings.stall_after_s, _end_stalled)
    feed.start()
    beat = _Beat(
        runtime,
        settings.broker_client_id,
        lambda: {"messages": worker.stored_messages, "is_connected": feed.is_connected},
    )
    send_commands = CommandDelivery(feed, runtime.monitor.exchange_commands)

    def between_batches() -> None:
        beat()
        send_commands()

    try:
        worker.run(stop, between_batches)
    finally:
        feed.stop()
    beat.end()


def scheduler() -> None:
    """Run the sweeps. Any number may run side by side."""
    runtime, stop = _begin()
    Ticker(runtime.monitor).run(stop)


def deliver() -> None:
    """Send what waits in the outbox. Any number may run side by side.

    Each means has lanes of its own, so that a mail server that hangs holds up no text message.
    """
    runtime, stop = _begin()
    delivery = build_delivery(runtime)
    beat = _Beat(runtime, "deliver", dict)
    ways = [means for means in Means for _ in range(LANES_EACH)]
    with ThreadPoolExecutor(len(ways)) as pool:
        lanes = [pool.submit(_drain, delivery, means, stop) for means in ways]
        while not stop.is_set() and not any(lane.done() for lane in lanes):
            beat()
            stop.wait(1)
        stop.set()
    for lane in lanes:
        lane.result()
    beat.end()


def _drain(delivery: Delivery, means: Means, stop: Event) -> None:
    while not stop.is_set():
        try:
            is_idle = delivery.deliver_due(means) == 0
        except Unavailable as error:
            log.warning("outbox_waits", reason=error.message)
            is_idle = True
        if is_idle:
            stop.wait(OUTBOX_EVERY_S)


def _begin() -> tuple[Runtime, Event]:
    settings = load_settings()
    configure_logs(as_json=settings.log_json)
    return build(settings), stop_on_signals()


def stop_on_signals() -> Event:
    """An event that Ctrl-C and SIGTERM set, so that a loop can end between two steps."""
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return stop


class _Beat:
    """Writes a process's heartbeat, every few seconds however often it is called."""

    def __init__(
        self, runtime: Runtime, name: str, detail: Callable[[], dict[str, object]]
    ) -> None:
        self._runtime = runtime
        self._name = name
        self._detail = detail
        self._next_s = 0.0

    def __call__(self) -> None:
        if monotonic() < self._next_s:
            return
        self._next_s = monotonic() + BEAT_EVERY_S
        # Without a database there is nobody to tell: the heartbeat's age says so.
        with suppress(Unavailable):
            self._runtime.monitor.beat(self._name, **self._detail())

    def end(self) -> None:
        """The process ends on purpose: nobody is to miss it."""
        with suppress(Unavailable):
            self._runtime.monitor.forget(self._name)


def _end_stalled(silent_for_s: float) -> None:
    log.critical("worker_stalled", silent_for_s=round(silent_for_s, 1))
    os._exit(STALLED_EXIT_CODE)

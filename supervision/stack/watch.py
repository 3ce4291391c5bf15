"""Waits for a server to be ready, and ends it, without mistaking another process for it."""

import signal
import threading
from collections.abc import Callable, Sequence
from time import monotonic

import psutil

from supervision.core.errors import Unavailable

POLL_S = 0.02


def is_alive(process: psutil.Process) -> bool:
    """Whether the process still runs; one that ended and awaits its parent does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def is_ready_in_time(
    process: psutil.Process, is_ready: Callable[[], bool], timeout_s: float
) -> bool:
    """Wait until a server is ready (True) or has ended (False).

    Raises:
        Unavailable: Neither happened in time; it still runs.
    """
    pause = threading.Event()
    give_up_at_s = monotonic() + timeout_s
    while monotonic() < give_up_at_s:
        if not is_alive(process):
            return False
        if is_ready():
            return True
        pause.wait(POLL_S)
    raise Unavailable(f"{process.name()} is not ready after {timeout_s:.0f} s")


def end(process: psutil.Process, signals: Sequence[signal.Signals], timeout_s: float) -> None:
    """Send one signal after the other until the process is gone.

    A number that meanwhile belongs to another process is left alone.

    Args:
        process: What to end; fine if it is gone already.
        signals: From polite to rude.
        timeout_s: How long each may take.
    """
    for each in signals:
        if is_alive(process):
            process.send_signal(each)
            psutil.wait_procs([process], timeout=timeout_s)

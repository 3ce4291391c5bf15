"""Keeps the system's parts running side by side: restarts one that dies, ends all in order."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from types import TracebackType
from typing import Self

from supervision.stack.launch import spawn

STOP_TIMEOUT_S = 10.0
FIRST_BACKOFF_S, MAX_BACKOFF_S = 0.25, 5.0
STEADY_AFTER_S = 30.0
"""A part that ran this long had started well; its next restart is not held back for the last."""


@dataclass(frozen=True)
class Part:
    """One part of the system, as a program to run.

    Attributes:
        name: Also the name of its log.
        argv: The program, by its full path, and its arguments.
        env: Variables on top of our own.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Running:
    """One process of a part; `has_ended` is set once it has, before it is reaped."""

    part: Part
    process: subprocess.Popen[bytes]
    started_at_s: float
    has_ended: threading.Event


def to_stderr(line: str) -> None:
    """Tell the person at the terminal."""
    sys.stderr.write(line + "\n")


class ProcessSupervisor:
    """Runs parts until it is told to stop; leaving the `with` block ends them.

    Every part has a process group of its own, so Ctrl-C reaches only us and we end the parts
    in reverse order. When we are killed outright, the kernel ends them. So `start` and `wait`
    belong in the thread that lives longest, which is the main one.
    """

    def __init__(
        self,
        log_folder: Path,
        report: Callable[[str], None] = to_stderr,
        first_backoff_s: float = FIRST_BACKOFF_S,
    ) -> None:
        """Prepare; nothing runs yet.

        Args:
            log_folder: Made if absent; each part's output is appended to NAME.log there.
            report: Receives one line for every part that dies.
            first_backoff_s: Pause before the first restart; doubles up to MAX_BACKOFF_S.
        """
        self._log_folder = log_folder
        self._report = report
        self._first_backoff_s = first_backoff_s
        self._parts: dict[str, Part] = {}
        self._running: dict[str, _Running] = {}
        self._backoff_s: dict[str, float] = {}
        self._restart_at_s: dict[str, float] = {}
        self._news: SimpleQueue[_Running | None] = SimpleQueue()

    def __enter__(self) -> Self:
        """Make the folder of the logs."""
        self._log_folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End all parts."""
        self.stop()

    def start(self, part: Part) -> None:
        """Start a part; parts started earlier end later."""
        with self._log(part.name).open("ab") as log:
            process = spawn(part.argv, log, env=part.env)
        running = _Running(part, process, monotonic(), threading.Event())
        self._parts[part.name] = part
        self._running[part.name] = running
        name = f"watch {part.name}"
        threading.Thread(target=self._watch, args=(running,), name=name, daemon=True).start()

    def pid(self, name: str) -> int:
        """The process id of a part that runs."""
        return self._running[name].process.pid

    def wait(self) -> None:
        """Keep the parts running until Ctrl-C, SIGTERM or `request_stop`."""
        with self._signals_ask_to_stop():
            while True:
                self._start_due()
                try:
                    news = self._news.get(timeout=self._pause_s())
                except Empty:
                    continue
                if news is None:
                    return
                self._plan_restart(news)

    def request_stop(self) -> None:
        """Make `wait` return; safe from any thread and from signal handlers."""
        self._news.put(None)

    def stop(self) -> None:
        """End all parts, the last started first: politely, after STOP_TIMEOUT_S not."""
        self._restart_at_s.clear()
        for name in reversed(self._parts):
            running = self._running.pop(name, None)
            if running:
                os.kill(running.process.pid, signal.SIGTERM)
                running.has_ended.wait(STOP_TIMEOUT_S)
                self._bury(running)

    def _log(self, name: str) -> Path:
        return self._log_folder / f"{name}.log"

    def _watch(self, running: _Running) -> None:
        os.waitid(os.P_PID, running.process.pid, os.WEXITED | os.WNOWAIT)
        running.has_ended.set()
        self._news.put(running)

    def _bury(self, running: _Running) -> int:
        """End what is left of a part's group, then forget its leader.

        In this order: while the leader is not reaped, its number cannot be another group's.
        """
        os.killpg(running.process.pid, signal.SIGKILL)
        running.has_ended.wait()
        return running.process.wait()

    def _plan_restart(self, dead: _Running) -> None:
        name = dead.part.name
        code = self._bury(dead)
        del self._running[name]
        has_been_steady = monotonic() - dead.started_at_s >= STEADY_AFTER_S
        last_s = 0.0 if has_been_steady else self._backoff_s.get(name, 0.0)
        backoff_s = min(last_s * 2 or self._first_backoff_s, MAX_BACKOFF_S)
        self._backoff_s[name] = backoff_s
        self._restart_at_s[name] = monotonic() + backoff_s
        log = self._log(name)
        self._report(f"{name} ended with code {code}; again in {backoff_s:g} s; see {log}")

    def _start_due(self) -> None:
        now_s = monotonic()
        due = [name for name, at_s in self._restart_at_s.items() if at_s <= now_s]
        for name in due:
            del self._restart_at_s[name]
            self.start(self._parts[name])

    def _pause_s(self) -> float | None:
        """How long nothing is due; None: until something happens."""
        due_s = self._restart_at_s.values()
        return max(0.0, min(due_s) - monotonic()) if due_s else None

    @contextmanager
    def _signals_ask_to_stop(self) -> Iterator[None]:
        def ask(_number: int, _frame: object) -> None:
            self.request_stop()

        watched = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, ask) for number in watched}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

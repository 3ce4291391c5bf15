"""Show how far a run of simulated trackers has come."""

import sys
from time import monotonic
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.live import Live
from rich.table import Table

from ingest.simulator.fleet import Report

LINE_EVERY_S = 10.0


def line(report: Report, alerts: int | None = None) -> str:
    """One line of how far it has come."""
    parts = [
        f"{report.duration_s:.0f} s",
        f"sent {report.sent}",
        f"acked {report.acked}",
        f"{report.sent_per_s:.0f} msgs/s",
        f"unacked {report.unacked}",
        f"in flight {report.in_flight}",
        f"resent {report.resent}",
    ]
    if report.asked:
        parts.append(f"asked for {report.asked}")
    return ", ".join(parts if alerts is None else [*parts, f"alerts {alerts}"])


class Progress:
    """On a terminal a table that keeps itself current, otherwise a line every ten seconds.

    It writes to stderr, so that stdout is free for results. Use as a context manager, and
    `show` as often as you like, for instance as the `on_tick` of `Fleet.run`.
    """

    def __init__(self, stream: TextIO | None = None, *, is_quiet: bool = False) -> None:
        """Write to `stream`, stderr if None, or nowhere at all."""
        self._stream = stream or sys.stderr
        self._is_quiet = is_quiet
        self._live: Live | None = None
        self._next_line_s = monotonic() + LINE_EVERY_S
        self.alerts: int | None = None

    def __enter__(self) -> Self:
        """Take over the terminal's last lines, if it is one."""
        console = Console(file=self._stream)
        if console.is_terminal and not self._is_quiet:
            self._live = Live(console=console, transient=True)
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the terminal back."""
        if self._live:
            self._live.stop()
            self._live = None

    def show(self, report: Report) -> None:
        """Show a report; `alerts`, if set, is shown beside it."""
        if self._live:
            self._live.update(_table(report, self.alerts))
        elif not self._is_quiet and monotonic() >= self._next_line_s:
            self._next_line_s = monotonic() + LINE_EVERY_S
            print(line(report, self.alerts), file=self._stream, flush=True)


def _table(report: Report, alerts: int | None) -> Table:
    table = Table(box=None, pad_edge=False)
    values = {
        "seconds": f"{report.duration_s:.0f}",
        "sent": f"{report.sent:,}",
        "acked": f"{report.acked:,}",
        "msgs/s": f"{report.sent_per_s:,.0f}",
        "unacked": f"{report.unacked:,}",
        "in flight": f"{report.in_flight:,}",
        "resent": f"{report.resent:,}",
        "alerts": "" if alerts is None else f"{alerts:,}",
    }
    for heading in values:
        table.add_column(heading, justify="right", min_width=8)
    table.add_row(*values.values())
    return table

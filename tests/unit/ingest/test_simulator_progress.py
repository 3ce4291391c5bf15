import io
import re

import pytest

from ingest.simulator import progress
from ingest.simulator.fleet import Report
from ingest.simulator.progress import Progress, line

REPORT = Report(1200, 300, 7, 1100, 100, 20, 0, 0, 10.0, is_complete=False)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_has_the_numbers_that_matter() -> None:
    assert line(REPORT, alerts=3) == (
        "10 s, sent 1200, acked 1100, 150 msgs/s, unacked 100, in flight 20, resent 300, alerts 3"
    )


def test_off_a_terminal_a_line_appears_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [100.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now_s[0])
    stream = io.StringIO()
    with Progress(stream) as shown:
        for _ in range(250):
            now_s[0] += 0.1
            shown.show(REPORT)
    assert stream.getvalue().splitlines() == [line(REPORT)] * 2


def test_on_a_terminal_the_numbers_stand_in_a_table() -> None:
    stream = Terminal()
    with Progress(stream) as shown:
        shown.alerts = 4
        shown.show(REPORT)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", stream.getvalue())
    assert "msgs/s" in plain
    assert "1,200" in plain


def test_quiet_is_silent_everywhere() -> None:
    for stream in (io.StringIO(), Terminal()):
        with Progress(stream, is_quiet=True) as shown:
            shown.show(REPORT)
        assert not stream.getvalue()


def test_a_run_that_took_no_time_has_no_rate() -> None:
    assert Report(0, 0, 0, 0, 0, 0, 0, 0, 0.0, is_complete=True).sent_per_s == 0.0

"""The process supervisor, with real children that live for moments."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import psutil
import pytest

from supervision.stack.processes import Part, ProcessSupervisor

WAIT_S = 20.0
SLEEPER = "import signal; signal.pause()"


class Pipe:
    """A named pipe through which children say that they have come so far."""

    def __init__(self, file: Path) -> None:
        os.mkfifo(file)
        self.file = file
        self._reader = os.fdopen(os.open(file, os.O_RDWR), "r")

    def says(self) -> str:
        return self._reader.readline().strip()

    def close(self) -> None:
        self._reader.close()


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Pipe]:
    pipe = Pipe(tmp_path / "pipe")
    yield pipe
    pipe.close()


def python(name: str, pipe: Pipe, code: str) -> Part:
    say = f"import os\ndef say(word): open({str(pipe.file)!r}, 'a').write(word + chr(10))\n"
    return Part(name, [sys.executable, "-c", say + code])


def sleeper(name: str, pipe: Pipe) -> Part:
    """Says its number when up, and its name when it is asked to end."""
    return python(
        name,
        pipe,
        "import signal\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\n"
        "say(str(os.getpid()))\n"
        "signal.sigwait([signal.SIGTERM])\n"
        f"say({name!r})\n",
    )


def wait_while(supervisor: ProcessSupervisor, act: Callable[[], None]) -> None:
    """Do `act` in another thread while this one waits; signals only reach the main thread."""
    with ThreadPoolExecutor(1) as pool:
        acting = pool.submit(act)
        supervisor.wait()
        acting.result(WAIT_S)


def test_a_part_that_dies_is_started_again_and_reported(tmp_path: Path, pipe: Pipe) -> None:
    lines: SimpleQueue[str] = SimpleQueue()
    part = python("ingest", pipe, "say('up'); raise SystemExit(7)")

    def after_three() -> None:
        heard = [pipe.says() for _ in range(3)]
        assert heard == ["up"] * 3
        supervisor.request_stop()

    with ProcessSupervisor(tmp_path / "logs", lines.put, first_backoff_s=0.01) as supervisor:
        supervisor.start(part)
        wait_while(supervisor, after_three)
    first, second = lines.get(timeout=WAIT_S), lines.get(timeout=WAIT_S)
    assert first.startswith("ingest ended with code 7; again in 0.01 s; see ")
    assert "again in 0.02 s" in second


def test_parts_end_in_reverse_order_even_after_a_restart(tmp_path: Path, pipe: Pipe) -> None:
    def kill_first_then_stop() -> None:
        os.kill(numbers[0], signal.SIGKILL)
        numbers[0] = int(pipe.says())
        supervisor.request_stop()

    lines: SimpleQueue[str] = SimpleQueue()
    with ProcessSupervisor(tmp_path / "logs", lines.put, first_backoff_s=0.01) as supervisor:
        numbers = []
        for name in ("database", "api"):
            supervisor.start(sleeper(name, pipe))
            numbers.append(int(pipe.says()))
        wait_while(supervisor, kill_first_then_stop)
    assert [pipe.says(), pipe.says()] == ["api", "database"]
    assert not any(psutil.pid_exists(number) for number in numbers)


def test_a_part_that_ignores_the_request_is_killed(
    tmp_path: Path, pipe: Pipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supervision.stack.processes.STOP_TIMEOUT_S", 0.05)
    deaf = python(
        "deaf",
        pipe,
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "say(str(os.getpid()))\nwhile True: signal.pause()\n",
    )
    with ProcessSupervisor(tmp_path / "logs") as supervisor:
        supervisor.start(deaf)
        number = int(pipe.says())
    assert not psutil.pid_exists(number)


def test_what_a_part_started_itself_ends_with_it(tmp_path: Path, pipe: Pipe) -> None:
    parent = python(
        "parent",
        pipe,
        "import subprocess, sys, signal\n"
        f"child = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}])\n"
        "say(str(child.pid))\nsignal.pause()\n",
    )
    with ProcessSupervisor(tmp_path / "logs") as supervisor:
        supervisor.start(parent)
        grandchild = psutil.Process(int(pipe.says()))
    gone, _ = psutil.wait_procs([grandchild], timeout=WAIT_S)
    assert gone


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_wait_and_the_old_handler_returns(
    tmp_path: Path, pipe: Pipe, number: signal.Signals
) -> None:
    before = signal.getsignal(number)

    def interrupt_once_up() -> None:
        pipe.says()
        while signal.getsignal(number) is before:
            threading.Event().wait(0.01)
        os.kill(os.getpid(), number)

    with ProcessSupervisor(tmp_path / "logs") as supervisor:
        supervisor.start(sleeper("api", pipe))
        wait_while(supervisor, interrupt_once_up)
        assert signal.getsignal(number) is before


def test_children_of_a_killed_supervisor_end_too(tmp_path: Path, pipe: Pipe) -> None:
    script = tmp_path / "supervise.py"
    child = sleeper("api", pipe)
    script.write_text(
        "from pathlib import Path\n"
        "from supervision.stack.processes import Part, ProcessSupervisor\n"
        f"with ProcessSupervisor(Path({str(tmp_path / 'logs')!r})) as supervisor:\n"
        f"    supervisor.start(Part('api', {list(child.argv)!r}))\n"
        "    supervisor.wait()\n"
    )
    root = Path(__file__).parents[3]
    environment = os.environ | {"PYTHONPATH": str(root)}
    with subprocess.Popen([sys.executable, script], env=environment) as supervisor:
        running = psutil.Process(int(pipe.says()))
        supervisor.kill()
    gone, _ = psutil.wait_procs([running], timeout=WAIT_S)
    assert gone


def test_output_goes_to_a_log_of_the_parts_name(tmp_path: Path, pipe: Pipe) -> None:
    talker = python("api", pipe, "print('hello', flush=True); say('done')")
    with ProcessSupervisor(tmp_path / "logs") as supervisor:
        supervisor.start(talker)
        pipe.says()
    assert (tmp_path / "logs" / "api.log").read_text() == "hello\n"


def test_a_part_sees_the_variables_given_to_it(tmp_path: Path, pipe: Pipe) -> None:
    part = python("api", pipe, "say(os.environ['SUPERVISION_WEB_PORT'])")
    with ProcessSupervisor(tmp_path / "logs") as supervisor:
        supervisor.start(Part(part.name, part.argv, {"SUPERVISION_WEB_PORT": "8081"}))
        assert pipe.says() == "8081"

"""One of the system's processes as a process of its own, which a test may kill."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from supervision.stack.launch import spawn
from supervision.stack.postgres import DatabaseUrls

ENDS_WITHIN_S = 60.0
REPOSITORY = Path(__file__).resolve().parents[1]


class ServiceProcess:
    """`supervision COMMAND`; its database sessions bear the name of its log."""

    def __init__(self, command: str, database: DatabaseUrls, log: Path, **settings: object) -> None:
        self._command = command
        self._log = log
        values = {
            "owner_database_url": database.owner_url,
            "engine_database_url": database.engine_url,
            "web_database_url": database.web_url,
            "link_key": "a key for tests",
        } | settings
        self._env = {f"SUPERVISION_{name.upper()}": str(value) for name, value in values.items()}
        self._env |= {"PYTHONPATH": str(REPOSITORY), "PGAPPNAME": log.stem}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self.process = spawn(
                [sys.executable, "-m", "supervision", self._command], log, env=self._env
            )

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def end(self, how: signal.Signals = signal.SIGKILL) -> int:
        """End it; the code is its own if it had died before, 0 if it never lived."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            os.kill(self.process.pid, how)
        return self.process.wait(ENDS_WITHIN_S)

    def log_text(self) -> str:
        return self._log.read_text()

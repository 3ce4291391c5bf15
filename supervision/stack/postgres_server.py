"""The database server's process: made once, started, found again after a crash, stopped."""

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

import psutil

from supervision.core.errors import Unavailable
from supervision.stack.folders import (
    locked,
    make_folder,
    require_way_in,
    socket_folder,
    write_file,
)
from supervision.stack.launch import account_for, run_tool, spawn
from supervision.stack.postgres_config import SUPERUSER, render_config
from supervision.stack.watch import end, is_ready_in_time

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0
PID_LINE, STATUS_LINE = 0, 7
CONFIG_FILES = {
    "config_file": "postgresql.conf",
    "hba_file": "pg_hba.conf",
    "ident_file": "pg_ident.conf",
}


class PostgresServer:
    """One postmaster over one data folder; it dies with the process that started it."""

    def __init__(self, folder: Path, *, is_throwaway: bool) -> None:
        """Name the folder; nothing is touched before `start`.

        Args:
            folder: Made if absent; everything of the cluster is in it.
            is_throwaway: Do not wait for the disk; a crash may lose everything.
        """
        self._folder = folder.absolute()
        self._data = self._folder / "data"
        self._is_throwaway = is_throwaway
        self._account = account_for(SUPERUSER)
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """The server's log; it holds neither statements nor their values."""
        return self._folder / "postgres.log"

    @property
    def is_ours(self) -> bool:
        """Whether this object started the server, rather than found it running."""
        return self._child is not None

    def sockets(self) -> Path:
        """The folder of its socket."""
        return socket_folder(self._folder, self._account)

    def start(self) -> None:
        """Make the cluster if it is new; start its server, or find it running.

        What a killed server or a restarted machine left behind is cleared away first.

        Raises:
            Unavailable: PostgreSQL is not installed, or the server gave up; the log says why.
        """
        require_way_in(self._data, self._account)
        make_folder(self._folder, 0o755)
        with locked(self._folder):
            self._create_cluster()
            self._write_config()
            server = self.find()
            if server and self._is_up_in_time(server):
                server.send_signal(signal.SIGHUP)
            else:
                self._launch()

    def stop(self) -> None:
        """End the server of this folder, whoever started it; open sessions are cut off."""
        server = self.find()
        if server:
            end(server, (signal.SIGINT, signal.SIGQUIT), STOP_TIMEOUT_S)
        self._reap()

    def find(self) -> psutil.Process | None:
        """The running postmaster of this very folder, ready or not.

        A pid file alone proves nothing: after a restart of the machine its number may belong
        to anything. So the process must also be working in our data folder.
        """
        note = self._pid_file()
        if not note:
            return None
        try:
            server = psutil.Process(int(note[PID_LINE]))
            return server if server.cwd() == str(self._data.resolve()) else None
        except (psutil.Error, ValueError):
            return None

    def _pid_file(self) -> list[str]:
        try:
            return (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _create_cluster(self) -> None:
        """Run initdb beside the final place, so that one cut short is not taken for whole."""
        if self._data.exists():
            return
        fresh = self._folder / "data.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        make_folder(fresh, 0o700, self._account)
        initdb = [str(self._programs() / "initdb"), "-D", str(fresh), "-U", SUPERUSER]
        options = ["--auth=peer", "--encoding=UTF8", "--locale=C.UTF-8"]
        sync = ["--no-sync"] if self._is_throwaway else []
        run_tool([*initdb, *options, *sync], self._account)
        fresh.rename(self._data)

    def _write_config(self) -> None:
        users = {"root", SUPERUSER, pwd.getpwuid(os.geteuid()).pw_name}
        texts = render_config(self.sockets(), users, is_throwaway=self._is_throwaway)
        for name, text in texts.items():
            write_file(self._folder / name, text, 0o640, self._account)

    def _programs(self) -> Path:
        """The folder of the programs: those of the cluster's version, else the newest."""
        version_file = self._data / "PG_VERSION"
        version = version_file.read_text().strip() if version_file.exists() else "*"
        found = list(Path("/usr/lib/postgresql").glob(f"{version}/bin"))
        if not found:
            wanted = "PostgreSQL" if version == "*" else f"PostgreSQL {version}"
            raise Unavailable(f"{wanted} is not installed; run scripts/setup")
        return max(found, key=lambda folder: int(folder.parent.name))

    def _launch(self) -> None:
        self._reap()
        self._clear_leftovers()
        files = [f"--{option}={self._folder / name}" for option, name in CONFIG_FILES.items()]
        with self.log.open("ab") as log:
            self._child = spawn(
                [str(self._programs() / "postgres"), "-D", str(self._data), *files],
                log,
                self._account,
                signal_at_parent_death="INT",
            )
        if not self._is_up_in_time(psutil.Process(self._child.pid)):
            self._reap()
            raise Unavailable(f"PostgreSQL did not start; see {self.log}")

    def _reap(self) -> None:
        if self._child:
            self._child.wait(STOP_TIMEOUT_S)
            self._child = None

    def _clear_leftovers(self) -> None:
        """Wait for what is left of a killed server, then remove its pid file and socket.

        PostgreSQL would do so itself, but takes any program that has the number now for it.

        Raises:
            Unavailable: Something still works in the data folder; two servers would ruin it.
        """
        if not self._pid_file():
            return
        ours = str(self._data.resolve())
        left = [process for process in psutil.process_iter() if _working_folder(process) == ours]
        if psutil.wait_procs(left, timeout=START_TIMEOUT_S)[1]:
            raise Unavailable(f"another PostgreSQL is still working in {self._data}")
        for left_over in (self._data / "postmaster.pid", *self.sockets().glob(".s.PGSQL.*")):
            left_over.unlink(missing_ok=True)

    def _is_up_in_time(self, server: psutil.Process) -> bool:
        def is_ready() -> bool:
            note = self._pid_file()
            is_its_own = len(note) > STATUS_LINE and note[PID_LINE].strip() == str(server.pid)
            return is_its_own and note[STATUS_LINE].strip() == "ready"

        return is_ready_in_time(server, is_ready, START_TIMEOUT_S)


def _working_folder(process: psutil.Process) -> str | None:
    try:
        return process.cwd()
    except psutil.Error:
        return None

"""A message broker of our own, for trackers to speak to, beside whatever else the machine runs."""

import signal
import socket
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from supervision.core.errors import Unavailable
from supervision.stack.broker_accounts import BrokerAccounts
from supervision.stack.broker_config import render_acl, render_settings
from supervision.stack.folders import locked, make_folder, require_way_in, write_file
from supervision.stack.launch import account_for, find_program, spawn
from supervision.stack.watch import end, is_ready_in_time

HOST = "127.0.0.1"
START_TIMEOUT_S = 10.0
STOP_TIMEOUT_S = 20.0


class PrivateMosquitto:
    """A broker in one folder, on a loopback port of its own that it remembers.

    Under root it runs as mosquitto. It dies with the process that started it, and saves its
    queue first; after `kill` what it had confirmed and not delivered is lost, as Mosquitto's
    queue is only saved now and then.
    """

    def __init__(
        self, folder: Path, port: int | None = None, *, is_demonstration: bool = False
    ) -> None:
        """Name the folder; nothing is touched before `start`.

        Args:
            folder: Made if absent; everything of the broker is in it.
            port: TCP; none: the remembered one, or a free one when that is new or taken.
            is_demonstration: Let the account `simulator` speak for any device.
        """
        self._folder = folder.absolute()
        self._wanted_port = port
        self._is_demonstration = is_demonstration
        self._account = account_for("mosquitto")
        self._config = self._folder / "mosquitto.conf"
        self._child: subprocess.Popen[bytes] | None = None
        self.accounts = BrokerAccounts(self._folder, self._account)

    def start(self) -> None:
        """Start the broker, or find it running.

        Raises:
            Unavailable: Mosquitto is not installed, the fixed port is taken, or the broker
                gave up; the log says why.
        """
        require_way_in(self._config, self._account)
        make_folder(self._folder, 0o755)
        make_folder(self._folder / "data", 0o700, self._account)
        self.accounts.create_services()
        with locked(self._folder):
            if self._find() is None:
                self._launch(self._choose_port())

    def stop(self) -> None:
        """End the broker of this folder, whoever started it; its queue is saved."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the broker as a power cut would; what it had not saved is lost."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start on the same port; its queue is kept."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop, unless the broker was already running when we came."""
        if self._child:
            self.stop()

    @property
    def is_running(self) -> bool:
        """Whether the broker of this folder is up."""
        return self._find() is not None

    @property
    def host(self) -> str:
        """The address it listens on: this machine only."""
        return HOST

    @property
    def port(self) -> int:
        """The TCP port it listens on, or listened on last.

        Raises:
            Unavailable: It has never been started.
        """
        file = self._folder / "port"
        if not file.exists():
            raise Unavailable("the broker has not been started yet")
        return int(file.read_text(encoding="utf-8"))

    @property
    def log(self) -> Path:
        """The broker's log."""
        return self._folder / "mosquitto.log"

    def add_user(self, name: str) -> str:
        """Give a device an account, or a new password, valid at once.

        Returns:
            The password, told only now.

        Raises:
            Invalid: The name is no device id.
        """
        password = self.accounts.add([name])[name]
        self.reload()
        return password

    def add_app(self, officer_id: int) -> tuple[str, str]:
        """Give an officer's app an account, or a new password; returns both, told only now."""
        added = self.accounts.add_app(officer_id)
        self.reload()
        return added

    def remove_user(self, name: str) -> None:
        """Let a device or app sign in no more; a connection it has open is cut."""
        self.accounts.remove(name)
        self.reload()

    def password(self, user: str) -> str:
        """The password of one of our own services: ingest, traccar, health or simulator."""
        return self.accounts.password(user)

    def reload(self) -> None:
        """Make the running broker read its accounts again; fine if it is not running."""
        broker = self._find()
        if broker:
            broker.send_signal(signal.SIGHUP)

    def _find(self) -> psutil.Process | None:
        """The running broker of this very folder, whoever started it.

        A remembered number alone proves nothing, so it must also run on our settings.
        """
        note = self._folder / "pid"
        try:
            broker = psutil.Process(int(note.read_text(encoding="utf-8")))
            return broker if str(self._config) in broker.cmdline() else None
        except (FileNotFoundError, psutil.Error, ValueError):
            return None

    def _choose_port(self) -> int:
        if self._wanted_port:
            if not _is_free(self._wanted_port):
                raise Unavailable(f"port {self._wanted_port} is taken by another program")
            return self._wanted_port
        remembered = self._folder / "port"
        port = int(remembered.read_text(encoding="utf-8")) if remembered.exists() else 0
        return port if port and _is_free(port) else _free_port()

    def _launch(self, port: int) -> None:
        texts = {
            "acl": render_acl(is_demonstration=self._is_demonstration),
            "mosquitto.conf": render_settings(self._folder, self._folder / "data", port, HOST),
        }
        for name, text in texts.items():
            write_file(self._folder / name, text, 0o640, self._account)
        argv = [find_program("mosquitto"), "-c", str(self._config)]
        with self.log.open("ab") as log:
            self._child = spawn(argv, log, self._account)
        write_file(self._folder / "pid", str(self._child.pid), 0o644)
        broker = psutil.Process(self._child.pid)
        if not is_ready_in_time(broker, lambda: _listens(broker, port), START_TIMEOUT_S):
            self._reap()
            raise Unavailable(f"the broker did not start; see {self.log}")
        write_file(self._folder / "port", str(port), 0o644)

    def _end(self, how: signal.Signals) -> None:
        broker = self._find()
        if broker:
            end(broker, (how, signal.SIGKILL), STOP_TIMEOUT_S)
        self._reap()

    def _reap(self) -> None:
        if self._child:
            self._child.wait(STOP_TIMEOUT_S)
            self._child = None


def _listens(process: psutil.Process, port: int) -> bool:
    """Whether this very process holds the port, and not a stranger who was faster."""
    try:
        held = process.net_connections(kind="tcp")
    except psutil.Error:
        return False
    return any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in held)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((HOST, port)) != 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])

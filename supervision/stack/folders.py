"""Where the private servers keep their files, and who may read which of them."""

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from supervision.core.errors import Unavailable
from supervision.stack.launch import Account

MAX_SOCKET_FOLDER_CHARS = 107 - len("/.s.PGSQL.5432.lock")


def state_folder() -> Path:
    """The folder that holds everything an installation must not lose; made if absent.

    SUPERVISION_STATE_DIR, else /var/lib/supervision for root, else ~/.local/state/supervision.
    """
    chosen = os.environ.get("SUPERVISION_STATE_DIR")
    if chosen:
        folder = Path(chosen).absolute()
    elif os.geteuid() == 0:
        folder = Path("/var/lib/supervision")
    else:
        folder = Path.home() / ".local/state/supervision"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def make_folder(folder: Path, mode: int, account: Account | None = None) -> Path:
    """Make a folder, or set right the mode and owner of one that is there.

    Raises:
        Unavailable: It belongs to somebody else; root's installation is not a user's.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if account and account.is_other:
            os.chown(folder, account.uid, account.gid)
        folder.chmod(mode)
    except PermissionError as err:
        raise Unavailable(f"{err.filename} belongs to another account") from err
    return folder


def require_way_in(folder: Path, account: Account) -> None:
    """Check that another account can reach a folder through every folder above it.

    Raises:
        Unavailable: One of them is closed to it, as /root is.
    """
    for above in reversed(folder.absolute().parents):
        if account.is_other and above.exists() and not above.stat().st_mode & stat.S_IXOTH:
            raise Unavailable(
                f"{above} is closed to the account {account.name}; "
                "set SUPERVISION_STATE_DIR to a folder it may enter"
            )


def write_file(file: Path, text: str, mode: int, account: Account | None = None) -> None:
    """Replace a file in one step, so no reader ever sees half of it or a wider mode.

    Args:
        file: Its folder must exist.
        text: The whole content.
        mode: Permission bits.
        account: Whose group may read it, where the mode lets the group.
    """
    fresh = file.with_name(f".{file.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        if account and account.is_other:
            os.fchown(stream.fileno(), -1, account.gid)
        os.fchmod(stream.fileno(), mode)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)


def socket_folder(home: Path, account: Account) -> Path:
    """A folder for a server's unix socket whose path is short enough for the kernel.

    That is `home`/socket, or, where `home` lies deep, one made in /run or /tmp and remembered
    in a file; its random name keeps others from having made it first.
    """
    near = home / "socket"
    if len(str(near)) <= MAX_SOCKET_FOLDER_CHARS:
        return make_folder(near, 0o755, account)
    note = home / "socket-folder"
    if not note.exists() or not Path(note.read_text(encoding="utf-8")).is_dir():
        short = tempfile.mkdtemp(prefix="supervision-", dir="/tmp" if os.geteuid() else "/run")  # noqa: S108 - mkdtemp makes it unguessable and ours
        write_file(note, short, 0o600)
    return make_folder(Path(note.read_text(encoding="utf-8")), 0o755, account)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for ourselves among the processes of this machine; others wait."""
    with (folder / ".lock").open("w", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Hold a folder for as long as the system runs from it; a second run is turned away.

    The claim ends with the process, however it ends, so a crash leaves nothing to clear.

    Raises:
        Unavailable: Another process holds it.
    """
    with (folder / ".running").open("w", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Unavailable(f"the system is running already from {folder}") from error
        yield

"""Starts the machine's own programs under the account that each of them belongs to."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from supervision.core.errors import Unavailable

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Account:
    """An account of this machine that a server runs under.

    Attributes:
        name: Its login name.
        uid: Its user number.
        gid: Its group number.
        is_other: It is not the present account, so a program must change to it.
    """

    name: str
    uid: int
    gid: int
    is_other: bool


def account_for(service: str) -> Account:
    """The account a server runs under: `service` when we are root, else the present one.

    PostgreSQL refuses to run as root, and a broker that reads strangers' bytes should not.

    Raises:
        Unavailable: We are root and the machine has no such account.
    """
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid) if uid else pwd.getpwnam(service)
    except KeyError as err:
        raise Unavailable(f"this machine has no account for {service}; run scripts/setup") from err
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, is_other=entry.pw_uid != uid)


def find_program(name: str) -> str:
    """The full path of a program, looked for in the system's folders first.

    Raises:
        Unavailable: It is not installed.
    """
    path = shutil.which(name, path=f"{SYSTEM_PATH}:{os.environ.get('PATH', '')}")
    if path is None:
        raise Unavailable(f"{name} is not installed; run scripts/setup")
    return path


def run_tool(argv: Sequence[str], account: Account) -> None:
    """Run a program to its end.

    Raises:
        Unavailable: It failed; the message is its own last words.
    """
    done = subprocess.run(  # noqa: S603 - argv lists come from this package, never from a user
        argv,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env=_environment({}),
        user=account.uid if account.is_other else None,
        group=account.gid if account.is_other else None,
        extra_groups=[] if account.is_other else None,
    )
    if done.returncode:
        words = (done.stderr or done.stdout or "no reason given").strip().splitlines()
        raise Unavailable(f"{Path(argv[0]).name} failed: {words[-1]}")


def spawn(
    argv: Sequence[str],
    log: BinaryIO,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    signal_at_parent_death: str = "TERM",
) -> subprocess.Popen[bytes]:
    """Start a program that lives no longer than the thread that starts it.

    It leads a process group of its own, so Ctrl-C reaches only us, and the kernel sends it
    `signal_at_parent_death` when we die, even by SIGKILL. That is asked for by setpriv rather
    than by code between fork and exec, which is not safe where threads run.

    Args:
        argv: The program, by its full path, and its arguments.
        log: Receives its output and its complaints.
        account: Whom to run it as; none: as ourselves.
        env: Variables on top of our own.
        signal_at_parent_death: A signal's name without SIG.
    """
    is_other = account is not None and account.is_other
    return subprocess.Popen(  # noqa: S603 - argv lists come from this package, never from a user
        [find_program("setpriv"), "--pdeathsig", signal_at_parent_death, "--", *argv],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd="/" if is_other else None,
        env=_environment(env or {}),
        start_new_session=True,
        user=account.uid if account and is_other else None,
        group=account.gid if account and is_other else None,
        extra_groups=[] if is_other else None,
    )


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Our environment without the PG* variables that would point tools at another cluster."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**own, **extra}

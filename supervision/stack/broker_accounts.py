"""Who may sign in to the broker: the file of hashed passwords, and the few secrets we keep."""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from supervision.core.errors import Conflict, Invalid, NotFound
from supervision.core.officer_apps import app_account, is_app_account
from supervision.stack.broker_config import SERVICE_ACCOUNTS
from supervision.stack.folders import locked, make_folder, write_file
from supervision.stack.launch import Account

PBKDF2_ROUNDS = 101
"""Mosquitto's own figure; the secrets are random, so guessing is not what protects them."""
_SALT_BYTES = 12
_SECRET_BYTES = 24
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")


class BrokerAccounts:
    """The accounts of one broker, in its folder.

    Passwords of our own services are kept readable by us alone, because we need them again.
    A device's password is told once, to whoever adds it, and only its hash stays.
    The hash is written here rather than by mosquitto_passwd, which takes the password on its
    command line, where every process of the machine can read it.
    """

    def __init__(self, folder: Path, account: Account | None = None) -> None:
        """Name the folder.

        Args:
            folder: Must exist. `passwords` and `secrets/` are made in it.
            account: The account the broker runs under; its group may read the hashes.
        """
        self._folder = folder
        self._account = account
        self._file = folder / "passwords"

    def create_services(self) -> None:
        """Give each of our own services a password, unless it has one."""
        known = self._read()
        for name in SERVICE_ACCOUNTS:
            if name not in known or not self._secret_file(name).exists():
                self._keep(name, self._set([name])[name])

    def add(self, names: Iterable[str]) -> dict[str, str]:
        """Give accounts new passwords; an account that had one loses the old.

        Args:
            names: Device ids; letters, digits, dot, underscore, colon and hyphen.

        Returns:
            The password of each, told only now.

        Raises:
            Invalid: A name has other characters, which topics or this file would misread.
                Nothing was changed.
            Conflict: A name belongs to one of our own services, or is kept for officers' apps.
                Nothing was changed.
        """
        chosen = list(names)
        _require_no_service(chosen)
        if taken := set(filter(is_app_account, chosen)):
            raise Conflict(f"the broker account {min(taken)} is kept for an officer's app")
        return self._set(chosen)

    def add_app(self, officer_id: int) -> tuple[str, str]:
        """Give an officer's app a new password; the one before is void.

        Returns:
            The account, and its password, told only now.
        """
        name = app_account(officer_id)
        return name, self._set([name])[name]

    def remove(self, name: str) -> None:
        """Let an account sign in no more; fine if there is none.

        Raises:
            Conflict: It belongs to one of our own services. Nothing was changed.
        """
        _require_no_service([name])
        with locked(self._folder):
            kept = self._read()
            kept.pop(name, None)
            self._write(kept)

    def password(self, name: str) -> str:
        """The password of one of our own services.

        Raises:
            NotFound: It is not one of ours, or `create_services` has not run.
        """
        file = self._secret_file(name)
        if name not in SERVICE_ACCOUNTS or not file.exists():
            raise NotFound(f"no password is kept for the broker account {name}")
        return file.read_text(encoding="utf-8")

    def _set(self, names: Iterable[str]) -> dict[str, str]:
        fresh = {_checked(name): secrets.token_urlsafe(_SECRET_BYTES) for name in names}
        hashes = {name: hash_password(password) for name, password in fresh.items()}
        with locked(self._folder):
            self._write(self._read() | hashes)
        return fresh

    def _secret_file(self, name: str) -> Path:
        return self._folder / "secrets" / name

    def _keep(self, name: str, password: str) -> None:
        make_folder(self._folder / "secrets", 0o700)
        write_file(self._secret_file(name), password, 0o600)

    def _read(self) -> dict[str, str]:
        if not self._file.exists():
            return {}
        lines = self._file.read_text(encoding="utf-8").splitlines()
        return dict(line.rsplit(":", 1) for line in lines)

    def _write(self, hashes: dict[str, str]) -> None:
        text = "".join(f"{name}:{hashed}\n" for name, hashed in hashes.items())
        write_file(self._file, text, 0o640, self._account)


def hash_password(password: str) -> str:
    """Hash a password as Mosquitto 2 reads it: PBKDF2 with SHA-512, format 7."""
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, PBKDF2_ROUNDS)
    encoded = [base64.b64encode(part).decode() for part in (salt, digest)]
    return f"$7${PBKDF2_ROUNDS}${encoded[0]}${encoded[1]}"


def _require_no_service(names: Iterable[str]) -> None:
    if taken := set(names).intersection(SERVICE_ACCOUNTS):
        raise Conflict(f"the broker account {min(taken)} belongs to a service")


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Invalid("a broker account's name has 1 to 64 letters, digits, dots, : _ or -")
    return name

"""Makes an installation's passwords, so that none stands in a file anyone could publish."""

import secrets
from pathlib import Path

from supervision.stack.broker_accounts import BrokerAccounts
from supervision.stack.broker_config import INGEST, SIMULATOR, render_acl, render_settings
from supervision.stack.folders import make_folder, write_file
from supervision.stack.postgres_config import (
    EXTENSIONS,
    PORT,
    ROLES,
    create_extension,
    create_role,
)

BROKER_MOUNT = Path("/broker")
BROKER_PORT = 1883
DATABASE_HOST, DATABASE = "db", "supervision"
KEPT = {"broker_password": INGEST, "simulator_password": SIMULATOR}
_SECRET_BYTES, _KEY_BYTES = 24, 32


def make_secrets(folder: Path, *, is_demonstration: bool = False) -> None:
    """Fill the four folders that the containers of docker-compose.yml mount, each its own.

    `app` and `simulate` hold settings as `core.settings` reads them, `db` what the database
    runs when it is new, `broker` everything of the broker. Passwords made once stay, since the
    database keeps the first; the broker's rules are written anew each time.

    Args:
        folder: Must exist and be ours.
        is_demonstration: Let the simulator speak for any device.
    """
    app, simulate, db = (make_folder(folder / name, 0o755) for name in ("app", "simulate", "db"))
    broker = make_folder(folder / "broker", 0o700)
    accounts = _prepare_broker(broker, is_demonstration=is_demonstration)
    keep_key(app / "supervision_link_key")
    keep_key(simulate / "supervision_link_key")
    if not (app / "complete").exists():
        passwords = {role: secrets.token_urlsafe(_SECRET_BYTES) for role in ROLES}
        _write_database_start(db, passwords)
        for target, name in ((app, "broker_password"), (simulate, "simulator_password")):
            _write_database_urls(target, passwords)
            secret = accounts.password(KEPT[name])
            write_file(target / f"supervision_{name}", secret, 0o600)
        write_file(app / "complete", "", 0o600)


def keep_key(file: Path) -> str:
    """The random key that a file keeps; made the first time."""
    if not file.exists():
        write_file(file, secrets.token_urlsafe(_KEY_BYTES), 0o600)
    return file.read_text()


def _write_database_urls(folder: Path, passwords: dict[str, str]) -> None:
    for role, password in passwords.items():
        url = f"postgresql+psycopg2://{role}:{password}@{DATABASE_HOST}:{PORT}/{DATABASE}"
        write_file(folder / f"{role}_database_url", url, 0o600)


def _write_database_start(folder: Path, passwords: dict[str, str]) -> None:
    """Write what the database's image runs once; only that container mounts this folder.

    The files are open to all because the database's account in its image is not ours.
    """
    statements = [create_role(role, password) for role, password in passwords.items()]
    statements.append(f"CREATE DATABASE {DATABASE} OWNER supervision_owner")
    statements.append(f"\\connect {DATABASE}")
    statements += [create_extension(extension) for extension in EXTENSIONS]
    lines = [line if line.startswith("\\") else line + ";" for line in statements]
    write_file(folder / "roles.sql", "\n".join(lines) + "\n", 0o444)
    write_file(folder / "superuser_password", secrets.token_urlsafe(_SECRET_BYTES), 0o444)


def _prepare_broker(folder: Path, *, is_demonstration: bool) -> BrokerAccounts:
    accounts = BrokerAccounts(folder)
    accounts.create_services()
    make_folder(folder / "data", 0o700)
    settings = render_settings(BROKER_MOUNT, BROKER_MOUNT / "data", BROKER_PORT, address=None)
    write_file(folder / "mosquitto.conf", settings, 0o600)
    write_file(folder / "acl", render_acl(is_demonstration=is_demonstration), 0o600)
    probe = f"-u health\n-P {accounts.password('health')}\n-t $SYS/broker/uptime\n-C 1\n-W 5\n"
    write_file(make_folder(folder / "health", 0o700) / "mosquitto_sub", probe, 0o600)
    return accounts

"""The settings of the private database: who may enter, and what is written to disk when."""

from collections.abc import Iterable
from pathlib import Path

SUPERUSER = "postgres"
ROLES = {
    "supervision_owner": "CREATEDB",
    "supervision_engine": "NOCREATEDB",
    "supervision_web": "NOCREATEDB",
}
EXTENSIONS = ("postgis", "btree_gist")
PORT = 5432

_HBA = "local all all peer map=supervision\n"

# Statements and error details hold coordinates and names, so the log gets neither.
PRIVACY_SETTINGS = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}

_SETTINGS = PRIVACY_SETTINGS | {
    "listen_addresses": "''",
    "port": str(PORT),
    "unix_socket_permissions": "0777",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_line_prefix": "'%m [%p] %u@%d '",
    "log_checkpoints": "off",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def create_role(role: str, password: str | None = None) -> str:
    """The statement that makes one of our roles; none is above row-level security.

    Args:
        role: A key of ROLES.
        password: URL-safe; none where the socket tells who is calling.
    """
    secret = f" PASSWORD '{password}'" if password else ""
    return f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {ROLES[role]}{secret}"


def create_extension(extension: str) -> str:
    """The statement that installs an extension, which takes a superuser."""
    return f"CREATE EXTENSION IF NOT EXISTS {extension}"


def render_config(sockets: Path, users: Iterable[str], *, is_throwaway: bool) -> dict[str, str]:
    """The three configuration files, by name.

    Args:
        sockets: Folder of the unix socket; there is no TCP.
        users: Accounts of this machine that may enter, in any of our roles and as superuser.
        is_throwaway: Losing everything in a crash is fine, as in tests.
    """
    settings = _SETTINGS | (_THROWAWAY if is_throwaway else _DURABLE)
    settings["unix_socket_directories"] = f"'{sockets}'"
    names = sorted(set(users))
    roles = (SUPERUSER, *ROLES)
    return {
        "postgresql.conf": "".join(f"{name} = {value}\n" for name, value in settings.items()),
        "pg_hba.conf": _HBA,
        "pg_ident.conf": "".join(
            f'supervision "{user}" {role}\n' for user in names for role in roles
        ),
    }

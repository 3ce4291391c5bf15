"""A PostGIS database of our own: no password, no network, no system service."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg2
from psycopg2 import extensions, sql

from supervision.stack.postgres_config import (
    EXTENSIONS,
    PORT,
    ROLES,
    SUPERUSER,
    create_extension,
    create_role,
)
from supervision.stack.postgres_server import PostgresServer


@dataclass(frozen=True)
class DatabaseUrls:
    """The SQLAlchemy addresses of one database, by who uses them.

    Attributes:
        owner_url: Owns the schema; migrations only.
        engine_url: Ingest, scheduler and delivery.
        web_url: The API; row-level security applies.
    """

    owner_url: str
    engine_url: str
    web_url: str


class PrivatePostgres:
    """A database cluster in one folder, reached by a unix socket that checks who is calling.

    Peer authentication lets in the present account, root and postgres, in any of the roles
    supervision_owner, supervision_engine and supervision_web; nobody else. Under root the
    server runs as postgres. It dies with the process that started it.
    """

    def __init__(self, folder: Path, *, is_throwaway: bool = False) -> None:
        """Name the folder; nothing is touched before `start`.

        Args:
            folder: Made if absent; everything of the cluster is in it.
            is_throwaway: Do not wait for the disk; a crash may lose everything.
        """
        self._server = PostgresServer(folder, is_throwaway=is_throwaway)

    def start(self) -> None:
        """Make the cluster and its roles if they are new; start its server, or find it running.

        Raises:
            Unavailable: PostgreSQL is not installed, or the server gave up; the log says why.
        """
        self._server.start()
        self._create_roles()

    def stop(self) -> None:
        """End the server of this folder, whoever started it; open sessions are cut off."""
        self._server.stop()

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
        """Stop, unless the server was already running when we came."""
        if self._server.is_ours:
            self.stop()

    @property
    def is_running(self) -> bool:
        """Whether a server of this folder is up, ready or not."""
        return self._server.find() is not None

    @property
    def log(self) -> Path:
        """The server's log; it holds neither statements nor their values."""
        return self._server.log

    def url(self, role: str, database: str = "supervision") -> str:
        """The SQLAlchemy address of a database for one of our roles.

        Args:
            role: One of supervision_owner, supervision_engine, supervision_web.
            database: Need not exist yet.
        """
        host = quote(str(self._server.sockets()))
        return f"postgresql+psycopg2://{role}@/{database}?host={host}&port={PORT}"

    def urls(self, database: str = "supervision") -> DatabaseUrls:
        """The addresses of a database for each of our roles; it need not exist yet."""
        return DatabaseUrls(*(self.url(role, database) for role in ROLES))

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database owned by supervision_owner, unless it is there already.

        Args:
            name: Its name.
            template: Copy this one, extensions and rows included; nobody may be connected to
                it. None: an empty database with PostGIS and btree_gist, which only a
                superuser may install.
        """
        # Copying files takes half as long as writing the copy to the log.
        statement = sql.SQL(
            "CREATE DATABASE {} OWNER supervision_owner TEMPLATE {} STRATEGY file_copy"
        ).format(sql.Identifier(name), sql.Identifier(template or "template1"))
        with self._superuser("postgres") as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            if cursor.fetchone() is None:
                cursor.execute(statement)
        if template is None:
            self._install_extensions(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, cutting off whoever is connected; fine if there is none."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        with self._superuser("postgres") as connection, connection.cursor() as cursor:
            cursor.execute(statement)

    def _install_extensions(self, database: str) -> None:
        with self._superuser(database) as connection, connection.cursor() as cursor:
            for extension in EXTENSIONS:
                cursor.execute(create_extension(extension))

    def _create_roles(self) -> None:
        with self._superuser("postgres") as connection, connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles")
            present = {name for (name,) in cursor.fetchall()}
            for role in ROLES:
                if role not in present:
                    cursor.execute(create_role(role))

    @contextmanager
    def _superuser(self, database: str) -> Iterator[extensions.connection]:
        connection = psycopg2.connect(
            host=str(self._server.sockets()), port=PORT, user=SUPERUSER, dbname=database
        )
        connection.autocommit = True
        try:
            yield connection
        finally:
            connection.close()

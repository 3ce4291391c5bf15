"""One migrated database that test after test uses, put back to what it was in between.

Copying the template for each test took longer than most tests, and filled the disk's cache. So did
a new session: PostgreSQL reads its catalogue and compiles its triggers anew in each, and SQLAlchemy
writes every statement anew for each engine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg2
from psycopg2 import extensions
from sqlalchemy import Engine, make_url

from supervision.core.db import make_engine
from supervision.stack.postgres import DatabaseUrls
from supervision.stack.postgres_config import SUPERUSER

# What the migrations wrote stays in a schema that nobody else looks into.
_KEEP = """
CREATE SCHEMA kept;
DO $$
DECLARE
    one regclass;
    has_rows boolean;
BEGIN
    FOR one IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        AND c.relkind = 'r' AND c.relname NOT IN ('spatial_ref_sys', 'alembic_version')
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one) INTO has_rows;
        IF has_rows THEN
            EXECUTE format('CREATE TABLE kept.%I AS TABLE %s', one::text, one);
        END IF;
    END LOOP;
END
$$;
CREATE TABLE kept.tables AS SELECT c.oid FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p');
"""
_PUT_BACK = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND NOT (application_name = 'lasting' AND state = 'idle');
SET session_replication_role = replica;
DO $$
DECLARE
    one regclass;
    has_rows boolean;
BEGIN
    FOR one IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        AND c.relkind = 'r' AND c.oid NOT IN (SELECT oid FROM kept.tables)
    LOOP
        EXECUTE format('DROP TABLE %s', one);
    END LOOP;
    FOR one IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        AND c.relkind = 'r' AND c.relname NOT IN ('spatial_ref_sys', 'alembic_version')
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one) INTO has_rows;
        IF has_rows THEN
            EXECUTE format('DELETE FROM %s', one);
        END IF;
        IF to_regclass('kept.' || one) IS NOT NULL THEN
            EXECUTE format('INSERT INTO %s OVERRIDING SYSTEM VALUE TABLE kept.%I', one, one::text);
        END IF;
    END LOOP;
    PERFORM setval(c.oid, 1, false) FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S';
END
$$;
"""


class CleanDatabase:
    """A copy of the template, lent to one test at a time."""

    def __init__(self, urls: DatabaseUrls) -> None:
        self.urls = urls
        ask(urls, _KEEP)
        self._superuser = _superuser(urls)

    @contextmanager
    def lent(self) -> Iterator[DatabaseUrls]:
        """The database as migrated; afterwards only idle lasting engines stay connected."""
        yield self.urls
        with self._superuser.cursor() as cursor:
            cursor.execute(_PUT_BACK)


@cache
def lasting_engine(url: str) -> Engine:
    """The one engine of an address, never disposed: its sessions serve test after test.

    A pool lends sessions again in a real process too, so nothing may stay in one.
    """
    lasting = make_url(url).update_query_dict({"application_name": "lasting"})
    return make_engine(lasting.render_as_string(hide_password=False))


def ask(urls: DatabaseUrls, statements: str) -> list[tuple[Any, ...]]:
    """Run statements as the superuser, whom no fence holds; the rows of the last, if it has any."""
    connection = _superuser(urls)
    with connection.cursor() as cursor:
        cursor.execute(statements)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def _superuser(urls: DatabaseUrls) -> extensions.connection:
    dsn = urls.owner_url.replace("+psycopg2", "").replace("supervision_owner", SUPERUSER)
    connection = psycopg2.connect(dsn)
    connection.set_isolation_level(extensions.ISOLATION_LEVEL_AUTOCOMMIT)
    return connection

"""Applies a version's SQL files with all rows in sight.

Row-level security is forced on the schema's owner too, so that nobody goes round it. A migration
that fills a column must see every agency's rows: for its transaction alone it does.
"""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

_VERSIONS = Path(__file__).with_name("versions")
_SEE_ALL = """
DO $$
DECLARE
    one regclass;
BEGIN
    FOR one IN SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity
    LOOP
        EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', one);
    END LOOP;
END
$$
"""
_SEE_NONE = """
DO $$
DECLARE
    one regclass;
BEGIN
    FOR one IN SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relrowsecurity
    LOOP
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', one);
    END LOOP;
END
$$
"""


def apply(version: str, parts: Sequence[str]) -> None:
    """Run the files of a version's folder, in order, in the migration's transaction."""
    op.execute(_escaped(_SEE_ALL))
    for part in parts:
        op.execute(_escaped((_VERSIONS / version / f"{part}.sql").read_text()))
    op.execute(_escaped(_SEE_NONE))


def _escaped(statement: str) -> str:
    """As SQLAlchemy takes it: a colon is no parameter."""
    return statement.replace(":", r"\:")

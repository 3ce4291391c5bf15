"""Applies a version's SQL files with all rows in sight.

Row-level security is forced on the schema's owner too, so that nobody goes round it. A migration
that fills a column must see every agency's rows: for its transaction alone it does.
"""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

_VERSIONS = Path(__file__).with_name("versions")
_FORCE = """
DO $$
DECLARE
    one regclass;
BEGIN
    FOR one IN SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relrowsecurity
    LOOP
        EXECUTE format('ALTER TABLE %s {how} ROW LEVEL SECURITY', one);
    END LOOP;
END
$$
"""
_FENCE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY one_agency ON {table} FOR ALL TO supervision_web
    USING (agency_id = nullif(current_setting('app.agency', true), '')::bigint);
CREATE POLICY every_agency ON {table} FOR ALL TO supervision_engine USING (true);
GRANT SELECT, INSERT ON {table} TO supervision_web, supervision_engine;
"""


def apply(version: str, parts: Sequence[str], fenced: Sequence[str] = ()) -> None:
    """Run the files of a version's folder, in order, in the migration's transaction.

    Args:
        version: The folder's name.
        parts: Its files, without `.sql`. One named `tenancy` may grant more on fenced tables.
        fenced: New tables of agencies: the web role sees one agency's rows, the engine role all,
            and both may add rows.
    """
    op.execute(_escaped(_FORCE.format(how="NO FORCE")))
    folder = _VERSIONS / version
    statements = {part: (folder / f"{part}.sql").read_text() for part in parts}
    last = statements.pop("tenancy", "")
    for statement in (*statements.values(), *(_FENCE.format(table=one) for one in fenced), last):
        if statement:
            op.execute(_escaped(statement))
    op.execute(_escaped(_FORCE.format(how="FORCE")))


def _escaped(statement: str) -> str:
    """As SQLAlchemy takes it: a colon is no parameter."""
    return statement.replace(":", r"\:")

"""Clauses and waivers, inclusion zones, warning rings, schedules, exceptions, sets, silences."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PARTS = ("clauses", "zones", "commands", "alerts", "tenancy")
# Row-level security holds for the schema's owner too; what is stored already must be completed.
COMPLETED = ("supervisee", "court_order", "exclusion_zone", "zone_version", "zone_stay")


def upgrade() -> None:
    folder = Path(__file__).with_name("0002")
    for table in COMPLETED:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for part in PARTS:
        op.execute((folder / f"{part}.sql").read_text().replace(":", r"\:"))
    for table in COMPLETED:
        renamed = "zone" if table == "exclusion_zone" else table
        op.execute(f"ALTER TABLE {renamed} FORCE ROW LEVEL SECURITY")
